"""Writing rows: what is new is inserted, what differs is updated, what a person changed since is kept.

A batch is one transaction. Should the database refuse a batch, it is tried again row by row, so that one row is reported
and the others come in. A field counts as changed by a person when the audit has a line for it and its value is not the one
from before that person's first change; such a field is never overwritten, in this import or a later one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from crm_store.access import Scope, ScopedSession
from crm_store.base import Base, Edited, External, new_id
from crm_store.changes.apply import enqueue_index
from crm_store.changes.fields import ENTITIES
from crm_store.changes.rows import INDEXED, as_json, history_form
from crm_store.imports.known import stable_id
from crm_store.imports.rows import Sheet
from crm_store.models import ChangeLine, FieldHistory
from crm_store.store import Store

BATCH = 2_000
_IN = 500  # parameters of one IN list: every SQLite takes that many
SYSTEM = Scope.system("import")
Begin = Callable[[], AbstractContextManager[ScopedSession]]
Values = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """A row to be. ``values`` is what the file says, ``initial`` what a new row needs besides; ``fields`` names the
    file's field of a column where the two differ, ``without_history`` the columns whose history another file tells.
    ``children`` are made with a new row only, as (model, the column that points at it, values)."""

    line: int
    external_id: str
    values: Values
    initial: Values = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    row_id: str | None = None
    without_history: frozenset[str] = frozenset()
    children: list[tuple[type[Base], str, Values]] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """Where drafts go: ``entity`` is the table's name in the audit; ``indexed`` whether external ids have an index."""

    model: type[Base]
    entity: str
    indexed: bool = True


class _Undone(Exception):
    """A dry run ends by undoing everything."""


@contextmanager
def transactions(store: Store, *, dry_run: bool) -> Iterator[Begin]:
    """How to begin a batch: a transaction each, or for a dry run one that is rolled back at the end."""
    if not dry_run:
        yield lambda: store.write(SYSTEM)
        return
    try:
        with store.write(SYSTEM) as session:
            yield lambda: nullcontext(session)
            raise _Undone
    except _Undone:
        pass


def save(
    session: Session, sheet: Sheet, target: Target, drafts: Sequence[Draft], source: str, now: datetime
) -> list[Draft]:
    """Insert, update or leave alone; returns the drafts that are in the record now, with their ``row_id``."""
    there = _existing(session, target, drafts, source)
    fresh = [each for each in drafts if each.external_id not in there]
    for each in fresh:
        each.row_id = each.row_id or (
            new_id() if target.indexed else stable_id(source, target.entity, each.external_id)
        )
    saved = _insert(session, sheet, target, fresh, source, now)
    known = [each for each in drafts if each.external_id in there]
    _update(session, sheet, target, [(each, there[each.external_id]) for each in known], now)
    return saved + known


def add_missing(session: Session, model: type[Base], rows: Sequence[Values]) -> int:
    """Insert the rows whose ``id`` is not there yet; for rows with stable ids."""
    unique = {row["id"]: row for row in rows}
    there: set[str] = set()
    for part in _parts(list(unique)):
        there |= set(session.scalars(select(model.id).where(model.id.in_(part))))
    fresh = [row for row_id, row in unique.items() if row_id not in there]
    if fresh:
        insert_rows(session, model, fresh)
    return len(fresh)


def _existing(session: Session, target: Target, drafts: Sequence[Draft], source: str) -> dict[str, Any]:
    model: Any = target.model
    found: dict[str, Any] = {}
    names = {name for each in drafts for name in each.values}
    columns = [getattr(model, name) for name in sorted({"id"} | names)]
    if issubclass(model, Edited):
        columns.append(model.version)
    adopted = {each.row_id: each.external_id for each in drafts if each.row_id}
    for part in _parts(list(adopted)):
        for row in session.execute(select(*columns).where(model.id.in_(part))):
            found[adopted[row.id]] = row
    wanted = [each.external_id for each in drafts if each.external_id not in found]
    for part in _parts(wanted):
        if target.indexed:
            own = (model.external_source == source, model.external_id.in_(part))
            for row in session.execute(select(model.external_id, *columns).where(*own)):
                found[row.external_id] = row
        else:
            ids = {stable_id(source, target.entity, each): each for each in part}
            for row in session.execute(select(*columns).where(model.id.in_(ids))):
                found[ids[row.id]] = row
    return found


def _insert(
    session: Session, sheet: Sheet, target: Target, drafts: list[Draft], source: str, now: datetime
) -> list[Draft]:
    if not drafts:
        return []
    try:
        with session.begin_nested():
            _insert_all(session, target, drafts, source, now)
        saved = drafts
    except (IntegrityError, DataError, StatementError):
        saved = []
        for draft in drafts:
            try:
                with session.begin_nested():
                    _insert_all(session, target, [draft], source, now)
                saved.append(draft)
            except (IntegrityError, DataError, StatementError) as error:
                reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
                sheet.refuse(draft.line, "", f"the database refused this row ({reason[:160]})")
    sheet.tally.created += len(saved)
    return saved


