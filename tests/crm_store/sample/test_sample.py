import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session

from crm_store.base import Base
from crm_store.models import (
    Account,
    AccountMember,
    Case,
    Consent,
    Contact,
    Deal,
    DealContact,
    DealLine,
    FieldHistory,
    Interaction,
    Order,
    OrderLine,
    Participant,
    Person,
    Stage,
    Subscription,
    SurveyResponse,
    Task,
)
from crm_store.sample import SAMPLE_TRANSCRIPTS, SampleCounts, load_sample, sample_id, sample_people
from crm_store.sample.recordings import read_recording

TODAY = date(2026, 3, 18)  # a Wednesday
REP_KEYS = ("jonas", "sofie", "tom", "giulia", "carlos", "camille", "dana", "amir", "hannah")


def empty_session() -> Session:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda connection, _: connection.execute("pragma foreign_keys=on"))
    Base.metadata.create_all(engine)
    return Session(engine)


def loaded(today: date) -> Session:
    session = empty_session()
    load_sample(session, today)
    return session


def rows(session: Session, table: type[Any]) -> list[Any]:
    return list(session.scalars(select(table)))


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with loaded(TODAY) as session:
        yield session


def contents(session: Session) -> dict[str, dict[str, Any]]:
    return {
        mapper.class_.__tablename__: {
            row.id: {column.key: getattr(row, column.key) for column in mapper.column_attrs}
            for row in rows(session, mapper.class_)
        }
        for mapper in Base.registry.mappers
    }


def test_the_company_is_large_enough_to_be_believed(session: Session) -> None:
    assert len(rows(session, Account)) >= 48
    assert len(rows(session, Contact)) >= 150
    assert len(rows(session, Deal)) >= 110
    assert len(rows(session, Interaction)) >= 800
    assert len(rows(session, Order)) >= 60
    assert len(rows(session, Case)) >= 50
    assert set(session.scalars(select(Account.kind))) == {"prospect", "customer", "partner", "influencer", "former"}
    assert set(session.scalars(select(Interaction.channel))) == {
        "call", "meeting", "email", "chat", "social", "event", "note",
    }  # fmt: skip


def test_two_loads_on_one_day_make_the_same_record() -> None:
    with loaded(TODAY) as one, loaded(TODAY) as other:
        assert contents(one) == contents(other)


def test_a_second_load_adds_nothing() -> None:
    with empty_session() as session:
        steps: list[tuple[int, int]] = []
        first = load_sample(session, TODAY, lambda done, total: steps.append((done, total)))
        before = contents(session)
        assert first.interactions >= 800
        assert steps[-1][0] == steps[-1][1]
        assert load_sample(session, TODAY + timedelta(days=3)) == SampleCounts()
        assert contents(session) == before


def test_ids_are_shaped_like_uuid_7_and_follow_from_the_name() -> None:
    made = sample_id("account", "meridian")
    assert made == sample_id("account", "meridian") != sample_id("contact", "meridian")
    assert len(made) == 36
    assert made[14] == "7"
    assert made[19] in "89ab"


def test_the_people_are_in_the_record_as_announced(session: Session) -> None:
    stored = {person.email: person for person in rows(session, Person)}
    people = sample_people()
    assert len(people) == len(stored) == 14
    assert all(
        stored[person.email].name == person.name and stored[person.email].role == person.role for person in people
    )
    assert Counter(person.role for person in people) == {"rep": 9, "manager": 4, "admin": 1}
    for person in stored.values():
        ZoneInfo(person.timezone)


def test_every_deal_field_ends_in_its_history_at_the_value_it_has_now(session: Session) -> None:
    kept: dict[tuple[str, str], list[FieldHistory]] = defaultdict(list)
    for line in session.scalars(select(FieldHistory).order_by(FieldHistory.at)):
        kept[line.entity_id, line.field].append(line)
    for deal in rows(session, Deal):
        now = {
            "stage_id": deal.stage_id,
            "amount_minor": str(deal.amount_minor),
            "close_date": deal.close_date.isoformat(),
            "forecast_category": deal.forecast_category,
            "owner_id": deal.owner_id,
        }
        for field, value in now.items():
            lines = kept[deal.id, field]
            assert lines[0].old is None, (deal.name, field)
            assert lines[-1].new == value, (deal.name, field)
            assert all(before.new == after.old for before, after in itertools.pairwise(lines)), (deal.name, field)
            assert all(before.at < after.at for before, after in itertools.pairwise(lines)), (deal.name, field)
        assert kept[deal.id, "stage_id"][-1].at == deal.stage_entered_at
        assert deal.created_at <= deal.stage_entered_at
        assert (deal.closed_at is None) == (deal.status == "open")


