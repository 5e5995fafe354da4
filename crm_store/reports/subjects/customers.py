"""Accounts, contacts and leads."""

from typing import Any

from sqlalchemy import case, false, func, select, true

from crm_store.models import Account, Contact, Deal, FieldHistory, Interaction, Participant
from crm_store.reports.catalogue import (
    Each,
    Field,
    Join,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    owner_fields,
    owner_joins,
    size_field,
)
from crm_store.reports.sql import AFTER_TODAY, TODAY, day_of, days_between

_OF_ACCOUNT = (Interaction.account_id == Account.id) & (Interaction.at < AFTER_TODAY)
_LAST_OF_ACCOUNT = select(func.max(Interaction.at)).where(_OF_ACCOUNT).correlate(Account).scalar_subquery()
_TIMES_OF_ACCOUNT = (
    select(func.count()).select_from(Interaction).where(_OF_ACCOUNT).correlate(Account).scalar_subquery()
)
_OPEN_DEALS = (
    select(func.count())
    .select_from(Deal)
    .where(Deal.account_id == Account.id, Deal.status == "open")
    .correlate(Account)
    .scalar_subquery()
)


def _with_contact(what: Any) -> Any:
    part = (Participant.contact_id == Contact.id) & (Participant.at < AFTER_TODAY)
    return select(what).select_from(Participant).where(part).correlate(Contact).scalar_subquery()


_LAST_OF_CONTACT = _with_contact(func.max(Participant.at))
_TIMES_OF_CONTACT = _with_contact(func.count(Participant.interaction_id.distinct()))

ACCOUNTS = Subject(
    name="accounts",
    noun="account",
    model=Account,
    day="created",
    day_words={"created": "created", "last_touch": "last touched"},
    joins=owner_joins(Account),
    fields=(
        Field("account", "text", Account.id, label=Account.name, named=(Account.id, Account.name)),
        Field("name", "text", Account.name),
        *owner_fields(Account),
        Field("kind", "choice", Account.kind),
        Field("industry", "text", Account.industry),
        Field("country", "text", Account.country),
        Field("region", "text", Account.region),
        Field("city", "text", Account.city),
        Field("domain", "text", Account.domain),
        Field("employees", "number", Account.employees),
        size_field(),
        Field("annual_revenue", "money", Account.annual_revenue_minor),
        Field("open_deals", "number", _OPEN_DEALS),
        Field("created", "moment", Account.created_at),
        Field("last_touch", "moment", _LAST_OF_ACCOUNT),
    ),
    quantities=(
        Quantity("annual_revenue", "money", Account.annual_revenue_minor),
        Quantity("employees", "number", Account.employees),
        Quantity("open_deals", "number", _OPEN_DEALS, usual="sum"),
        Quantity(
            "touches",
            "number",
            _TIMES_OF_ACCOUNT,
            "touches",
            meaning="interactions with the account up to today",
        ),
        Quantity("days_since_last_touch", "days", days_between(_LAST_OF_ACCOUNT, TODAY)),
    ),
    amount="annual_revenue",
    currency=Account.currency,
    rate_day=day_of(Account.created_at),
)

_CONTACT_FIELDS = (
    Field("name", "text", Contact.name),
    *owner_fields(Contact),
    *account_fields(Contact),
    Field("title", "text", Contact.title),
    Field("email", "text", Contact.email),
    Field("source", "text", Contact.source),
    Field("lifecycle", "choice", Contact.lifecycle, "lifecycle stage"),
    Field("is_advocate", "flag", Contact.is_advocate),
    Field("do_not_contact", "flag", Contact.do_not_contact),
    Field("left", "day", Contact.left_on, "leaving date"),
    Field("created", "moment", Contact.created_at),
    Field("last_touch", "moment", _LAST_OF_CONTACT),
)
_CONTACT_JOINS = {
    **owner_joins(Contact),
    **account_joins(Contact),
}
_CONTACT_QUANTITIES = (
    Quantity(
        "touches",
        "number",
        _TIMES_OF_CONTACT,
        "touches",
        meaning="interactions with the contact up to today",
    ),
    Quantity("days_since_last_touch", "days", days_between(_LAST_OF_CONTACT, TODAY)),
)

