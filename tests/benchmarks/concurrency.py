"""Eight who write and eight who read for as long as wanted, in threads and in processes, on both databases.

    python -m tests.benchmarks.concurrency [--turns 20] [--deals 10] [--only sqlite|postgresql] [--hands threads|processes]

Prints how many writes and answers a second went through, and ends with 1 when anything failed, was lost, or did not add up.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.pool import AsyncResult
from multiprocessing.synchronize import Event
from pathlib import Path

from tests.databases import fresh_postgres, migrated_template, opened, postgres_server
from tests.reliability import many_hands
from tests.reliability.many_hands import FIELDS, HANDS, Read, found, in_threads, lost

_OVER: list[Event] = []
"""Set in each process of the pool: an event cannot be sent to one later."""


def _start(over: Event) -> None:
    _OVER.append(over)


def _write(url: str, deals: Sequence[str], name: str, turns: int) -> None:
    with opened(url, migrate=False) as store:
        many_hands.write(store, deals, name, turns)


def _read(url: str) -> Read:
    with opened(url, migrate=False) as store:
        return many_hands.read(store, _OVER[0].is_set)


def in_processes(url: str, deals: Sequence[str], turns: int) -> tuple[list[BaseException], list[Read]]:
    """Sixteen processes; what went wrong, and what was read."""
    context = multiprocessing.get_context("spawn")
    over = context.Event()
    failed, reads = list[BaseException](), list[Read]()
    with context.Pool(2 * HANDS, _start, (over,)) as pool:
        readers: list[AsyncResult[Read]] = [pool.apply_async(_read, (url,)) for _ in range(HANDS)]
        writers = [pool.apply_async(_write, (url, deals, name, turns)) for name in FIELDS]
        for writer in writers:
            try:
                writer.get()
            except Exception as error:
                failed.append(error)
        over.set()
        for reader in readers:
            try:
                reads.append(reader.get())
            except Exception as error:
                failed.append(error)
    return failed, reads


@contextmanager
def _databases(only: str) -> Iterator[list[tuple[str, str]]]:
    """A new database of each kind that is wanted."""
    with tempfile.TemporaryDirectory(prefix="rapport-hands-") as folder:
        sqlite = ("sqlite", f"sqlite:///{Path(folder) / 'rapport.db'}")
        if only == "sqlite":
            yield [sqlite]
            return
        with (
            postgres_server() as server,
            migrated_template(server) as template,
            fresh_postgres(server, template) as url,
        ):
            yield [("postgresql", url)] if only == "postgresql" else [sqlite, ("postgresql", url)]


def _run(name: str, url: str, hands: str, turns: int, deals: int) -> bool:
    with opened(url, migrate=True) as store:
        ids = found(store, deals)
        begun = time.perf_counter()
        failed, reads = in_threads(store, ids, turns) if hands == "threads" else in_processes(url, ids, turns)
        taken = time.perf_counter() - begun
        wrong = [*map(repr, failed), *(one for read in reads for one in read.wrong), *lost(store, ids, turns)]
    writes, answers = len(FIELDS) * turns * deals, sum(read.times for read in reads)
    print(
        f"{name:<12}{hands:<11}{writes:>7} writes {writes / taken:>7.1f}/s {answers:>7} answers {answers / taken:>7.1f}/s"
        f"  {'; '.join(wrong[:5]) or 'nothing lost, every answer adds up'}",
        flush=True,
    )
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--deals", type=int, default=10)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="")
    parser.add_argument("--hands", choices=("threads", "processes"))
    given = parser.parse_args()
    good = True
    for hands in [given.hands] if given.hands else ["threads", "processes"]:
        with _databases(given.only) as databases:
            for name, url in databases:
                good = _run(name, url, hands, given.turns, given.deals) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
