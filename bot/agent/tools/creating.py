"""Proposals for new accounts and contacts, and for changes of a contact's particulars."""

from typing import Any

from bot import wording
from bot.agent.tools.proposing import change_words, proposed
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, deal_of
from bot.agent.tools.roles import role_named
from bot.agent.tools.shaping import account_subject, contact_subject
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Option
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.models import ContactRole
from crm_store.queries import contacts

_SAME = 0.95


@asking
def create_contact(
    turn: Turn,
    name: str,
    account: str,
    title: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    role: str | None = None,
    deal: str | None = None,
) -> Found:
    """A proposal for a new contact, with their part in a deal where one is given."""
    part = role_named(role) if role else None
    if part is not None and part not in tuple(ContactRole):
        options = tuple(Option(label=wording.words(one), value=one.value) for one in ContactRole)
        raise ask(f"Which part is “{role}”?", options, "role")
    with turn.read() as session:
        where = account_of(session, turn, account)
        on = deal_of(session, turn, deal, account_id=where.id) if deal else None
        there = contacts.contacts(session, now=turn.now, account_id=where.id)
    same = [
        one
        for one in there
        if _same(one.name, name) or (email and one.email and one.email.casefold() == email.casefold())
    ]
    if same:
        text = f"{same[0].name} is already a contact at {where.name}; nothing was added."
        return Found(text, subjects=(contact_subject(same[0]), account_subject(where)))
    id = new_id()
    values = {"name": name, "account_id": where.id, "title": title, "email": email, "phone": phone}
    drafts = [Draft("create", "contact", values, entity_id=id, label=f"New contact: {name}")]
    known = [one for one in (title, email, phone) if one]
    text = f"**Add this contact?** {name} at {where.name}{': ' + ', '.join(known) if known else ''}."
    if on is not None:
        part = part or ContactRole.OTHER.value
        given = {"deal_id": on.id, "contact_id": id, "role": part, "account_id": where.id}
        drafts.append(Draft("create", "deal_contact", given, label=f"{name}: {wording.words(part)} on {on.name}"))
        text += f" Part: **{wording.words(part)}** on {on.name}."
    return proposed(turn, drafts, f"New contact {name} ({where.name})", text, account_subject(where))


@asking
def update_contact(
    turn: Turn,
    contact: str,
    email: str | None = None,
    phone: str | None = None,
    title: str | None = None,
    left: bool = False,
) -> Found:
    """A proposal that changes a contact; ``left`` says that they no longer work there, as of today."""
    with turn.read() as session:
        found = contact_of(session, turn, contact)
        played = [one for one in contacts.roles(session, contact_id=found.id) if one.deal_status == "open"]
    values: dict[str, Any] = {}
    words: list[str] = []
    for field, label, old, new in (
        ("email", "e-mail", found.email, email),
        ("phone", "phone", found.phone, phone),
        ("title", "title", found.title, title),
    ):  # fmt: skip
        if new is not None and new != old:
            values[field] = new
            words.append(change_words(label, old, new))
    if left and found.left_on is None:
        values["left_on"] = turn.today
        words.append(f"left {found.account or 'the company'} on **{wording.day(turn.today, turn.today)}**")
    subject = contact_subject(found)
    if not values:
        asked = left or any(one is not None for one in (email, phone, title))
        said = f"The record of {found.name} already says so." if asked else f"What should change for {found.name}?"
        return Found(said, subjects=(subject,))
    text = f"**Change this?** {found.name}{f' ({found.account})' if found.account else ''}: {'; '.join(words)}."
    if left and played:
        on = wording.join([f"{one.deal} ({wording.words(one.role)})" for one in played[:3]])
        text += f" They are still on {on}."
    draft = Draft("update", "contact", values, entity_id=found.id, label=found.name)
    return proposed(turn, [draft], f"Change {found.name}", text, subject)


@asking
def create_account(
    turn: Turn,
    name: str,
    kind: str = "prospect",
    domain: str | None = None,
    industry: str | None = None,
    city: str | None = None,
    country: str | None = None,
    phone: str | None = None,
) -> Found:
    """A proposal for a new account, owned by the caller."""
    with turn.read() as session:
        known = [match for match in turn.names(session).find("account", domain or name) if match.score >= _SAME]
    if known:
        there = known[0].name
        text = f"{there.text} is on record already; nothing was added."
        return Found(text, subjects=(Subject("account", there.id, there.text),))
    values = {
        "name": name, "kind": kind, "domain": domain, "industry": industry, "city": city, "country": country,
        "phone": phone, "owner_id": turn.caller.person_id,
    }  # fmt: skip
    more = [one for one in (domain, industry, city, country, phone) if one]
    text = f"**Add this account?** {name}, {kind}{', ' + ', '.join(more) if more else ''}, owned by you."
    draft = Draft("create", "account", values, entity_id=new_id(), label=f"New account: {name}")
    return proposed(turn, [draft], f"New account {name}", text)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
