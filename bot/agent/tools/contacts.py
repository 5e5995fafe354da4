"""Tools about one contact: who they are, and whether we may write to them."""

from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_consent, cite_contact, cite_role
from bot.agent.tools.custom_words import filled_words
from bot.agent.tools.gist import informative
from bot.agent.tools.resolving import asking, contact_of
from bot.agent.tools.roles import people_card
from bot.agent.tools.shaping import (
    channel_name,
    cite_touch,
    contact_subject,
    day_of,
    finished,
    follow_ups,
    local_day,
    quoted,
    shown,
)
from bot.agent.turn import Found, Subject, Turn
from crm_store.queries import contacts, interactions
from crm_store.queries.custom import custom_of
from crm_store.queries.interactions import InteractionFilter

ConsentChannel = Literal["email", "phone", "sms", "social", "post"]
Purpose = Literal["marketing", "service"]
CHANNELS = {
    "email": "by e-mail",
    "phone": "by phone",
    "sms": "by text message",
    "social": "on social media",
    "post": "by post",
}
_SPELLINGS = {
    "e-mail": "email",
    "mail": "email",
    "call": "phone",
    "telephone": "phone",
    "text": "sms",
    "letter": "post",
}


@asking
def contact_details(turn: Turn, contact: str) -> Found:
    """Who a contact is, how to reach them, their parts in deals and what they last said."""
    with turn.read() as session:
        found = contact_of(session, turn, contact)
        played = contacts.roles(session, contact_id=found.id)
        touches = interactions.interactions(session, InteractionFilter(contact_id=found.id, until=turn.now), limit=6)
        added = filled_words(custom_of(session, "contact", found.id), turn.today)
    sources = Sources()
    title = f", {found.title}" if found.title else ""
    at = f" at {found.account}" if found.account else ""
    profile = f"{found.name}{title}{at}"
    lines = [f"**{found.name}**{title}{at} {sources.mark(cite_contact(found, profile))}."]
    if found.left_on:
        lines[0] += f" **Left on {wording.day(found.left_on, turn.today)}.**"
    if found.do_not_contact:
        lines.append("**Do not contact:** they asked us not to.")
    reach = [one for one in (found.email, found.phone) if one]
    lines.append(f"Reach: {', '.join(reach)}." if reach else "Neither e-mail nor phone is recorded.")
    if added:
        lines.append(f"Also recorded: {'; '.join(added)}.")
    if played:
        parts = [f"{wording.words(one.role)} on {one.deal} {sources.mark(cite_role(one))}" for one in played[:3]]
        lines.append(f"Part: {wording.join(parts)}.")
    if touches.rows:
        last = touches.rows[0]
        lines.append(
            f"Last contact: {channel_name(last.channel)}, {wording.ago(local_day(turn, last.at), turn.today)} "
            f"{sources.mark(cite_touch(last))} "
            f"({wording.plural(touches.total, 'interaction')})."
        )
        theirs = [one for one in informative(touches.rows, per_source=3) if one.speaker == found.name]
        told = theirs or informative(touches.rows)
        lines += [quoted(one, sources, turn) for one in sorted(told, key=lambda one: -one.score)[:1]]
    else:
        lines.append("No interaction with them is recorded.")
    sources.figure(f"Interactions with {found.name}", touches.total, "interactions")
    sources.cards.append(people_card(turn, found.name, (found,), {found.id: list(played)}))
    sources.cards.append(
        follow_ups(
            ("Timeline", f"Show the timeline of {found.name}"),
            ("Promises", f"What did we promise {found.name}?"),
            ("May I write?", f"May I send {found.name} marketing e-mail?"),
        )
    )
    subjects = [contact_subject(found)]
    if found.account_id and found.account:
        subjects.append(Subject("account", found.account_id, found.account))
    return finished("\n".join(lines), sources, *subjects)


@asking
def may_contact(turn: Turn, contact: str, channel: str = "email", purpose: str = "marketing") -> Found:
    """Whether the consent ledger lets us write to somebody. Without a record marketing is a no."""
    channel = _SPELLINGS.get(channel.casefold(), channel.casefold())
    with turn.read() as session:
        found = contact_of(session, turn, contact)
        ledger = contacts.consents(session, found.id, now=turn.now)
    sources = Sources()
    subjects = [contact_subject(found)]
    if found.account_id and found.account:
        subjects.append(Subject("account", found.account_id, found.account))
    how = CHANNELS.get(channel, f"by {channel}")
    what = "for marketing" if purpose == "marketing" else "about their own business with us"
    line = next((one for one in ledger if (one.channel, one.purpose) == (channel, purpose)), None)
    if found.do_not_contact:
        text = f"**No.** {found.name} asked not to be contacted {sources.mark(cite_contact(found, 'Do not contact'))}."
    elif found.left_on is not None and found.left_on <= turn.today:
        note = f"Left on {found.left_on.isoformat()}"
        text = (
            f"**No.** {found.name} left {found.account or 'the company'} on {wording.day(found.left_on, turn.today)} "
            f"{sources.mark(cite_contact(found, note))}."
        )
    elif line is not None:
        said = f"{line.source}, {day_of(turn, line.at)} {sources.mark(cite_consent(found, line))}"
        if line.status == "granted":
            text = f"**Yes**, {how} {what}: {found.name} agreed ({said})."
        else:
            did = "withdrew consent" if line.status == "withdrawn" else "did not agree"
            text = f"**No**, not {how} {what}: {found.name} {did} ({said})."
    elif purpose == "marketing":
        text = f"**No**, not {how} for marketing: no consent of {found.name} is recorded, and unknown counts as no."
    else:
        text = f"**Yes**, {how} {what}: nothing is recorded against it for {found.name}."
    others = [one for one in ledger if one is not line and one.purpose == purpose]
    if others and not found.do_not_contact and found.left_on is None:
        other = [
            f"{CHANNELS.get(one.channel, one.channel)} {one.status} {sources.mark(cite_consent(found, one))}"
            for one in others
        ]
        text += f" Otherwise: {wording.join(other)}."
    service = next((one for one in ledger if (one.channel, one.purpose) == (channel, "service")), None)
    if purpose == "marketing" and text.startswith("**No**") and (service is None or service.status == "granted"):
        text += " For their own business with us nothing speaks against it."
    missing = {"email": found.email, "phone": found.phone, "sms": found.phone}
    if channel in missing and not missing[channel] and text.startswith("**Yes"):
        text += f" But no {'e-mail address' if channel == 'email' else 'phone number'} is recorded."
    return finished(text, sources, *subjects)


@tool("contact_details", response_format="content_and_artifact")
def _contact_details(contact: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Who a contact is: title, account, e-mail, phone, their part in deals, last contact."""
    return shown(contact_details(runtime.context, contact))


@tool("may_contact", response_format="content_and_artifact")
def _may_contact(
    contact: str,
    runtime: ToolRuntime[Turn],
    channel: ConsentChannel = "email",
    purpose: Purpose = "marketing",
) -> tuple[str, Found]:
    """Whether we may contact somebody on a channel for a purpose, by the consent ledger."""
    return shown(may_contact(runtime.context, contact, channel, purpose))


TOOLS = [_contact_details, _may_contact]
