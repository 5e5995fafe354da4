"""``rapport local`` as its own process, as a person starts it."""

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ADDRESS = re.compile(r"Rapport is at (http://127\.0\.0\.1:\d+/)")
START_SECONDS = 120


def rapport(*arguments: str) -> list[str]:
    """The command line in this interpreter."""
    return [sys.executable, "-m", "bot.cli", *arguments]


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's own, with another home and no other setting of Rapport's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAPPORT_", "SLACK_"))}
    return {**kept, "RAPPORT_HOME": str(home), "RAPPORT_LOG_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1", **(more or {})}


@dataclass
class Service:
    """A running ``rapport local``: its page, its home folder and what it printed so far."""

    process: subprocess.Popen[str]
    url: str
    home: Path
    lines: list[str]
    errors: Path

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=90)

    def ask(self, text: str, email: str, *more: str) -> "subprocess.CompletedProcess[str]":
        """Ask from a second process on the same home, as ``--json``."""
        return self.run("ask", text, "--as", email, "--json", *more)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run another command on the same home."""
        return subprocess.run(
            rapport(*arguments), env=environment(self.home), capture_output=True, text=True, timeout=120
        )


@contextmanager
def local_service(home: Path, *arguments: str, more: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Start it on a free port, wait for the address it prints, and stop it afterwards."""
    with tempfile.NamedTemporaryFile("w", suffix=".log", delete=False) as errors:
        process = subprocess.Popen(
            rapport("local", "--port", "0", *arguments),
            env=environment(home, more), stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    service = Service(process, "", home, [], Path(errors.name))
    found = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            service.lines.append(line)
            match = ADDRESS.search(line)
            if match:
                service.url = match.group(1)
                found.set()
        found.set()

    threading.Thread(target=read, daemon=True).start()
    try:
        assert found.wait(START_SECONDS), "rapport local printed no address"
        assert service.url, "".join(service.lines) + service.errors.read_text()
        yield service
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=90)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=90)
        service.errors.unlink(missing_ok=True)
