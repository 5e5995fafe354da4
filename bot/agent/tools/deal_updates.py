"""Proposals that change a deal or who plays which part in it."""

from datetime import date
from typing import Any

from rapidfuzz import fuzz

from bot import wording
from bot.agent.tools.proposing import change_words, day_words, proposed
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, deal_of, is_id, person_of
from bot.agent.tools.roles import role_named
from bot.agent.tools.shaping import account_subject, contact_subject, deal_subject
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Option
from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.models import ContactRole, DealStatus
from crm_store.queries import contacts, deals
from crm_store.queries.deals import DealFacts, DealFilter, StageFacts

_LOOKED_AT = 50
"""So many deals of an account tell in which currency it buys."""

_SPELLING = 78
"""Likeness of two stage names, 0 to 100, from which one is taken for a misspelling of the other."""
_ENDINGS = {
    DealStatus.WON: frozenset({"won", "win", "closed won", "close won", "signed", "renewed"}),
    DealStatus.LOST: frozenset({"lost", "lose", "loss", "closed lost", "close lost", "dead", "churned"}),
}


@asking
def update_deal(
    turn: Turn,
    deal: str,
    stage: str | None = None,
    amount_minor: int | None = None,
    currency: str | None = None,
    close_date: date | None = None,
    forecast_category: str | None = None,
    next_step: str | None = None,
    next_step_due: date | None = None,
    owner: str | None = None,
    lost_reason: str | None = None,
) -> Found:
    """A proposal that changes a deal, old and new side by side."""
    with turn.read() as session:
        found = deal_of(session, turn, deal)
        to_stage = stage_of(session, stage, found.pipeline_id) if stage else None
        to_owner = person_of(session, turn, owner) if owner else None
    values: dict[str, Any] = {}
    words: list[str] = []

    def change(field: str, label: str, old: object, new: object, old_text: str | None, new_text: str) -> None:
        if new != old:
            values[field] = new
            words.append(change_words(label, old_text, new_text))

    if to_stage is not None:
        change("stage_id", "stage", found.stage_id, to_stage.id, found.stage, to_stage.name)
    if amount_minor is not None:
        unit = (currency or found.currency or turn.settings.currency).upper()
        before = wording.money(found.amount_minor, found.currency) if found.amount_minor is not None else None
        if amount_minor != found.amount_minor or unit != found.currency:
            values |= {"amount_minor": amount_minor, "currency": unit}
            words.append(change_words("amount", before, wording.money(amount_minor, unit)))
    if close_date is not None:
        before = day_words(found.close_date, turn) if found.close_date else None
        change("close_date", "close date", found.close_date, close_date, before, wording.day(close_date, turn.today))
    if forecast_category is not None:
        old = found.forecast_category
        change(
            "forecast_category",
            "forecast",
            old,
            forecast_category,
            wording.words(old),
            wording.words(forecast_category),
        )
    if next_step is not None:
        change("next_step", "next step", found.next_step, next_step, found.next_step, next_step)
    if next_step_due is not None:
        before = day_words(found.next_step_due, turn) if found.next_step_due else None
        change(
            "next_step_due", "next step due", found.next_step_due, next_step_due, before,
            wording.day(next_step_due, turn.today),
        )  # fmt: skip
    if to_owner is not None:
        change("owner_id", "owner", found.owner_id, to_owner.id, found.owner, to_owner.name)
    if lost_reason is not None:
        change("lost_reason", "lost because", found.lost_reason, lost_reason, found.lost_reason, lost_reason)
    subjects = [deal_subject(found)]
    if found.account_id and found.account:
        subjects.append(Subject("account", found.account_id, found.account))
    if not values:
        asked = any(one is not None for one in (stage, amount_minor, close_date, forecast_category, next_step, owner))
        said = (
            f"{found.name} already says so; nothing would change." if asked else f"What should change on {found.name}?"
        )
        return Found(said, subjects=tuple(subjects))
    account = f" ({found.account})" if found.account and found.account not in found.name else ""
    text = f"**Change this?** {found.name}{account}: {'; '.join(words)}."
    if to_stage is not None and to_stage.status == DealStatus.LOST and not (lost_reason or found.lost_reason):
        text += " No reason is given yet; Edit to add one."
    if close_date is not None and close_date < turn.today and found.status == "open" and "stage_id" not in values:
        text += f" Mind that {wording.day(close_date, turn.today)} has passed."
    draft = Draft("update", "deal", values, entity_id=found.id, label=found.name)
    return proposed(turn, [draft], f"Change {found.name}", text, *subjects)


def stage_of(session: ScopedSession, text: str, pipeline_id: str, *, missing: str = "stage") -> StageFacts:
    """The stage of that pipeline that ``text`` names, misspelt or by what it means (won, lost).

    :raises Unresolved: none or several.
    """
    stages = deals.stages(session, pipeline_id=pipeline_id)
    wanted = " ".join(text.casefold().replace("-", " ").split()).removesuffix(" stage")
    if is_id(text):
        found = [one for one in stages if one.id == text]
    else:
        found = [one for one in stages if one.name.casefold() == wanted]
        for status, endings in _ENDINGS.items():
            if not found and wanted in endings:
                found = [one for one in stages if one.status == status]
        if not found:
            found = [one for one in stages if wanted and set(wanted.split()) <= set(one.name.casefold().split())]
        if not found:
            likeness = {one.id: fuzz.ratio(wanted, one.name.casefold()) for one in stages}
            best = max(likeness.values(), default=0)
            found = [one for one in stages if best >= _SPELLING and likeness[one.id] == best]
    if len(found) == 1:
        return found[0]
    options = tuple(Option(label=one.name, value=one.id) for one in found or stages)
    said = (
        f"Which stage do you mean by “{text}”?" if found else f"There is no stage “{text}” in that pipeline. Which one?"
    )
    raise ask(said, options, missing)


