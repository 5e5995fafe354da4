"""What is pointed at in the list that was shown before: "the second one", "number 2", "the last", "the other one".

The place becomes the name of what was shown there before anything else is read, so every request can be made of it ("draft a
mail to the second one", "why is number 3 stuck"). A task has no name that others know; it is looked up by :func:`nth`.
"""

import re
from collections.abc import Sequence

from bot.agent.memory import Memory, Said
from crm_store.names import Name, Names

_ORDER = {
    "first": 0, "1st": 0, "top": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "last": -1, "bottom": -1,
    "second last": -2, "second-last": -2, "second to last": -2, "last but one": -2, "next to last": -2,
}  # fmt: skip
_NOUNS = {
    "deal": "deal", "renewal": "deal", "opportunity": "deal", "opp": "deal", "task": "task", "to-do": "task", "todo": "task", "reminder": "task", "account": "account",
    "customer": "account", "client": "account", "company": "account", "prospect": "account", "contact": "contact", "person": "contact", "guy": "contact", "lady": "contact", "fella": "contact", "chap": "contact", "bloke": "contact", "man": "contact", "woman": "contact",
}  # fmt: skip
_PLACE = "|".join(_ORDER)
_DIGITS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NTH = re.compile(
    rf"\b(?:the |that |this |my )?(?P<place>second[- ]last|second to last|last but one|next to last|{_PLACE}) (?P<noun>ones?|item|thing|suggestion|action|point|{'|'.join(_NOUNS)})\b(?! (?:i|we|that|who|which) )"
    rf"|\b(?:the )?(?P<bare>{_PLACE})(?='s\b|$|[,.?!;:]| (?:is|has|was|can|should|to (?!last|the)|by|for|and|too|as|on|out|off|down|up|until|till|next|done|now|please|with)\b)(?<!\bat first)(?<!\bat last)(?<!on top)"
    rf"|(?<!\w)(?:the )?(?:number|item|line|row|option|no\.?|nr\.?|#) ?(?P<digit>\d|{'|'.join(_DIGITS)})\b(?! ?(?:days?|weeks?|k\b|%))"
    r"|\b(?P<middle>(?:the )?middle one|(?:the )?one in the middle|the middle (?:deal|account|contact|task))\b"
    r"|\bthe (?P<other>other) (?:one|deal|account|contact|task)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(
    r"^(?:(?:and|ok|so|then|now|open|show|show me|take|details? (?:on|of|for)|tell me (?:more )?about|more (?:on|about)|about|do) )*(?P<only>\d)(?: (?:please|pls|then|now|thanks))*[\s.!?]*$"
    r"|^(?:(?:and|ok|so|then|now) )*(?P<leads>\d)(?= (?:is|was|has|just|now|goes|went|closes|slipped|signed|should|needs|to|in|at|->|=) \S)",
    re.IGNORECASE,
)
"""A place by its bare number, where the number can be nothing else."""
_SEVERAL = re.compile(
    r"\b(?:the )?(?:(?P<end>first|top|last|bottom) (?P<count>two|three|four|2|3|4)(?: (?:ones|deals|accounts|contacts))?|(?:number|no\.?|nr\.?|#)? ?(?P<one>\d) (?:and|&|\+) (?:number |no\.? ?|nr\.? ?|#)?(?P<two>\d)(?! ?(?:k\b|%|days?|weeks?|months?|hours?)))(?! (?:days?|weeks?|months?|quarters?|years?)\b)"
    r"|\b(?:the )?(?P<first>first|second|third|fourth) and (?:the )?(?P<second>second|third|fourth|last)(?: ones?)?\b",
    re.IGNORECASE,
)
_WORDED = re.compile(r"\b(?:the |that )(?P<words>(?:[\w&'.-]+ ){1,3}?)(?:one|deal)\b(?! (?:that|who|which|i|we|of|on|at|with|in|for)\b)|\bthe (?:one|deal) (?:with|from|for|at|of) (?P<whose>[A-Z][\w&'.-]*(?: [A-Z&][\w&'.-]*){0,2})", re.IGNORECASE)
_EXTREMES = {"biggest": -1, "bigger": -1, "largest": -1, "larger": -1, "highest": -1, "smallest": 0, "smaller": 0, "cheaper": 0, "cheapest": 0, "lower": 0, "lowest": 0}
_STATES = re.compile(r"'s(?= (?:in|at|on|gone|now|been|ready|moved|dead|won|lost|slipp\w+|pushed|going|just|already|still|not|over|signed|down|up|worth|closing|stuck|\d))")
_WHY = re.compile(r"^(?:and |so |but |ok )?(?:why|how come)\b", re.IGNORECASE)
_NAMED = frozenset({"account", "contact", "deal", "person"})


