"""Eight who write and eight who read for as long as wanted, in threads and in processes, on both databases.

    python -m tests.benchmarks.concurrency [--seconds 60] [--turns 1000] [--deals 4]
        [--only sqlite|postgresql] [--hands threads|processes]

Prints how many writes and answers a second went through and how evenly the writers came to their turn, and ends with 1
when anything failed, was lost, or did not add up.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.pool import AsyncResult
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import TypeVar

from tests.databases import fresh_postgres, migrated_template, opened, postgres_server
from tests.reliability import many_hands
from tests.reliability.many_hands import FIELDS, HANDS, Outcome, Read, Written, found, in_threads, lost

Done = TypeVar("Done")

_SHARED: list[tuple[Barrier, Event]] = []
"""When all are there, and when it is over; set in each process of the pool, since neither can be sent to one later."""
_PATIENCE_S = 180.0
"""How long a form may take beyond its writing: the processes start, and end their last rounds and answers."""


def _start(ready: Barrier, over: Event) -> None:
    _SHARED.append((ready, over))


def _write(url: str, deals: Sequence[str], name: str, turns: int, seconds: float) -> Written:
    with opened(url, migrate=False) as store:
        _SHARED[0][0].wait()
        return many_hands.write(store, deals, name, turns, seconds)


def _read(url: str) -> Read:
    with opened(url, migrate=False) as store:
        _SHARED[0][0].wait()
        return many_hands.read(store, _SHARED[0][1].is_set)


def in_processes(url: str, deals: Sequence[str], turns: int, seconds: float) -> Outcome:
    """Eight writers and eight readers in a process each."""
    context = multiprocessing.get_context("spawn")
    ready, over = context.Barrier(2 * HANDS, timeout=_PATIENCE_S), context.Event()
    failed, reads, written = list[BaseException](), list[Read](), list[Written]()
    with context.Pool(2 * HANDS, _start, (ready, over)) as pool:
        readers: list[AsyncResult[Read]] = [pool.apply_async(_read, (url,)) for _ in range(HANDS)]
        writers = [pool.apply_async(_write, (url, deals, name, turns, seconds)) for name in FIELDS]
        latest = time.monotonic() + seconds + _PATIENCE_S

        def take(hand: AsyncResult[Done], into: list[Done]) -> None:
            try:
                into.append(hand.get(max(0.0, latest - time.monotonic())))
            except Exception as error:
                failed.append(error)

        for writer in writers:
            take(writer, written)
        over.set()
        for reader in readers:
            take(reader, reads)
    return Outcome(tuple(failed), tuple(reads), tuple(written))


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


def _run(name: str, url: str, hands: str, turns: int, seconds: float, deals: int) -> bool:
    with opened(url, migrate=True) as store:
        ids = found(store, deals)
        threads = hands == "threads"
        done = in_threads(store, ids, turns, seconds) if threads else in_processes(url, ids, turns, seconds)
        wrong = [*map(repr, done.failed), *(one for read in done.reads for one in read.wrong)]
        if len(done.written) == len(FIELDS):
            wrong += lost(store, ids, done.written)
    rounds = [each.rounds for each in done.written] or [0]
    writes, answers = sum(rounds) * deals, sum(read.times for read in done.reads)
    taken = max((each.took_s for each in done.written), default=1.0)
    longest = max((each.longest_s for each in done.written), default=0.0)
    print(
        f"{name:<12}{hands:<11}{writes:>7} writes {writes / taken:>7.1f}/s {answers:>7} answers {answers / taken:>7.1f}/s"
        f"{min(rounds):>5} to {max(rounds)} rounds a hand, longest write {longest:.1f} s"
        f"  {'; '.join(wrong[:5]) or 'nothing lost, every answer adds up'}",
        flush=True,
    )
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long each form writes")
    parser.add_argument("--turns", type=int, default=1_000, help="after how many rounds a hand is done before that")
    parser.add_argument("--deals", type=int, default=4)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="")
    parser.add_argument("--hands", choices=("threads", "processes"))
    given = parser.parse_args()
    good = True
    for hands in [given.hands] if given.hands else ["threads", "processes"]:
        with _databases(given.only) as databases:
            for name, url in databases:
                good = _run(name, url, hands, given.turns, given.seconds, given.deals) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