@asking
def set_role(turn: Turn, contact: str, role: str, deal: str | None = None, account: str | None = None) -> Found:
    """A proposal that gives a contact a part in a deal."""
    part = role_named(role)
    if part not in tuple(ContactRole):
        options = tuple(Option(label=wording.words(one), value=one.value) for one in ContactRole)
        raise ask(f"Which part is “{role}”?", options, "role")
    with turn.read() as session:
        where = account_of(session, turn, account) if account else None
        person = contact_of(session, turn, contact, account_id=where.id if where else None)
        if deal:
            on = deal_of(session, turn, deal, account_id=person.account_id)
        else:
            on = _only_deal(session, turn, person.account_id, person.name)
        played = contacts.roles(session, deal_id=on.id)
    subjects = (contact_subject(person), deal_subject(on))
    if any(one.contact_id == person.id and one.role == part for one in played):
        return Found(f"{person.name} is already the {wording.words(part)} on {on.name}.", subjects=subjects)
    drafts = [
        Draft(
            "create",
            "deal_contact",
            {"deal_id": on.id, "contact_id": person.id, "role": part, "account_id": on.account_id},
            entity_id=new_id(),
            label=f"{person.name}: {wording.words(part)} on {on.name}",
        )
    ]
    text = f"**Record this?** {person.name} is the **{wording.words(part)}** on {on.name}."
    others = [one.contact for one in played if one.role == part]
    if others:
        text += f" {wording.join(others)} {'stays' if len(others) == 1 else 'stay'} {wording.words(part)} too."
    return proposed(turn, drafts, f"{person.name}: {wording.words(part)} on {on.name}", text, *subjects)


def _only_deal(session: ScopedSession, turn: Turn, account_id: str | None, name: str) -> DealFacts:
    still_open = deals.open_deals(session, account_id, now=turn.now) if account_id else ()
    if len(still_open) == 1:
        return still_open[0]
    options = tuple(Option(label=one.name[:75], value=one.id) for one in still_open)
    raise ask(f"On which deal does {name} play that part?", options, "deal")


@asking
def create_deal(
    turn: Turn,
    name: str,
    account: str,
    amount_minor: int | None = None,
    currency: str | None = None,
    close_date: date | None = None,
    stage: str | None = None,
) -> Found:
    """A proposal for a new deal, in the first stage of its pipeline unless ``stage`` says otherwise."""
    with turn.read() as session:
        where = account_of(session, turn, account)
        stages = deals.stages(session)
        usual = _usual_currency(session, turn, where.id) if currency is None and amount_minor is not None else None
        same = [one for one in deals.open_deals(session, where.id, now=turn.now) if _alike(one.name, name)]
        renewal = "renew" in name.casefold()
        pipeline_id = _pipeline(stages, renewal)
        if stage:
            named = stage_of(session, stage, pipeline_id)
        else:
            named = next(one for one in stages if one.pipeline_id == pipeline_id and one.status == DealStatus.OPEN)
    if same:
        text = f"{where.name} already has the open deal {same[0].name}; nothing was added."
        return Found(text, subjects=(deal_subject(same[0]), account_subject(where)))
    unit = (currency or usual or turn.settings.currency).upper() if amount_minor is not None else None
    values = {
        "name": name, "account_id": where.id, "stage_id": named.id, "amount_minor": amount_minor, "currency": unit,
        "close_date": close_date, "owner_id": turn.caller.person_id, "kind": "renewal" if renewal else "new",
    }  # fmt: skip
    parts = [f"stage {named.name}"]
    if amount_minor is not None:
        like = f" (in {unit} like the account's other deals)" if currency is None and unit != turn.settings.currency.upper() else ""
        parts.insert(0, f"{wording.money(amount_minor, unit)}{like}")
    if close_date is not None:
        parts.append(f"closes **{wording.day(close_date, turn.today)}**")
    id = new_id()
    text = f"**Add this deal?** {name} ({where.name}): {', '.join(parts)}, owned by you."
    draft = Draft("create", "deal", values, entity_id=id, label=f"New deal: {name}")
    return proposed(turn, [draft], f"New deal {name} ({where.name})", text, account_subject(where))


def _usual_currency(session: ScopedSession, turn: Turn, account_id: str) -> str | None:
    """The currency of the account's deals, where they all are in one."""
    theirs = deals.deals(session, DealFilter(account_id=account_id), now=turn.now, limit=_LOOKED_AT).rows
    units = {one.currency for one in theirs if one.currency}
    return units.pop() if len(units) == 1 else None


def _pipeline(stages: tuple[StageFacts, ...], renewal: bool) -> str:
    if renewal:
        for one in stages:
            if "renew" in one.pipeline.casefold():
                return one.pipeline_id
    return stages[0].pipeline_id


def _alike(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
