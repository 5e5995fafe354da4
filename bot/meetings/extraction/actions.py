"""Undertakings -> action items: settled by what was answered, dated, each once, the later word over the earlier."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.meetings.attendees import Cast, Known, Side
from bot.meetings.extraction.commitments import Undertaking, is_recap, undertakings
from bot.meetings.extraction.due import Due, due_in, without_due
from bot.meetings.extraction.facts import decides
from bot.meetings.extraction.statements import Statement, assents, refuses, reply_to
from bot.meetings.extraction.verbs import COMMON, HANDS_OVER, content_words

_CORRECTS = re.compile(
    r"\b(?:better|rather|instead|latest|make (?:it|that)|at the latest|actually|sorry|i mean|no,|not this|has to be|must be"
    r"|would be|not later than)\b",
    re.IGNORECASE,
)
_SPLIT_OBJECTS = re.compile(r",?\s+and\s+(?=(?:the|a|an|our|your|my|their|both|all)\b|[A-Z][\w-]+['’]s\b)")
_POLITE = re.compile(
    r"\b(?:please|as well|too|then|for sure|of course|if you like|if that helps|anyway|already)\b[ ,]*$", re.IGNORECASE
)
_CAUSE = re.compile(
    r",?\s+(?:because|so that|otherwise|although|though|just in case|in case)\b.*$|,\s+(?:so|not|they|it|that|which|who"
    r"|where|as|since|there)\b.*$"
    r"|,?\s+and (?:your|their|our|my|the|it|this|that|there)\b(?=.*\b(?:will|is|are|has|was)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_PRONOUN = re.compile(r"\b(?:your|yours|you|me|us|our|my)\b", re.IGNORECASE)
_DANGLING = re.compile(r"^\w+ (?:it|that|them|this|these|those|her|him)\b(?! \w+ly\b)|\b(?:it|that|this)$")
_HER = re.compile(r"^\s*(?:her|him)\b", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][\w-]+")
_OWN_WORD = re.compile(r"^(?:and |so |then )?(?:i|we|you)\b", re.IGNORECASE)
_LENGTH = re.compile(r"\b(\w+) (days?|weeks?|months?|hours?)\b", re.IGNORECASE)
_MOST_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class ActionItem:
    """``what`` says it as an order ("Send the offer"); ``side`` does it, ``who`` where one was named. ``promised`` says that we told
    the other side we would. ``quotes`` are the sentences it rests on, the settling one last."""

    what: str
    side: Side
    who: Known | None
    due: date | None
    quotes: tuple[Statement, ...]
    promised: bool
    words: frozenset[str]
    verb: str = ""


def action_items(all_said: tuple[Statement, ...], cast: Cast, at: datetime) -> tuple[ActionItem, ...]:
    """What both sides undertook, in the order in which it was said; ``at`` is the meeting's time in its own zone."""
    found: list[ActionItem] = []
    for said in all_said:
        if decides(said):
            continue
        for part in undertakings(said, cast):
            for one in _split(part, at):
                if _told_already(found, one, said, at):
                    continue
                item = _settled(one, said, all_said, cast, at)
                if item is not None:
                    _add(found, item)
                else:
                    _dated_later(found, one, said, at)
    return tuple(found)


def _split(part: Undertaking, at: datetime) -> list[Undertaking]:
    """ "The answers on Tuesday, and the summary by Friday" are two things with a day each."""
    pieces = _SPLIT_OBJECTS.split(part.rest)
    if len(pieces) < 2 or not all(due_in(piece, at) for piece in pieces):
        return [part]
    return [
        replace(part, rest=" " + piece.strip(), clause=piece.strip() if number else part.clause)
        for number, piece in enumerate(pieces)
    ]