CONTACTS = Subject(
    name="contacts",
    noun="contact",
    model=Contact,
    day="created",
    day_words={"created": "created", "left": "left", "last_touch": "last touched"},
    joins=_CONTACT_JOINS,
    fields=_CONTACT_FIELDS,
    quantities=_CONTACT_QUANTITIES,
    ratios=(Each("accounts", Contact.account_id, "accounts with contacts"),),
)

_EARLY = ("lead", "qualified")
_LATE = ("opportunity", "customer", "advocate")


def _moved(into: tuple[str, ...], beyond: tuple[str, ...]) -> Any:
    """When the lifecycle stage last went into one of these from none of ``beyond``."""
    old, new = FieldHistory.old, FieldHistory.new
    return func.max(case((new.in_(into) & (old.is_(None) | old.not_in(beyond)), FieldHistory.at)))


_LIFE = (
    select(
        FieldHistory.entity_id.label("contact_id"),
        func.max(case((FieldHistory.old.in_(_EARLY) | FieldHistory.new.in_(_EARLY), 1))).label("was_lead"),
        _moved(("qualified",), ("qualified", *_LATE)).label("qualified_at"),
        _moved(_LATE, _LATE).label("converted_at"),
    )
    .where(FieldHistory.entity == "contact", FieldHistory.field == "lifecycle")
    .group_by(FieldHistory.entity_id)
    .subquery("report_life")
)
_CONVERTED = Contact.lifecycle.in_(_LATE)

LEADS = Subject(
    name="leads",
    noun="lead",
    model=Contact,
    day="created",
    day_words={"created": "created", "converted": "converted", "qualified": "qualified", "last_touch": "last touched"},
    joins={**_CONTACT_JOINS, "life": Join(_LIFE, _LIFE.c.contact_id == Contact.id)},
    fields=(
        *_CONTACT_FIELDS,
        Field("converted", "moment", case((_CONVERTED, _LIFE.c.converted_at)), needs=("life",)),
        Field("qualified", "moment", _LIFE.c.qualified_at, needs=("life",)),
        Field("is_converted", "flag", case((_CONVERTED, true()), else_=false()), "converted"),
    ),
    quantities=(
        *_CONTACT_QUANTITIES,
        Quantity(
            "converted_leads", "number", case((_CONVERTED, 1)), "converted leads", usual="sum", day="converted"
        ),
        Quantity(
            "time_to_conversion",
            "days",
            case((_CONVERTED, days_between(Contact.created_at, _LIFE.c.converted_at))),
            "time to conversion",
            ("life",),
            meaning="from the day the lead was created to the day it became an opportunity or customer",
        ),
        Quantity(
            "time_to_qualified",
            "days",
            days_between(Contact.created_at, _LIFE.c.qualified_at),
            "time to qualified",
            ("life",),
            meaning="from the day the lead was created to the day it was qualified",
        ),
        Quantity(
            "age",
            "days",
            case((~_CONVERTED, days_between(Contact.created_at, TODAY))),
            "age of leads not converted",
        ),
    ),
    ratios=(
        Ratio(
            "lead_conversion",
            "percent",
            case((_CONVERTED, 1), else_=0),
            case((Contact.id.is_not(None), 1), else_=0),
            "lead conversion",
            meaning="of the leads, those that became an opportunity or customer",
        ),
        Ratio(
            "qualification_rate",
            "percent",
            case((_CONVERTED | (Contact.lifecycle == "qualified"), 1), else_=0),
            case((Contact.id.is_not(None), 1), else_=0),
            "qualification rate",
            meaning="of the leads, those that are qualified or further",
        ),
        Each("accounts", Contact.account_id, "accounts with leads"),
    ),
    only=Contact.lifecycle.in_(_EARLY) | (func.coalesce(_LIFE.c.was_lead, 0) == 1),
    always=("life",),
)
"""Contacts that are leads (lead, qualified), or were by the history of their lifecycle stage. A lead is converted when
it is an opportunity, a customer or an advocate now; it became so when it last came from a stage before those. A contact
that was a customer when it was first recorded was never seen as a lead and is none."""
