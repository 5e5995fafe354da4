"""What a meeting says, field by field, each with the verbatim sentences it rests on. Rules over words, no model.

Nothing here reads or writes the record: text is data, whatever it asks for.
"""

from dataclasses import dataclass

from bot.meetings.attendees import Cast
from bot.meetings.extraction.actions import ActionItem, action_items
from bot.meetings.extraction.facts import NamedDay, Rival, Sum, days, decisions, objections, rivals, sums
from bot.meetings.extraction.statements import Statement, statements
from bot.meetings.extraction.summary import summary
from bot.meetings.meeting import Meeting


@dataclass(frozen=True, slots=True)
class Extraction:
    """``actions`` are in the order in which they were said; ``sums`` and ``days`` too, so that a later one corrects an
    earlier."""

    summary: tuple[Statement, ...]
    actions: tuple[ActionItem, ...]
    decisions: tuple[Statement, ...]
    sums: tuple[Sum, ...]
    days: tuple[NamedDay, ...]
    rivals: tuple[Rival, ...]
    objections: tuple[Statement, ...]


def extract(
    meeting: Meeting, cast: Cast, *, currency: str | None, rivals_known: frozenset[str], not_rivals: frozenset[str]
) -> Extraction:
    """Read a meeting whose cast is known. ``meeting.at`` must be in the zone its days are meant in."""
    said = statements(meeting, cast)
    actions = action_items(said, cast, meeting.at)
    decided = decisions(said)
    named = rivals(said, rivals_known, not_rivals)
    acted = {quote for one in actions for quote in one.quotes}
    return Extraction(
        summary=summary(said, set(decided), acted, [one.name for one in named]),
        actions=actions,
        decisions=decided,
        sums=sums(said, currency),
        days=tuple(one for one in days(said, meeting.at) if one.kind == "close" or one.quote not in acted),
        rivals=named,
        objections=objections(said),
    )


__all__ = ["ActionItem", "Extraction", "NamedDay", "Rival", "Statement", "Sum", "extract"]
