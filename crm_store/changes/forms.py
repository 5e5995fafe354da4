"""The values of a proposal's fields: checked and stored in JSON, and back to what a column takes."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import inspect

from crm_store.changes.fields import Field, entity
from crm_store.errors import Invalid

_MOST_NUMBER = 2**31 - 1  # what an integer column holds on PostgreSQL
_MOST_MONEY = 2**53 - 1  # what JSON readers keep exactly


def to_json(entity_name: str, field_name: str, value: Any) -> Any:
    """The stored form of a value that was given as Python or as JSON; None empties the field.

    :raises Invalid: names the field and says what it takes.
    """
    spec = entity(entity_name).fields.get(field_name)
    if spec is None:
        raise Invalid(f"A {entity_name} has no field {field_name!r} that can be changed.")
    if value is None or value == "":
        if spec.required:
            raise Invalid(f"{spec.label} cannot be empty.")
        return None
    try:
        return _CHECKS[spec.kind](spec, value)
    except (TypeError, ValueError) as error:
        raise Invalid(f"{spec.label}: {error}") from None


def emptied(entity_name: str, field_name: str) -> Any:
    """The stored form of a field that is emptied.

    :raises Invalid: when the field always holds something.
    """
    spec = entity(entity_name).fields[field_name]
    columns = inspect(entity(entity_name).model).columns
    if spec.kind in ("rows", "names", "turns"):
        return []
    if columns[field_name].nullable:
        return None
    if spec.kind == "long text":
        return ""
    raise Invalid(f"{spec.label} cannot be empty.")


def from_json(entity_name: str, field_name: str, value: Any) -> Any:
    """The Python form of a stored value, as the model's column takes it."""
    kind = entity(entity_name).fields[field_name].kind
    if value is None:
        return None
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "time":
        return datetime.fromisoformat(value)
    return value


def _text(spec: Field, value: Any) -> str:
    text = str(value).strip()
    _refuse_unstorable(text)
    if len(text) > spec.most:
        raise ValueError(f"is {len(text):,} characters long; {spec.most:,} fit")
    return text


def _refuse_unstorable(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must not contain NUL characters or halves of characters")


def _date(spec: Field, value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    given = value if isinstance(value, date) else date.fromisoformat(str(value))
    if not 1900 <= given.year <= 2200:
        raise ValueError(f"{given.isoformat()} is not a year to plan for")
    return given.isoformat()


def _time(spec: Field, value: Any) -> str:
    given = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if given.tzinfo is None:
        raise ValueError("needs a time zone")
    return given.astimezone(UTC).isoformat()


def _number(spec: Field, value: Any) -> int:
    if isinstance(value, bool) or int(value) != float(value):
        raise ValueError("takes a whole number")
    number = int(value)
    most = _MOST_MONEY if spec.kind == "money" else _MOST_NUMBER
    if not 0 <= number <= most:
        raise ValueError(f"takes a number from 0 to {most:,}")
    return number


def _flag(spec: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("takes yes or no")
    return value


def _choice(spec: Field, value: Any) -> str:
    if value not in spec.choices:
        raise ValueError(f"{value!r} is none of {', '.join(spec.choices)}")
    return str(value)


def _row(spec: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 36:
        raise ValueError("takes the id of a row")
    return value


def _rows(spec: Field, value: Any) -> list[str]:
    return [_row(spec, each) for each in value]


def _names(spec: Field, value: Any) -> list[str]:
    return [_text(spec, each) for each in value]


def _turns(spec: Field, value: Any) -> list[dict[str, Any]]:
    for turn in value:
        _refuse_unstorable(f"{turn.get('speaker') or ''}{turn['text']}")
    return [
        {"speaker": turn.get("speaker"), "offset_s": turn.get("offset_s"), "text": str(turn["text"])} for turn in value
    ]


_CHECKS: Mapping[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long text": _text,
    "date": _date,
    "time": _time,
    "money": _number,
    "number": _number,
    "flag": _flag,
    "choice": _choice,
    "row": _row,
    "rows": _rows,
    "names": _names,
    "turns": _turns,
}
