"""From the flat arguments of a question to a report spec."""

from dataclasses import dataclass
from datetime import date
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.agent.tools.report_words import TIMES
from bot.errors import BadInput
from crm_store.reports import SUBJECTS, AllOf, Condition, Filter, Keep, Order, ReportSpec, Span
from crm_store.reports.catalogue import FUNCTIONS, Subject
from crm_store.reports.spec import SubjectName

MOST_ROWS = 12
MOST_MOMENTS = 60
"""Weeks or months in one answer; more than anyone reads, and all of a year."""
ANY_STATUS = frozenset({"", "any", "all"})
CHOSEN = (
    "stage",
    "kind",
    "channel",
    "forecast_category",
    "competitor",
    "product",
    "industry",
    "country",
    "lost_reason",
    "priority",
    "source",
)
OF_WON = frozenset({"sales_cycle", "average_sales_cycle", "sales cycle"})
"""Measures that an open deal does not have yet."""
_RATES = frozenset({"nps", "csat", "satisfied_rate", "response_rate", "unsubscribe_rate", "open_rate", "sales_cycle"})
"""Measures that say nothing without how many rows they are of."""
GROUP_WORDS = {
    "rep": "owner",
    "seller": "owner",
    "person": "owner",
    "customer": "account",
    "type": "kind",
    "reason": "lost_reason",
}
MEASURE_WORDS = {
    "total": "sum",
    "number": "count",
    "mean": "average",
    "avg": "average",
    "biggest": "largest",
    "max": "largest",
    "min": "smallest",
}
USUAL_MEASURE = {  # what an average is of, where the subject has no amount
    "interactions": "duration",
    "tasks": "time_to_done",
    "cases": "time_to_close",
    "surveys": "score",
    "contacts": "days_since_last_touch",
}