def _settled(
    part: Undertaking, said: Statement, all_said: tuple[Statement, ...], cast: Cast, at: datetime
) -> ActionItem | None:
    if _to_those_present(part, cast):
        return None
    due = due_in(part.rest, at)
    in_clause = due or due_in(part.clause, at)
    day = in_clause.day if in_clause else None
    answer = reply_to(said, all_said)
    quotes = [said]
    if answer is not None and part.asked:
        if refuses(answer.text):
            return None
        if assents(answer.text):
            quotes.append(answer)
            answered = due_in(answer.text, at)
            day = answered.day if answered else day
    if part.asked and len(quotes) == 1 and day is None:
        return None
    listed = said.section == "actions" or part.verb == ""
    if not part.asked and not part.sure and not listed and not (day or is_recap(said)):
        return None
    if part.handed and day is None and not re.search(r"['’]ll|\b(?:will|shall|have)\b", part.clause):
        return None
    what = _what(part, due, said, all_said, cast)
    words = content_words(what)
    if not words - COMMON - content_words(part.verb) and not listed and (day is None or not _DANGLING.search(what)):
        return None
    enough = len(words - COMMON - content_words(part.verb)) >= 2
    if not enough and _DANGLING.search(what) and (context := _context(part, said, all_said)):
        what = f"{what} (“{context}”)"
    if part.asked is False and answer is not None and (shorter := _other_length(what, answer)):
        what = shorter
        quotes.append(answer)
    if (
        answer is not None
        and not part.asked
        and day is not None
        and len(answer.text.split()) <= 14
        and not _OWN_WORD.match(answer.text)
    ):
        moved = due_in(answer.text, at)
        if moved and moved.day != day and (_CORRECTS.search(answer.text) or len(answer.text.split()) <= 4):
            day = moved.day
            quotes.append(answer)
    who = part.who or (cast.find(answer.speaker) if answer is not None and part.asked and answer in quotes else None)
    return ActionItem(
        what,
        part.side,
        who if who is None or who.side == part.side else None,
        day,
        tuple(quotes),
        part.side == "us" and said.section == "",
        words,
        part.verb,
    )


def _other_length(what: str, answer: Statement) -> str:
    """ "Three days after the trial." "Two days." The length as the other one corrects it; empty when nobody does."""
    said, put = _LENGTH.search(what), _LENGTH.match(answer.text)
    if said is None or put is None or len(answer.text.split()) > 3 or said[2].rstrip("s") != put[2].rstrip("s"):
        return ""
    return f"{what[: said.start()]}{put[1].lower()} {put[2]}{what[said.end() :]}"


def _to_those_present(part: Undertaking, cast: Cast) -> bool:
    """Whether it is only told to a colleague who sits beside them."""
    first = part.rest.split()[:1]
    to = cast.find(first[0].strip(",.")) if first and part.verb in HANDS_OVER else None
    return to is not None and to.side == part.side and to in cast.known


def _told_already(found: list[ActionItem], part: Undertaking, said: Statement, at: datetime) -> bool:
    """ "You will have it by Tuesday" answers what was asked, or dates what the same person has just undertaken."""
    if not re.match(r"\s*(?:it|that|them|this)\b", part.rest):
        return part.handed and any(said in each.quotes for each in found)
    if any(said in each.quotes for each in found):
        return True
    if not part.handed:
        return False
    due = due_in(part.rest, at)
    for position in range(len(found) - 1, -1, -1):
        known = found[position]
        if known.quotes[-1].turn == said.turn and known.side == part.side:
            found[position] = replace(known, due=known.due or (due.day if due else None), quotes=(*known.quotes, said))
            return True
    return False


def _dated_later(found: list[ActionItem], part: Undertaking, said: Statement, at: datetime) -> None:
    """ "I count by Friday" gives the day of what was said a moment ago."""
    due = due_in(part.clause, at)
    for position in range(len(found) - 1, -1, -1):
        known = found[position]
        if (
            due
            and known.due is None
            and known.side == part.side
            and known.verb == part.verb
            and said.turn - known.quotes[-1].turn <= 4
        ):
            found[position] = replace(known, due=due.day, quotes=(*known.quotes, said))
            return


def _what(part: Undertaking, due: Due | None, said: Statement, all_said: tuple[Statement, ...], cast: Cast) -> str:
    rest = _named(without_due(part.rest, due), said, all_said, cast)
    rest = _CAUSE.sub("", rest)
    rest = _POLITE.sub("", rest.strip(" ,.;:!?")).strip(" ,.;:!?")
    rest = re.sub(r"\s+", " ", rest)
    rest = _reworded(rest, part, said, cast)
    if part.handed:
        rest = re.sub(r"^(?:that|this) (?=\w)", "the ", rest)
    text = f"{part.verb} {rest}".strip() if part.verb else rest
    text = " ".join(text.split()).replace(" ,", ",")
    if len(text) > _MOST_CHARACTERS:
        text = text[: text.rfind(" ", 0, _MOST_CHARACTERS)].rstrip(" ,;:") + "…"
    return text[:1].upper() + text[1:]


