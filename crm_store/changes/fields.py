"""Which fields of which rows a proposal may set, how each is stored in JSON and what people call it.

A new editable field is one line here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import inspect

from crm_store.base import Base
from crm_store.errors import Invalid
from crm_store.models import (
    Account,
    AccountKind,
    Channel,
    Consent,
    Contact,
    ContactRole,
    Deal,
    DealContact,
    Direction,
    ForecastCategory,
    Interaction,
    Task,
)

_MOST_NUMBER = 2**31 - 1  # what an integer column holds on PostgreSQL
_MOST_MONEY = 2**53 - 1  # what JSON readers keep exactly

Kind = Literal[
    "text", "long text", "date", "time", "money", "number", "flag", "choice", "row", "rows", "names", "turns"
]


@dataclass(frozen=True)
class Field:
    """``refers_to`` is the entity a row field points at; ``tracked`` keeps every earlier value in the field history."""

    label: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    tracked: bool = False
    most: int = 300
    required: bool = False


@dataclass(frozen=True)
class Entity:
    model: type[Base]
    noun: str
    fields: Mapping[str, Field] = field(default_factory=dict)


def _account() -> Field:
    return Field("Account", "row", refers_to="account")


def _owner(tracked: bool = False) -> Field:
    return Field("Owner", "row", refers_to="person", tracked=tracked)


ENTITIES: Mapping[str, Entity] = {
    "account": Entity(Account, "account", {
        "name": Field("Name", most=200, required=True),
        "kind": Field("Kind", "choice", tuple(AccountKind), tracked=True),
        "owner_id": _owner(tracked=True),
        "domain": Field("Domain", most=200),
        "phone": Field("Phone", most=40),
        "industry": Field("Industry", most=80),
        "employees": Field("Employees", "number"),
        "city": Field("City", most=80),
        "region": Field("Region", most=80),
        "country": Field("Country", most=80),
        "description": Field("Description", "long text", most=10_000),
    }),
    "contact": Entity(Contact, "contact", {
        "name": Field("Name", most=160, required=True),
        "account_id": _account(),
        "owner_id": _owner(),
        "email": Field("E-mail", most=254, tracked=True),
        "phone": Field("Phone", most=40),
        "title": Field("Title", most=120, tracked=True),
        "lifecycle": Field("Lifecycle stage", "choice", ("lead", "qualified", "opportunity", "customer", "advocate"), tracked=True),
        "is_advocate": Field("Advocate", "flag"),
        "do_not_contact": Field("Do not contact", "flag", tracked=True),
        "left_on": Field("Left on", "date", tracked=True),
        "description": Field("Description", "long text", most=10_000),
    }),
    "deal": Entity(Deal, "deal", {
        "name": Field("Name", most=200, required=True),
        "account_id": _account(),
        "owner_id": _owner(tracked=True),
        "pipeline_id": Field("Pipeline", "row", refers_to="pipeline"),
        "stage_id": Field("Stage", "row", refers_to="stage", tracked=True, required=True),
        "kind": Field("Kind", "choice", ("new", "renewal", "expansion")),
        "amount_minor": Field("Amount", "money", tracked=True),
        "currency": Field("Currency", most=3, tracked=True),
        "close_date": Field("Close date", "date", tracked=True),
        "forecast_category": Field("Forecast category", "choice", tuple(ForecastCategory), tracked=True),
        "next_step": Field("Next step", tracked=True),
        "next_step_due": Field("Next step due", "date", tracked=True),
        "lost_reason": Field("Lost reason", most=120, tracked=True),
        "competitor": Field("Competitor", most=120, tracked=True),
        "source": Field("Source", most=80),
        "description": Field("Description", "long text", most=10_000),
    }),
    "deal_contact": Entity(DealContact, "role", {
        "deal_id": Field("Deal", "row", refers_to="deal", required=True),
        "contact_id": Field("Contact", "row", refers_to="contact", required=True),
        "role": Field("Role", "choice", tuple(ContactRole)),
        "account_id": _account(),
        "owner_id": _owner(),
    }),
    "interaction": Entity(Interaction, "interaction", {
        "channel": Field("Channel", "choice", tuple(Channel), required=True),
        "direction": Field("Direction", "choice", tuple(Direction)),
        "at": Field("When", "time", required=True),
        "duration_s": Field("Duration in seconds", "number"),
        "subject": Field("Subject", required=True),
        "body": Field("Notes", "long text", most=200_000),
        "turns": Field("Transcript", "turns"),
        "outcome": Field("Outcome"),
        "account_id": _account(),
        "deal_id": Field("Deal", "row", refers_to="deal"),
        "owner_id": _owner(),
        "url": Field("Link", most=500),
        "contact_ids": Field("With", "rows", refers_to="contact"),
        "attendee_names": Field("Also there", "names", most=160),
    }),
    "task": Entity(Task, "task", {
        "title": Field("Task", required=True),
        "kind": Field("Kind", "choice", ("task", "promise")),
        "due": Field("Due", "date", tracked=True),
        "status": Field("Status", "choice", ("open", "done"), tracked=True),
        "account_id": _account(),
        "deal_id": Field("Deal", "row", refers_to="deal"),
        "contact_id": Field("Contact", "row", refers_to="contact"),
        "owner_id": _owner(),
        "source_id": Field("From", "row", refers_to="interaction"),
    }),
    "consent": Entity(Consent, "consent", {
        "contact_id": Field("Contact", "row", refers_to="contact", required=True),
        "channel": Field("Channel", "choice", ("email", "phone", "sms", "social", "post"), required=True),
        "purpose": Field("Purpose", "choice", ("marketing", "service"), required=True),
        "status": Field("Status", "choice", ("granted", "withdrawn"), required=True),
        "at": Field("When", "time", required=True),
        "source": Field("Source", most=200, required=True),
        "account_id": _account(),
        "owner_id": _owner(),
    }),
}  # fmt: skip


def entity(name: str) -> Entity:
    """:raises Invalid: when proposals cannot touch rows of that kind."""
    if name not in ENTITIES:
        raise Invalid(f"A {name} cannot be changed from here; these can: {', '.join(ENTITIES)}.")
    return ENTITIES[name]


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
