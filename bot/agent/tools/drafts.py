"""A first draft of an e-mail to a contact, from the record alone: what was last exchanged, what they said, and what we owe.

Nothing is sent: the words are for a person to read, change and send from their own mailbox. Every sentence that says what
happened has its source.
"""

import re
from datetime import date

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_consent, cite_contact, cite_interaction, cite_task
from bot.agent.tools.gist import Sentence, informative
from bot.agent.tools.resolving import account_of, asking, contact_of
from bot.agent.tools.shaping import (
    account_subject,
    cite_touch,
    contact_subject,
    deal_subject,
    finished,
    follow_ups,
    local_day,
    shown,
)
from bot.agent.turn import Found, Turn
from crm_store.access import ScopedSession
from crm_store.queries import contacts, deals, interactions, tasks
from crm_store.queries.contacts import ConsentFacts, ContactFacts
from crm_store.queries.interactions import InteractionFacts, InteractionFilter
from crm_store.queries.tasks import TaskFacts, TaskFilter

_LOOKED_AT = 12
_OWED = 2
"""More promises than these belong in a call, not in an e-mail."""
_THANKED = 60
"""After so many days an e-mail no longer thanks for the last exchange."""
_EXCHANGES = {"call": "the call", "meeting": "the meeting", "event": "the time", "chat": "your message"}


@asking
def draft_email(turn: Turn, contact: str | None = None, account: str | None = None, topic: str | None = None) -> Found:
    """A draft to a contact, or to whom we last dealt with at an account; ``topic`` is what it shall be about."""
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        to = contact_of(session, turn, contact, account_id=known.id if known else None) if contact else None
        if to is None and known is not None:
            to = _last_dealt_with(session, turn, known.id)
        if to is None:
            where = known.name if known else "that account"
            return finished(f"I see nobody at {where} to write to. Say whom the e-mail is for.", Sources())
        ledger = contacts.consents(session, to.id, now=turn.now)
        wanted = InteractionFilter(contact_id=to.id, until=turn.now, with_internal=False)
        touches = interactions.interactions(session, wanted, limit=_LOOKED_AT).rows
        owed = tasks.tasks(session, TaskFilter(kind="promise", status="open", contact_id=to.id)).rows
        open_deals = deals.open_deals(session, to.account_id, now=turn.now) if to.account_id else ()
    sources = Sources()
    subjects = [contact_subject(to)]
    if known is not None:
        subjects.append(account_subject(known))
    refused = _refused(to, ledger, turn.today, sources)
    if refused is not None:
        return finished(refused, sources, *subjects)
    deal = next((one for one in open_deals if one.owner_id == turn.caller.person_id), next(iter(open_deals), None))
    if deal is not None:
        subjects.append(deal_subject(deal))
    about = _about(touches, topic)
    lines = [f"Hi {to.name.split()[0]},", *_opening(touches, turn, sources)]
    if about is not None:
        mark = sources.mark(cite_interaction(about.source, about.text, about.speaker))
        lines.append(f"You said on {_day(turn, about.source)}: “{about.text}” {mark}")
    lines += [_owed(task, to, turn, sources) for task in owed[:_OWED]]
    lines.append("Would a short call this week suit you? Tell me a time, and I will send the invitation.")
    lines.append(f"Best regards\n> {turn.caller.name}")
    subject = topic or (deal.name if deal is not None else next((one.subject for one in touches), "Our last talk"))
    reach = f" ({to.email})" if to.email else "; no e-mail address is recorded"
    head = f"**A draft to {to.name}**{reach}. Nothing is sent: change it and send it from your mailbox."
    body = "\n>\n> ".join(lines)
    if not touches:
        head += f" No exchange with {to.name} is recorded, so it is thin."
    sources.cards.append(
        follow_ups(
            ("May I write?", f"May I send {to.name} marketing e-mail?"), ("Timeline", f"Show the timeline of {to.name}")
        )
    )
    return finished(f"{head}\n\n> Subject: {subject[:1].upper()}{subject[1:]}\n>\n> {body}", sources, *subjects)


