"""Several talks told in one message: "called Rashid (no answer), met Grace, wants new pricing, and emailed Ingrid the SLA".

Each that names somebody else is an entry of its own; what is said behind it belongs to it.
"""

import re

from bot.agent.embedded.sentence import Sentence

_VERB = r"(?:called|rang|phoned|tried|met(?: with)?|saw|visited|emailed|mailed|messaged|texted|whatsapped|pinged|(?:spoke|talked|chatted|caught up|had (?:a |an )?(?:quick |short |good |long )?(?:call|chat|meeting|lunch|coffee|demo)) (?:to|with)|sent|left)"
_SAID_FIRST = r"(?:(?:i|we|have|just|then|also|later|first|finally|quickly|and|so) )*"
_ENTRY = rf"{_SAID_FIRST}{_VERB} (?:CONTACT|ACCOUNT)\b"
_FIRST = re.compile(rf"(?:^|[:,;.]\s*|\band ){_ENTRY}")
_ANOTHER = re.compile(rf"(?:\s*[,;.\n]+\s*|\s+(?=(?:and|then|plus)\s))(?:(?:and|then|also|plus)\s+)*(?={_ENTRY})")
_ANNOUNCED = re.compile(
    rf"^(?:(?:DATE|my|the|quick|short|end|of|day|daily|today|from|for|here is|a|ok|so)(?:'s)? )*(?:dump|update|recap|summary|wrap[- ]?up|round[- ]?up|debrief|log|activity|activities|report|notes|calls|day)\b[^:,.]{{0,20}}:\s*(?={_ENTRY})"
)
_NAMED = re.compile(r"CONTACT|ACCOUNT")


def cuts(sentence: Sentence) -> list[tuple[int, int]]:
    """Where one entry ends and the next begins, in the masked text; empty where there are not two of them."""
    text = sentence.masked
    announced = _ANNOUNCED.match(text)
    begun = announced.end() if announced is not None else 0
    first = _FIRST.search(text, begun) if announced is None else re.compile(_ENTRY).match(text, begun)
    if first is None or "?" in text:
        return []
    found: list[tuple[int, int]] = []
    before = _named(sentence, first.start())
    for match in _ANOTHER.finditer(text, first.end()):
        name = _named(sentence, match.end())
        if name != before and text.count('"', 0, match.start()) % 2 == 0:
            found.append(match.span())
            before = name
    return [(0, begun), *found] if found and begun else found


def _named(sentence: Sentence, start: int) -> str:
    """Whom the entry at ``start`` names first."""
    named = _NAMED.search(sentence.masked, start)
    mark = next((one for one in sentence.marks if named is not None and one.start == named.start()), None)
    return mark.text.lower() if mark is not None else ""