def _reworded(rest: str, part: Undertaking, said: Statement, cast: Cast) -> str:
    """The pronouns as our side would say them: what "you" and "me" are depends on who spoke and who does it."""
    if said.side is None or said.section == "actions":
        return rest
    swaps: dict[str, str]
    first = said.speaker.split()[0] if said.speaker else "them"
    match part.side, said.side:
        case "us", "us":
            swaps = {"your": "their", "you": _receiver(part, said, cast), "yours": "theirs"}
        case "us", "them":
            swaps = {"me": first, "us": "them", "our": "their", "my": f"{first}'s"}
        case "them", "them":
            swaps = {"your": "our", "you": "us", "yours": "ours", "my": "their", "our": "their"}
        case _:
            swaps = {"your": "their", "my": "our", "me": "us"}
    return " ".join(_PRONOUN.sub(lambda match: swaps.get(match.group().lower(), match.group()), rest).split())


def _context(part: Undertaking, said: Statement, all_said: tuple[Statement, ...]) -> str:
    """The words that "it" or "that" points back to: the clause or sentence before, else what the other one said last."""
    if part.before and len(part.before.split()) > 1:
        return _clip(part.before)
    here = [one for one in all_said if one.turn == said.turn]
    at = here.index(said)
    if at > 0 and content_words(here[at - 1].text):
        return _clip(here[at - 1].text)
    for turn in (said.turn - 1, said.turn - 2):
        earlier = [one for one in all_said if one.turn == turn and content_words(one.text)]
        if earlier:
            asked = any(one.text.endswith("?") for one in all_said if one.turn == turn - 1)
            return _clip((earlier[0] if asked else earlier[-1]).text)
    return ""


def _named(rest: str, said: Statement, all_said: tuple[Statement, ...], cast: Cast) -> str:
    """ "Her" and "him" by the name of the last one who was spoken of and is not there."""
    if not _HER.match(rest):
        return rest
    near = [one for one in all_said if said.turn - 4 <= one.turn <= said.turn]
    for one in reversed(near[: near.index(said)]):
        for word in reversed(_NAME.findall(one.text)):
            known = cast.find(word)
            if known is not None and known not in cast.known:
                return _HER.sub(f" {word}", rest, count=1)
    return rest


def _clip(text: str) -> str:
    text = text.strip(" .")
    return text if len(text) <= 70 else text[: text.rfind(" ", 0, 70)].rstrip(" ,;") + "…"


def _receiver(part: Undertaking, said: Statement, cast: Cast) -> str:
    """Who "you" is in our own promise: the only one of them, else nobody in particular."""
    theirs = [one for one in cast.theirs if one.name != said.speaker]
    return theirs[0].name if len(theirs) == 1 else "" if part.verb in HANDS_OVER else "them"


def _add(found: list[ActionItem], item: ActionItem) -> None:
    """Merge with what was said before of the same thing by the same side: the later day wins, both are quoted."""
    for at, known in enumerate(found):
        if known.side == item.side and _same(known, item):
            # The later wording wins where it says enough ("four log-ins", no longer five).
            longer = (
                item
                if len(_objects(item)) * 2 >= len(_objects(known)) and item.verb and "(“" not in item.what
                else known
            )
            quotes = tuple(dict.fromkeys([*known.quotes, *item.quotes]))[-3:]
            found[at] = replace(
                longer, due=item.due or known.due, quotes=quotes, who=known.who or item.who,
                promised=known.promised or item.promised, words=known.words | item.words,
            )  # fmt: skip
            return
    found.append(item)


def _same(one: ActionItem, other: ActionItem) -> bool:
    if one.who and other.who and one.who.name != other.who.name:
        return False
    first, second = _objects(one), _objects(other)
    if not first or not second:
        return one.words == other.words
    shared = len(first & second)
    if shared == min(len(first), len(second)) and shared == 1:
        return not one.verb or not other.verb or one.verb == other.verb or len(first) == len(second)
    return shared >= 2 and shared / min(len(first), len(second)) >= 0.6


def _objects(item: ActionItem) -> frozenset[str]:
    return item.words - COMMON
