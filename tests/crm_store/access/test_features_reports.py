"""Reports of every subject, however they are cut, count and name only what their reader may see; a filter tells no more
of a name that somebody else's row has than of one that nobody has."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

import pytest

from crm_store.access import Scope, ScopedSession
from crm_store.errors import CrmError
from crm_store.reports import Condition, ReportSettings, ReportSpec, Span, drill_down, run
from crm_store.reports.changed import bridge
from crm_store.reports.history import changed_timelines
from crm_store.reports.periods import Days
from crm_store.reports.slips import slips
from crm_store.reports.spec import SubjectName
from crm_store.reports.standing import standing
from crm_store.reports.subjects import subject_named
from crm_store.store import Store
from tests.builders import NOW, TODAY
from tests.crm_store.access.dealings import AMOUNTS, CANARY, SYSTEM, Dealings, Ids, dealings

SETTINGS = ReportSettings()
SUBJECTS: tuple[SubjectName, ...] = get_args(SubjectName)
YEAR = Span(since=TODAY - timedelta(days=365), until=TODAY + timedelta(days=365))
NOBODY = "quetzal"
"""A name that no row has."""


@pytest.fixture
def two(store: Store) -> Dealings:
    return dealings(store)


def answer(store: Store, scope: Scope, specs: list[ReportSpec]) -> list[str]:
    """What each report tells, or what its refusal says."""
    told = []
    with store.read(scope) as session:
        for spec in specs:
            try:
                found = run(session, spec, TODAY, SETTINGS)
                ids = [drill_down(session, spec, TODAY, SETTINGS, row.keys) for row in found.rows]
                told.append(repr((found, ids)))
            except CrmError as refused:
                told.append(f"refused: {refused}")
    return told


def cuts(name: SubjectName) -> list[ReportSpec]:
    """Every measure of a subject, and its rows split by every one of its fields."""
    subject = subject_named(name)
    measures = ["count", *(each.name for each in (*subject.quantities, *subject.ratios))]
    plain = {"subject": name, "period": YEAR, "drill_down": True}
    specs = [ReportSpec.model_validate(plain | {"measures": [each]}) for each in measures]
    for field in subject.fields:
        by = field.name if not field.is_date else None
        if by:
            more = (
                {"keep": {"rule": "highest", "number": 5}}
                if len(specs) % 2
                else {"share": True, "compare": "previous_period"}
            )
            specs.append(ReportSpec.model_validate(plain | {"group_by": [by]} | more))
    return specs


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_cut_of_a_subject_tells_of_somebody_elses_rows(two: Dealings, subject: SubjectName) -> None:
    specs = cuts(subject)
    foreign = {CANARY, str(AMOUNTS[CANARY]), *(id_ for kind, id_ in two.his.items() if kind not in ("person", "stage"))}
    for spec, told in zip(specs, answer(two.store, two.mine, specs), strict=True):
        assert [each for each in foreign if each in told.lower()] == [], spec
    seen = " ".join(answer(two.store, two.theirs, specs)).lower()
    assert [each for each in foreign if each in seen], "the reports must tell of it where they may"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_filter_is_no_oracle_for_what_somebody_else_has(two: Dealings, subject: SubjectName) -> None:
    texts = [field.name for field in subject_named(subject).fields if field.kind in ("text", "choice")]

    def specs(word: str) -> list[ReportSpec]:
        asked = [(name, op, value) for name in texts for op, value in (
            ("contains", word), ("in", (f"{word.title()} renewal", f"{word.title()} Mills", word)),
        )]  # fmt: skip
        return [
            ReportSpec(subject=subject, filter=Condition(field=name, op=op, value=value), period=YEAR, drill_down=True)
            for name, op, value in asked
        ]

    guessed, invented = (
        [told.lower().replace(word, "word") for told in answer(two.store, two.mine, specs(word))]
        for word in (CANARY, NOBODY)
    )
    assert guessed == invented


def test_the_filter_finds_what_its_reader_may_see(two: Dealings) -> None:
    spec = ReportSpec(subject="deals", filter=Condition(field="account", op="contains", value=CANARY))
    with two.store.read(two.theirs) as session:
        assert run(session, spec, TODAY, SETTINGS).count == 3
    with two.store.read(two.mine) as session:
        assert run(session, spec, TODAY, SETTINGS).count == 0


Attempt = Callable[[ScopedSession, Ids], Any]
LAST_WEEK = (NOW - timedelta(days=7), NOW)
DAYS = Days(TODAY - timedelta(days=60), TODAY)
OTHERS: dict[str, Attempt] = {
    "what changed": lambda s, ids: bridge(s, *LAST_WEEK, SETTINGS),
    "what changed of somebody": lambda s, ids: bridge(s, *LAST_WEEK, SETTINGS, owner_ids={ids["person"]}),
    "deals of an earlier day": lambda s, ids: changed_timelines(s, NOW - timedelta(days=3)),
    "slips": lambda s, ids: slips(s, SETTINGS),
    "slips of an account": lambda s, ids: slips(s, SETTINGS, account_id=ids["account"]),
    "slips of deals": lambda s, ids: slips(s, SETTINGS, deal_ids={ids["deal"]}),
    "slips by somebody": lambda s, ids: slips(s, SETTINGS, by_ids={ids["person"]}),
    "standing": lambda s, ids: standing(s, DAYS, TODAY, SETTINGS),
    "standing of somebody": lambda s, ids: standing(s, DAYS, TODAY, SETTINGS, frozenset({ids["person"]})),
}


@pytest.mark.parametrize("attempt", OTHERS)
def test_no_other_report_tells_of_somebody_elses_rows(two: Dealings, attempt: str) -> None:
    def told(scope: Scope) -> str:
        with two.store.read(scope) as session:
            return repr(OTHERS[attempt](session, two.his)).lower()

    foreign = (CANARY, str(AMOUNTS[CANARY]), two.his["deal"], two.his["won"])
    assert [each for each in foreign if each in told(two.mine)] == []
    for scope in (two.theirs, SYSTEM):
        assert [each for each in foreign if each in told(scope)], "the report must tell of it where it may"
