"""What a digest rests on, collected while it is written."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.agent.turn import Found
from bot.cards import Card, Citation, Figure
from bot.wording import day
from crm_store.reports import ReportSettings
from crm_store.reports.changed import Move

MOST_LINES = 8


@dataclass(frozen=True)
class Audience:
    """Whose records a digest is about: ``owner_ids`` is None for everyone the session may see; ``whose`` reads
    before a noun ("your team's"), ``by`` after a preposition ("your team")."""

    owner_ids: frozenset[str] | None
    whose: str
    by: str


@dataclass(frozen=True)
class Clock:
    """When it is, for the reader."""

    now: datetime
    today: date
    settings: ReportSettings


@dataclass
class Collected:
    """Lines, citations, figures and cards of one digest."""

    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    def mark(self, citation: Citation) -> str:
        """``[n]`` for a citation, the same one for the same quote of the same source."""
        for place, known in enumerate(self.citations):
            if (known.id, known.quote) == (citation.id, citation.quote):
                return f"[{place + 1}]"
        self.citations.append(citation)
        return f"[{len(self.citations)}]"

    def figure(self, label: str, value: int | float, unit: str) -> None:
        figure = Figure(label=label, value=value, unit=unit)
        if figure not in self.figures:
            self.figures.append(figure)

    def found(self) -> Found:
        return Found("\n".join(self.lines[:MOST_LINES]), tuple(self.citations), tuple(self.cards), tuple(self.figures))


def cite_move(move: Move, words: str, by: str | None, fallback: datetime) -> Citation:
    """The deal as the source of what happened to it."""
    return Citation(
        id=f"deal:{move.deal_id}", kind="deal", title=move.deal, quote=words, speaker=by, at=move.at or fallback
    )


def span_words(since: date, until: date, today: date) -> str:
    """``since Mon 16 Nov`` for a span that ends today, else ``Mon 9 Nov to Sun 15 Nov``."""
    return f"since {day(since, today)}" if until >= today else f"{day(since, today)} to {day(until, today)}"
