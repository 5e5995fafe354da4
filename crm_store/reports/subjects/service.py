"""Support cases and what customers say when asked."""

from sqlalchemy import case

from crm_store.models import Case, SurveyResponse
from crm_store.reports.catalogue import (
    Field,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
)
from crm_store.reports.sql import days_between, minutes_between, the_day

CASES = Subject(
    name="cases",
    noun="case",
    model=Case,
    day="opened",
    day_words={"opened": "opened", "closed": "closed"},
    joins={**owner_joins(Case), **account_joins(Case)},
    fields=(
        Field("number", "text", Case.number),
        Field("subject", "text", Case.subject),
        *owner_fields(Case),
        *account_fields(Case),
        Field("status", "choice", Case.status),
        Field("priority", "choice", Case.priority),
        Field("satisfaction", "number", Case.satisfaction),
        Field("opened", "moment", Case.opened_at),
        Field("closed", "moment", Case.closed_at),
        Field("first_response", "moment", Case.first_response_at),
    ),
    quantities=(
        Quantity("csat", "score", Case.satisfaction, "satisfaction (1 to 5)"),
        Quantity("time_to_close", "days", days_between(Case.opened_at, Case.closed_at)),
        Quantity("first_response", "minutes", minutes_between(Case.opened_at, Case.first_response_at)),
        Quantity(
            "age",
            "days",
            lambda today: case((Case.status != "closed", days_between(Case.opened_at, the_day(today)))),
            "age of open cases",
        ),
    ),
)

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
        ),
        Ratio(
            "satisfied_rate",
            "percent",
            case((_CSAT & (SurveyResponse.score >= 4), 1), else_=0),
            case((_CSAT, 1), else_=0),
            "share of satisfied answers",
        ),
    ),
)