def _insert_all(session: Session, target: Target, drafts: Sequence[Draft], source: str, now: datetime) -> None:
    model = target.model
    rows = []
    children: dict[type[Base], list[Values]] = {}
    for draft in drafts:
        row = draft.initial | draft.values | {"id": draft.row_id}
        if issubclass(model, External):
            row |= {"external_source": source, "external_id": draft.external_id}
        if issubclass(model, Edited):
            row = {"created_at": now, "updated_at": now, "version": 1} | {
                k: v for k, v in row.items() if k != "created_at" or v
            }
        rows.append(row)
        common = {"account_id": row.get("account_id"), "owner_id": row.get("owner_id")}
        for kind, points, values in draft.children:
            children.setdefault(kind, []).append(common | {"id": new_id(), points: draft.row_id} | values)
    insert_rows(session, model, rows)
    for kind, several in children.items():
        insert_rows(session, kind, several)


def insert_rows(session: Session, model: type[Base], rows: Sequence[Values]) -> None:
    """Insert all at once. Rows are brought to the same columns first, since rows of differing ones go one by one."""
    names = {name for row in rows for name in row}
    columns = model.__mapper__.columns
    defaults = {each.key: each.default.arg for each in columns if isinstance(each.default, ScalarElementColumnDefault)}
    full = [
        row if len(row) == len(names) else {name: row.get(name, defaults.get(name)) for name in names} for row in rows
    ]
    session.execute(insert(model).execution_options(render_nulls=True), full)


def _update(session: Session, sheet: Sheet, target: Target, pairs: list[tuple[Draft, Any]], now: datetime) -> None:
    changed: list[tuple[Draft, Any, Values]] = []
    for draft, row in pairs:
        draft.row_id = row.id
        new = {name: value for name, value in draft.values.items() if getattr(row, name) != value}
        new.pop("created_at", None)
        if new:
            changed.append((draft, row, new))
        else:
            sheet.tally.unchanged += 1
    if not changed:
        return
    owned = _changed_by_people(session, target.entity, [(row, new) for _, row, new in changed])
    rows: list[Values] = []
    history: list[Values] = []
    tracked = (
        {name for name, spec in ENTITIES[target.entity].fields.items() if spec.tracked}
        if target.entity in ENTITIES
        else set()
    )
    for draft, row, new in changed:
        for name in sorted(set(new) & owned.get(row.id, set())):
            sheet.tally.kept += 1
            sheet.decide(draft.line, sheet.column(draft.fields.get(name, name)), str(history_form(new.pop(name)) or ""),
                         str(history_form(getattr(row, name)) or ""), "kept: somebody changed it in Rapport")  # fmt: skip
        if not new:
            sheet.tally.unchanged += 1
            continue
        sheet.tally.updated += 1
        values = {"id": row.id, **new}
        if issubclass(target.model, Edited):
            values |= {"version": row.version + 1, "updated_at": now}
        rows.append(values)
        history += [
            _past(target.entity, row.id, name, getattr(row, name), new[name], draft, now)
            for name in sorted(set(new) & tracked - draft.without_history)
        ]
        if target.entity in INDEXED:
            enqueue_index(session, target.entity, row.id, f"import-{now:%Y%m%d%H%M%S%f}", now)
    if rows:
        session.execute(update(target.model), rows)
    if history:
        insert_rows(session, FieldHistory, history)


def _past(entity: str, row_id: str, name: str, old: Any, new: Any, draft: Draft, now: datetime) -> Values:
    known = draft.initial | draft.values
    return {
        "id": new_id(), "entity": entity, "entity_id": row_id, "field": name, "old": history_form(old), "new": history_form(new),
        "at": now, "by_id": None, "change_id": None, "account_id": row_id if entity == "account" else known.get("account_id"),
        "owner_id": known.get("owner_id"),
    }  # fmt: skip


def _changed_by_people(session: Session, entity: str, rows: Sequence[tuple[Any, Values]]) -> dict[str, set[str]]:
    """The fields of each row that a person changed and that are not back at what they were before."""
    if entity not in ENTITIES:
        return {}
    now_there = {row.id: row for row, _ in rows}
    asked = {row.id: set(new) for row, new in rows}
    original: dict[str, Values] = {}
    for part in _parts(list(now_there)):
        lines = (
            select(ChangeLine)
            .where(ChangeLine.entity == entity, ChangeLine.entity_id.in_(part))
            .order_by(ChangeLine.id)
        )
        for line in session.scalars(lines):
            first = original.setdefault(line.entity_id, {})
            for name in line.after.keys() | line.before.keys():
                first.setdefault(name, line.before.get(name))
    return {
        row_id: {
            name for name in asked[row_id] & first.keys() if as_json(getattr(now_there[row_id], name)) != first[name]
        }
        for row_id, first in original.items()
    }


def _parts(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _IN):
        yield items[start : start + _IN]
