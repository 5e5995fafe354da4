"""The same attempts on every table that is guarded, also on one that is added tomorrow."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import String, cast, exists, func, inspect, literal, select, union, update
from sqlalchemy.orm import Session, aliased, load_only

from crm_store.models import Person
from tests.crm_store.access.company import CANARY, GUARDED, MODELS, PLAIN, SERVICE, SYSTEM, Company

Attempt = Callable[[Session, Any, str], Any]


def _columns(model: Any) -> list[Any]:
    return [cast(getattr(model, each.key), String) for each in inspect(inspect(model).mapper).column_attrs]


def _text(model: Any) -> Any:
    """All of a row as one text."""
    whole: Any = literal("")
    for column in _columns(model):
        whole = whole + " " + func.coalesce(column, "")
    return whole


def _dump(rows: Any) -> str:
    return repr([{key: value for key, value in vars(row).items() if key[0] != "_"} for row in rows])


ATTEMPTS: dict[str, Attempt] = {
    "entity": lambda s, m, i: _dump(s.scalars(select(m))),
    "columns": lambda s, m, i: s.execute(select(*_columns(m))).all(),
    "expression": lambda s, m, i: s.scalars(select(_text(m))).all(),
    "alias": lambda s, m, i: _dump(s.scalars(select(aliased(m)))),
    "self-join": lambda s, m, i: (
        lambda other: s.execute(select(m.id, _text(other)).join(other, literal(True))).all()
    )(aliased(m)),
    "outer join from people": lambda s, m, i: s.execute(select(Person.id, _text(m)).outerjoin(m, literal(True))).all(),
    "common table expression": lambda s, m, i: (lambda c: s.execute(select(c)).all())(select(_text(m).label("t")).cte()),
    "subquery": lambda s, m, i: (lambda c: s.execute(select(c)).all())(select(_text(m).label("t")).select_from(m).subquery()),
    "entity of a subquery": lambda s, m, i: _dump(s.scalars(select(aliased(m, select(m).subquery())))),
    "scalar subquery": lambda s, m, i: s.scalars(select(select(func.max(_text(m))).select_from(m).scalar_subquery())).all(),
    "order by a subquery": lambda s, m, i: s.execute(
        select(Person.id, func.max(_text(m))).outerjoin(m, literal(True)).group_by(Person.id)
        .having(select(func.count(m.id)).scalar_subquery() >= 0).order_by(select(func.max(m.id)).scalar_subquery())
    ).all(),
    "union": lambda s, m, i: s.execute(union(select(_text(m)), select(_text(m)))).all(),
    "lateral": lambda s, m, i: (
        lambda inner: s.execute(select(Person.id, inner.c.t).join(inner, literal(True))).all()
    )(select(_text(m).label("t")).select_from(m).subquery()),
    "window": lambda s, m, i: s.execute(select(func.first_value(_text(m)).over(order_by=_text(m).desc())).select_from(m)).all(),
    "largest": lambda s, m, i: s.scalar(select(func.max(_text(m)))),
    "group by": lambda s, m, i: s.execute(select(_text(m).label("t"), func.count()).select_from(m).group_by("t")).all(),
    "by its id": lambda s, m, i: _dump(filter(None, [s.get(m, i)])),
    "populate existing": lambda s, m, i: _dump(s.scalars(select(m).execution_options(populate_existing=True))),
    "some columns": lambda s, m, i: _dump(s.scalars(select(m).options(load_only(m.id)))) + repr(s.scalars(select(_text(m))).all()),
    "streamed": lambda s, m, i: list(s.execute(select(_text(m)).execution_options(yield_per=1))),
    "legacy query": lambda s, m, i: s.query(_text(m)).all(),
    "found by what it says": lambda s, m, i: s.scalars(select(_text(m)).where(_text(m).contains(CANARY[:3]))).all(),
}  # fmt: skip
COUNTS: dict[str, Callable[[Session, Any, str], bool]] = {
    "count": lambda s, m, i: s.scalar(select(func.count()).select_from(m).where(m.id == i)) == 1,
    "count of ids": lambda s, m, i: s.scalar(select(func.count(m.id)).where(m.id == i)) == 1,
    "exists": lambda s, m, i: bool(s.scalars(select(literal(1)).where(exists().where(m.id == i))).all()),
    "smallest": lambda s, m, i: s.scalar(select(func.min(m.id)).where(m.id == i)) is not None,
    "in a subquery": lambda s, m, i: bool(s.scalar(select(func.count(Person.id)).where(literal(i).in_(select(m.id))))),
    "not exists": lambda s, m, i: not s.scalars(select(literal(1)).where(~exists().where(m.id == i))).all(),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_row_of_somebody_else_is_read_from_any_table(both: Company, attempt: str) -> None:
    run = ATTEMPTS[attempt]
    for table in (*GUARDED, *SERVICE):
        with both.store.read(both.mine) as session:
            seen = repr(run(session, MODELS[table], both.rows[CANARY][table]))
            assert CANARY not in seen, table
        with both.store.read(both.mine) as session:
            mine = repr(run(session, MODELS[table], both.rows[PLAIN][table]))
            assert (both.rows[PLAIN][table] in mine or PLAIN[:3] in mine) is (table in GUARDED) or attempt.startswith("found"), table
        with both.store.read(SYSTEM) as session:
            assert CANARY[:3] in repr(run(session, MODELS[table], both.rows[CANARY][table])), table


@pytest.mark.parametrize("attempt", COUNTS)
def test_no_count_of_any_table_includes_a_row_of_somebody_else(both: Company, attempt: str) -> None:
    for table in (*GUARDED, *SERVICE):
        with both.store.read(both.mine) as session:
            assert not COUNTS[attempt](session, MODELS[table], both.rows[CANARY][table]), table
            assert COUNTS[attempt](session, MODELS[table], both.rows[PLAIN][table]) is (table in GUARDED), table
        with both.store.read(SYSTEM) as session:
            assert COUNTS[attempt](session, MODELS[table], both.rows[CANARY][table]), table


def test_a_bulk_update_touches_no_row_of_somebody_else_in_any_table(both: Company) -> None:
    for table in GUARDED:
        model = MODELS[table]
        with both.store.write(both.mine) as session:
            touched = session.execute(update(model).where(model.id == both.rows[CANARY][table]).values(id="gone"))
            assert touched.rowcount == 0, table  # type: ignore[attr-defined]
