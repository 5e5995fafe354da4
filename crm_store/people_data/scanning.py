"""Where a person is named: every text of every table that holds something of customers, found by the database and read here."""

import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, Table, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from crm_store.base import Base
from crm_store.models import (
    CustomField,
    ExchangeRate,
    Person,
    Pipeline,
    Product,
    Quota,
    SlackIdentity,
    Stage,
    Team,
)
from crm_store.people_data.terms import Terms

_OF_OURS = frozenset(
    model.__tablename__
    for model in (CustomField, ExchangeRate, Person, Pipeline, Product, Quota, SlackIdentity, Stage, Team)
)
"""Tables about the own company and its price list, in which no customer is named."""
_PAGE = 500
_SEPARATORS = " -/.()"


@dataclass(frozen=True)
class Named:
    """A row with the values it would have without the person; ``was`` are the values it has."""

    table: Table
    id: str
    was: Mapping[str, Any]
    without: Mapping[str, Any]


@functools.cache
def text_columns(table: Table) -> tuple[Column[Any], ...]:
    """The columns that may hold words: no keys, no references, nothing that has to stay unique."""
    if table.name in _OF_OURS:
        return ()
    alone = {next(iter(held.columns)) for held in _unique(table) if len(list(held.columns)) == 1}
    return tuple(
        column
        for column in table.columns
        if isinstance(column.type, String | JSON)
        and not column.primary_key
        and not column.foreign_keys
        and not column.name.endswith("_id")
        and column not in alone
    )


def _unique(table: Table) -> Iterator[Any]:
    yield from (each for each in table.indexes if each.unique)
    yield from (each for each in table.constraints if type(each).__name__ == "UniqueConstraint")


@functools.cache
def model_of(table: Table) -> Any:
    """The mapped class of a table; a select of it is filtered by the session's scope."""
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


def tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if text_columns(table)]


def named(session: Session, terms: Terms, linked: Mapping[str, Collection[str]]) -> Iterator[Named]:
    """Every row that names the person; ``linked`` are the rows, by table, that are about them whether or not they say so."""
    for table in tables():
        columns = text_columns(table)
        about = set(linked.get(table.name, ()))
        for page in _pages(session, table, columns, terms, about):
            for row in page:
                was = {column.name: row[column.name] for column in columns}
                everywhere = _without(terms, was, columns, about=row["id"] in about)
                if everywhere and row["id"] not in about:  # it names them, so it is about them
                    everywhere = _without(terms, was, columns, about=True)
                if everywhere:
                    yield Named(table, row["id"], was, everywhere)


def _without(terms: Terms, was: Mapping[str, Any], columns: tuple[Column[Any], ...], *, about: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in columns:
        value = was[column.name]
        if value in (None, "", [], {}):
            continue
        new = terms.redact_json(value, about=about)
        if isinstance(new, str) and isinstance(column.type, String) and column.type.length:
            new = new[: column.type.length]
        if new != value:
            found[column.name] = new
    return found


def _pages(
    session: Session, table: Table, columns: tuple[Column[Any], ...], terms: Terms, about: set[str]
) -> Iterator[list[Mapping[str, Any]]]:
    """Rows that may name the person, and those that are about them, in pages by id."""
    model = model_of(table)
    chosen = (model.id, *(getattr(model, column.name) for column in columns))
    after = ""
    condition = _may_name(chosen[1:], terms)
    while condition is not None:
        statement = select(*chosen).where(model.id > after, condition).order_by(model.id).limit(_PAGE)
        page = list(session.execute(statement).mappings())
        if page:
            yield [dict(row) for row in page]
        if len(page) < _PAGE:
            break
        after = page[-1]["id"]
    wanted = sorted(about)
    for start in range(0, len(wanted), _PAGE):
        statement = select(*chosen).where(model.id.in_(wanted[start : start + _PAGE]))
        yield [dict(row) for row in session.execute(statement).mappings()]


def _may_name(columns: tuple[Any, ...], terms: Terms) -> ColumnElement[bool] | None:
    texts = [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]
    found = [func.lower(text).contains(piece, autoescape=True) for text in texts for piece in sorted(terms.fragments())]
    found += [_digits(text).contains(number[-7:]) for text in texts for number in sorted(terms.digits)]
    return or_(*found) if found else None


def _digits(text: Any) -> ColumnElement[str]:
    for separator in _SEPARATORS:
        text = func.replace(text, separator, "")
    found: ColumnElement[str] = text
    return found
