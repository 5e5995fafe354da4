"""What holds for every subject: an empty record has no rates, every field can be split by and every measure asked for,
and nobody counts what they may not see."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm_store import changes
from crm_store.access import Scope
from crm_store.changes import Draft
from crm_store.models import Campaign, CampaignMember, DealLine, FieldHistory, Person, Quota
from crm_store.reports.catalogue import Subject
from crm_store.reports.spec import SubjectName
from crm_store.reports.subjects import SUBJECTS
from crm_store.store import Store
from tests import builders
from tests.crm_store.reports.measuring import EVERYTHING, asked, at

YEAR = {"since": "2026-01-01", "until": "2026-12-31"}
ALL = {subject.name: subject for subject in SUBJECTS}


def measures(subject: Subject) -> list[str]:
    named = [quantity.name for quantity in subject.quantities] + [ratio.name for ratio in subject.ratios]
    return ["count", *named, *(f"{quantity.name}.median" for quantity in subject.quantities)]


def groups(subject: Subject) -> list[str]:
    """The fields a report can be split by; a field with too many values is refused, and that is tested elsewhere."""
    kept = [field for field in subject.fields if field.kind not in ("money", "number")]
    return [f"{field.name}.quarter" if field.is_date else field.name for field in kept]


def everything_of(session: Session, person: Person, name: str) -> None:
    """At least one row of every subject that belongs to ``person``, with ``name`` in every word of it."""
    account = builders.account(session, f"{name} account", person, industry=f"{name} industry", employees=70)
    contact = builders.contact(session, f"{name} contact", account, source=f"{name} source", lifecycle="qualified")
    stages = builders.pipeline(session, f"{name} pipeline")
    product = builders.product(session, f"{name} product", family=f"{name} family")
    won = builders.deal(
        session, f"{name} deal", account, stages["Won"], close_date=date(2026, 5, 1), closed_at=at(5, 1), created_at=at(2, 1),
        competitor=f"{name} competitor",
    )  # fmt: skip
    builders.history(session, won, "stage_id", stages["Proposal"].id, stages["Won"].id, at=at(5, 1), by_id=person.id)
    shared = {"account_id": account.id, "owner_id": person.id}
    session.add(DealLine(deal_id=won.id, product_id=product.id, amount_minor=77_00, currency="EUR", **shared))
    builders.interaction(session, account, f"{name} call", contact, at=at(5, 2), deal_id=won.id)
    builders.task(session, f"{name} task", account, person, due=date(2026, 6, 1))
    builders.order(session, account, product, 77_00, date(2026, 6, 1), number=f"{name} 1", deal_id=won.id)
    builders.subscription(session, account, product, date(2026, 12, 31))
    case = builders.case(
        session, account, f"{name} case", number=f"{name} 2", status="closed", opened_at=at(6, 1), closed_at=at(6, 2),
        contact_id=contact.id,
    )  # fmt: skip
    for entity, row, field, old, new in (
        ("case", case.id, "owner_id", "someone", person.id),
        ("contact", contact.id, "lifecycle", "lead", "qualified"),
    ):
        session.add(
            FieldHistory(
                entity=entity, entity_id=row, field=field, old=old, new=new, at=at(6, 2), by_id=person.id, **shared
            )
        )
    builders.survey(session, account, 9, comment=f"{name} comment", at=at(6, 3))
    campaign = Campaign(id=f"{name} campaign", name="Fair", channel="event", starts_on=date(2026, 3, 1))
    session.add(campaign)
    session.flush()
    session.add(CampaignMember(campaign_id=campaign.id, contact_id=contact.id, at=at(3, 2), **shared))
    session.add(
        Quota(
            person_id=person.id, starts=date(2026, 1, 1), ends=date(2026, 12, 31), amount_minor=777_00, currency="EUR",
        )
    )  # fmt: skip
    changes.propose(
        session, person_id=person.id, drafts=(Draft("update", "deal", {"next_step": f"{name} step"}, won.id),),
        summary=f"{name} summary", origin="test", now=at(6, 3),
    )  # fmt: skip


def two_reps(store: Store) -> Scope:
    with store.write(EVERYTHING) as session:
        mine, theirs = builders.person(session, "Ada Berg"), builders.person(session, "Canary Colleague")
        everything_of(session, mine, "plain")
        everything_of(session, theirs, "canary")
    return Scope(mine.id, frozenset({mine.id}))


def test_every_subject_that_a_spec_can_name_is_there() -> None:
    assert list(ALL) == list(SubjectName.__args__)  # type: ignore[attr-defined]


def test_no_name_of_a_subject_means_two_things() -> None:
    for subject in SUBJECTS:
        fields = [field.name for field in subject.fields]
        named = [
            "count",
            *(quantity.name for quantity in subject.quantities),
            *(ratio.name for ratio in subject.ratios),
        ]
        assert len(set(fields)) == len(fields), subject.name
        assert len(set(named)) == len(named), subject.name
        assert subject.day in fields, subject.name
        for needs in (each.needs for each in (*subject.fields, *subject.quantities, *subject.ratios)):
            assert set(needs) <= set(subject.joins), subject.name


def test_nothing_recorded_has_no_mean_no_rate_and_no_error(record: Store) -> None:
    for name, subject in ALL.items():
        wanted = measures(subject)
        for start in range(0, len(wanted), 8):
            part = wanted[start : start + 8]
            values = asked(record, name, *part, period=YEAR).total.values
            assert not any(values), (name, dict(zip(part, values, strict=True)))


def test_every_measure_and_every_split_of_every_subject_counts_the_callers_rows_only(record: Store) -> None:
    scope = two_reps(record)
    for name, subject in ALL.items():
        wanted = measures(subject)
        for start in range(0, len(wanted), 8):
            asked(record, name, *wanted[start : start + 8], scope=scope, period=YEAR)
        for group in groups(subject):
            result = asked(
                record, name, wanted[0], wanted[-1], scope=scope, group_by=[group], period=YEAR, drill_down=True
            )
            assert result.count, (name, group)
            assert "canary" not in result.model_dump_json().lower(), (name, group)
            both = asked(record, name, wanted[0], group_by=[group], period=YEAR)
            assert both.count == 2 * result.count, (name, group)


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "fiscal_quarter", "fiscal_year"])
def test_every_date_of_every_subject_can_be_split_by_parts_of_time(sqlite_store: Store, unit: str) -> None:
    two_reps(sqlite_store)
    for name, subject in ALL.items():
        for field in subject.fields:
            if field.is_date:
                asked(sqlite_store, name, "count", group_by=[f"{field.name}.{unit}"], period=YEAR)