def test_every_lead_ends_in_its_history_at_the_stage_it_has_now(session: Session) -> None:
    kept: dict[str, list[FieldHistory]] = defaultdict(list)
    wanted = select(FieldHistory).where(FieldHistory.entity == "contact").order_by(FieldHistory.at)
    for line in session.scalars(wanted):
        assert line.field == "lifecycle"
        kept[line.entity_id].append(line)
    contacts = {contact.id: contact for contact in rows(session, Contact)}
    assert len(kept) >= 100
    for contact_id, lines in kept.items():
        contact = contacts[contact_id]
        assert [lines[0].old, lines[0].new, lines[0].at] == [None, "lead", contact.created_at], contact.name
        assert lines[-1].new == contact.lifecycle, contact.name
        assert contact.source, contact.name
        assert all(one.new == two.old and one.at < two.at for one, two in itertools.pairwise(lines)), contact.name
    agreed = {consent.contact_id: consent.at for consent in rows(session, Consent)}
    assert all(contacts[who].created_at <= at for who, at in agreed.items())


def test_a_case_is_with_whom_its_history_ends(session: Session) -> None:
    kept: dict[str, list[FieldHistory]] = defaultdict(list)
    for line in session.scalars(select(FieldHistory).where(FieldHistory.entity == "case").order_by(FieldHistory.at)):
        kept[line.entity_id].append(line)
    for case in rows(session, Case):
        lines = kept[case.id]
        assert lines[0].at == case.opened_at
        assert lines[-1].new == case.owner_id
        assert case.closed_at is None or lines[-1].at < case.closed_at
        assert all(one.new == two.old and one.at < two.at for one, two in itertools.pairwise(lines))


def test_a_deal_is_as_won_or_lost_as_its_stage(session: Session) -> None:
    stages = {stage.id: stage for stage in rows(session, Stage)}
    for deal in rows(session, Deal):
        assert deal.status == stages[deal.stage_id].status
        assert deal.pipeline_id == stages[deal.stage_id].pipeline_id
    open_stages = {stage.id for stage in stages.values() if stage.status == "open"}
    assert open_stages <= {deal.stage_id for deal in rows(session, Deal)}


def test_lines_add_up_to_their_order_and_deal(session: Session) -> None:
    for parent, line, key in ((Order, OrderLine, "order_id"), (Deal, DealLine, "deal_id")):
        sums: Counter[str] = Counter()
        for row in rows(session, line):
            sums[getattr(row, key)] += row.amount_minor
        whole = {row.id: row.amount_minor for row in rows(session, parent)}
        assert sums
        assert all(whole[parent_id] == total for parent_id, total in sums.items())


def test_whoever_took_part_belongs_to_the_account_or_to_us(session: Session) -> None:
    homes = {contact.id: contact.account_id for contact in rows(session, Contact)}
    people = {person.id for person in rows(session, Person)}
    seen: Counter[str] = Counter()
    for part in rows(session, Participant):
        seen[part.interaction_id] += 1
        assert (part.contact_id is None) != (part.person_id is None)
        assert part.person_id in people if part.person_id else homes[part.contact_id] == part.account_id
    for interaction in rows(session, Interaction):
        assert seen[interaction.id] >= (1 if interaction.direction == "internal" else 2), interaction.subject


def test_nobody_takes_part_after_leaving(session: Session) -> None:
    left = {contact.id: contact.left_on for contact in rows(session, Contact) if contact.left_on}
    times = {interaction.id: interaction.at.date() for interaction in rows(session, Interaction)}
    assert left
    for part in rows(session, Participant):
        if part.contact_id in left:
            assert times[part.interaction_id] <= left[part.contact_id]


def test_owners_and_deal_owners_are_on_the_account_team(session: Session) -> None:
    team = {(member.account_id, member.person_id): member.reason for member in rows(session, AccountMember)}
    for account in rows(session, Account):
        assert team[account.id, account.owner_id] == "owner"
    for deal in rows(session, Deal):
        assert (deal.account_id, deal.owner_id) in team
    assert Counter(team.values())["deal"] >= 3


def test_no_rep_is_on_an_account_of_another_team(session: Session) -> None:
    teams = {person.id: person.team_id for person in rows(session, Person)}
    owner = {account.id: teams[account.owner_id] for account in rows(session, Account)}
    assert all(teams[member.person_id] == owner[member.account_id] for member in rows(session, AccountMember))
    assert len(set(owner.values())) == 3


