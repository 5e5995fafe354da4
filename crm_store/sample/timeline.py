"""A deal's past: every earlier value of its tracked fields, ending in the values it has now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from crm_store.models import DealStatus, ForecastCategory
from crm_store.sample.company import NEW_STAGES, PEOPLE_BY_KEY, RENEWAL_STAGES
from crm_store.sample.days import moment, resolve, workday
from crm_store.sample.forms import DealEntry

CHANGE_EVERY = timedelta(days=33)  # by how much a date is usually pushed


@dataclass(frozen=True)
class FieldChange:
    """One line of the history; ``by`` is one of our people's keys."""

    field: str
    old: str | None
    new: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Timeline:
    """``changes`` in order of time, and what follows from them for the deal's row."""

    changes: tuple[FieldChange, ...]
    opened_at: datetime
    stage: str
    status: str
    stage_entered_at: datetime
    closed_at: datetime | None
    close_date: date
    forecast: str


def stages_of(deal: DealEntry) -> tuple[tuple[str, str, int], ...]:
    return RENEWAL_STAGES if deal.kind == "renewal" else NEW_STAGES


class _Clock:
    """Hands out working times of one person, each later than the one before it in its own line."""

    def __init__(self, zone: str, today: date, random: Random) -> None:
        self._zone, self._today, self._random = zone, today, random

    def on(self, day: date, after: datetime | None = None) -> datetime:
        at = moment(workday(min(day, self._today), forward=False), self._zone, self._today, self._random)
        return at if after is None or at > after else after + timedelta(minutes=self._random.randrange(3, 20))


def timeline(deal: DealEntry, owner: str, today: date, random: Random) -> Timeline:
    """What happened to ``deal``, which ``owner`` (a key) has now."""
    clock = _Clock(PEOPLE_BY_KEY[owner].timezone, today, random)
    opened_on = today + timedelta(days=deal.opened)
    opened_at = clock.on(opened_on)
    first_owner = deal.owner_before or owner
    stages = _stage_moves(deal, today, opened_at, clock, random)
    _, stage, entered = stages[-1]
    status = next(status for name, status, _ in stages_of(deal) if name == stage)
    close_date = resolve(deal.close, today)
    if status != DealStatus.OPEN:
        close_date = entered.date()
    changes = [FieldChange("owner_id", None, first_owner, opened_at, first_owner)]
    if deal.owner_before:
        handed = clock.on(opened_on + (today - opened_on) / 3)
        changes.append(FieldChange("owner_id", first_owner, owner, handed, owner))
    for old, new, at in stages:
        changes.append(FieldChange("stage", old, new, at, owner))
    end = entered if status != DealStatus.OPEN else clock.on(today - timedelta(days=1))
    changes += _amounts(deal, opened_at, end, clock, owner, random)
    changes += _close_dates(deal, today, close_date, opened_at, end, clock, owner, random)
    forecast = _forecast(deal, status)
    changes += _forecasts(forecast, stages, opened_at, owner)
    changes.sort(key=lambda change: change.at)
    closed_at = entered if status != DealStatus.OPEN else None
    return Timeline(tuple(changes), opened_at, stage, status, entered, closed_at, close_date, forecast)


def _stage_moves(
    deal: DealEntry, today: date, opened_at: datetime, clock: _Clock, random: Random
) -> list[tuple[str | None, str, datetime]]:
    steps = stages_of(deal)
    names = [name for name, status, _ in steps if status == DealStatus.OPEN]
    final = next(name for name, _, _ in steps if name.lower() == deal.stage)
    if final in names:
        path = names[: names.index(final) + 1]
    elif final in ("Lost", "Churned"):
        path = [*names[: random.randrange(2, len(names) + 1)], final]
    else:
        path = [*names, final]
    closing = final not in names
    if closing:
        last = resolve(deal.close, today)
    elif deal.entered is not None:
        last = resolve(deal.entered, today)
    else:
        last = opened_at.date() + (today - opened_at.date()) * (0.55 + random.random() * 0.3)
    moves: list[tuple[str | None, str, datetime]] = [(None, path[0], opened_at)]
    if deal.reopened is not None:
        back = today + timedelta(days=deal.reopened)
        moves += _spread([*path, "Lost"], opened_at, back - timedelta(days=75), clock, random)
        moves.append(("Lost", final, clock.on(back)))
    elif len(path) > 1:
        moves += _spread(path, opened_at, last, clock, random)
    return moves


