"""How fast the record answers what people ask, beside SQL written by hand, on one or more generated databases.

    python -m tests.benchmarks.record --database sqlite:////tmp/big/rapport.db [--database postgresql+psycopg://…]
        [--runs 15] [--ratio 1.3] [--within 3] [--wait 300] [--only week,search] [--json FILE]

Both sides answer in turn, so that a busy machine slows both; both answers must be equal. "Ours" opens a session, asks and
closes it; "by hand" is the bare driver on a connection that is open; on PostgreSQL it needs a role that bypasses row-level
security (``--by-hand URL``), since its statements carry the rule themselves. Ends with 1 when the median of ours is more than
``--ratio`` times that of the SQL by hand, beyond the ``--within`` milliseconds that opening a session and building a statement
cost at any size, or when its 95th percentile is above ``--wait`` milliseconds.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import create_engine

from crm_store.people import Caller
from crm_store.store import Store
from tests.benchmarks.measured import merging, ours, plain, plain_changed
from tests.benchmarks.measured.asking import Asking, asking


@dataclass(frozen=True)
class Question:
    """``by_hand`` is None where no statement answers it: there only the wait counts."""

    name: str
    said: str
    who: Callable[[Asking], Caller]
    ours: Callable[..., object]
    by_hand: plain.Statement | None


def _admin(ask: Asking) -> Caller:
    return ask.admin


def _manager(ask: Asking) -> Caller:
    return ask.manager


def _rep(ask: Asking) -> Caller:
    return ask.rep


QUESTIONS = (
    Question("pipeline", "open pipeline of 8 reps by stage", _manager, ours.pipeline, plain.pipeline),
    Question("week", "a rep's week", _rep, ours.week, plain.week),
    Question("untouched", "a rep's untouched deals", _rep, ours.untouched, plain.untouched),
    Question("timeline", "a deal's timeline", _rep, ours.timeline, plain.timeline),
    Question("last_touches", "last touch of every open deal", _manager, ours.last_touches, plain.last_touches),
    Question("every_touch", "last touch of every deal", _admin, ours.every_touch, plain.every_touch),
    Question("every_touch_of_team", "last touch of a team's deals", _manager, ours.every_touch, plain.every_touch),
    Question("changed", "what changed since Monday", _manager, ours.changed, plain_changed.changed),
    Question("search", "full-text search", _manager, ours.search, plain.search),
    Question("stands", "8 reps against their quota", _manager, ours.stands, plain.stands),
    Question("actions_of_rep", "next actions of a rep", _rep, ours.actions_of_rep, None),
    Question("actions_of_team", "next actions of 8 reps", _manager, ours.actions_of_team, None),
    Question("merge", "merge of two accounts", _manager, merging.merge, merging.merge_by_hand),
)


@dataclass(frozen=True)
class Measured:
    """Milliseconds. ``first`` is the first run of this process."""

    database: str
    question: str
    said: str
    first: float
    p50: float
    p95: float
    hand_p50: float | None
    hand_p95: float | None

    @property
    def ratio(self) -> float | None:
        return None if self.hand_p50 is None else self.p50 / self.hand_p50

    def wrong(self, ratio: float, within: float, wait: float) -> str:
        slower = self.hand_p50 is not None and self.p50 > ratio * self.hand_p50 + within
        return " ".join(word for word, holds in (("SLOWER", slower), ("WAIT", self.p95 > wait)) if holds)


def measure(store: Store, url: str, ask: Asking, question: Question, runs: int) -> Measured:
    """``url`` is what the bare driver opens. :raises AssertionError: when the two answers differ."""
    caller = question.who(ask)
    engine = create_engine(url, connect_args={"check_same_thread": False} if store.dialect == "sqlite" else {})
    mine, hand = list[float](), list[float]()
    raw = engine.raw_connection()
    try:
        if store.dialect == "postgresql":
            raw.cursor().execute("SET jit = off")  # as our own connections; compiling takes longer than asking
            raw.commit()
        db = plain.Plain(raw.cursor(), store.dialect == "sqlite", plain.people_of(caller))
        for _ in range(runs + 1):
            begun = time.perf_counter()
            with store.read(caller.scope) as session:
                answer = question.ours(session, ask)
            mine.append((time.perf_counter() - begun) * 1_000)
            if question.by_hand is not None:
                begun = time.perf_counter()
                other = question.by_hand(db, ask)
                raw.rollback()
                hand.append((time.perf_counter() - begun) * 1_000)
                assert answer == other, f"{question.name}: {str(answer)[:500]}\nby hand: {str(other)[:500]}"
    finally:
        raw.close()
        engine.dispose()
    return Measured(
        store.dialect, question.name, question.said, mine[0], statistics.median(mine[1:]), _p95(mine[1:]),
        statistics.median(hand[1:]) if hand else None, _p95(hand[1:]) if hand else None,
    )  # fmt: skip


def _p95(times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[-(-95 * len(ordered) // 100) - 1]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", action="append", required=True)
    parser.add_argument(
        "--by-hand", default="", help="PostgreSQL for the bare driver, as a role that bypasses row-level security"
    )
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--ratio", type=float, default=1.3)
    parser.add_argument("--within", type=float, default=3.0)
    parser.add_argument("--wait", type=float, default=300.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    wanted = set(filter(None, given.only.split(",")))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; milliseconds of {given.runs} warm runs")
    print(f"{'question':<32}{'database':<12}{'first':>8}{'p50':>8}{'p95':>8}{'hand p50':>10}{'p95':>8}{'ratio':>7}")
    found: list[Measured] = []
    for question in QUESTIONS:
        if wanted and question.name not in wanted:
            continue
        for url in given.database:
            store = Store(url)
            bare = given.by_hand if given.by_hand and store.dialect == "postgresql" else url
            one = measure(store, bare, asking(store), question, given.runs)
            store.close()
            found.append(one)
            print(
                f"{one.said:<32}{one.database:<12}{one.first:>8.1f}{one.p50:>8.1f}{one.p95:>8.1f}{_number(one.hand_p50):>10}"
                f"{_number(one.hand_p95):>8}{'' if one.ratio is None else f'{one.ratio:.2f}':>7}"
                f"  {one.wrong(given.ratio, given.within, given.wait)}",
                flush=True,
            )
    if given.json:
        given.json.write_text(json.dumps([asdict(one) | {"ratio": one.ratio} for one in found], indent=1))
    return int(any(one.wrong(given.ratio, given.within, given.wait) for one in found))


if __name__ == "__main__":
    sys.exit(main())
