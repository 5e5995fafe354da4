"""How long ``rapport local`` takes from its first instruction to the first page, on a home that holds nothing.

Run it with ``python -m tests.benchmarks.cold_start [RUNS]``. Beside it stand the time of an interpreter that does
nothing and that of importing the two largest libraries, so that a busy or a slow machine shows. Nothing is asserted.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.e2e.running import local_service

RUNS = 3


def first_page(home: Path) -> float:
    """Seconds from the start of the process to the first whole page."""
    begun = time.perf_counter()
    with local_service(home) as service, urllib.request.urlopen(service.url, timeout=30) as reply:
        assert reply.status == 200
        reply.read()
        return time.perf_counter() - begun


def of(code: str) -> float:
    """Seconds that an interpreter takes for these statements."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for number in range(1, runs + 1):
        nothing, libraries = of("pass"), of("import langchain, langchain.agents, chromadb")
        with tempfile.TemporaryDirectory(prefix="rapport-cold-") as home:
            page = first_page(Path(home))
        print(
            f"run {number}: first page after {page:.2f} s "
            f"({page / nothing:.0f} x an empty interpreter at {nothing:.3f} s, "
            f"{page / libraries:.1f} x importing langchain and chromadb at {libraries:.2f} s)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
