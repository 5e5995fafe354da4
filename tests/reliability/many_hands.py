"""Eight who write and eight who read one record at once, in threads or in processes.

Each writer has a field of its own and writes it on every deal, round after round, through a proposal and its confirmation;
one of them takes every second change back. A reader asks what changed, which has to balance at every moment. What must be
there in the end follows from the rounds alone."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from crm_store import changes
from crm_store.access import Scope
from crm_store.changes import Draft
from crm_store.models import Change, Deal, FieldHistory
from crm_store.people import Caller, caller_for
from crm_store.reports import ReportSettings
from crm_store.reports.changed import bridge
from crm_store.store import Store
from tests import builders
from tests.builders import NOW, TODAY

EVERYTHING = Scope.system("test")
EMAIL = "rena.kaur@halvern.example"
HANDS = 8
TAKES_BACK = "next_step"
_VALUES: dict[str, Callable[[int], object]] = {
    "amount_minor": lambda turn: (turn + 1) * 1_000_00,
    "close_date": lambda turn: TODAY + timedelta(days=turn + 1),
    "forecast_category": lambda turn: "commit" if turn % 2 else "best_case",
    TAKES_BACK: lambda turn: f"Step {turn}",
    "next_step_due": lambda turn: TODAY + timedelta(days=turn + 2),
    "competitor": lambda turn: f"Rival {turn}",
    "lost_reason": lambda turn: f"Reason {turn}",
    "source": lambda turn: f"Fair {turn}",
}
FIELDS = tuple(_VALUES)
_TRACKED = frozenset(FIELDS) - {"source"}


FOR_EVER = float("inf")


@dataclass(frozen=True)
class Read:
    """How often the readers asked, and what they found that does not add up."""

    times: int
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """How many rounds a hand made with its field, how long it took, and the longest that one write took it, in seconds."""

    name: str
    rounds: int
    took_s: float
    longest_s: float


@dataclass(frozen=True)
class Outcome:
    """What went wrong, what was read, and what was written."""

    failed: tuple[BaseException, ...]
    reads: tuple[Read, ...]
    written: tuple[Written, ...]


def found(store: Store, deals: int) -> list[str]:
    """A rep with so many open deals; their ids."""
    with store.write(EVERYTHING) as session:
        rep = builders.person(session, "Rena Kaur", email=EMAIL)
        account = builders.account(session, "Larkfield Mills", rep)
        stage = builders.pipeline(session)["Discovery"]
        return [
            builders.deal(session, f"Larkfield {number}", account, stage, amount_minor=50_000_00, currency="EUR").id
            for number in range(deals)
        ]


def the_rep(store: Store) -> Caller:
    with store.read(EVERYTHING) as session:
        return caller_for(session, EMAIL)


def write(store: Store, deals: Sequence[str], name: str, turns: int, seconds: float = FOR_EVER) -> Written:
    """One hand writes its field on every deal, ``turns`` times or until ``seconds`` are over."""
    caller, begun, longest, done = the_rep(store), time.monotonic(), 0.0, 0
    while done < turns and time.monotonic() < begun + seconds:
        now = NOW + timedelta(minutes=done + 1)
        for deal in deals:
            asked = time.monotonic()
            draft = Draft("update", "deal", {name: _VALUES[name](done)}, deal)
            with store.write(caller.scope) as session:
                proposal = changes.propose(
                    session, person_id=caller.person_id, drafts=[draft], summary=name, origin="test", now=now
                )
            with store.write(caller.scope) as session:
                change = changes.confirm(session, proposal, now=now, origin="test")
            if name == TAKES_BACK and done % 2:
                with store.write(caller.scope) as session:
                    changes.undo(session, change, now=now, origin="test")
            longest = max(longest, time.monotonic() - asked)
        done += 1
    return Written(name, done, time.monotonic() - begun, longest)


def read(store: Store, over: Callable[[], bool]) -> Read:
    """Ask what changed until ``over``, at least once."""
    caller, times, wrong = the_rep(store), 0, list[str]()
    while times == 0 or not over():
        with store.read(caller.scope) as session:
            moved = bridge(session, NOW, NOW + timedelta(days=1), ReportSettings())
            there = session.scalar(select(func.sum(Deal.amount_minor)).where(Deal.status == "open"))
        if moved.opening_minor != moved.opening_deals * 50_000_00:
            wrong.append(f"the past changed: {moved.opening_minor} of {moved.opening_deals}")
        if moved.opening_minor + sum(move.delta_minor for move in moved.moves) != moved.closing_minor:
            wrong.append(f"the bridge does not balance: {moved}")
        if moved.closing_minor != there:
            wrong.append(f"{moved.closing_minor} is not {there}")
        times += 1
    return Read(times, tuple(wrong))


def in_threads(store: Store, deals: Sequence[str], turns: int, seconds: float = FOR_EVER) -> Outcome:
    """Eight writers and eight readers in threads of this process."""
    failed, reads, written, done = list[BaseException](), list[Read](), list[Written](), threading.Event()

    def run(task: Callable[[], object]) -> None:
        try:
            task()
        except Exception as error:
            failed.append(error)

    def hand(name: str) -> None:
        written.append(write(store, deals, name, turns, seconds))

    writers = [threading.Thread(target=run, args=(partial(hand, name),)) for name in FIELDS]
    readers = [
        threading.Thread(target=run, args=(lambda: reads.append(read(store, done.is_set)),)) for _ in range(HANDS)
    ]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    return Outcome(tuple(failed), tuple(reads), tuple(written))


def lost(store: Store, deals: Sequence[str], written: Sequence[Written]) -> list[str]:
    """What the record lacks of what all hands wrote; empty when nothing was lost."""
    said: list[str] = []
    rounds = {each.name: each.rounds for each in written}
    backs = rounds[TAKES_BACK] // 2
    writes = sum(rounds.values()) + backs
    with store.read(EVERYTHING) as session:
        if (count := session.scalar(select(func.count(Change.id)))) != writes * len(deals):
            said.append(f"{count} changes instead of {writes * len(deals)}")
        for id_ in deals:
            row = session.get(Deal, id_)
            for name, turns in rounds.items():
                last = turns - 1 - (1 if name == TAKES_BACK and turns % 2 == 0 else 0)
                if last >= 0 and getattr(row, name) != _VALUES[name](last):
                    said.append(f"{name} is {getattr(row, name)!r}, not {_VALUES[name](last)!r}")
            if row.version != 1 + writes:
                said.append(f"version {row.version} after {writes} writes")
        kept = select(FieldHistory.field, func.count(FieldHistory.id)).where(FieldHistory.entity == "deal")
        history = dict(
            session.execute(kept.where(FieldHistory.entity_id.in_(deals)).group_by(FieldHistory.field)).all()
        )
    for name in _TRACKED:
        wanted = (rounds[name] + (backs if name == TAKES_BACK else 0)) * len(deals)
        if history.get(name, 0) != wanted:
            said.append(f"{history.get(name, 0)} lines of history of {name} instead of {wanted}")
    return said
