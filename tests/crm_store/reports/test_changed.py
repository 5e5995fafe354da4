"""The bridge between two moments: it balances to the cent, whatever happened."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.reports import Days, Rates
from crm_store.reports.changed import Bridge, build
from crm_store.reports.history import DealState, Past, Timeline

T0 = datetime(2026, 11, 2, tzinfo=UTC)
T1 = datetime(2026, 11, 9, tzinfo=UTC)
STATUS = {"proposal": "open", "negotiation": "open", "won": "won", "lost": "lost"}
NAMES = {key: key.title() for key in STATUS}
RATES = Rates("EUR", [("GBP", date(2026, 1, 1), 1_149_999), ("GBP", date(2026, 11, 5), 1_166_667)])


def state(
    stage: str = "proposal",
    amount: int | None = 1_000_00,
    close: date | None = date(2026, 11, 20),
    currency: str | None = "EUR",
) -> DealState:
    return DealState("deal", "Deal", "account", "owner", stage, STATUS[stage], amount, currency, close, "commit")


def story(states: list[tuple[datetime, DealState]]) -> Timeline:
    """A deal whose history records every difference between one state and the next, as the write path does."""
    changes = []
    for (_, before), (at, after) in itertools.pairwise(states):
        for field in ("stage_id", "amount_minor", "close_date", "currency"):
            old, new = getattr(before, field), getattr(after, field)
            if old != new:
                text = [
                    None if value is None else value.isoformat() if isinstance(value, date) else str(value)
                    for value in (old, new)
                ]
                changes.append(Past("deal", field, text[0], text[1], at, "person"))
    return Timeline(states[-1][1], states[0][0], None, tuple(changes))


def between(*stories: Timeline, closing: Days | None = None) -> Bridge:
    return build(list(stories), T0, T1, "EUR", RATES, STATUS, NAMES, closing)


BEFORE, DURING, AFTER = T0 - timedelta(days=3), T0 + timedelta(days=2), T1 + timedelta(days=1)


def kinds(bridge: Bridge) -> dict[str, int]:
    return {move.kind: move.delta_minor for move in bridge.moves}


def test_each_kind_of_move_is_told_for_what_it_is() -> None:
    def change(after: DealState) -> dict[str, int]:
        return kinds(between(story([(BEFORE, state()), (DURING, after)])))

    assert change(state("won")) == {"won": -1_000_00}
    assert change(state("lost")) == {"lost": -1_000_00}
    assert change(state(amount=1_250_00)) == {"grew": 250_00}
    assert change(state(amount=None)) == {"shrank": -1_000_00}
    assert change(state(close=date(2026, 12, 20))) == {"pushed": 0}
    assert change(state(close=date(2026, 11, 11))) == {"pulled_in": 0}
    assert change(state("negotiation")) == {"moved_stage": 0}
    assert kinds(between(story([(DURING, state())]))) == {"new": 1_000_00}
    assert kinds(between(story([(BEFORE, state("lost")), (DURING, state())]))) == {"reopened": 1_000_00}


def test_what_happened_before_or_after_is_not_told() -> None:
    assert between(story([(BEFORE, state()), (AFTER, state("won"))])).moves == ()
    assert between(story([(BEFORE - timedelta(days=1), state()), (BEFORE, state(amount=5))])).moves == ()
    later = between(story([(AFTER, state())]))
    assert (later.moves, later.closing_minor) == ((), 0)


def test_a_deal_that_was_made_and_won_in_between_is_new_and_won() -> None:
    bridge = between(story([(DURING, state()), (DURING + timedelta(days=1), state("won", amount=900_00))]))
    assert kinds(bridge) == {"new": 900_00, "won": -900_00}
    assert (bridge.opening_minor, bridge.closing_minor) == (0, 0)


def test_a_deal_that_was_deleted_is_told_apart_from_one_that_was_lost() -> None:
    deleted = Past("deal", "deleted", None, "true", DURING, "person")
    bridge = between(replace(story([(BEFORE, state())]), deleted=deleted))
    assert kinds(bridge) == {"deleted": -1_000_00}
    assert (bridge.opening_deals, bridge.closing_deals) == (1, 0)
    later = between(replace(story([(BEFORE, state())]), deleted=deleted._replace(at=AFTER)))
    assert (kinds(later), later.closing_deals) == ({}, 1)


def test_a_push_out_of_the_period_takes_its_amount_along() -> None:
    november = Days(date(2026, 11, 1), date(2026, 11, 30))
    bridge = between(
        story([(BEFORE, state()), (DURING, state(close=date(2026, 12, 15), amount=1_100_00))]), closing=november
    )
    assert kinds(bridge) == {"grew": 100_00, "pushed": -1_100_00}
    assert (bridge.opening_minor, bridge.closing_minor) == (1_000_00, 0)


def test_a_deal_without_a_rate_is_named_and_in_no_amount() -> None:
    bridge = between(story([(BEFORE, state(currency="CHF"))]), story([(BEFORE, state())]))
    assert bridge.opening_minor == 1_000_00
    assert [(one.currency, one.count) for one in bridge.unconverted] == [("CHF", 1)]


def test_an_imported_deal_without_history_was_open_until_it_closed() -> None:
    imported = Timeline(state("won"), BEFORE, DURING, ())
    assert kinds(between(imported)) == {"won": -1_000_00}


STATES = st.builds(
    state,
    stage=st.sampled_from(sorted(STATUS)),
    amount=st.one_of(st.none(), st.integers(0, 10_000_000)),
    close=st.one_of(st.none(), st.dates(date(2026, 10, 1), date(2026, 12, 31))),
    currency=st.sampled_from(["EUR", "GBP", "CHF"]),
)
MOMENTS = st.lists(st.integers(-10 * 24, 12 * 24), min_size=1, max_size=6, unique=True).map(sorted)


@st.composite
def stories(draw: st.DrawFn) -> Timeline:
    told = story([(T0 + timedelta(hours=hours), draw(STATES)) for hours in draw(MOMENTS)])
    gone = draw(st.one_of(st.none(), st.integers(0, 20 * 24)))
    last = max([told.created_at, *(change.at for change in told.changes)])
    deleted = None if gone is None else Past("deal", "deleted", None, "true", last + timedelta(hours=gone), "person")
    return replace(told, deleted=deleted)


@settings(max_examples=300, deadline=None)
@given(st.lists(stories(), max_size=6), st.booleans())
def test_opening_and_moves_add_up_to_closing_to_the_cent(deals: list[Timeline], narrowed: bool) -> None:
    closing = Days(date(2026, 11, 1), date(2026, 11, 30)) if narrowed else None
    bridge = between(*deals, closing=closing)
    assert bridge.opening_minor + sum(move.delta_minor for move in bridge.moves) == bridge.closing_minor
    assert sum(total.delta_minor for total in bridge.totals) == bridge.closing_minor - bridge.opening_minor


@settings(max_examples=200, deadline=None)
@given(st.lists(STATES, min_size=1, max_size=5), MOMENTS)
def test_rewinding_finds_the_state_that_was(states: list[DealState], hours: list[int]) -> None:
    states = states[: len(hours)]
    moments = [T0 + timedelta(hours=value) for value in hours[: len(states)]]
    told = story(list(zip(moments, states, strict=True)))
    for moment, expected in zip(moments, states, strict=True):
        found = told.at(moment, STATUS)
        assert found is not None
        # Stage changes decide the status, so only a story that ever changed stage can tell it from the present one.
        assert found._replace(status="") == expected._replace(status="")
        assert found.status == expected.status
    assert told.at(moments[0] - timedelta(seconds=1), STATUS) is None