def named(text: str, memory: Memory, names: Names) -> tuple[str, Name | None]:
    """The message with the name of what it points at in its place, and what that is; a task has no name that others know."""
    if not memory.shown or (memory.open_call is not None and memory.options):  # then it is one of the options that is pointed at
        return text, None
    together = _together(text, memory)
    if together is not None:
        return together, None
    match = _NTH.search(text)
    item = None if match is None else _item(match, memory)
    if match is None or item is None:
        match = _DIGIT.search(text) if memory.just_shown else None
        item = None if match is None else _at(int(match.group("only") or match.group("leads")), memory)
        match, item = (match, item) if item is not None else _by_words(text, memory, names)
    if match is None or item is None:
        return text, None
    if _WHY.match(text) and memory.calls and memory.calls[-1].tool == "next_actions":
        return text, None  # asks for the reasons of a suggestion, which is told by its place
    name = names.get(item.id)
    if name is None or name.kind not in _NAMED:
        return text, None
    start, end = match.span("only") if match.re is _DIGIT and match.group("only") else match.span("leads") if match.re is _DIGIT else match.span()
    tail = " is" if match.re is _NTH and (match.group("noun") or "").lower() == "ones" else ""
    return f"{text[:start]}{name.text}{tail}{_STATES.sub(' is', text[end:], count=1) if text[end:].startswith(chr(39)) else text[end:]}", name


def _together(text: str, memory: Memory) -> str | None:
    """The message with the names of several things in place of "the first two", where all of them are shown deals or accounts."""
    match = _SEVERAL.search(text)
    if match is None or len({one.kind for one in memory.shown}) != 1 or memory.shown[0].kind not in ("deal", "account"):
        return None
    if match.group("end"):
        count = _DIGITS.get(match.group("count").lower()) or int(match.group("count"))
        found = memory.shown[:count] if match.group("end").lower() in ("first", "top") else memory.shown[-count:]
        if len(memory.shown) < count:
            return None
    else:
        places = [int(match.group("one")) - 1, int(match.group("two")) - 1] if match.group("one") else [_ORDER[match.group(part).lower()] for part in ("first", "second")]
        if not all(place < len(memory.shown) for place in places) or -1 in places[:1]:
            return None
        found = tuple(memory.shown[place] for place in places)
    return f"{text[: match.start()]}{' and '.join(one.name for one in found)}{text[match.end() :]}"


def _at(place: int, memory: Memory) -> Said | None:
    return memory.shown[place - 1] if 0 < place <= len(memory.shown) else None


def _by_words(text: str, memory: Memory, names: Names) -> tuple[re.Match[str] | None, Said | None]:
    """ "The Quanta one", "the bigger one": the one thing on the list that is called so, or is the largest of it."""
    for match in _WORDED.finditer(text):
        words = (match.group("words") or match.group("whose")).lower().split()
        if len(words) == 1 and words[0] in _EXTREMES:
            best = extreme(words[0], [one.id for one in memory.shown], names)
            found = next((one for one in memory.shown if one.id == best), None)
        else:
            called = [one for one in memory.shown if all(_called(word, one, names) for word in words)]
            found = called[0] if len(called) == 1 else None
        if found is not None:
            return match, found
    return None, None


def extreme(word: str, ids: Sequence[str], names: Names) -> str | None:
    """The smallest or the largest of some deals, where every amount is known, in one currency, and no two are alike."""
    deals = [name for one in ids if (name := names.get(one)) is not None and name.kind == "deal" and name.amount_minor is not None]
    amounts = {name.amount_minor for name in deals}
    if word not in _EXTREMES or len(deals) != len(ids) or len({name.currency for name in deals}) > 1 or len(amounts) < len(deals):
        return None
    return sorted(deals, key=lambda name: name.amount_minor or 0)[_EXTREMES[word]].id


def _called(word: str, item: Said, names: Names) -> bool:
    name = names.get(item.id)
    account = names.get(name.account_id) if name is not None and name.account_id else None
    held = f"{item.name} {account.text if account is not None else ''}".lower()
    return re.search(rf"\b{re.escape(word.removesuffix(chr(39) + 's'))}\b", held) is not None


def hidden(text: str, memory: Memory) -> tuple[int, int] | None:
    """Where a task is pointed at, which must not be read as a stretch of time ("the last one to Friday")."""
    match = _NTH.search(text) if memory.shown else None
    return None if match is None or _item(match, memory) is None else match.span()


def nth(text: str, memory: Memory, *kinds: str) -> Said | None:
    """What of these kinds was shown at the place that the words point at; None where they point at none."""
    match = _NTH.search(text)
    item = None if match is None else _item(match, memory, *kinds)
    return item if item is not None and (not kinds or item.kind in kinds) else None


def _item(match: re.Match[str], memory: Memory, *kinds: str) -> Said | None:
    noun = _NOUNS.get((match.group("noun") or "").lower())
    wanted = (noun,) if noun is not None else kinds if kinds else ()
    items = [one for one in memory.shown if not wanted or one.kind in wanted]
    if match.group("other"):
        newest = memory.subjects[0] if memory.subjects else None
        rest = [one for one in items if newest is None or one.id != newest.id]
        return rest[0] if len(items) == 2 and len(rest) == 1 else None
    if match.group("middle"):
        return items[len(items) // 2] if len(items) % 2 else None
    place, digit = match.group("place") or match.group("bare"), (match.group("digit") or "").lower()
    at = _ORDER[place.lower()] if place else _DIGITS.get(digit) or int(digit)
    at = at if place else at - 1
    return items[at] if -len(items) <= at < len(items) else None
