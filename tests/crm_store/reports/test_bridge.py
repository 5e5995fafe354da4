"""The bridge over random histories in real tables: both ends are the states that were, and it balances to the cent."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from crm_store.access import Scope
from crm_store.models import Account, AccountMember, Deal, ExchangeRate, FieldHistory, Person, Pipeline, Stage
from crm_store.reports import Days, ReportSettings
from crm_store.reports.changed import Bridge, bridge
from crm_store.store import Store
from tests.crm_store.reports.measuring import deals_at
from tests.databases import fresh_postgres, opened

SYSTEM = Scope.system("test")
SETTINGS = ReportSettings()
START = datetime(2026, 9, 1, tzinfo=UTC)
OWNERS = ("ada", "bo", "cy")
STAGES = {"first": "open", "second": "open", "won": "won", "lost": "lost"}
RATES = {"EUR": Fraction(1), "GBP": Fraction(1_149_999, 1_000_000), "JPY": Fraction(6_123, 10_000)}
FIELDS = ("stage_id", "amount_minor", "currency", "close_date", "owner_id", "forecast_category")


@dataclass(frozen=True)
class State:
    stage_id: str
    amount_minor: int | None
    currency: str
    close_date: date | None
    owner_id: str
    forecast_category: str

    @property
    def worth(self) -> int | None:
        if not self.amount_minor:
            return 0
        rate = RATES.get(self.currency)
        return None if rate is None else round(self.amount_minor * rate)


Story = list[tuple[datetime, State]]


def story(random: Random) -> Story:
    """A deal's states in order, each with when it began."""

    def changed(state: State) -> State:
        match random.randrange(6):
            case 0:
                return replace(state, stage_id=random.choice(list(STAGES)))
            case 1:
                return replace(state, amount_minor=random.choice([None, 0, random.randrange(1, 90_000_00)]))
            case 2:
                return replace(state, close_date=random.choice([None, _day(random), _day(random)]))
            case 3:
                return replace(state, owner_id=random.choice(OWNERS))
            case 4:
                return replace(state, currency=random.choice(["EUR", "GBP", "JPY", "CHF"]))
            case _:
                return replace(state, forecast_category=random.choice(["commit", "pipeline"]))

    at = START + timedelta(hours=random.randrange(-600, 1200))
    stage = random.choice(["first", "first", "second"])
    amount, currency = random.randrange(1, 90_000_00), random.choice(["EUR", "EUR", "GBP"])
    states = [(at, State(stage, amount, currency, _day(random), random.choice(OWNERS), "pipeline"))]
    for _ in range(random.randrange(9)):
        at += timedelta(hours=random.randrange(1, 300))
        states.append((at, changed(changed(states[-1][1]))))
    return states


def _day(random: Random) -> date:
    return date(2026, 9, 1) + timedelta(days=random.randrange(120))


def rows(stories: list[Story]) -> Iterator[list[object]]:
    early = {"created_at": START - timedelta(days=900), "updated_at": START}
    yield [Person(id=key, email=f"{key}@x.example", name=key.title(), **early) for key in OWNERS]
    yield [Pipeline(id="pipe", name="New")]
    yield [
        Stage(id=key, pipeline_id="pipe", name=key.title(), position=place, status=status)
        for place, (key, status) in enumerate(STAGES.items())
    ]
    yield [
        ExchangeRate(currency="GBP", base="EUR", on=date(2025, 1, 1), rate_millionths=1_149_999),
        ExchangeRate(currency="JPY", base="EUR", on=date(2025, 1, 1), rate_millionths=6_123),
        Account(id="acme", name="Acme", owner_id="ada", **early),
    ]
    yield [AccountMember(account_id="acme", person_id=key) for key in OWNERS]
    for place, states in enumerate(stories):
        made, now = states[0][0], states[-1][1]
        ended = next((at for at, state in reversed(states) if STAGES[state.stage_id] == "open"), made)
        closed = None if STAGES[now.stage_id] == "open" else next((at for at, _ in states if at > ended), made)
        values = {name: getattr(now, name) for name in FIELDS}
        yield [
            Deal(
                id=f"deal-{place}", name=f"Deal {place}", pipeline_id="pipe", status=STAGES[now.stage_id],
                closed_at=closed, stage_entered_at=made, account_id="acme", created_at=made, updated_at=made, **values,
            )
        ]  # fmt: skip
        yield [
            FieldHistory(
                entity="deal", entity_id=f"deal-{place}", field=name, old=_text(getattr(before, name)),
                new=_text(getattr(after, name)), at=at, by_id=after.owner_id, account_id="acme", owner_id=now.owner_id,
            )
            for (_, before), (at, after) in itertools.pairwise(states)
            for name in FIELDS
            if getattr(before, name) != getattr(after, name)
        ]  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    random = Random(7)
    return [story(random) for _ in range(150)]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, stories: list[Story]
) -> Iterator[Store]:
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("bridge")
        with opened(f"sqlite:///{folder / 'test.db'}", migrate=True) as store:
            yield _fill(store, stories)
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    with fresh_postgres(server, template) as url, opened(url, migrate=False) as store:
        yield _fill(store, stories)


