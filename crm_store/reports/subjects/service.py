"""Support cases and what customers say when asked."""

from sqlalchemy import case, func, select

from crm_store.models import Case, Contact, FieldHistory, SurveyResponse
from crm_store.reports.catalogue import (
    Each,
    Field,
    Join,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
)
from crm_store.reports.sql import TODAY, days_between, minutes_between

_PRIORITIES: dict[str, int] = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
_HANDED = FieldHistory.old.is_not(None) & FieldHistory.new.is_not(None) & (FieldHistory.old != FieldHistory.new)
_HANDS = (
    select(
        FieldHistory.entity_id.label("case_id"),
        func.count(FieldHistory.id).label("times"),
        func.max(case((FieldHistory.at <= Case.closed_at, FieldHistory.at))).label("last_at"),
    )
    .select_from(FieldHistory)
    .join(Case, Case.id == FieldHistory.entity_id)
    .where(FieldHistory.entity == "case", FieldHistory.field == "owner_id", _HANDED)
    .group_by(FieldHistory.entity_id)
    .subquery("report_hands")
)
"""How often each case went from one owner to another, and when it last did before it was closed."""
_TRANSFERS = func.coalesce(_HANDS.c.times, 0)
_CLOSED = Case.status == "closed"

CASES = Subject(
    name="cases",
    noun="case",
    model=Case,
    day="opened",
    day_words={"opened": "opened", "closed": "closed"},
    joins={
        **owner_joins(Case),
        **account_joins(Case),
        "contact": Join(Contact, Contact.id == Case.contact_id),
        "hands": Join(_HANDS, _HANDS.c.case_id == Case.id),
    },
    fields=(
        Field("number", "text", Case.number),
        Field("subject", "text", Case.subject),
        *owner_fields(Case),
        *account_fields(Case),
        Field(
            "contact", "text", Case.contact_id, label=Contact.name, needs=("contact",), named=(Contact.id, Contact.name)
        ),
        Field("status", "choice", Case.status),
        Field("priority", "choice", Case.priority, rank=case(_PRIORITIES, value=Case.priority, else_=len(_PRIORITIES))),
        Field("satisfaction", "number", Case.satisfaction),
        Field("transfers", "number", _TRANSFERS, needs=("hands",)),
        Field("opened", "moment", Case.opened_at),
        Field("closed", "moment", Case.closed_at),
        Field("first_response", "moment", Case.first_response_at),
    ),
    quantities=(
        Quantity("csat", "score", Case.satisfaction, "satisfaction (1 to 5)"),
        Quantity(
            "time_to_close",
            "days",
            days_between(Case.opened_at, Case.closed_at),
            "time to close",
            meaning="from the day the case was opened to the day it was closed",
        ),
        Quantity(
            "handle_time",
            "minutes",
            minutes_between(func.coalesce(_HANDS.c.last_at, Case.opened_at), Case.closed_at),
            "handle time",
            ("hands",),
            meaning="from the last transfer to the owner who closed the case, or from opening it, to closing it",
        ),
        Quantity(
            "handle_time_untransferred",
            "minutes",
            case((_TRANSFERS == 0, minutes_between(Case.opened_at, Case.closed_at))),
            "handle time without transfers",
            ("hands",),
            meaning="from opening to closing, of cases that were never transferred",
        ),
        Quantity(
            "transfers", "number", _TRANSFERS, "transfers between owners", ("hands",), usual="sum", lower_is_better=True
        ),
        Quantity(
            "first_response",
            "minutes",
            minutes_between(Case.opened_at, Case.first_response_at),
            "first response",
            meaning="from opening the case to the first response",
        ),
        Quantity("age", "days", case((~_CLOSED, days_between(Case.opened_at, TODAY))), "age of open cases"),
        Quantity("open_cases", "number", case((~_CLOSED, 1)), "open cases", usual="sum", lower_is_better=True),
        Quantity("closed_cases", "number", case((_CLOSED, 1)), "closed cases", usual="sum"),
    ),
    ratios=(
        Ratio(
            "satisfied_rate",
            "percent",
            case((Case.satisfaction >= 4, 1), else_=0),
            case((Case.satisfaction.is_not(None), 1), else_=0),
            "share of satisfied answers",
            meaning="of the answers, those of 4 or 5",
        ),
        Ratio(
            "transfer_rate",
            "percent",
            case((_TRANSFERS > 0, 1), else_=0),
            case((Case.id.is_not(None), 1), else_=0),
            "transfer rate",
            ("hands",),
            lower_is_better=True,
            meaning="of the cases, those that went from one owner to another",
        ),
        Each("accounts", Case.account_id, "accounts with cases"),
    ),
)
"""``handle_time`` is how long the owner who closed a case had it. ``handle_time_untransferred`` is the other usual
definition: opened to closed, of the cases that one owner had from the first to the last moment (as in the CRMArena
benchmark's "handle time")."""

_NPS, _CSAT = SurveyResponse.kind == "nps", SurveyResponse.kind == "csat"
SURVEYS = Subject(
    name="surveys",
    noun="survey answer",
    model=SurveyResponse,
    day="at",
    day_words={"at": "given"},
    joins={**owner_joins(SurveyResponse), **account_joins(SurveyResponse)},
    fields=(
        *owner_fields(SurveyResponse),
        *account_fields(SurveyResponse),
        Field("kind", "choice", SurveyResponse.kind),
        Field("score", "number", SurveyResponse.score),
        Field("comment", "text", SurveyResponse.comment),
        Field("at", "moment", SurveyResponse.at),
    ),
    quantities=(
        Quantity("score", "score", SurveyResponse.score),
        Quantity("csat", "score", case((_CSAT, SurveyResponse.score)), "CSAT (1 to 5)"),
    ),
    ratios=(
        Ratio(
            "nps",
            "points",
            case((_NPS & (SurveyResponse.score >= 9), 1), (_NPS & (SurveyResponse.score <= 6), -1), else_=0),
            case((_NPS, 1), else_=0),
            "NPS",
            meaning="share of answers of 9 and 10 less share of 0 to 6",
        ),
        Ratio(
            "satisfied_rate",
            "percent",
            case((_CSAT & (SurveyResponse.score >= 4), 1), else_=0),
            case((_CSAT, 1), else_=0),
            "share of satisfied answers",
            meaning="of the CSAT answers, those of 4 or 5",
        ),
        Each("accounts", SurveyResponse.account_id, "accounts that answered"),
    ),
)
