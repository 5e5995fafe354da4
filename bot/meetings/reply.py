"""How a logged meeting reads: what it was, what it says with its quotes, what is left to confirm."""

import re
from dataclasses import dataclass
from datetime import date

from bot import wording
from bot.cards import Card, Citation, FollowUpsCard, Option, ProposalCard, ProposalView
from bot.meetings.attendees import Cast
from bot.meetings.extraction import ActionItem, Extraction, Statement
from bot.meetings.meeting import Meeting
from bot.meetings.review import citation
from bot.questions import Answer
from crm_store.people import Caller

_MARKUP = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›", "*": "", "`": "", "~": "", "_": " "})
_LONGEST = 220


class _Marks:
    """Citations in the order of their marks."""

    def __init__(self, interaction_id: str, subject: str, meeting: Meeting) -> None:
        self._about = (interaction_id, subject, meeting)
        self.found: list[Citation] = []

    def __call__(self, *quotes: Statement) -> str:
        marks = ""
        for quote in quotes:
            made = citation(quote, *self._about)
            if made not in self.found:
                self.found.append(made)
            marks += f"[{self.found.index(made) + 1}]"
        return marks


@dataclass(frozen=True)
class Written:
    """What became of a meeting: the proposal that logged it, the one that waits, whether it had been logged ``again``, and
    how many open deals it may be about where the words point to none."""

    interaction_id: str
    subject: str
    log: ProposalView
    rest: ProposalView | None
    again: bool
    open_deals: int


def logged(caller: Caller, meeting: Meeting, cast: Cast, found: Extraction, written: Written, today: date) -> Answer:
    """The answer to a dropped meeting."""
    rest = written.rest
    marks = _Marks(written.interaction_id, written.subject, meeting)
    lines = [_headline(meeting, cast, written, today)]
    lines += [f"• {_spoken(one)} {marks(one)}" for one in found.summary]
    ours = [one for one in found.actions if one.side == "us"]
    theirs = [one for one in found.actions if one.side == "them"]
    if ours:
        lines += ["*We do*", *(_item(one, marks, today, caller) for one in ours)]
    if theirs:
        lines += ["*They do*", *(_item(one, marks, today, caller) for one in theirs)]
    for one in found.sums[-1:]:
        lines.append(
            f"*Price named:* {wording.money(one.amount_minor, one.currency)} {marks(*one.quotes[:1])}"
            + ("" if one.agreed else ", not agreed.")
        )
    if found.days:
        dates = [
            f"{wording.day(one.day, today)}, “{_clipped(one.quote.text)}” {marks(one.quote)}" for one in found.days[-2:]
        ]
        lines.append(f"*Dates:* {'; '.join(dates)}")
    if found.rivals:
        lines.append(
            f"*Also named:* {wording.join([f'{plain(one.name)} {marks(one.quote)}' for one in found.rivals[:3]])}."
        )
    if cast.unclear:
        lines.append(
            f"_More than one contact fits {wording.join([plain(one) for one in cast.unclear])}, so I left the name as it was said._"
        )
    if written.open_deals:
        lines.append(
            f"_There are {written.open_deals} open deals and the words point to none of them, so none was touched._"
        )
    waiting = sum(item.status == "open" for item in rest.items) if rest else 0
    if waiting:
        lines.append(f"*{wording.plural(waiting, 'thing')} to confirm*, one by one or all.")
    elif rest is None:
        lines.append("Nothing in it asks for a task or a change.")
    cards: list[Card] = [ProposalCard(proposal=written.log)]
    proposals = [written.log]
    if rest is not None:
        cards.append(ProposalCard(proposal=rest))
        proposals.append(rest)
    if cast.account is not None:
        cards.append(
            FollowUpsCard(options=(Option(label="Latest", value=f"What is the latest on {cast.account.text}?"),))
        )
    return Answer(text="\n".join(lines), citations=tuple(marks.found), cards=tuple(cards), proposals=tuple(proposals))


def plain(text: str) -> str:
    """Words of a source inside our own text: without anything that could be taken for markup or a mark."""
    return re.sub(r"\s+", " ", text.translate(_MARKUP)).strip()


def _headline(meeting: Meeting, cast: Cast, written: Written, today: date) -> str:
    account = f" ({plain(cast.account.text)})" if cast.account else ""
    names = [plain(one.name) for one in cast.theirs]
    if len(names) > 4:
        names = [*names[:3], f"{len(names) - 3} more"]
    who = f" with {wording.join(names)}" if names else ""
    length = f", {max(1, round(meeting.duration_s / 60))} min" if meeting.duration_s else ""
    when = wording.day(meeting.at.date(), today) if meeting.at.date() != today else "today"
    return (
        f"*{'Already logged' if written.again else 'Logged'}: {plain(written.subject)}{who}{account}*, {when}{length}."
    )


def _spoken(one: Statement) -> str:
    return f"{plain(one.speaker)}: “{_clipped(one.text)}”" if one.speaker else f"“{_clipped(one.text)}”"


def _item(one: ActionItem, marks: _Marks, today: date, caller: Caller) -> str:
    due = f", *{wording.day(one.due, today)}*" if one.due else ""
    mine = (one.who is None and one.side == "us") or (one.who is not None and one.who.name == caller.name)
    who = "" if mine or one.who is None else f"{plain(one.who.name)}: "
    return f"• {who}{plain(one.what)}{due} {marks(*one.quotes)}"


def _clipped(text: str) -> str:
    text = plain(text)
    return text if len(text) <= _LONGEST else text[: text.rfind(" ", 0, _LONGEST)].rstrip(" ,;:") + "…"
