"""The bridge between two states of the open pipeline, from the timelines of its deals; pure.

Every deal's way from its first to its last state is cut into moves whose amounts add up to the difference, so that
``opening + moves == closing`` to the cent, per deal and in sum.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Literal, NamedTuple, Protocol, get_args

from crm_store.reports.history import DealState, Timeline, last_of
from crm_store.reports.money import Rates, converted
from crm_store.reports.periods import Days
from crm_store.reports.result import Unconverted

MoveKind = Literal[
    "new",
    "reopened",
    "pulled_in",
    "grew",
    "shrank",
    "pushed",
    "taken_over",
    "handed_over",
    "won",
    "lost",
    "deleted",
    "moved_stage",
    "changed_owner",
    "recategorised",
]
ORDER: tuple[MoveKind, ...] = get_args(MoveKind)
_PLACE = {kind: place for place, kind in enumerate(ORDER)}


class Move(NamedTuple):
    """What happened to one deal. ``delta_minor`` is what it did to the pipeline, ``amount_minor`` the deal's amount
    after it, both in the reporting currency; ``before`` and ``after`` are the words of the field that moved.
    ``taken_over`` and ``handed_over`` are deals that came to the owners asked about, or left them."""

    deal_id: str
    deal: str
    account_id: str | None
    owner_id: str | None
    kind: MoveKind
    delta_minor: int
    amount_minor: int
    before: str = ""
    after: str = ""
    at: datetime | None = None
    by_id: str | None = None


@dataclass(frozen=True)
class Total:
    kind: MoveKind
    deals: int
    delta_minor: int
    amount_minor: int


@dataclass(frozen=True)
class Bridge:
    """From ``opening_minor`` (``opening_deals``) to ``closing_minor`` by the deltas of ``moves``. ``won_minor`` and
    ``lost_minor`` are the amounts that left. ``unconverted`` deals have no rate and are in none of the amounts."""

    since: datetime
    until: datetime
    currency: str
    opening_minor: int
    opening_deals: int
    closing_minor: int
    closing_deals: int
    moves: tuple[Move, ...]
    unconverted: tuple[Unconverted, ...]

    @property
    def totals(self) -> tuple[Total, ...]:
        """Per kind, in the order of the bridge, only what happened."""
        found = []
        for kind in ORDER:
            moves = [move for move in self.moves if move.kind == kind]
            if moves:
                amounts = sum(move.amount_minor for move in moves)
                found.append(Total(kind, len({m.deal_id for m in moves}), sum(m.delta_minor for m in moves), amounts))
        return tuple(found)

    def of(self, kind: MoveKind) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.kind == kind)


@dataclass(frozen=True)
class Still:
    """Open deals to which nothing happened: they stand on both sides of the bridge."""

    amount_minor: int = 0
    deals: int = 0
    unconverted: tuple[Unconverted, ...] = ()


NOTHING_STILL = Still()


def build(
    deals: list[Timeline],
    since: datetime,
    until: datetime,
    currency: str,
    rates: Rates,
    stage_status: dict[str, str],
    stage_names: dict[str, str],
    closing: Days | None = None,
    still: Still = NOTHING_STILL,
    owner_ids: Collection[str] | None = None,
) -> Bridge:
    """The bridge over ``deals``, and over ``still``, the sum of those that did not change; pure."""
    owners = None if owner_ids is None else frozenset(owner_ids)
    window = _Window(rates, until.astimezone(UTC).date(), closing, owners)
    moves: list[Move] = []
    opening = closing_sum = still.amount_minor
    opening_deals = closing_deals = still.deals
    missing: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in still.unconverted:
        missing[one.currency] = [one.amount_minor, one.count]
    for deal in deals:
        before, after = deal.at(since, stage_status), deal.at(until, stage_status)
        if before is None and after is None:
            continue  # not made yet, or made and deleted in between
        was, worth = window.minor(before), window.minor(after)
        held, holds = window.holds(before), window.holds(after)
        if was is None or worth is None:
            lacking = before if was is None else after
            if lacking is not None and (held or holds):
                missing[lacking.currency or ""][0] += lacking.amount_minor or 0
                missing[lacking.currency or ""][1] += 1
            continue
        opening += was if held else 0
        closing_sum += worth if holds else 0
        opening_deals += held
        closing_deals += holds
        if after is not None:
            moves += _moves(deal, before, after, was, worth, window, since, until, stage_names)
        elif before is not None and held:
            moves.append(_deletion(deal, before, was, stage_names))
    moves.sort(
        key=lambda move: (_PLACE[move.kind], -abs(move.delta_minor or move.amount_minor), move.deal, move.deal_id)
    )
    return Bridge(
        since,
        until,
        currency,
        opening,
        opening_deals,
        closing_sum,
        closing_deals,
        tuple(moves),
        tuple(Unconverted(currency=c, amount_minor=a, count=n) for c, (a, n) in sorted(missing.items())),
    )


@dataclass(frozen=True)
class _Window:
    """Which deals count, and what each is worth in whole minor units."""

    rates: Rates
    day: date
    closing: Days | None
    owner_ids: frozenset[str] | None = None
    factors: dict[str | None, Fraction | None] = field(default_factory=dict)

    def holds(self, state: DealState | None) -> bool:
        return state is not None and state.status == "open" and self.counts(state.close_date, state.owner_id)

    def counts(self, due: date | None, owner_id: str | None) -> bool:
        """Whether an open deal that is due then and owned by this person is looked at."""
        return self.owned(owner_id) and (self.closing is None or (due is not None and self.closing.holds(due)))

    def owned(self, owner_id: str | None) -> bool:
        return self.owner_ids is None or owner_id in self.owner_ids

    def minor(self, state: DealState | None) -> int | None:
        """None without a rate."""
        if state is None or not state.amount_minor:
            return 0
        if state.currency == self.rates.base:
            return state.amount_minor
        if state.currency not in self.factors:  # one day's rates, looked up once
            self.factors[state.currency] = self.rates.factor(state.currency, self.day)
        factor = self.factors[state.currency]
        return None if factor is None else converted(state.amount_minor, factor)


def _deletion(deal: Timeline, before: DealState, worth: int, stages: dict[str, str]) -> Move:
    mark = deal.deleted
    return Move(
        before.id, before.name, before.account_id, before.owner_id, "deleted", -worth, worth,
        stages.get(before.stage_id, "?"), "", mark.at if mark else None, mark.by_id if mark else None,
    )  # fmt: skip


def _moves(
    deal: Timeline,
    before: DealState | None,
    after: DealState,
    was: int,
    worth: int,
    window: _Window,
    since: datetime,
    until: datetime,
    stages: dict[str, str],
) -> Iterator[Move]:
    """What happened to a deal that was worth ``was`` and is worth ``worth``, in minor units of the reporting currency."""

    def move(kind: MoveKind, delta: int, field: str = "", old: str = "", new: str = "") -> Move:
        change = last_of(deal.changes, field, since, until) if field else None
        at = change.at if change else deal.created_at if kind == "new" else None
        by = change.by_id if change else None
        owner = before.owner_id if kind == "handed_over" and before is not None else after.owner_id
        return Move(after.id, after.name, after.account_id, owner, kind, delta, worth, old, new, at, by)

    def stage(state: DealState) -> str:
        return stages.get(state.stage_id, "?")

    counts = window.counts(after.close_date, after.owner_id)
    ended: MoveKind = "won" if after.status == "won" else "lost"
    if before is not None and before.is_open:
        yield from _open_moves(before, after, was, worth, window, move, stage)
    elif before is None and counts:
        yield move("new", worth, new=stage(after))
        if not after.is_open:
            yield move(ended, -worth, "stage_id", "", stage(after))
    elif before is not None and counts and (after.is_open or before.status != after.status):
        yield move("reopened", worth, "stage_id", stage(before), stage(after))
        if not after.is_open:
            yield move(ended, -worth, "stage_id", stage(before), stage(after))


class _Maker(Protocol):
    def __call__(self, kind: MoveKind, delta: int, field: str = "", old: str = "", new: str = "") -> Move: ...


def _open_moves(
    before: DealState,
    after: DealState,
    was: int,
    worth: int,
    window: _Window,
    move: _Maker,
    stage: Callable[[DealState], str],
) -> Iterator[Move]:
    """A deal that was open: first its amount, then its date, its owner, and last its end. Each step takes the deal from
    one state to the next, so that what the steps do to the pipeline adds up to the difference between its ends."""
    held = window.counts(before.close_date, before.owner_id)
    dated = held if before.close_date == after.close_date else window.counts(after.close_date, before.owner_id)
    owned = dated if before.owner_id == after.owner_id else window.counts(after.close_date, after.owner_id)
    if held and worth != was:
        yield move("grew" if worth > was else "shrank", worth - was, "amount_minor", str(was), str(worth))
    if before.close_date != after.close_date and (held or dated):
        later = (after.close_date or date.max) > (before.close_date or date.max)
        delta = worth * (dated - held)
        ended = not after.is_open and held and dated  # set by closing: that is no slip
        if delta or not ended:
            days = _day(before.close_date), _day(after.close_date)
            yield move("pushed" if later else "pulled_in", delta, "close_date", *days)
    if before.owner_id != after.owner_id and (dated or owned):
        came, left = not window.owned(before.owner_id), not window.owned(after.owner_id)
        if came or left or after.is_open:
            kind: MoveKind = "taken_over" if came else "handed_over" if left else "changed_owner"
            yield move(kind, worth * (owned - dated), "owner_id", before.owner_id or "", after.owner_id or "")
    if not owned:
        return
    if not after.is_open:
        yield move("won" if after.status == "won" else "lost", -worth, "stage_id", stage(before), stage(after))
        return
    if before.stage_id != after.stage_id:
        yield move("moved_stage", 0, "stage_id", stage(before), stage(after))
    if before.forecast_category != after.forecast_category:
        yield move("recategorised", 0, "forecast_category", before.forecast_category, after.forecast_category)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
