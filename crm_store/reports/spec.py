"""The one language for numbers: a person's question, a hosted model, a digest and ``rapport report`` all speak it.

A spec in JSON::

    {"subject": "deals", "measures": ["count", "sum"], "group_by": ["owner"],
     "filter": {"and": [{"field": "status", "op": "eq", "value": "won"},
                        {"not": {"field": "country", "op": "is_empty"}}]},
     "date_field": "close_date", "period": "last_quarter", "compare": "previous_period"}
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Operator = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "between", "contains", "is_empty", "during"]
Scalar = bool | int | float | str
SubjectName = Literal[
    "deals",
    "deal_products",
    "stage_entries",
    "quotas",
    "accounts",
    "contacts",
    "leads",
    "interactions",
    "tasks",
    "orders",
    "order_lines",
    "subscriptions",
    "retention",
    "cases",
    "surveys",
    "campaign_members",
    "proposals",
    "changes",
]


_OPERATORS: dict[str, Operator] = {  # as a model or a person who knows other languages spells them
    "=": "eq", "==": "eq", "is": "eq", "equals": "eq", "!=": "ne", "<>": "ne", "is_not": "ne", "<": "lt", "<=": "le",
    "lte": "le", ">": "gt", ">=": "ge", "gte": "ge", "one_of": "in", "any_of": "in", "none_of": "not_in",
    "like": "contains", "ilike": "contains", "within": "during", "in_period": "during", "empty": "is_empty",
    "is_null": "is_empty", "is_not_empty": "is_empty", "not_empty": "is_empty", "is_not_null": "is_empty",
}  # fmt: skip
_FILLED = frozenset({"is_not_empty", "not_empty", "is_not_null"})


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Span(_Strict):
    """Days from ``since`` to ``until``, both included; an open end is None."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.since is None and self.until is None:
            raise ValueError("give since, until or both")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("since is after until")
        return self


class Condition(_Strict):
    """``field op value``. A day is "2026-09-30"; an amount is in minor units of ``currency`` or of the reporting
    currency, and compared with amounts of any currency by the rate of their own day; ``during`` takes a period's name or a
    span; ``between`` takes two values, both included; ``is_empty`` takes true or false. A row where the field is
    empty satisfies only ``is_empty``, ``ne`` and ``not_in``. ``said`` is how the condition reads where its values
    say less ("team North")."""

    field: str
    op: Operator
    value: Scalar | tuple[Scalar, ...] | Span | None = None
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    said: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _spelling(cls, given: object) -> object:
        if not isinstance(given, dict) or not isinstance(given.get("op"), str):
            return given
        op = given["op"].strip().lower().replace(" ", "_")
        known = given | {"op": _OPERATORS.get(op, op)}
        return known | {"value": given.get("value") is False} if op in _FILLED else known

    @model_validator(mode="after")
    def _value_fits(self) -> "Condition":
        match self.op:
            case "between" if not (isinstance(self.value, tuple) and len(self.value) == 2):
                raise ValueError("between takes a list of two values")
            case "in" | "not_in" if not isinstance(self.value, tuple):
                raise ValueError(f"{self.op} takes a list of values")
            case "during" if not isinstance(self.value, str | Span):
                raise ValueError('during takes a period such as "this_quarter" or {"since": …, "until": …}')
            case "is_empty" if not (self.value is None or isinstance(self.value, bool)):
                raise ValueError("is_empty takes true or false")
            case "contains" if not isinstance(self.value, str):
                raise ValueError("contains takes a text")
            case "eq" | "ne" | "lt" | "le" | "gt" | "ge" if self.value is None or isinstance(self.value, tuple | Span):
                raise ValueError(f"{self.op} takes one value")
            case _:
                return self


class AllOf(_Strict):
    all_of: tuple["Filter", ...] = Field(alias="and", min_length=1)


class AnyOf(_Strict):
    any_of: tuple["Filter", ...] = Field(alias="or", min_length=1)


class NotThis(_Strict):
    negated: "Filter" = Field(alias="not")


def _which(value: object) -> str:
    if isinstance(value, BaseModel):
        return type(value).__name__
    if isinstance(value, dict):
        for key, name in (
            ("and", "AllOf"),
            ("all_of", "AllOf"),
            ("or", "AnyOf"),
            ("any_of", "AnyOf"),
            ("not", "NotThis"),
            ("negated", "NotThis"),
        ):
            if key in value:
                return name
    return "Condition"


Filter = Annotated[
    Annotated[Condition, Tag("Condition")]
    | Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[NotThis, Tag("NotThis")],
    Discriminator(_which),
]


class Order(_Strict):
    """``by`` names a measure or a group."""

    by: str
    descending: bool = True


KeptRule = Literal["highest", "lowest", "best", "worst", "over", "under", "over_mean", "under_mean", "outliers"]


class Keep(_Strict):
    """Which groups are kept, by one measure (the first unless ``measure`` names another).

    ``highest`` and ``lowest`` keep ``number`` groups and whatever ties with the last of them; ``best`` and ``worst``
    know which way is good (a short sales cycle is, so best is fastest and worst slowest). ``over`` and ``under``
    compare with ``value`` (amounts in minor units); ``over_mean`` and ``under_mean`` with ``value`` times the mean of
    the groups ("more than twice the monthly mean"), where an empty month within the period counts as zero unless it
    has yet to begin. ``outliers`` keeps what stands out from the median of the groups, or nothing. "Among those with
    at least N" is the spec's ``at_least``.
    """

    rule: KeptRule
    measure: str | None = None
    number: int = Field(1, ge=1, le=1_000)
    value: int | float | None = Field(None)

    @model_validator(mode="after")
    def _has_value(self) -> "Keep":
        if self.rule in ("over", "under", "over_mean", "under_mean") and self.value is None:
            raise ValueError(f"{self.rule} needs a value, the mean a number of times such as 2")
        return self


class ReportSpec(_Strict):
    """What to count, of what, when, split how.

    ``measures`` are names of the subject's table (``count``, ``sum``, ``win_rate``, ``sales_cycle``,
    ``sales_cycle.median`` …). ``group_by`` are fields, or ``week`` / ``month`` / ``quarter`` / ``year`` /
    ``fiscal_year`` of the ``date_field`` (``created.month`` for that of another day). ``at_least`` leaves out groups
    with fewer rows and ``keep`` those that do not stand out. ``compare`` is ``previous_period``,
    ``same_period_last_year`` or a period of its own.
    """

    subject: SubjectName = "deals"
    measures: tuple[str, ...] = Field(("count",), min_length=1, max_length=8)
    filter: Filter | None = None
    group_by: tuple[str, ...] = Field((), max_length=3)
    date_field: str | None = None
    period: str | Span | None = None
    compare: str | Span | None = None
    order: Order | None = None
    limit: int | None = Field(None, ge=1, le=10_000)
    at_least: int = Field(0, ge=0)
    keep: Keep | None = None
    share: bool = False
    drill_down: bool = False

    @model_validator(mode="after")
    def _comparable(self) -> "ReportSpec":
        if self.compare is not None and self.period is None:
            raise ValueError("compare needs a period to compare with")
        if self.keep is not None and not self.group_by:
            raise ValueError("keep chooses among groups; give group_by")
        if self.keep is not None and self.keep.measure not in (None, *self.measures):
            raise ValueError(f"keep goes by one of the measures, {', '.join(self.measures)}")
        if len(set(self.measures)) != len(self.measures) or len(set(self.group_by)) != len(self.group_by):
            raise ValueError("a measure or a group is named twice")
        return self