def _last_dealt_with(session: ScopedSession, turn: Turn, account_id: str) -> ContactFacts | None:
    wanted = InteractionFilter(account_id=account_id, until=turn.now, with_internal=False)
    for touch in interactions.interactions(session, wanted, limit=_LOOKED_AT).rows:
        for one in touch.participants:
            if one.contact_id is not None:
                found = contact_of(session, turn, one.contact_id)
                if found.left_on is None and not found.do_not_contact:
                    return found
    return None


def _refused(to: ContactFacts, ledger: tuple[ConsentFacts, ...], today: date, sources: Sources) -> str | None:
    """Why no e-mail is drafted, even about their own business; marketing is a matter of its own."""
    why = None
    line = next((one for one in ledger if (one.channel, one.purpose) == ("email", "service")), None)
    if to.do_not_contact:
        why = f"they asked not to be contacted {sources.mark(cite_contact(to, 'Do not contact'))}"
    elif to.left_on is not None and to.left_on <= today:
        mark = sources.mark(cite_contact(to, f"Left on {to.left_on.isoformat()}"))
        why = f"they left {to.account or 'the company'} on {wording.day(to.left_on, today)} {mark}"
    elif line is not None and line.status == "withdrawn":
        why = f"they withdrew their consent to e-mail even about their own business {sources.mark(cite_consent(to, line))}"
    return f"**No draft to {to.name}:** {why}." if why else None


def _about(touches: tuple[InteractionFacts, ...], topic: str | None) -> Sentence | None:
    """What they said of the topic, in their own words; without a topic what they told us last."""
    lately = touches if topic else touches[:1]
    said = [one for one in informative(lately, focus=topic, per_source=2) if one.ours is False and one.direct]
    return max(said, key=lambda one: (one.score if topic else 0.0, one.source.at), default=None)


def _opening(touches: tuple[InteractionFacts, ...], turn: Turn, sources: Sources) -> list[str]:
    last = next(iter(touches), None)
    if last is None:
        return ["I would like to introduce myself: I look after you at our company."]
    mark = sources.mark(cite_touch(last))
    if (turn.today - local_day(turn, last.at)).days > _THANKED:
        return [f"it has been a while since we were last in touch on {_day(turn, last)} {mark}."]
    if last.channel == "email" and last.direction == "outbound":
        return [f"I am coming back to my e-mail of {_day(turn, last)}, “{last.subject}” {mark}."]
    thing = "your e-mail" if last.channel == "email" else _EXCHANGES.get(last.channel, "the exchange")
    return [f"thank you for {thing} of {_day(turn, last)}, “{last.subject}” {mark}."]


def _owed(task: TaskFacts, to: ContactFacts, turn: Turn, sources: Sources) -> str:
    by = f", promised for {task.due.day} {task.due:%B}" if task.due is not None else ""
    sorry = " I am late with it, and sorry." if task.overdue_days(turn.today) else ""
    return f"Still open on my side{by}: {to_you(task.title, to.name)} {sources.mark(cite_task(task))}.{sorry}"


def to_you(title: str, name: str) -> str:
    """A task about somebody, said to them: "Send Mara Lindqvist the report" becomes "send you the report"."""
    names = "|".join(re.escape(one) for one in (name, *name.split()) if len(one) > 2)
    called = rf"(?:(?:Mr|Mrs|Ms|Dr)\.? )?(?:{names})"
    said = re.sub(rf"\b{called}['’]s\b", "your", title)
    said = re.sub(rf"\b{called}\b", "you", said)
    return (said[:1].lower() + said[1:]).rstrip(".")


def _day(turn: Turn, touch: InteractionFacts) -> str:
    day = local_day(turn, touch.at)
    return f"{day.day} {day:%B}" + ("" if day.year == turn.today.year else f" {day.year}")


@tool("draft_email", response_format="content_and_artifact")
def _draft_email(
    runtime: ToolRuntime[Turn], contact: str | None = None, account: str | None = None, topic: str | None = None
) -> tuple[str, Found]:
    """Draft an e-mail to a contact (or to whom we last dealt with at an account) from the record. Nothing is sent."""
    return shown(draft_email(runtime.context, contact, account, topic))


TOOLS = [_draft_email]
