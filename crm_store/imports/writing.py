"""Writing rows: what is new is inserted, what differs is updated, what a person changed since is kept.

A batch is one transaction. Should the database refuse a batch, it is tried again row by row, so that one row is reported
and the others come in. What a person changed since is kept (:mod:`crm_store.imports.keeping`).
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from crm_store.access import Scope, ScopedSession
from crm_store.base import Base, Edited, External, new_id
from crm_store.changes.fields import ENTITIES
from crm_store.changes.rows import INDEXED, as_json, history_form
from crm_store.imports.bulk import insert_rows
from crm_store.imports.keeping import PREFIX, changed_by_people, value_of
from crm_store.imports.known import stable_id
from crm_store.imports.report import Kept
from crm_store.imports.sheet import Sheet
from crm_store.listed import among
from crm_store.models import FieldHistory, Job
from crm_store.store import Store

BATCH = 4_000
SYSTEM = Scope.system("import")
_REFUSALS = (IntegrityError, DataError, OverflowError, UnicodeEncodeError)
"""How a database says that it will not have a row; anything else is no fault of the row."""
Begin = Callable[[], AbstractContextManager[ScopedSession]]
Values = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """A row to be. ``values`` is what the file says, ``initial`` what a new row needs besides; ``fields`` names the
    file's field of a column where the two differ, ``without_history`` the columns whose history another file tells.
    ``children`` are made with a new row only, as (model, the column that points at it, values); ``custom`` are values of the
    company's own fields, None where the file empties one; ``is_new`` is whether the row was not there before."""

    line: int
    external_id: str
    values: Values
    initial: Values = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    row_id: str | None = None
    without_history: frozenset[str] = frozenset()
    children: list[tuple[type[Base], str, Values]] = field(default_factory=list)
    custom: Values = field(default_factory=dict)
    is_new: bool = False


@dataclass(frozen=True)
class Target:
    """Where drafts go: ``entity`` is the table's name in the audit."""

    model: type[Base]
    entity: str

    @property
    def indexed(self) -> bool:
        """Whether rows keep the number they had in the source; those of the other tables have ids that follow from it."""
        return issubclass(self.model, External)


class _Undone(Exception):
    """A dry run ends by undoing everything."""


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the collector of reference cycles run seldom: an import keeps a great many objects and makes no cycles, and
    looking through them again and again costs a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


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


def holds_none(session: Session, target: Target, source: str) -> bool:
    """Whether nothing of the source is in the table, so that no row of a file has to be looked up there."""
    model: Any = target.model
    of_source = select(model.id).where(*([model.external_source == source] if target.indexed else [])).limit(1)
    return session.scalars(of_source).first() is None


def save(
    session: Session,
    sheet: Sheet,
    target: Target,
    drafts: Sequence[Draft],
    source: str,
    now: datetime,
    *,
    all_new: bool,
) -> list[Draft]:
    """Insert, update or leave alone; returns the drafts that are in the record now, with their ``row_id``. ``all_new`` says
    that nothing in the record has the external id of any of them."""
    there = _existing(session, target, drafts, source, all_new)
    fresh = [each for each in drafts if each.external_id not in there]
    for each in fresh:
        each.is_new = True
        each.row_id = each.row_id or (
            new_id() if target.indexed else stable_id(source, target.entity, each.external_id)
        )
    saved = _insert(session, sheet, target, fresh, source, now)
    known = [each for each in drafts if each.external_id in there]
    _update(session, sheet, target, [(each, there[each.external_id]) for each in known], now)
    return saved + known


def add_missing(session: Session, model: type[Base], rows: Sequence[Values], *, all_new: bool = False) -> set[str]:
    """Insert the rows whose ``id`` is not there yet, for rows with stable ids; returns the ids of the new ones. ``all_new``
    says that none of them is there."""
    unique = {row["id"]: row for row in rows}
    there = set() if all_new else set(session.scalars(select(model.id).where(among(model.id, unique))))
    fresh = [row for row_id, row in unique.items() if row_id not in there]
    insert_rows(session, model, fresh)
    return {str(row["id"]) for row in fresh}


def _existing(session: Session, target: Target, drafts: Sequence[Draft], source: str, all_new: bool) -> dict[str, Any]:
    model: Any = target.model
    found: dict[str, Any] = {}
    names = {name for each in drafts for name in each.values}
    columns = [getattr(model, name) for name in sorted({"id"} | names)]
    if issubclass(model, Edited):
        columns.append(model.version)
    if any(each.custom for each in drafts):
        columns.append(model.custom)
    adopted = {each.row_id: each.external_id for each in drafts if each.row_id}
    if adopted:
        for row in session.execute(select(*columns).where(among(model.id, adopted))):
            found[adopted[row.id]] = row
    wanted = [] if all_new else [each.external_id for each in drafts if each.external_id not in found]
    if wanted and target.indexed:
        own = (model.external_source == source, among(model.external_id, wanted))
        for row in session.execute(select(model.external_id, *columns).where(*own)):
            found[row.external_id] = row
    elif wanted:
        ids = {stable_id(source, target.entity, each): each for each in wanted}
        for row in session.execute(select(*columns).where(among(model.id, ids))):
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
    except _REFUSALS:
        saved = []
        for draft in drafts:
            try:
                with session.begin_nested():
                    _insert_all(session, target, [draft], source, now)
                saved.append(draft)
            except _REFUSALS as error:
                reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
                sheet.refuse(draft.line, "", f"the database refused this row ({reason[:160]})")
    sheet.tally.created += len(saved)
    return saved