class Where(BaseModel):
    """One more condition: ``field`` ``op`` ``value``, as in the report language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    op: str = "eq"
    value: bool | int | float | str | list[bool | int | float | str] | None = None


@dataclass(frozen=True)
class Asking:
    """The flat arguments of a report, as a person or a model gives them."""

    subject: str = "deals"
    measure: str = "count"
    group_by: str | None = None
    owner: str = "me"
    status: str | None = None
    stage: str | None = None
    since: date | None = None
    until: date | None = None
    date_field: str | None = None
    account: str | None = None
    compare_with: str | None = None
    kind: str | None = None
    channel: str | None = None
    forecast_category: str | None = None
    competitor: str | None = None
    product: str | None = None
    industry: str | None = None
    country: str | None = None
    lost_reason: str | None = None
    priority: str | None = None
    source: str | None = None
    min_amount_minor: int | None = None
    max_amount_minor: int | None = None
    compare_since: date | None = None
    compare_until: date | None = None
    limit: int = MOST_ROWS
    ascending: bool = False
    period: str | None = None
    where: tuple[Where, ...] = ()
    keep: str | None = None
    keep_value: float | None = None
    keep_number: int = 1
    at_least: int = 0
    share: bool = False
    amount_currency: str | None = None


def spec_of(asked: Asking, owner_ids: frozenset[str] | None, account_id: str | None, by: str) -> ReportSpec:
    """The spec that the flat arguments mean; ``by`` says who the owners are.

    :raises BadInput: says which argument cannot be used, and what could.
    """
    if asked.subject not in get_args(SubjectName):
        raise BadInput(f"I can't report on {asked.subject!r}. I can on: {', '.join(get_args(SubjectName))}.")
    about = next(subject for subject in SUBJECTS if subject.name == asked.subject)
    groups = tuple(
        GROUP_WORDS.get(part.strip(), part.strip()) for part in (asked.group_by or "").split(",") if part.strip()
    )
    measures = _measures(asked.subject, asked.measure)
    timed = any(group.split(".")[-1] in TIMES for group in groups)
    most = MOST_MOMENTS if timed and asked.limit == MOST_ROWS else max(1, min(asked.limit, 100))
    try:
        conditions = _conditions(asked, about, owner_ids, account_id, by)
        return ReportSpec(
            subject=asked.subject,
            measures=measures,
            filter=AllOf(all_of=tuple(conditions)) if conditions else None,
            group_by=groups,
            date_field=asked.date_field,
            period=_period(asked, about),
            compare=_compare(asked),
            order=Order(by=measures[0], descending=False) if asked.ascending and groups else None,
            limit=most if groups else None,
            at_least=asked.at_least if groups else 0,
            keep=_keep(asked) if groups else None,
            share=bool(groups) and measures[0] in ("count", "sum") and not timed and asked.keep != "outliers",
        )
    except ValidationError as error:
        raise BadInput(f"That report cannot be made: {error.errors()[0]['msg']}.") from None


def _conditions(
    asked: Asking, about: Subject, owner_ids: frozenset[str] | None, account_id: str | None, by: str
) -> list[Filter]:
    known = {field.name for field in about.fields}
    conditions: list[Filter] = []
    if owner_ids is not None:
        conditions.append(Condition(field="owner", op="in", value=tuple(sorted(owner_ids)), said=by))
    if account_id is not None and "account" in known:
        conditions.append(Condition(field="account", op="eq", value=account_id))
    status = (asked.status or "").strip().lower()
    if asked.subject == "deals" and (status == "closed" or (status in ANY_STATUS and asked.measure == "win_rate")):
        conditions.append(Condition(field="status", op="in", value=("won", "lost"), said="closed"))
    elif status not in ANY_STATUS:
        conditions.append(Condition(field="status", op="eq", value=status))
    for field in CHOSEN:
        value = getattr(asked, field)
        if value:
            conditions.append(Condition(field=field, op="eq", value=value))
    if asked.subject == "surveys" and asked.measure.startswith("nps") and not asked.kind:  # others have no such score
        conditions.append(Condition(field="kind", op="eq", value="nps", said="NPS"))
    if asked.min_amount_minor is not None:
        conditions.append(Condition(field="amount", op="ge", value=asked.min_amount_minor, currency=asked.amount_currency))
    if asked.max_amount_minor is not None:
        conditions.append(Condition(field="amount", op="le", value=asked.max_amount_minor, currency=asked.amount_currency))
    conditions += [Condition.model_validate(one.model_dump()) for one in asked.where]
    return conditions


def _period(asked: Asking, about: Subject) -> str | Span | None:
    if asked.since or asked.until:
        return Span(since=asked.since, until=asked.until)
    if asked.period or not about.period:
        return asked.period
    return "this_fiscal_quarter" if about.name == "quotas" else "fiscal_year_to_date"


def _keep(asked: Asking) -> Keep | None:
    if not asked.keep:
        return None
    return Keep.model_validate({"rule": asked.keep, "value": asked.keep_value, "number": asked.keep_number})


def _measures(subject: str, measure: str) -> tuple[str, ...]:
    """What is asked first, then what a reader wants beside it."""
    asked = (part.strip().lower().replace(" ", "_") for part in measure.split(","))
    names = tuple(MEASURE_WORDS.get(name, name) for name in asked if name) or ("count",)
    if subject in USUAL_MEASURE:
        names = tuple(_of_usual(subject, name) for name in names)
    if names == ("win_rate",) and subject == "deals":
        return ("win_rate", "won_deals", "count")
    if len(names) == 1 and names[0] in ("sum", "average", "median", "smallest", "largest"):
        return (*names, "count")
    if len(names) == 1 and names[0] in _RATES:
        return (*names, "count")
    if names == ("count",) and subject in ("deals", "orders", "subscriptions"):
        return ("count", "sum")
    return names


def _of_usual(subject: str, name: str) -> str:
    return f"{USUAL_MEASURE[subject]}.{name}" if name in FUNCTIONS else name


def _compare(asked: Asking) -> str | Span | None:
    if asked.compare_since is not None or asked.compare_until is not None:
        return Span(since=asked.compare_since, until=asked.compare_until) if asked.since or asked.until else None
    if not asked.compare_with or (asked.since is None and not asked.period):
        return None
    wanted = asked.compare_with.strip().lower().replace(" ", "_")
    if wanted in ("same_period_last_year", "last_year", "year_before", "year_over_year"):
        return "same_period_last_year"
    return "previous_period"
