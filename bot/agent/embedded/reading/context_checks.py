"""What a reading's neighbours must look like for it to be believed."""

from calendar import monthrange
from collections.abc import Sequence

from bot.agent.embedded.reading.grammar import Node
from bot.agent.embedded.reading.tokens import Token
from bot.agent.embedded.reading.values import (
    Clock,
    ClockRange,
    Every,
    Length,
    PartOfDay,
    When,
)
from bot.agent.embedded.reading.vocabulary import MONTHS, UNITS, WEEKDAYS, listed

_PREPOSITIONS = listed(
    "in by since until before after during for of this next last through early late mid end from to between "
    "and on over throughout within till around about starting"
)
_TO_PEOPLE = listed(
    "mr mrs ms dr miss with to from hi hello hey thanks thank ask asked tell told call called email emailed ping cc met meet "
    "dear name named told by and contact"
)
_VERBS = listed(
    "said says say is was has had wants wanted will would asked asks called told thinks agreed sent replied "
    "confirmed mentioned needs need likes left joined owns i'll we he she they be have not also just can "
    "could"
)
_TITLES = listed("mr mrs ms dr prof")
# Months that are people too, weekdays that are words too, and what is done to a date "to May".
_ALSO_NAMES = listed("april may june august jan")
_ALSO_WORDS = listed("sat sun wed mon")
# What a short weekday may follow without a preposition, and what makes it a verb or a noun instead.
_DOING = listed("up back her him them me us it again due call ping email chase review today tomorrow")
_SUBJECTS = listed("we he she they i you it who that have has and the a an this to of cat sit sits in")
_DAY_PARTS = listed("am pm morning afternoon evening noon eod eve")
_POSTPONING = ("push", "mov", "slip", "delay", "exten", "postpon", "resched", "shift", "bump", "chang", "set", "slid")
# What is written "12/14" and is no date.
_NUMBERED = listed(
    "room score scored rated rating ratio got gave nps csat grade apt suite unit building page step phase version "
    "split ticket order invoice po case number sku id ref no nr article item part serial"
)
_DOMAINS = listed("com io ai net org de co app dev eu uk")
_OF_COMPANIES = listed(
    "inc ltd llc gmbh ag corp co plc sa labs lab group partners systems networks industries foods software technologies "
    "solutions bank energy media capital holdings studios island islands"
)
_MOVING = ("push", "mov", "slip", "delay", "postpon", "resched", "shift", "bump", "chang", "slid")
_NEVER = listed("haven't hasn't hadn't havent hasnt never nothing nobody noone not untouched without")
_MEASURED = listed("of mile miles inch inches cup cups pound lb the full done complete")
_AROUND_LUNCH = listed("early late later over around during after before")
_AUXILIARIES = listed("will can to would may might could should usually")
_FUNCTION_WORDS = listed(
    "at for with to is are was and or in but we i you he she it they works this was has its plus next last "
    "please if so then as about from until by on because since via per instead works too also , . ; : ! ? ) - "
    "…"
)


def believable(node: Node, tokens: Sequence[Token]) -> bool:
    """Whether a stretch may be read as a time where it stands."""
    value = node.value
    if _cut_short(node, tokens) or _inside_a_code(node, tokens) or _of_a_company(node, tokens) or _begins_a_comparison(node, tokens):
        return False
    before = tokens[node.start - 1] if node.start else None
    after = tokens[node.end] if node.end < len(tokens) else None
    match value:
        case When():
            return _when(value, node, tokens, before, after)
        case Length():
            return _length(node, tokens, after)
        case Clock():
            return not value.bare
        case ClockRange():
            return not value.start.bare
        case PartOfDay():
            return _part(before) or tokens[node.start].word in _AROUND_LUNCH
        case Every():
            return True
        case _:
            return False


def _begins_a_comparison(node: Node, tokens: Sequence[Token]) -> bool:
    """ "In 2025 year over year": the last word begins "year over year", and no stretch of 2025 years ends with it."""
    following = [token.word for token in tokens[node.end : node.end + 2]]
    last = tokens[node.end - 1].word
    return node.end - node.start > 1 and last in UNITS and len(following) == 2 and following[0] in ("over", "on") and following[1] == last


def _inside_a_code(node: Node, tokens: Sequence[Token]) -> bool:
    """Letters or figures are written on to it without a space: "H1N1", "W3C", "Q10x", "monday.com"."""
    follower = tokens[node.end] if node.end < len(tokens) else None
    last = tokens[node.end - 1].text
    if follower is not None and follower.glued and follower.text[:1].isalnum():
        return last[-1].isalnum() or follower.word in _DOMAINS
    first = tokens[node.start]
    return first.glued and first.text[:1].isalnum() and tokens[node.start - 1].text[-1:].isalnum()


def _of_a_company(node: Node, tokens: Sequence[Token]) -> bool:
    """ "Friday Labs", "Easter Island": a day that is the first word of a firm's or a place's name."""
    if (
        node.end >= len(tokens)
        or not isinstance(node.value, When)
        or node.value.grain not in ("day", "month", "season")
    ):
        return False
    follower = tokens[node.end]
    return (
        follower.word in _OF_COMPANIES
        and follower.text[:1].isupper()
        and tokens[node.end - 1].text[:1].isupper()
        and not follower.glued
    )


def _is_a_move(node: Node, tokens: Sequence[Token], first: str, previous: str) -> bool:
    """ "Moved from Tuesday to Thursday" names two days, no stretch."""
    if (
        "from" not in (first, previous)
        or not isinstance(node.value, When)
        or node.value.bound not in ("between", "from")
        or tokens[node.end - 1].word in ("on", "onward", "onwards", "forward")
    ):
        return False
    return any(token.word.startswith(_MOVING) for token in tokens[max(0, node.start - 6) : node.start])


