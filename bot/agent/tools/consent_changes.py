"""The tool that adds to the consent ledger what a contact said: that they agree to be contacted, or no longer do."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_consent, cite_contact
from bot.agent.tools.contacts import CHANNELS, ConsentChannel, Purpose
from bot.agent.tools.proposing import message_evidence, proposed
from bot.agent.tools.resolving import ask, asking, contact_of
from bot.agent.tools.shaping import contact_subject, day_of, finished, shown
from bot.agent.turn import Found, Turn
from bot.cards import Option
from crm_store.changes import Draft
from crm_store.queries import contacts
from crm_store.queries.contacts import ConsentFacts, ContactFacts

Status = Literal["granted", "withdrawn"]
_ALL: tuple[str, ...] = get_args(ConsentChannel)
_MOST_SOURCE = 200
_WHENCE = ("phone call", "e-mail", "in person", "web form")
_SAYS_HOW = re.compile(
    r"(?i)\b(?:told|tells|says?|said|wrote|writes|replied|e-?mailed|called|rang|texted|messaged|asked|asks|confirmed|mentioned"
    r"|signed|ticked|checked the box|filled|subscribed|opted|spoke|talked|met|visited|form|fair|trade ?show|booth|event|webinar"
    r"|meeting|phone call|web ?site|contract|survey|in person)\b"
)
"""A message that has one of these says itself where a consent comes from."""


@asking
def record_consent(
    turn: Turn,
    contact: str,
    status: str,
    channel: str = "all",
    purpose: str = "marketing",
    source: str | None = None,
) -> Found:
    """A proposal of one line of the ledger for each channel that it changes. A withdrawal is taken as it is said; a consent is
    asked where it comes from, because it has to be shown one day."""
    with turn.read() as session:
        found = contact_of(session, turn, contact)
        ledger = {line.channel: line for line in contacts.consents(session, found.id, now=turn.now) if line.purpose == purpose}
    channels = _ALL if channel == "all" else (channel,)
    changed = [one for one in channels if one not in ledger or ledger[one].status != status]
    subject = contact_subject(found)
    if not changed:
        return _known(turn, found, [ledger[one] for one in channels], purpose, status)
    if status == "granted" and source is None and not _SAYS_HOW.search(turn.message):
        options = tuple(Option(label=one[:1].upper() + one[1:], value=one) for one in _WHENCE)
        raise ask(f"How did {found.name} agree? A consent is recorded with where it comes from.", options, "source")
    evidence = message_evidence(turn)
    said = _source(turn, source)
    drafts = [
        Draft(
            "create", "consent",
            {"contact_id": found.id, "channel": one, "purpose": purpose, "status": status, "at": turn.now, "source": said},
            label=f"{found.name}: {one}, {purpose}", evidence=evidence,
        )
        for one in changed
    ]  # fmt: skip
    lines = [f"**Record this?** {_lead(found, purpose, status)} {_ways(changed, ledger, status)}."]
    if status == "granted" and found.do_not_contact:
        lines.append("Their record still says “do not contact”, which goes before any consent.")
    if status == "withdrawn" and purpose == "marketing":
        lines.append("Messages about their own business with us stay allowed.")
    return proposed(turn, drafts, f"Consent of {found.name}: {status}", "\n".join(lines), subject)


def _lead(found: ContactFacts, purpose: str, status: str) -> str:
    at = f" ({found.account})" if found.account else ""
    did = "agrees to be contacted" if status == "granted" else "no longer agrees to be contacted"
    return f"{found.name}{at} {did} {_what(purpose)}"


def _what(purpose: str) -> str:
    return "for marketing" if purpose == "marketing" else "about their own business with us"


def _ways(changed: Sequence[str], ledger: Mapping[str, ConsentFacts], status: str) -> str:
    """Each channel with what is recorded now and what will be; those of the same old status together."""
    by_old: dict[str, list[str]] = {}
    for one in changed:
        by_old.setdefault(ledger[one].status if one in ledger else "nothing recorded", []).append(CHANNELS[one])
    return "; ".join(f"{wording.join(some)}: {old} → **{status}**" for old, some in by_old.items())


def _source(turn: Turn, source: str | None) -> str:
    """What the ledger says of where a line comes from: as told, and who told it."""
    if source is not None:
        return f"{source}, told by {turn.caller.name}"[:_MOST_SOURCE]
    return f"told by {turn.caller.name}: “{turn.message}”"[:_MOST_SOURCE] if turn.message else f"told by {turn.caller.name}"


def _known(turn: Turn, found: ContactFacts, lines: Sequence[ConsentFacts], purpose: str, status: str) -> Found:
    sources = Sources()
    told = [
        f"{CHANNELS[line.channel]} {sources.mark(cite_consent(found, line))} since {day_of(turn, line.at)}" for line in lines
    ]
    agreed = "agreed to be contacted" if status == "granted" else "does not want to be contacted"
    text = f"The ledger says so already: {found.name} {agreed} {_what(purpose)} {wording.join(told)}."
    if status == "granted" and found.do_not_contact:
        text += f" But they asked not to be contacted at all {sources.mark(cite_contact(found, 'Do not contact'))}."
    return finished(text, sources, contact_subject(found))


@tool("record_consent", response_format="content_and_artifact")
def _record_consent(
    contact: str,
    status: Status,
    runtime: ToolRuntime[Turn],
    channel: Literal["email", "phone", "sms", "social", "post", "all"] = "all",
    purpose: Purpose = "marketing",
    source: str | None = None,
) -> tuple[str, Found]:
    """Propose a line of the consent ledger: a contact agrees (granted) or no longer agrees (withdrawn) to be contacted on a
    channel. ``source``: how they said so (a call, a form), where the message tells it."""
    return shown(record_consent(runtime.context, contact, status, channel, purpose, source))


TOOLS = [_record_consent]
