"""What can be asked of which rows: every field, measure and join is one entry of a table.

A field is what is filtered and grouped by. A quantity is a number of each row that can be summed, averaged and so
on; a ratio is two sums divided. To add one, add one entry to the subject's file in
:mod:`crm_store.reports.subjects`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import FunctionType
from typing import Any, Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from crm_store.models import Account, Person, Team
from crm_store.reports.sql import day_of

Kind = Literal["text", "choice", "number", "money", "day", "moment", "flag"]
Unit = Literal["money", "days", "minutes", "score", "points", "percent", "number"]
Function = Literal["sum", "average", "median", "smallest", "largest"]
FUNCTIONS: tuple[Function, ...] = ("sum", "average", "median", "smallest", "largest")


@dataclass(frozen=True)
class Join:
    """How a row that belongs to the subject's row is reached; ``after`` names the join it builds on."""

    target: Any
    on: ColumnElement[bool]
    after: str = ""


@dataclass(frozen=True)
class Field:
    """``key`` is compared and grouped by; ``label`` is what is shown for it, and ``named`` (id and name columns)
    finds the name of a key without the join; ``also`` is another column whose value is accepted for it. ``rank``
    orders its groups. ``many`` says how a row with several values is tested. ``amount`` replaces the subject's
    amount when grouped by this field, as the line's amount does by product."""

    name: str
    kind: Kind
    key: Any
    title: str = ""
    label: Any = None
    needs: tuple[str, ...] = ()
    named: tuple[Any, Any] | None = None
    also: Any = None
    rank: Any = None
    many: Callable[[Callable[[Any, Any], ColumnElement[bool]]], ColumnElement[bool]] | None = None
    amount: tuple[Any, Any] | None = None

    @property
    def shown_title(self) -> str:
        return self.title or self.name.replace("_", " ")

    @property
    def is_date(self) -> bool:
        return self.kind in ("day", "moment")

    @property
    def as_day(self) -> Any:
        return day_of(self.key) if self.kind == "moment" else self.key


@dataclass(frozen=True)
class Quantity:
    """A number of one row, None where it has none. ``value`` is an expression, or a function of today that makes
    one, and is ``divisor`` times the quantity."""

    name: str
    unit: Unit
    value: Any
    title: str = ""
    needs: tuple[str, ...] = ()
    usual: Function = "average"
    divisor: int = 1

    def on(self, today: date) -> Any:
        """The expression for a report made ``today``."""
        return self.value(today) if isinstance(self.value, FunctionType) else self.value

    @property
    def shown_title(self) -> str:
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True)
class Ratio:
    """``top`` and ``bottom`` are summed over the rows; the result is ``100 * top / bottom``."""

    name: str
    unit: Unit
    top: Any
    bottom: Any
    title: str = ""
    needs: tuple[str, ...] = ()

    @property
    def shown_title(self) -> str:
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True)
class Subject:
    """``amount`` names the quantity that ``sum``, ``average``… speak of; ``currency`` and ``rate_day`` say in what
    and on which day's rate; ``day`` is the usual time basis and ``day_words`` how it reads ("closed")."""

    name: str
    noun: str
    model: Any
    day: str
    day_words: Mapping[str, str]
    fields: tuple[Field, ...]
    joins: Mapping[str, Join] = field(default_factory=dict)
    quantities: tuple[Quantity, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    amount: str = ""
    currency: Any = None
    rate_day: Any = None
    plural: str = ""

    @property
    def nouns(self) -> str:
        return self.plural or f"{self.noun}s"


OWNER = aliased(Person, name="report_owner")
OWNER_TEAM = aliased(Team, name="report_team")


def owner_joins(model: Any) -> dict[str, Join]:
    """The owner and the owner's team."""
    return {
        "owner": Join(OWNER, OWNER.id == model.owner_id),
        "team": Join(OWNER_TEAM, OWNER_TEAM.id == OWNER.team_id, after="owner"),
    }


def owner_fields(model: Any) -> tuple[Field, ...]:
    return (
        Field("owner", "text", model.owner_id, label=OWNER.name, needs=("owner",), named=(Person.id, Person.name)),
        Field("team", "text", OWNER_TEAM.id, label=OWNER_TEAM.name, needs=("team",), named=(Team.id, Team.name)),
    )


def account_joins(model: Any) -> dict[str, Join]:
    """The account the row belongs to."""
    return {"account": Join(Account, Account.id == model.account_id)}


def account_fields(model: Any) -> tuple[Field, ...]:
    return (
        Field(
            "account",
            "text",
            model.account_id,
            label=Account.name,
            needs=("account",),
            named=(Account.id, Account.name),
        ),
        *(
            Field(name, "text", key, needs=("account",))
            for name, key in (
                ("industry", Account.industry),
                ("country", Account.country),
                ("region", Account.region),
                ("city", Account.city),
                ("account_kind", Account.kind),
            )
        ),
        Field("employees", "number", Account.employees, needs=("account",)),
    )


def through(child: Any, on: ColumnElement[bool], key: Any, label: Any, *joined: tuple[Any, ColumnElement[bool]]) -> Any:
    """The test of a field with several values: some ``child`` row of the subject's row satisfies it."""

    def some(test: Callable[[Any, Any], ColumnElement[bool]]) -> ColumnElement[bool]:
        inner = select(child.id).where(on, test(key, label))
        for target, condition in joined:
            inner = inner.join(target, condition)
        return inner.exists()

    return some
