"""What can be asked of which rows: every field, measure and join is one entry of a table.

A field is what is filtered and grouped by. A quantity is a number of each row that can be summed, averaged and so
on; a ratio is two sums divided; an each counts things that several rows may be of. To add one, add one entry to the
subject's file in :mod:`crm_store.reports.subjects`. Expressions may use the days of :mod:`crm_store.reports.sql`
(``TODAY``, ``PERIOD_FIRST`` …), which every report is given when it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause, case, select
from sqlalchemy.orm import Session, aliased

from crm_store.models import Account, Person, Product, Team
from crm_store.reports.sql import day_of

Kind = Literal["text", "choice", "number", "money", "day", "moment", "flag"]
Unit = Literal["money", "days", "minutes", "score", "points", "percent", "number"]
Function = Literal["sum", "average", "median", "smallest", "largest"]
Distinct = Callable[[ColumnElement[Any]], frozenset[Any]]
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
    amount when grouped by this field, as the line's amount does by product. ``ends`` is the last day of a span of days
    that begins on ``key``: it lies in every period that shares a day with it, in none yet to begin where it is ``past``
    (a state that has not come). ``apart`` marks a field whose groups add up to something else than the whole.
    ``choices`` are the only values it can have, where they are few and known. ``currency`` and ``rate_day`` are those of
    an amount, where they are not the subject's."""

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
    ends: Any = None
    past: bool = False
    apart: bool = False
    choices: tuple[str, ...] = ()
    currency: Any = None
    rate_day: Any = None

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
    """A number of one row, None where it has none; ``value`` is ``divisor`` times it. ``day`` names the time basis that
    it needs and ``rate_day`` the day of its exchange rate, where they are not the subject's. ``meaning`` says what is
    counted where the title alone does not."""

    name: str
    unit: Unit
    value: Any
    title: str = ""
    needs: tuple[str, ...] = ()
    usual: Function = "average"
    divisor: int = 1
    day: str = ""
    rate_day: Any = None
    lower_is_better: bool = False
    meaning: str = ""

    @property
    def shown_title(self) -> str:
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True)
class Ratio:
    """``top`` and ``bottom`` are summed over the rows; the result is ``100 * top / bottom``, None unless ``bottom`` is
    above 0. With ``money`` both are amounts in the subject's currency."""

    name: str
    unit: Unit
    top: Any
    bottom: Any
    title: str = ""
    needs: tuple[str, ...] = ()
    money: bool = False
    day: str = ""
    lower_is_better: bool = False
    meaning: str = ""

    @property
    def shown_title(self) -> str:
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True)
class Each:
    """Of the different values of ``key`` (accounts that ordered): how many there are, or, with ``times``, what
    percentage of them has at least so many rows; with ``if_`` rows where that is 1."""

    name: str
    key: Any
    title: str = ""
    needs: tuple[str, ...] = ()
    times: int = 0
    if_: Any = None
    day: str = ""
    lower_is_better: bool = False
    meaning: str = ""

    @property
    def unit(self) -> Unit:
        return "percent" if self.times else "number"

    @property
    def shown_title(self) -> str:
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True)
class Subject:
    """``amount`` names the quantity that ``sum``, ``average``… speak of; ``currency`` and ``rate_day`` say in what
    and on which day's rate; ``day`` is the usual time basis and ``day_words`` how it reads ("closed"). ``model`` is a
    mapped class, or a select of its own with a column ``id``. ``only`` says which of its rows count and ``always`` names
    the joins that every report of it needs. ``period`` says in words what the period is for where there must be one.
    ``repeats`` marks rows that share an id and count once. ``narrowed`` makes one more condition, given the session,
    what tells the different values of an expression over the report's rows, and the fields it is split by."""

    name: str
    noun: str
    model: Any
    day: str
    day_words: Mapping[str, str]
    fields: tuple[Field, ...]
    joins: Mapping[str, Join] = field(default_factory=dict)
    quantities: tuple[Quantity, ...] = ()
    ratios: tuple[Ratio | Each, ...] = ()
    amount: str = ""
    currency: Any = None
    rate_day: Any = None
    plural: str = ""
    only: ColumnElement[bool] | None = None
    always: tuple[str, ...] = ()
    period: str = ""
    repeats: bool = False
    narrowed: Callable[[Session, Distinct, frozenset[str]], ColumnElement[bool]] | None = None

    @property
    def nouns(self) -> str:
        return self.plural or f"{self.noun}s"

    @property
    def id(self) -> Any:
        return self.model.c.id if isinstance(self.model, FromClause) else self.model.id


OWNER = aliased(Person, name="report_owner")
OWNER_TEAM = aliased(Team, name="report_team")


def person_joins(person_id: Any, after: str = "") -> dict[str, Join]:
    """A person and their team; ``after`` is the join that ``person_id`` is reached by, where it is not the row's."""
    return {
        "owner": Join(OWNER, OWNER.id == person_id, after),
        "team": Join(OWNER_TEAM, OWNER_TEAM.id == OWNER.team_id, after="owner"),
    }


def person_fields(person_id: Any, title: str = "", *, apart: bool = False) -> tuple[Field, ...]:
    named = (Person.id, Person.name)
    return (
        Field("owner", "text", person_id, title, OWNER.name, ("owner",), named, apart=apart),
        Field(
            "team",
            "text",
            OWNER_TEAM.id,
            label=OWNER_TEAM.name,
            needs=("team",),
            named=(Team.id, Team.name),
            apart=apart,
        ),
    )


def owner_joins(model: Any, after: str = "") -> dict[str, Join]:
    """The owner and the owner's team."""
    return person_joins(model.owner_id, after)


def owner_fields(model: Any) -> tuple[Field, ...]:
    return person_fields(model.owner_id)


def product_fields(product_id: Any) -> tuple[Field, ...]:
    """Of a row with one product; its join is called ``product``."""
    named = (Product.id, Product.name)
    return (
        Field("product", "text", product_id, label=Product.name, needs=("product",), named=named),
        Field("product_family", "text", Product.family, needs=("product",)),
    )


def account_joins(model: Any, after: str = "") -> dict[str, Join]:
    """The account the row belongs to."""
    return {"account": Join(Account, Account.id == model.account_id, after)}


_BANDS = (("1-10", 10), ("11-50", 50), ("51-200", 200), ("201-1000", 1000), ("1001-5000", 5000))


def size_field(needs: tuple[str, ...] = ()) -> Field:
    """The account's number of employees in bands."""
    known = Account.employees.is_not(None) & (Account.employees > 0)
    bands: list[Any] = [(known & (Account.employees <= most), name) for name, most in _BANDS]
    ranks: list[Any] = [(Account.employees <= most, place) for place, (_, most) in enumerate(_BANDS)]
    return Field(
        "size", "text", case(*bands, (known, "5000+")), "size in employees", needs=needs,
        rank=case(*ranks, else_=len(_BANDS)),
    )  # fmt: skip


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
            )
        ),
        Field("account_kind", "choice", Account.kind, needs=("account",)),
        Field("employees", "number", Account.employees, needs=("account",)),
        size_field(("account",)),
    )


def through(child: Any, on: ColumnElement[bool], key: Any, label: Any, *joined: tuple[Any, ColumnElement[bool]]) -> Any:
    """The test of a field with several values: some ``child`` row of the subject's row satisfies it."""

    def some(test: Callable[[Any, Any], ColumnElement[bool]]) -> ColumnElement[bool]:
        inner = select(child.id).where(on, test(key, label))
        for target, condition in joined:
            inner = inner.join(target, condition)
        return inner.exists()

    return some
