"""From drafts to a reply with a card to confirm. Nothing is written before somebody confirms."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot import proposals, wording
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Card, ProposalCard
from crm_store.changes import Draft
from crm_store.errors import Invalid, NotVisible


def proposed(
    turn: Turn, drafts: Sequence[Draft], summary: str, text: str, *subjects: Subject, cards: Sequence[Card] = ()
) -> Found:
    """The reply that asks for a confirm. What the record refuses is said in its own words, and nothing waits then."""
    try:
        view = proposals.propose(turn, drafts, summary)
    except (Invalid, NotVisible) as error:
        return Found(str(error), subjects=subjects)
    about = (*subjects, Subject("proposal", view.id, view.summary))
    return Found(text, cards=(ProposalCard(proposal=view), *cards), proposals=(view,), subjects=about)


def message_evidence(turn: Turn) -> tuple[dict[str, object], ...]:
    """The person's own message, as the reason for what they ask for."""
    return ({"kind": "message", "text": turn.message, "citation": None},) if turn.message else ()


def change_words(label: str, old: str | None, new: str) -> str:
    """``stage Proposal → Negotiation``; ``(was: …)`` is only shown where there was something."""
    return f"{label} {old} → **{new}**" if old else f"{label} → **{new}**"


def day_words(day: date | None, turn: Turn) -> str:
    return wording.day(day, turn.today) if day else "none"


def aware(at: datetime | None, turn: Turn) -> datetime:
    """The moment meant, in UTC: now when none was given, the person's own time where no zone was."""
    if at is None:
        return turn.now.astimezone(UTC)
    return (at if at.tzinfo else at.replace(tzinfo=turn.caller.zone)).astimezone(UTC)
