"""A dropped meeting from end to end: read, recognised, logged at once, the rest proposed. Doing it twice does it once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.cards import Asked, Option
from bot.meetings.attendees import NO_ACCOUNT, Cast, recognise
from bot.meetings.extraction import extract
from bot.meetings.meeting import Meeting
from bot.meetings.reply import Written, logged
from bot.meetings.review import Reviewed, deal_meant, review
from bot.proposals import view
from bot.questions import Answer
from crm_store import changes
from crm_store.access import ScopedSession
from crm_store.changes import Draft
from crm_store.names import Names, names_for
from crm_store.people import Caller
from crm_store.queries import contacts, deals, interactions
from crm_store.queries.interactions import InteractionFilter
from crm_store.store import Store

NamesOf = Callable[[ScopedSession], Names]
_COMPARED = 200
_MOST_TRIES = 20


@dataclass(frozen=True)
class Intake:
    """Logs meetings for one store. ``currency`` is the reporting currency, for amounts without one."""

    store: Store
    currency: str
    names: NamesOf = names_for

    def log(
        self, caller: Caller, meeting: Meeting, *, account: str | None, thread: str, origin: str, now: datetime
    ) -> Answer:
        """Log a meeting as ``caller`` and propose what follows from it; a question when its account is unclear.

        :raises BadInput: when ``account`` names nothing the caller may see.
        """
        meeting = replace(meeting, at=meeting.at.astimezone(caller.zone))
        today = now.astimezone(caller.zone).date()
        with self.store.read(caller.scope) as session:
            names = self.names(session)
            cast = recognise(meeting, names, caller, account)
            if cast.asked is not None:
                return _asking(cast.asked, meeting)
            account_id = cast.account.id if cast.account else None
            open_deals = deals.open_deals(session, account_id, now=now) if account_id else ()
            currency = next((one.currency for one in open_deals if one.currency), self.currency)
            found = extract(
                meeting, cast, currency=currency, rivals_known=frozenset(one.text for one in names.of_kind("competitor")),
                not_rivals=_no_rivals(names, cast),
            )  # fmt: skip
            deal = deal_meant(
                meeting, open_deals, _roles(session, account_id, cast), {one.amount_minor for one in found.sums}
            )
            earlier = _by_a_colleague(session, account_id, meeting, caller)
        if earlier is not None:
            return earlier
        colleagues = {one.text: one for one in names.of_kind("person")}
        others = [one for one in open_deals if deal is not None and one.id != deal.id]
        reviewed = review(meeting, cast, found, deal, others, caller, colleagues)
        with self.store.write(caller.scope) as session:
            log_id, rest_id, interaction_id, again = _once(session, caller, meeting, reviewed, thread, origin, now)
        with self.store.read(caller.scope) as session:
            written = Written(
                interaction_id,
                reviewed.subject,
                view(session, log_id, caller.zone, today),
                view(session, rest_id, caller.zone, today) if rest_id else None,
                again,
                len(open_deals) if deal is None else 0,
            )
        return logged(caller, meeting, cast, found, written, today)


def _once(
    session: ScopedSession,
    caller: Caller,
    meeting: Meeting,
    reviewed: Reviewed,
    thread: str,
    origin: str,
    now: datetime,
) -> tuple[str, str | None, str, bool]:
    """Write the meeting and the proposal of the rest in one transaction, unless that was done before and not undone.

    Returns both proposals' ids, the interaction's, and whether it had been logged before.
    """
    for attempt in range(_MOST_TRIES):
        key = f"meeting:{caller.person_id}:{meeting.digest}" + (f":{attempt}" if attempt else "")
        log_id = changes.propose(
            session, person_id=caller.person_id, drafts=[reviewed.log], summary=f"Log the meeting: {reviewed.subject}"[:300], origin=origin,
            now=now, thread_id=thread, dedupe_key=key,
        )  # fmt: skip
        read = changes.read_proposal(session, log_id)
        mine = read.items[0].entity_id == reviewed.interaction_id
        if not mine and read.undone:
            continue
        changes.confirm(session, log_id, now=now, origin=origin)
        rest_id = None
        interaction_id = read.items[0].entity_id
        drafts = changes.permitted(session, reviewed.rest)
        rest = [_from(draft, interaction_id) for draft in drafts]
        if rest:
            rest_id = changes.propose(
                session, person_id=caller.person_id, drafts=rest, summary=f"From the meeting: {reviewed.subject}"[:300], origin=origin,
                now=now, thread_id=thread, dedupe_key=f"{key}:rest",
            )  # fmt: skip
        return log_id, rest_id, interaction_id, not mine
    raise RuntimeError("This meeting was logged and undone too often.")


def _from(draft: Draft, interaction_id: str) -> Draft:
    """The draft with the meeting that was really logged as its source."""
    return (
        replace(draft, values=dict(draft.values) | {"source_id": interaction_id})
        if "source_id" in draft.values
        else draft
    )


def _asking(asked: Asked, meeting: Meeting) -> Answer:
    """The question with options that say what to do, so that choosing one is enough."""
    short = meeting.digest[:12]
    options = [Option(label=one.label, value=f"File meeting {short} under {one.value}") for one in asked.options]
    options.append(Option(label="No account", value=f"File meeting {short} under {NO_ACCOUNT}"))
    text = f"{asked.text} Nothing is logged yet. Choose, or say “File meeting {short} under ‹account›”."
    return Answer(text=text, question=Asked(text=text, options=tuple(options)))


def _by_a_colleague(session: ScopedSession, account_id: str | None, meeting: Meeting, caller: Caller) -> Answer | None:
    """The same words may have been logged by somebody else, or imported."""
    if account_id is None:
        return None
    known = interactions.interactions(
        session, InteractionFilter(account_id=account_id, channel="meeting"), limit=_COMPARED
    )
    said = " ".join(turn.text for turn in meeting.turns).split()
    for one in known.rows:
        if one.owner_id != caller.person_id and " ".join(turn.text for turn in one.turns).split() == said:
            by = f" by {one.owner}" if one.owner else ""
            return Answer(
                text=f"*Already logged{by}:* {one.subject}, {one.at.astimezone(caller.zone):%d %b %Y}. Nothing was written again."
            )
    return None


def _roles(session: ScopedSession, account_id: str | None, cast: Cast) -> dict[str, int]:
    if account_id is None:
        return {}
    there = {one.id for one in cast.contacts}
    return Counter(role.deal_id for role in contacts.roles(session, account_id=account_id) if role.contact_id in there)


def _no_rivals(names: Names, cast: Cast) -> frozenset[str]:
    """Names that are no competitor's: the account, everyone known, our own company's people and products."""
    kinds: Any = ("contact", "person", "product")
    words = {part.lower() for kind in kinds for one in names.of_kind(kind) for part in one.text.split()}
    if cast.account:
        words |= {part.lower() for part in cast.account.text.split()} | {cast.account.text.lower()}
    return frozenset(words)