def _insert_all(session: Session, target: Target, drafts: Sequence[Draft], source: str, now: datetime) -> None:
    model = target.model
    rows = []
    children: dict[type[Base], list[Values]] = {}
    external, edited = issubclass(model, External), issubclass(model, Edited)
    for draft in drafts:
        row = {**draft.initial, **draft.values, "id": draft.row_id}
        if external:
            row["external_source"], row["external_id"] = source, draft.external_id
        if draft.custom:
            held = {**row.get("custom", {}), **draft.custom}
            row["custom"] = {name: value for name, value in held.items() if value is not None}
        if edited:
            row["created_at"] = row.get("created_at") or now
            row["updated_at"], row["version"] = now, 1
        rows.append(row)
        for kind, points, values in draft.children:
            values |= {"id": new_id(), points: draft.row_id}
            values.setdefault("account_id", row.get("account_id"))
            values.setdefault("owner_id", row.get("owner_id"))
            children.setdefault(kind, []).append(values)
    insert_rows(session, model, rows)
    for kind, several in children.items():
        insert_rows(session, kind, several)


def _update(session: Session, sheet: Sheet, target: Target, pairs: list[tuple[Draft, Any]], now: datetime) -> None:
    changed: list[tuple[Draft, Any, Values]] = []
    for draft, row in pairs:
        draft.row_id = row.id
        new = {name: value for name, value in draft.values.items() if getattr(row, name) != value}
        new.pop("created_at", None)
        if draft.custom:
            there = row.custom or {}
            new |= {PREFIX + name: value for name, value in draft.custom.items() if there.get(name) != value}
        if new:
            changed.append((draft, row, new))
        else:
            sheet.tally.unchanged += 1
    if not changed:
        return
    owned = changed_by_people(session, target.entity, {row.id: (row, new) for _, row, new in changed})
    fields = ENTITIES[target.entity].fields if target.entity in ENTITIES else {}
    tracked = {name for name, spec in fields.items() if spec.tracked}
    rows: list[Values] = []
    history: list[Values] = []
    jobs: list[str] = []
    for draft, row, new in changed:
        for name in sorted(set(new) & owned.get(row.id, set())):
            value = new.pop(name)
            if name in fields or name.startswith(PREFIX):
                _keep(sheet, target, draft, row, name, value)
        if not new:
            sheet.tally.unchanged += 1
            continue
        sheet.tally.updated += 1
        history += [
            _past(target.entity, row.id, name, value_of(row, name), value, draft, now)
            for name, value in sorted(new.items())
            if (name in tracked or name.startswith(PREFIX)) and name not in draft.without_history
        ]
        values = {"id": row.id, **{name: value for name, value in new.items() if not name.startswith(PREFIX)}}
        if own := {name.removeprefix(PREFIX): value for name, value in new.items() if name.startswith(PREFIX)}:
            values["custom"] = {
                name: value for name, value in {**(row.custom or {}), **own}.items() if value is not None
            }
        if issubclass(target.model, Edited):
            values |= {"version": row.version + 1, "updated_at": now}
        rows.append(values)
        if target.entity in INDEXED:
            jobs.append(row.id)
    if rows:
        session.execute(update(target.model), rows)
    insert_rows(session, FieldHistory, history)
    _enqueue(session, target.entity, jobs, now)


def _keep(sheet: Sheet, target: Target, draft: Draft, row: Any, name: str, value: Any) -> None:
    there = value_of(row, name)
    sheet.tally.kept += 1
    sheet.decide(
        draft.line, sheet.column(draft.fields.get(name, name)), str(history_form(value) or ""),
        str(history_form(there) or ""), "kept: somebody changed it in Rapport",
    )  # fmt: skip
    sheet.notes.kept.append(Kept(target.entity, row.id, name, as_json(value), sheet.file.name, draft.line))


def _enqueue(session: Session, entity: str, row_ids: list[str], now: datetime) -> None:
    """Have the texts of changed rows indexed anew, all at once."""
    insert_rows(session, Job, [{
        "id": new_id(), "kind": "index", "key": f"index:{entity}:{row_id}:import-{new_id()}",
        "payload": {"source": entity, "id": row_id}, "progress": {}, "status": "ready", "run_at": now, "attempts": 0,
        "max_attempts": 8, "fence": 0, "created_at": now} for row_id in row_ids])  # fmt: skip


def _past(entity: str, row_id: str, name: str, old: Any, new: Any, draft: Draft, now: datetime) -> Values:
    known = draft.initial | draft.values
    return {
        "id": new_id(), "entity": entity, "entity_id": row_id, "field": name, "old": history_form(old), "new": history_form(new),
        "at": now, "by_id": None, "change_id": None, "account_id": row_id if entity == "account" else known.get("account_id"),
        "owner_id": known.get("owner_id"),
    }  # fmt: skip