def _fill(store: Store, stories: list[Story]) -> Store:
    with store.write(SYSTEM) as session:
        for some in rows(stories):
            session.add_all(some)
            session.flush()
    return store


def was(states: Story, moment: datetime) -> State | None:
    """The deal at a moment, by its story."""
    return next((state for at, state in reversed(states) if at <= moment), None)


def pipeline(stories: list[Story], at: datetime, left_out: set[int], owners: set[str] | None, days: Days | None) -> int:
    """What was open at a moment, of these owners and due in these days."""
    found = 0
    for place, states in enumerate(stories):
        state = was(states, at)
        if state is None or place in left_out or STAGES[state.stage_id] != "open":
            continue
        if owners is not None and state.owner_id not in owners:
            continue
        if days is not None and (state.close_date is None or not days.holds(state.close_date)):
            continue
        found += state.worth or 0
    return found


@pytest.mark.parametrize("seed", range(40))
def test_both_ends_are_what_was_and_the_moves_lead_from_one_to_the_other(
    filled: Store, stories: list[Story], seed: int
) -> None:
    random = Random(seed)
    since = START + timedelta(hours=random.randrange(-300, 1500))
    until = since + timedelta(hours=random.randrange(1, 900))
    owners = random.choice([None, {"ada"}, {"bo", "cy"}])
    days = random.choice([None, None, Days(date(2026, 10, 1), date(2026, 10, 31))])
    with filled.read(SYSTEM) as session:
        found = bridge(session, since, until, SETTINGS, owner_ids=owners, closing=days)
    left_out = {  # deals without a rate at either end are named and in no amount
        place
        for place, states in enumerate(stories)
        if any(state is not None and state.worth is None for state in (was(states, since), was(states, until)))
    }
    assert found.opening_minor == pipeline(stories, since, left_out, owners, days)
    assert found.closing_minor == pipeline(stories, until, left_out, owners, days)
    assert found.opening_minor + sum(move.delta_minor for move in found.moves) == found.closing_minor
    _per_deal(found, stories, since, until, owners, days)


def _per_deal(
    found: Bridge, stories: list[Story], since: datetime, until: datetime, owners: set[str] | None, days: Days | None
) -> None:
    for deal_id in {move.deal_id for move in found.moves}:
        only = [stories[int(deal_id.removeprefix("deal-"))]]
        difference = pipeline(only, until, set(), owners, days) - pipeline(only, since, set(), owners, days)
        assert sum(move.delta_minor for move in found.moves if move.deal_id == deal_id) == difference, deal_id


def test_the_state_at_any_moment_is_the_one_that_was(filled: Store, stories: list[Story]) -> None:
    for hours in (-100, 200, 700, 1500):
        moment = START + timedelta(hours=hours)
        with filled.read(SYSTEM) as session:
            states = {state.id: state for state in deals_at(session, moment)}
        for place, told in enumerate(stories):
            expected, state = was(told, moment), states.get(f"deal-{place}")
            assert (state is None) == (expected is None)
            if expected is not None and state is not None:
                assert [getattr(state, name) for name in FIELDS] == [getattr(expected, name) for name in FIELDS]
                assert state.status == STAGES[expected.stage_id]


def test_a_deal_handed_over_leaves_one_pipeline_and_joins_the_other(filled: Store, stories: list[Story]) -> None:
    since, until = START, START + timedelta(hours=900)
    with filled.read(SYSTEM) as session:
        ada = bridge(session, since, until, SETTINGS, owner_ids={"ada"})
        others = bridge(session, since, until, SETTINGS, owner_ids={"bo", "cy"})
        whole = bridge(session, since, until, SETTINGS)
    gone = {move.deal_id: -move.delta_minor for move in ada.of("handed_over")}
    came = {move.deal_id: move.delta_minor for move in others.of("taken_over")}
    assert gone
    assert gone == came
    assert ada.closing_minor + others.closing_minor == whole.closing_minor