def _spread(
    path: list[str], opened_at: datetime, last: date, clock: _Clock, random: Random
) -> list[tuple[str | None, str, datetime]]:
    span = max((last - opened_at.date()).days, 0)
    weights = [0.6 + random.random() for _ in path[1:]]
    moves: list[tuple[str | None, str, datetime]] = []
    at, gone = opened_at, 0.0
    for old, new, weight in zip(path, path[1:], weights, strict=False):
        gone += weight
        at = clock.on(opened_at.date() + timedelta(days=round(span * gone / sum(weights))), at)
        moves.append((old, new, at))
    return moves


def _amounts(
    deal: DealEntry, opened_at: datetime, end: datetime, clock: _Clock, owner: str, random: Random
) -> list[FieldChange]:
    now = deal.amount * 100_000
    first = deal.first_amount
    if first is None and random.random() < 0.3:
        first = round(deal.amount * random.choice((0.8, 0.9, 1.1, 1.2)))
    start = now if first is None else first * 100_000
    changes = [FieldChange("amount_minor", None, str(start), opened_at, owner)]
    if start != now:
        day = opened_at.date() + (end.date() - opened_at.date()) * (0.4 + random.random() * 0.4)
        changes.append(FieldChange("amount_minor", str(start), str(now), min(clock.on(day, opened_at), end), owner))
    return changes


def _close_dates(
    deal: DealEntry,
    today: date,
    close: date,
    opened_at: datetime,
    end: datetime,
    clock: _Clock,
    owner: str,
    random: Random,
) -> list[FieldChange]:
    moves: list[tuple[date, date]] = [(resolve(when, today), resolve(to, today)) for when, to in deal.slips]
    if not moves:
        pushes = deal.pushes or (1 if random.random() < 0.35 else 0)
        targets = [close - CHANGE_EVERY * left for left in range(pushes, 0, -1)]
        days = [
            min(target - timedelta(days=3), today - timedelta(days=2 + 4 * (pushes - i)))
            for i, target in enumerate(targets)
        ]
        moves = list(zip(days, [*targets[1:], close][: len(days)], strict=True))
        first = targets[0] if targets else close
    else:
        first = workday(moves[0][0] + timedelta(days=6), forward=True)
    moves = [(day, to) for day, to in moves if opened_at.date() < day <= end.date() or deal.slips]
    if not moves:
        first = close
    changes = [FieldChange("close_date", None, first.isoformat(), opened_at, owner)]
    at = opened_at
    for index, (day, to) in enumerate(moves):
        to = close if index == len(moves) - 1 else to
        if to.isoformat() == changes[-1].new:
            continue
        at = clock.on(day, at)
        changes.append(FieldChange("close_date", changes[-1].new, to.isoformat(), at, owner))
    return changes


def _forecast(deal: DealEntry, status: str) -> str:
    if status == DealStatus.WON:
        return ForecastCategory.CLOSED.value
    if status == DealStatus.LOST:
        return ForecastCategory.OMITTED.value
    early = deal.stage in ("discovery", "qualification", "upcoming")
    return deal.forecast or (ForecastCategory.PIPELINE.value if early else ForecastCategory.BEST_CASE.value)


def _forecasts(
    now: str, stages: list[tuple[str | None, str, datetime]], opened_at: datetime, owner: str
) -> list[FieldChange]:
    def usual(stage: str) -> str:
        if stage in ("Won", "Renewed"):
            return ForecastCategory.CLOSED.value
        if stage in ("Lost", "Churned"):
            return ForecastCategory.OMITTED.value
        if stage == "Negotiation":
            return ForecastCategory.COMMIT.value
        early = stage in ("Discovery", "Qualification", "Upcoming")
        return ForecastCategory.PIPELINE.value if early else ForecastCategory.BEST_CASE.value

    values = [(usual(stage), at) for _, stage, at in stages]
    values[0] = (ForecastCategory.PIPELINE.value if len(values) > 1 else now, opened_at)
    values[-1] = (now, values[-1][1])
    changes: list[FieldChange] = []
    for value, at in values:
        old = changes[-1].new if changes else None
        if value != old:
            changes.append(FieldChange("forecast_category", old, value, at, owner))
    return changes
