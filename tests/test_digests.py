"""The manager's digests and the tools of numbers and next actions, on the sample company."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import wording
from bot.agent.tools.managers import standing, team_week, what_changed
from bot.agent.tools.next_actions import next_actions, why_action
from bot.agent.tools.reports import report
from bot.agent.turn import Found, Turn
from bot.cards import ChartCard, SuggestionsCard, TableCard
from bot.errors import BadInput
from bot.recall import Recall
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.errors import CrmError
from crm_store.models import Deal, Quota
from crm_store.next_actions import record_event
from crm_store.people import caller_for
from crm_store.sample import load_sample
from crm_store.store import Store
from knowledge.embeddings import load_embeddings
from tests.databases import opened

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
SYSTEM = Scope.system("test")
MONDAY = date(2026, 11, 16)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened(f"sqlite:///{tmp_path_factory.mktemp('digests') / 'test.db'}", migrate=True) as store:
        with store.write(SYSTEM) as session:
            load_sample(session, TODAY)
        yield store


@pytest.fixture(scope="module")
def turn_of(sample: Store) -> Callable[[str], Turn]:
    embeddings = load_embeddings()

    def make(name: str) -> Turn:
        with sample.read(SYSTEM) as session:
            caller = caller_for(session, f"{name}@halvern.example")
        return Turn(caller, sample, Recall(sample, embeddings, None), Settings(), NOW, "thread", "a question")

    return make


Asked = Callable[[Turn], Found]
DIGESTS: list[Asked] = [
    lambda turn: team_week(turn),
    lambda turn: team_week(turn, since=date(2026, 10, 1), until=date(2026, 10, 31)),
    lambda turn: what_changed(turn, MONDAY),
    lambda turn: what_changed(turn, date(2026, 8, 1), date(2026, 9, 30), "team"),
    lambda turn: standing(turn),
    lambda turn: standing(turn, date(2026, 7, 1), date(2026, 9, 30)),
]


@pytest.mark.parametrize("asked", DIGESTS)
@pytest.mark.parametrize("who", ["petra.vollmer", "rupert.ashdown", "jonas.brandt"])
def test_a_digest_is_short_and_has_one_picture_a_table_and_figures(
    turn_of: Callable[[str], Turn], who: str, asked: Asked
) -> None:
    found = asked(turn_of(who))
    lines = found.text.split("\n")
    assert len(lines) <= 8
    assert lines[0].startswith("*")
    charts = [card for card in found.cards if isinstance(card, ChartCard)]
    nothing_changed = any(figure.label == "change" and not figure.value for figure in found.figures)
    assert len(charts) == (0 if nothing_changed else 1)
    assert all(chart.alt.startswith(chart.title) and chart.labels for chart in charts)
    assert any(isinstance(card, TableCard) for card in found.cards)
    assert found.figures


@pytest.mark.parametrize("asked", DIGESTS)
def test_every_mark_in_a_digest_has_its_source_and_every_source_can_be_seen(
    turn_of: Callable[[str], Turn], asked: Asked
) -> None:
    turn = turn_of("petra.vollmer")
    found = asked(turn)
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", found.text)}
    assert marks <= set(range(1, len(found.citations) + 1))
    deals = {citation.id.removeprefix("deal:") for citation in found.citations if citation.kind == "deal"}
    with turn.read() as session:
        assert all(session.get(Deal, deal) is not None for deal in deals)


def test_a_week_says_who_needs_help_and_what_to_ask(turn_of: Callable[[str], Turn]) -> None:
    text = team_week(turn_of("petra.vollmer")).text
    assert re.match(r"\*\*EUR [\d.]+[km]? won and EUR [\d.]+[km]? in commit against EUR [\d.]+[km] quota; ", text)
    helped = re.findall(r"^Needs help: (\w+) \w+\. .*\[\d\]", text, re.M)
    assert helped
    assert all(re.search(rf"^Ask: .*\b{first}, ", text, re.M) for first in helped)
    assert re.search(r"^Touches \d+: ", text, re.M)


def test_what_changed_adds_up(turn_of: Callable[[str], Turn]) -> None:
    found = what_changed(turn_of("rupert.ashdown"), date(2026, 10, 19))
    values = {figure.label: int(figure.value) for figure in found.figures if figure.unit == "EUR"}
    assert values["open pipeline now"] - values["open pipeline then"] == values["change"]
    chart = next(card for card in found.cards if isinstance(card, ChartCard))
    assert sum(chart.series[0][1]) == values["change"]


def test_a_managers_quota_is_not_counted_on_top_of_the_teams(turn_of: Callable[[str], Turn], sample: Store) -> None:
    for who in ("petra.vollmer", "rupert.ashdown", "jonas.brandt"):
        turn = turn_of(who)
        quota = next(figure.value for figure in standing(turn).figures if figure.label == "quota")
        with sample.read(SYSTEM) as session:
            own = select(Quota.amount_minor).where(
                Quota.person_id == turn.caller.person_id, Quota.starts <= TODAY, Quota.ends >= TODAY
            )
            assert quota == session.scalars(own).one()


def test_a_rep_reads_nothing_of_a_foreign_account_in_any_digest(turn_of: Callable[[str], Turn], sample: Store) -> None:
    turn = turn_of("jonas.brandt")
    with sample.read(SYSTEM) as session, turn.read() as own:
        everything, mine = set(session.scalars(select(Deal.name))), set(own.scalars(select(Deal.name)))
    foreign = everything - mine
    assert foreign
    more: list[Asked] = [
        lambda turn: next_actions(turn, "everyone"),
        lambda turn: report(turn, group_by="name", owner="everyone", limit=100),
    ]
    for asked in (*DIGESTS, *more):
        found = asked(turn)
        said = found.text + "".join(card.model_dump_json() for card in found.cards) + repr(found.figures)
        assert not [name for name in foreign if name in said]


def test_a_number_leads_and_says_what_was_counted(turn_of: Callable[[str], Turn]) -> None:
    turn = turn_of("petra.vollmer")
    since, until = date(2026, 7, 1), date(2026, 9, 30)
    found = report(turn, measure="sum", status="won", since=since, until=until, compare_with="previous_period")
    with turn.read() as session:
        won = list(
            session.scalars(
                select(Deal).where(
                    Deal.status == "won", Deal.close_date.between(since, until), Deal.owner_id.in_(turn.caller.covers)
                )
            )
        )
    assert {deal.currency for deal in won} == {"EUR"}
    amount = wording.money(sum(deal.amount_minor or 0 for deal in won), "EUR")
    lead, counted = found.text.split("\n")
    assert lead.startswith(f"**{amount} from {len(won)} won deals** (1 Jul to 30 Sep 2026, your team), up from ")
    assert counted == "_Counted: won deals, closed 1 Jul to 30 Sep 2026, owned by your team._"
    assert f"Largest: {max(won, key=lambda deal: deal.amount_minor or 0).name}" in lead


def test_a_split_number_has_a_table_and_a_picture_that_agree(turn_of: Callable[[str], Turn]) -> None:
    found = report(turn_of("petra.vollmer"), measure="sum", status="open", group_by="rep")
    table = next(card for card in found.cards if isinstance(card, TableCard))
    chart = next(card for card in found.cards if isinstance(card, ChartCard))
    assert [row[0] for row in table.rows] == list(chart.labels)
    assert sum(chart.series[0][1]) == next(figure.value for figure in found.figures if figure.label == "amount")


def test_a_win_rate_is_over_closed_deals(turn_of: Callable[[str], Turn]) -> None:
    text = report(turn_of("rupert.ashdown"), measure="win_rate", owner="everyone").text
    found = re.search(r"Win rate ([\d.]+) %: (\d+) of (\d+) closed deals", text)
    assert found
    assert float(found[1]) == pytest.approx(100 * int(found[2]) / int(found[3]), abs=0.5)


@pytest.mark.parametrize(
    "args",
    [
        {"subject": "unicorns"},
        {"measure": "happiness"},
        {"group_by": "colour"},
        {"date_field": "industry", "since": MONDAY},
        {"since": TODAY, "until": MONDAY},
        {"subject": "contacts", "min_amount_minor": 5},
    ],
)
def test_a_number_that_cannot_be_had_is_refused_in_a_sentence(
    turn_of: Callable[[str], Turn], args: dict[str, object]
) -> None:
    with pytest.raises((BadInput, CrmError), match=r"\.$"):
        report(turn_of("petra.vollmer"), **args)  # type: ignore[arg-type]  # arguments as a model would give them


def test_next_actions_are_three_at_most_each_with_its_evidence(turn_of: Callable[[str], Turn]) -> None:
    found = next_actions(turn_of("jonas.brandt"))
    card = next(card for card in found.cards if isinstance(card, SuggestionsCard))
    assert 1 <= len(card.suggestions) <= 3
    assert all(line.citations and line.why and dict(line.factors)["score"] > 0 for line in card.suggestions)
    assert all(citation.quote for citation in found.citations)


def test_why_explains_the_place_in_words_and_shows_every_factor_of_the_score(turn_of: Callable[[str], Turn]) -> None:
    turn = turn_of("jonas.brandt")
    card = next(card for card in next_actions(turn).cards if isinstance(card, SuggestionsCard))
    by_id = why_action(turn, card.suggestions[0].id)
    assert by_id.text == why_action(turn, "1").text
    assert re.search(r"^Its place comes from EUR [\d,]+ at stake", by_id.text, re.M)
    table = next(card for card in by_id.cards if isinstance(card, TableCard))
    assert [row[0] for row in table.rows] == ["V", "P", "E", "U", "C", "F", "L"]
    factors = {figure.label: figure.value for figure in by_id.figures}
    product = factors["P"] * factors["E"] * factors["V"] * factors["U"] * factors["C"] * factors["F"] * factors["L"]
    assert product == pytest.approx(factors["score"])
    assert "no such suggestion" in why_action(turn, "xyzzy").text


def test_a_snoozed_action_is_gone_until_its_day(turn_of: Callable[[str], Turn], sample: Store) -> None:
    turn = turn_of("tom.akkerman")
    card = next(card for card in next_actions(turn).cards if isinstance(card, SuggestionsCard))
    first = card.suggestions[0]
    rule, subject_id = first.id.split(":")
    with sample.write(turn.caller.scope) as session:
        record_event(
            session, turn.caller.person_id, rule, "deal", subject_id, "snoozed", TODAY + timedelta(days=2), NOW, {}
        )
    assert "snoozed this until" in why_action(turn, first.id).text
    again = next(card for card in next_actions(turn).cards if isinstance(card, SuggestionsCard))
    assert first.id not in {line.id for line in again.suggestions}
    later = replace(turn, now=NOW + timedelta(days=2))
    assert first.id in why_action(later, first.id).text or first.title in why_action(later, first.id).text


def test_a_manager_sees_whose_action_it_is_and_a_rep_does_not_read_their_own_name(
    turn_of: Callable[[str], Turn],
) -> None:
    assert re.match(r"1\. \*\*(?:Jonas Brandt|Sofie Lund|Tom Akkerman): ", next_actions(turn_of("petra.vollmer")).text)
    assert "Jonas Brandt:" not in next_actions(turn_of("jonas.brandt")).text


def test_numbers_of_colleagues_whose_records_are_hidden_are_said_to_be_partial(turn_of: Callable[[str], Turn]) -> None:
    partly = "as far as you can see"
    assert partly in standing(turn_of("dana.whitfield"), owner="Amir Saleh").text
    assert partly in report(turn_of("dana.whitfield"), owner="team").text
    assert partly not in standing(turn_of("maeve.corrigan"), owner="Amir Saleh").text
    assert partly not in report(turn_of("rupert.ashdown"), owner="team").text


def test_what_is_counted_is_called_by_its_own_name(turn_of: Callable[[str], Turn]) -> None:
    turn = turn_of("petra.vollmer")
    calls = report(turn, subject="interactions", channel="call", since=date(2026, 10, 1), until=date(2026, 10, 31)).text
    assert re.match(r"\*\*\d+ calls?\*\*", calls)
    assert "_Counted: calls, held 1 Oct to 31 Oct 2026, owned by your team._" in calls
    none = report(turn, status="open", stage="Proposal", since=date(2031, 1, 1), until=date(2031, 1, 31)).text
    assert none == "**None:** there are no open deals in Proposal, closing 1 Jan to 31 Jan 2031, owned by your team."


def test_meetings_that_are_only_planned_are_not_counted_as_held(turn_of: Callable[[str], Turn], sample: Store) -> None:
    turn = turn_of("rupert.ashdown")
    found = report(
        turn, subject="interactions", channel="meeting", owner="everyone", since=MONDAY, until=date(2026, 12, 31)
    )
    past = report(turn, subject="interactions", channel="meeting", owner="everyone", since=MONDAY, until=TODAY)
    assert found.figures == past.figures


def test_a_rate_over_few_deals_is_said_to_mean_little(turn_of: Callable[[str], Turn]) -> None:
    few = "too few to mean much"
    assert few in report(turn_of("jonas.brandt"), measure="win_rate").text
    assert few not in report(turn_of("rupert.ashdown"), measure="win_rate", owner="everyone").text


def test_what_changed_at_one_account_or_in_one_deal_is_told_alone(turn_of: Callable[[str], Turn], sample: Store) -> None:
    turn = turn_of("rupert.ashdown")
    since = date(2026, 8, 1)
    whole = what_changed(turn, since, owner="everyone")
    table = next(card for card in whole.cards if isinstance(card, TableCard))
    with sample.read(SYSTEM) as session:
        changed = session.scalars(select(Deal).where(Deal.name == str(table.rows[0][0]))).first()
    assert changed is not None
    one = what_changed(turn, since, deal=changed.id)
    assert changed.name in one.text
    assert "Open pipeline is" not in one.text
    assert changed.name in what_changed(turn, since, account=changed.account_id).text
    assert one.citations


def test_several_of_us_and_somebodys_team_are_counted_together(turn_of: Callable[[str], Turn]) -> None:
    turn = turn_of("rupert.ashdown")

    def won(owner: str) -> float:
        found = report(turn, "deals", "count", owner=owner, status="won", since=date(2026, 1, 1), until=TODAY)
        return sum(figure.value for figure in found.figures[:1])

    assert won("Petra Vollmer,Rupert Ashdown") == won("Petra Vollmer") + won("Rupert Ashdown")
    assert won("Petra Vollmer's team") >= won("Petra Vollmer")
