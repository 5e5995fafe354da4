"""Two reps of two teams with a row each in every table; the text of every row that belongs to the second is the canary."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, inspect
from sqlalchemy.orm import Session

from crm_store.access import GUARDED_TABLES, Scope
from crm_store.base import Base, UtcDateTime, new_id
from crm_store.people import caller_for
from crm_store.statements import OF_THE_SERVICE
from crm_store.store import Store
from tests import builders as make

CANARY = "zanzibar"
PLAIN = "plainrow"
SYSTEM = Scope.system("test")
MODELS: dict[str, Any] = {str(mapper.local_table.name): mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
GUARDED = sorted(str(table.name) for table in GUARDED_TABLES)  # type: ignore[attr-defined]
SERVICE = sorted(model.__tablename__ for model in OF_THE_SERVICE)


@dataclass(frozen=True)
class Company:
    """``rows`` are the ids of each side's row by table; ``mine`` is the scope of the rep who must see no canary."""

    store: Store
    mine: Scope
    theirs: Scope
    rows: dict[str, dict[str, str]]


def company(store: Store) -> Company:
    rows = {}
    with store.write(SYSTEM) as session:
        for word in (PLAIN, CANARY):
            rows[word] = _one_of_each(session, word)
        mine, theirs = (caller_for(session, f"{word}@ours.example").scope for word in (PLAIN, CANARY))
    return Company(store, mine, theirs, rows)


def _one_of_each(session: Session, word: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        own = table in GUARDED_TABLES or table.name in SERVICE
        values = {column.name: _value(column, word if own else f"{word[0]} open", made) for column in table.columns}
        if table.name == "person":
            values |= {"email": f"{word}@ours.example", "role": "rep", "timezone": "UTC", "active": True}
        model = MODELS[table.name]
        session.add(model(**{name: value for name, value in values.items() if name in inspect(model).columns}))
        session.flush()
        made[table.name] = values["id"]
    return made


def _value(column: Column[Any], word: str, made: dict[str, str]) -> Any:
    if column.name == "id":
        return new_id()
    for key in column.foreign_keys:
        if key.column.name == "id":
            return made.get(key.column.table.name)
    if column.name in ("undo_of", "removed_at"):
        return None
    kind = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    length = getattr(column.type, "length", None) or 40
    plain: dict[type, Any] = {
        datetime: make.NOW, date: make.TODAY, int: 1, bool: False, bytes: b"\0\0\0\0", dict: {"word": word},
        list: [{"speaker": word, "text": word}],
    }  # fmt: skip
    return plain.get(kind, word[:length])