def _is_no_day(node: Node, tokens: Sequence[Token], follower: str, previous: str) -> bool:
    """A month beside a day that it does not have ("Feb 30") is a slip, not the month."""
    if not isinstance(node.value, When) or tokens[node.end - 1].word not in MONTHS or node.end - node.start > 2:
        return False
    longest = monthrange(2024, MONTHS[tokens[node.end - 1].word])[1]
    beside = [int(word) for word in (follower, previous) if word.isdecimal() and len(word) < 3]
    return any(longest < day <= 31 for day in beside)


def looks_back(node: Node, tokens: Sequence[Token]) -> bool:
    """ "No activity in 3 weeks", "haven't heard in 10 days": a length of time that lies behind."""
    if node.pattern != "in <length>":
        return False
    earlier = [token.word for token in tokens[max(0, node.start - 4) : node.start]]
    return any(word in _NEVER for word in earlier) or ("no" in earlier and "." not in earlier and "," not in earlier)


def _when(value: When, node: Node, tokens: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    if value.needs == "":
        return True
    if value.needs == "range":
        return False
    first = tokens[node.start]
    previous = before.word if before is not None else ""
    if previous == "." and node.start > 1 and tokens[node.start - 2].word in _TITLES:
        previous = tokens[node.start - 2].word
    follower = after.word if after is not None else ""
    if first.word in ("the", "on") and node.pattern.endswith(
        ("<ordinal>", "on <number>", "on <small> - <small>", "on <small>")
    ):
        return _ends_well(after)
    if _is_name(after, follower) or follower in _VERBS:
        return False
    if first.word in _ALSO_NAMES and first.text[:1].isupper() and previous in _TO_PEOPLE:
        return previous == "to" and any(
            token.word.startswith(_POSTPONING) for token in tokens[max(0, node.start - 6) : node.start]
        )
    if value.needs == "preposition" or first.word in _ALSO_WORDS:
        in_sentence = before is not None and before.word not in (".", "!", "?")
        if first.word in _ALSO_WORDS and _due_then(first.word, previous, after):
            return True
        return previous in _PREPOSITIONS or (first.text[:1].isupper() and first.word in WEEKDAYS and in_sentence)
    return True


def _due_then(day: str, previous: str, after: Token | None) -> bool:
    """ "Follow up wed", "call her sat": a short weekday after what is to be done, where nothing else can follow."""
    if after is not None and not (after.word in _FUNCTION_WORDS or after.word in _DAY_PARTS):
        return False
    if previous in _DOING:
        return True
    return (
        after is None and day != "sat" and previous.isalpha() and previous not in _SUBJECTS and previous not in _VERBS
    )


def _ends_well(after: Token | None) -> bool:
    """Whether what follows a bare number lets it be a day or an hour, not a count of something."""
    return (
        after is None
        or after.word in _FUNCTION_WORDS
        or after.word.startswith("#")
        or (bool(after.values) and after.word not in UNITS)
    )


def _is_name(after: Token | None, follower: str) -> bool:
    """A capitalised word that is no month or weekday follows: "April Chen"."""
    return (
        after is not None
        and after.text[:1].isupper()
        and after.text[1:2].islower()
        and follower not in MONTHS
        and follower not in WEEKDAYS
        and follower.isalpha()
    )


def _length(node: Node, tokens: Sequence[Token], _after: Token | None) -> bool:
    """ "A second round" and "one month-end" are no lengths; "day one" neither."""
    words = [token.word for token in tokens[node.start : node.end]]
    return not (words[-1] == "second" and words[0] in ("a", "an", "one", "another"))


def _cut_short(node: Node, tokens: Sequence[Token]) -> bool:
    """Whether the words that follow take the end of the stretch for themselves, or the word before its beginning."""
    first, last = tokens[node.start].word, tokens[node.end - 1].word
    follower = tokens[node.end].word if node.end < len(tokens) else ""
    previous = tokens[node.start - 1].word if node.start else ""
    if _is_a_move(node, tokens, first, previous) or _is_no_day(node, tokens, follower, previous):
        return True
    if follower == "ago" or (last == "later" and follower in ("this", "in", "today", "on", "next")):
        return True
    if last in ("earlier", "later") and follower == "than":
        return True
    if node.pattern == "within <length>" and follower == "of":
        return True
    if last == "second" and node.end - node.start > 1 and tokens[node.end - 2].word in ("a", "one", "another"):
        return follower.isalpha() and follower not in _FUNCTION_WORDS
    if last in ("before", "after", "past", "to") and node.end < len(tokens) and tokens[node.end].values:
        return True
    if first.isdigit() and len(first) < 3 and previous in _NUMBERED:
        return True
    if first in ("#slash", "#yearmonth", "#compact") and (previous in _NUMBERED or previous in ("#", ":", "-")):
        return True
    if last == "#slash" and follower in _MEASURED:
        return True
    if last.isdigit() and len(last) < 3 and node.end - node.start > 1 and node.end < len(tokens):
        after = tokens[node.end]
        hour = tokens[node.end - 2].word in ("at", "@", "around")
        plural = after.text.isalpha() and len(after.text) > 3 and after.word.endswith("s") and not after.values
        if (plural or hour) and tokens[node.end - 2].word not in ("q", "h") and not _ends_well(after):
            return True
    return first == "last" and (previous in _AUXILIARIES or previous.endswith("n't"))


def _part(before: Token | None) -> bool:
    return before is not None and before.word in ("the", "in", "every", "at")


__all__ = ["believable"]
