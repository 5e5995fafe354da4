"""An answer's text lists what a card below shows again, with buttons: in Slack it is shown once, on the card."""

import re
from collections.abc import Sequence

from bot.cards import Card, DealLineView, DealsCard, SuggestionsCard, TaskLine, TasksCard
from bot.marks import MARK, used
from bot.questions import Answer

_LISTED = re.compile(r"^\s*(?:[•*-]|\d+[.)])\s+")


def condensed(answer: Answer) -> Answer:
    """The answer with every listed line that a card repeats taken out of the text; its marks move to the card."""
    lines = answer.text.splitlines()
    cards: list[Card] = []
    for card in answer.cards:
        match card:
            case TasksCard() if _all_listed([line.title for line in card.tasks], lines):
                tasks = tuple(_marked_task(line, lines) for line in card.tasks)
                cards.append(card.model_copy(update={"tasks": tasks}))
                lines = _without([line.title for line in card.tasks], lines)
            case DealsCard() if _all_listed([deal.name for deal in card.deals], lines):
                deals = tuple(_marked_deal(deal, lines) for deal in card.deals)
                cards.append(card.model_copy(update={"deals": deals}))
                lines = _without([deal.name for deal in card.deals], lines)
            case SuggestionsCard() if _all_listed([line.title for line in card.suggestions], lines):
                cards.append(card)
                lines = _without([line.title for line in card.suggestions], lines)
            case _:
                cards.append(card)
    return answer.model_copy(update={"text": "\n".join(lines).strip(), "cards": tuple(cards)})


def marks_shown(answer: Answer, original: Answer) -> frozenset[int]:
    """Which citations a reader of the condensed answer meets; all of them when the original marked none."""
    if not used(original.text):
        return frozenset(range(1, len(answer.citations) + 1))
    titles = [line.title for card in answer.cards if isinstance(card, TasksCard) for line in card.tasks]
    titles += [deal.name for card in answer.cards if isinstance(card, DealsCard) for deal in card.deals]
    suggested = any(isinstance(card, SuggestionsCard) for card in answer.cards)
    lost = used(original.text) - used("\n".join((answer.text, *titles)))
    unmarked = frozenset() if not suggested else frozenset(lost)  # a suggestion carries buttons for its own sources
    return frozenset(range(1, len(answer.citations) + 1)) - unmarked


def _all_listed(titles: Sequence[str], lines: Sequence[str]) -> bool:
    return bool(titles) and all(_listing(title, lines) is not None for title in titles)


def _listing(title: str, lines: Sequence[str]) -> str | None:
    return next((line for line in lines if _LISTED.match(line) and title in line), None) if title.strip() else None


def _without(titles: Sequence[str], lines: Sequence[str]) -> list[str]:
    gone = {_listing(title, lines) for title in titles}
    return [line for line in lines if line not in gone]


def _marks(title: str, lines: Sequence[str]) -> str:
    found = " ".join(mark[0] for mark in MARK.finditer(_listing(title, lines) or ""))
    return f"{title} {found}".strip()


def _marked_task(line: TaskLine, lines: Sequence[str]) -> TaskLine:
    return line.model_copy(update={"title": _marks(line.title, lines)})


def _marked_deal(deal: DealLineView, lines: Sequence[str]) -> DealLineView:
    return deal.model_copy(update={"name": _marks(deal.name, lines)})
