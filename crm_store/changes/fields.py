"""Which fields of which rows a proposal may set, how each is stored in JSON and what people call it.

A new editable field is one line here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from crm_store.base import Base
from crm_store.custom_fields import Definition
from crm_store.errors import Invalid
from crm_store.models import (
    Account,
    AccountKind,
    Case,
    Channel,
    Consent,
    Contact,
    ContactRole,
    Deal,
    DealContact,
    Direction,
    ForecastCategory,
    Interaction,
    Order,
    Task,
)

Kind = Literal[
    "text", "long text", "date", "time", "money", "number", "decimal", "flag", "choice", "pick", "row", "rows", "names", "turns"
]  # fmt: skip
"""A ``decimal`` and a ``pick`` (of choices that read as they are) are custom fields' own."""


@dataclass(frozen=True)
class Field:
    """``refers_to`` is the entity a row field points at; ``tracked`` keeps every earlier value in the field history.
    ``definition`` is that of a custom field."""

    label: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    tracked: bool = False
    most: int = 300
    required: bool = False
    definition: Definition | None = None


_ALL = frozenset({"create", "update", "delete"})


@dataclass(frozen=True)
class Entity:
    """``actions`` are what a proposal may do with its rows."""

    model: type[Base]
    noun: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    actions: frozenset[str] = _ALL


def _account() -> Field:
    return Field("Account", "row", refers_to="account")


def _owner(tracked: bool = False) -> Field:
    return Field("Owner", "row", refers_to="person", tracked=tracked)


ENTITIES: Mapping[str, Entity] = {
    "account": Entity(Account, "account", actions=_ALL | {"merge"}, fields={
        "name": Field("Name", most=200, required=True),
        "kind": Field("Kind", "choice", tuple(AccountKind), tracked=True),
        "owner_id": _owner(tracked=True),
        "domain": Field("Domain", most=200),
        "phone": Field("Phone", most=40),
        "industry": Field("Industry", most=80),
        "employees": Field("Employees", "number"),
        "currency": Field("Currency", most=3),
        "city": Field("City", most=80),
        "region": Field("Region", most=80),
        "country": Field("Country", most=80),
        "description": Field("Description", "long text", most=10_000),
    }),
    "contact": Entity(Contact, "contact", actions=_ALL | {"merge", "erase"}, fields={
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
    # The ledger: a line is added, never changed; see :mod:`crm_store.changes.consents`.
    "consent": Entity(Consent, "consent", actions=frozenset({"create"}), fields={
        "contact_id": Field("Contact", "row", refers_to="contact", required=True),
        "channel": Field("Channel", "choice", ("email", "phone", "sms", "social", "post"), required=True),
        "purpose": Field("Purpose", "choice", ("marketing", "service"), required=True),
        "status": Field("Status", "choice", ("granted", "withdrawn"), required=True),
        "at": Field("When", "time", required=True),
        "source": Field("Source", most=200, required=True),
        "account_id": _account(),
        "owner_id": _owner(),
    }),
    # Made elsewhere and imported: only the fields that a company added are kept here.
    "order": Entity(Order, "order", actions=frozenset({"update"})),
    "case": Entity(Case, "case", actions=frozenset({"update"})),
}  # fmt: skip


def entity(name: str) -> Entity:
    """:raises Invalid: when proposals cannot touch rows of that kind."""
    if name not in ENTITIES:
        raise Invalid(f"A {name} cannot be changed from here; these can: {', '.join(ENTITIES)}.")
    return ENTITIES[name]
