"""What is pointed at in the list that was shown before: "the second one", "number 2", "the last", "the other one".

The place becomes the name of what was shown there before anything else is read, so every request can be made of it ("draft a
mail to the second one", "why is number 3 stuck"). A task has no name that others know; it is looked up by :func:`nth`.
"""

import re

from bot.agent.memory import Memory, Said
from crm_store.names import Name, Names

_ORDER = {
    "first": 0, "1st": 0, "top": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "last": -1, "bottom": -1,
}  # fmt: skip
_NOUNS = {
    "deal": "deal", "renewal": "deal", "opportunity": "deal", "opp": "deal", "task": "task", "to-do": "task", "todo": "task", "reminder": "task", "account": "account",
    "customer": "account", "client": "account", "company": "account", "prospect": "account", "contact": "contact", "person": "contact", "guy": "contact", "lady": "contact",
}  # fmt: skip
_PLACE = "|".join(_ORDER)
_DIGITS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NTH = re.compile(
    rf"\b(?:the |that |this |my )?(?P<place>{_PLACE}) (?P<noun>ones?|item|thing|suggestion|action|point|{'|'.join(_NOUNS)})\b(?! (?:i|we|that|who|which) )"
    rf"|\b(?:the )?(?P<bare>{_PLACE})(?='s\b|$|[,.?!;:]| (?:is|has|was|can|should|to (?!last|the)|by|for|and|too|as|on|out|off|down|up|until|till|next|done|now|please|with)\b)(?<!\bat first)(?<!\bat last)(?<!on top)"
    rf"|\b(?:the )?(?:number|no\.?|nr\.?|#) ?(?P<digit>\d|{'|'.join(_DIGITS)})\b(?! ?(?:days?|weeks?|k\b|%))"
    r"|\b(?P<middle>(?:the )?middle one|(?:the )?one in the middle|the middle (?:deal|account|contact|task))\b"
    r"|\bthe (?P<other>other) (?:one|deal|account|contact|task)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"^(?:and |so |but |ok )?(?:why|how come)\b", re.IGNORECASE)
_NAMED = frozenset({"account", "contact", "deal", "person"})


def named(text: str, memory: Memory, names: Names) -> tuple[str, Name | None]:
    """The message with the name of what it points at in its place, and what that is; a task has no name that others know."""
    match = _NTH.search(text) if memory.shown else None
    item = None if match is None else _item(match, memory)
    if match is None or item is None:
        return text, None
    if _WHY.match(text) and memory.calls and memory.calls[-1].tool == "next_actions":
        return text, None  # asks for the reasons of a suggestion, which is told by its place
    name = names.get(item.id)
    if name is None or name.kind not in _NAMED:
        return text, None
    tail = " is" if (match.group("noun") or "").lower() == "ones" else ""
    return f"{text[: match.start()]}{name.text}{tail}{text[match.end() :]}", name


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
