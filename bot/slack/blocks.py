"""An answer as Slack messages: pure and total, one function per kind of card.

Nothing here reads the record or the clock. A picture must have been uploaded before (``pictures`` maps the position
of a chart among the cards to its file id); without one the chart becomes a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from zoneinfo import ZoneInfo

from bot import cards
from bot.cards import Asked, Card, Citation, Option
from bot.questions import Answer
from bot.slack import blocks_proposals, blocks_records, blocks_suggestions, kit
from bot.slack.anchors import anchor
from bot.slack.condensing import condensed, marks_shown
from bot.slack.fitting import fit
from bot.slack.kit import Json, Message
from bot.slack.text import escape, plain, shorten, strong, to_mrkdwn
from bot.slack.verbs import Verb, action

FALLBACK = 2_800
MOST_SOURCES = 50
MOST_LEAD = 1_500
SPOKEN = ("call", "meeting", "email", "chat", "social", "event", "note", "survey")


@dataclass(frozen=True)
class Viewer:
    """Who looks: their zone and the day it is for them."""

    zone: ZoneInfo
    today: date


def render(
    answer: Answer, viewer: Viewer, *, chosen: str = "", pictures: Mapping[int, str] | None = None
) -> list[Message]:
    """The messages that show an answer. ``chosen`` is the label of the button that asked, shown above it."""
    shown = condensed(answer)
    blocks: list[Json] = [kit.context(f"↳ {escape(shorten(plain(chosen), 200))}")] if chosen else []
    lead = _lead(shown)
    if shown.text and not lead:
        blocks.append(kit.markdown(strong(shown.text)))
    rest = below(shown, viewer, marks=marks_shown(shown, answer), pictures=pictures, lead=lead)
    return fit(Message(fallback(answer), tuple(blocks + rest)))


def _lead(answer: Answer) -> str:
    """The words of an answer that is one waiting proposal: they belong to its card, and go when it is decided."""
    first = answer.cards[0] if answer.cards else None
    alone = len(answer.proposals) <= 1 and isinstance(first, cards.ProposalCard) and first.proposal.status == "open"
    return answer.text if alone and len(answer.text) <= MOST_LEAD else ""


def below(
    answer: Answer,
    viewer: Viewer,
    *,
    marks: frozenset[int],
    pictures: Mapping[int, str] | None = None,
    lead: str = "",
) -> list[Json]:
    """Everything that stands under the answer's text; ``marks`` are the citations that get a button. ``lead`` is the
    text where it stands in the first card."""
    blocks = sources(answer.citations, "answer", marks)
    for position, card in enumerate(answer.cards):
        if lead and position == 0 and isinstance(card, cards.ProposalCard):
            blocks = blocks_proposals.proposal(card.proposal, viewer.zone, viewer.today, lead=lead) + blocks
        else:
            blocks += card_blocks(card, viewer, str(position), picture=(pictures or {}).get(position))
    shown = {card.proposal.id for card in answer.cards if isinstance(card, cards.ProposalCard)}
    for proposal in answer.proposals:
        if proposal.id not in shown:
            blocks += blocks_proposals.proposal(proposal, viewer.zone, viewer.today)
    if answer.question is not None:
        blocks += asked(answer.question, said=answer.text)
    return blocks


def card_blocks(card: Card, viewer: Viewer, where: str, *, picture: str | None = None) -> list[Json]:
    """One card; ``where`` keeps its action ids apart from those of other cards in the message."""
    match card:
        case cards.PeopleCard():
            return blocks_records.people(card, viewer.today)
        case cards.DealsCard():
            return blocks_records.deals(card, viewer.today)
        case cards.TimelineCard():
            return blocks_records.timeline(card, viewer.zone, viewer.today)
        case cards.TasksCard():
            return blocks_suggestions.tasks(card, viewer.today)
        case cards.BriefCard():
            return blocks_records.brief(card)
        case cards.TableCard():
            return blocks_records.table(card)
        case cards.ChartCard():
            return blocks_records.chart(card, picture)
        case cards.PassagesCard():
            return blocks_records.passages(card, viewer.zone, viewer.today, where)
        case cards.SuggestionsCard():
            return blocks_suggestions.suggestions(card)
        case cards.ProposalCard():
            return blocks_proposals.proposal(card.proposal, viewer.zone, viewer.today)
        case cards.FollowUpsCard():
            return ask_buttons(card.options, f"follow_up.{where}")
        case cards.NoticeCard():
            return blocks_records.notice(card)
    assert_never(card)


def sources(citations: Sequence[Citation], where: str, marks: frozenset[int]) -> list[Json]:
    """A row of buttons ``[1] call: ‹who›``; each opens its passage."""
    return kit.actions(
        kit.button(f"[{number}] {_origin(citation)}", action(Verb.SOURCE, where, str(number)), anchor(citation))
        for number, citation in enumerate(citations[:MOST_SOURCES], start=1)
        if number in marks
    )


def _origin(citation: Citation) -> str:
    """What tells a source from the others: who spoke, the record's name, or a task's words."""
    named = citation.quote if citation.kind == "task" else citation.title
    what = (citation.speaker or named) if citation.kind in SPOKEN else (named or citation.speaker)
    return f"{citation.kind}: {shorten(plain(what), 45)}" if what else citation.kind


def asked(question: Asked, *, said: str) -> list[Json]:
    """What has to be known first, with one button per option; its words only where the text lacks them."""
    words = [] if question.text.strip() in said else [kit.section(to_mrkdwn(question.text))]
    return words + ask_buttons(question.options, "option")


def ask_buttons(options: Sequence[Option], where: str) -> list[Json]:
    """Buttons that say something for the person who presses them."""
    return kit.actions(
        kit.button(option.label, action(Verb.ASK, where, str(number)), option.value)
        for number, option in enumerate(options[:25])
    )


def fallback(answer: Answer) -> str:
    """What a notification shows: the text, or the title of the first card."""
    text = answer.text or next((title for card in answer.cards if (title := getattr(card, "title", ""))), "")
    return shorten(escape(plain(text)), FALLBACK) or "Here is what I found."