def test_every_customer_row_says_whose_it_is(session: Session) -> None:
    for table in (
        Contact,
        Consent,
        Deal,
        DealContact,
        DealLine,
        FieldHistory,
        Interaction,
        Participant,
        Task,
        Order,
        OrderLine,
        Subscription,
        Case,
        SurveyResponse,
    ):
        assert all(row.account_id and row.owner_id for row in rows(session, table)), table.__name__


def test_texts_hardly_ever_repeat_and_have_no_open_slot(session: Session) -> None:
    bodies = [row.body for row in rows(session, Interaction)]
    long = [body for body in bodies if len(body) > 60]
    assert len(long) - len(set(long)) <= len(long) * 0.02
    texts = [*bodies, *(row.subject for row in rows(session, Interaction)), *(row.title for row in rows(session, Task))]
    assert not [text for text in texts if "{" in text or "}" in text or "  " in text]


def test_every_rep_has_work_today_and_a_meeting_without_notes(session: Session) -> None:
    before = TODAY - timedelta(days=1)
    for key in REP_KEYS:
        owner = sample_id("person", key)
        dues = [task.due for task in rows(session, Task) if task.owner_id == owner and task.status == "open"]
        assert TODAY in dues, key
        assert any(due < TODAY for due in dues), key
        assert any(due > TODAY for due in dues), key
        assert any(
            row.channel == "meeting" and row.at.date() == before and not row.body
            for row in rows(session, Interaction)
            if row.owner_id == owner
        ), key
        month_end = date(TODAY.year, TODAY.month, 31)
        assert any(
            deal.status == "open" and deal.owner_id == owner and TODAY <= deal.close_date <= month_end
            for deal in rows(session, Deal)
        ), key


@settings(max_examples=8, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
@example(date(2028, 2, 29))
@example(date(2027, 1, 1))
@example(date(2026, 11, 21))
@example(date(2026, 11, 22))
@example(date(2026, 11, 23))
@example(date(2025, 12, 31))
def test_it_loads_on_any_day_and_nothing_lies_in_the_future_but_plans(today: date) -> None:
    with loaded(today) as session:
        tonight = datetime.combine(today + timedelta(days=1), datetime.min.time(), UTC)
        zones = {person.id: ZoneInfo(person.timezone) for person in rows(session, Person)}
        teams = {person.id: person.team_id for person in rows(session, Person)}
        planned = {row.id for row in rows(session, Interaction) if row.channel == "meeting" and not row.body}
        planned |= {part.id for part in rows(session, Participant) if part.interaction_id in planned}
        for mapper in Base.registry.mappers:
            for row in rows(session, mapper.class_):
                for column in mapper.column_attrs:
                    value = getattr(row, column.key)
                    if isinstance(value, datetime):
                        assert value.tzinfo is not None
                        assert row.id in planned or value < tonight, (mapper.class_.__name__, column.key, value)
        for row in rows(session, Interaction):
            local = row.at.astimezone(zones[row.owner_id])
            assert 8 <= local.hour < 18
            assert row.channel not in ("meeting", "call") or local.weekday() < 5
        monday = today - timedelta(days=today.weekday())
        week = {teams[row.owner_id] for row in rows(session, Interaction) if monday <= row.at.date() <= today}
        moved = {teams[row.owner_id] for row in rows(session, FieldHistory) if monday <= row.at.date() <= today}
        assert len(week) == 3
        assert len(moved) == 3
        lines: dict[tuple[str, str], list[FieldHistory]] = defaultdict(list)
        for line in session.scalars(select(FieldHistory).order_by(FieldHistory.at)):
            lines[line.entity_id, line.field].append(line)
        for kept in lines.values():
            assert all(one.new == two.old and one.at < two.at for one, two in itertools.pairwise(kept))


def test_recordings_are_long_talks_between_people_of_the_sample(session: Session) -> None:
    assert len(SAMPLE_TRANSCRIPTS) == 10
    assert sum(not sample.logged for sample in SAMPLE_TRANSCRIPTS) == 2
    people = {person.email: person.name for person in rows(session, Person)}
    turns = {tuple(turn["text"] for turn in row.turns) for row in rows(session, Interaction) if row.turns}
    assert len(turns) == 8
    for sample in SAMPLE_TRANSCRIPTS:
        account = session.scalars(select(Account).where(Account.name == sample.account)).one()
        names = set(session.scalars(select(Contact.name).where(Contact.account_id == account.id))) | {
            people[sample.rep]
        }
        recording = read_recording(sample.name)
        assert 40 <= len(recording.turns) <= 90
        assert {turn.speaker for turn in recording.turns} <= names
        assert (tuple(turn.text for turn in recording.turns) in turns) == sample.logged
