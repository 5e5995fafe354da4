"""A change of many rows in whatever order it was said, as the one order that is read: what to do, with which rows, to what.

"Anything of mine below 5k goes to lost", "whatever I have overdue, set it to Wednesday" and "my Discovery deals: into Qualification"
become "move anything of mine below 5k to lost" and so on. How such things are said stands in ``bulk_frames.txt``; a frame is taken
where what comes of it can be read to the last word. Nothing is added to what was said, and nothing that narrows is left out.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.agent.embedded import plan_bulk, plan_deals
from bot.agent.embedded.bulk_changes import PLURAL, ROWS, VERB
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.plans import Call
from bot.agent.embedded.sentence import MarkKind, Sentence
from bot.agent.embedded.verbs import infinitive
from crm_store.people import Caller

_FIELD = r"(?:(?:the |their |its )?(?:close dates?|closing dates?|due dates?|dates?|stages?|forecasts?(?: category| categories)?|owners?|next steps?))"
_THEM_ALL = r"(?:them(?: all)?|all of (?:them|it|those|these)|those|these|(?:those|these) (?:deals|tasks|to-?dos|ones)|(?:every|each)(?: (?:single )?one)?(?: of (?:them|those|these))?|the (?:whole )?lot|all(?= (?:to|into|over|out|back|by|until|as|in)\b|$))\b"
_PARTS = {
    "ROWS": ROWS, "VERB": VERB, "FIELD": _FIELD, "PLURAL": PLURAL, "THEM_ALL": _THEM_ALL, "THEM": rf"(?:{_THEM_ALL}|it(?: all)?|that)",
    "S": r"(?:\s*(?:,|:|;|->|=>|–|\s-|\.|!|\band\b|\bso\b|\bthen\b)\s*)",
    "ASK": r"(?:(?:please|kindly|just|then|and|so|now|also|you can|can you|could you|would you|let us|i want you to|we should|we can|go ahead and)[, ]+)*",
    "MODAL": r"(?:(?:all|should|must|shall|will|would|can|may|could|have to|has to|need to|needs to|ought to|had better|are to|is to|now|just|both|better)\s+)*",
    "WORDS": r"[a-z][a-z-]*(?: [a-z][a-z-]*){0,2}?",
}  # fmt: skip
_ACTIVE = {
    "pushed": "push", "moved": "move", "shifted": "shift", "delayed": "delay", "postponed": "postpone", "bumped": "bump", "pulled": "pull", "brought": "bring", "set": "set",
    "marked": "mark", "closed": "close", "given": "give", "reassigned": "reassign", "assigned": "assign", "transferred": "transfer", "handed": "hand", "deleted": "delete",
    "snoozed": "snooze", "completed": "complete", "put": "put", "called": "mark",
    "forecast": "forecast", "forecasted": "forecast", "upgraded": "upgrade", "downgraded": "downgrade", "advanced": "advance", "switched": "switch", "changed": "change", "dropped": "drop", "reset": "set", "flipped": "move",
}  # fmt: skip
_CLOSES = re.compile(r"(?:\b((?:all|every|each|any)(?: (?:of )?(?:my|our|the|PERSON's))?|my|our|the|PERSON's) )?\b(DATE)(?:'s)? (?:closes|closings|closers)\b(?(1)|(?= (?:of|in|at|with|over|under)\b|\s*[,:]))")
_SAME: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bin my name\b"), "of mine"),
    (re.compile(r"\bthats\b"), "that is"),
    (re.compile(r"\b(?:whole|entire|full|complete) (?=pipeline\b)"), ""),
    (re.compile(r"\b(?:(?:that|which|who) (?:are|is|were) )?(?:due|set|supposed|expected|meant|scheduled|planned|slated) to (?:close|sign|land)\b"), "closing"),
    (re.compile(r"\bones\b(?! of (?:them|those))"), "deals"),
)
"""Ways to say whose and which, as they are read."""
_NEEDS_TO = re.compile(r"DATE|PERSON|(?:closed? )?(?:lost|won)\b")
_POLITE = re.compile(rf"^(?:can|could|may|shall) (?:(?=(?:{ROWS}))|(?:we|i) (?=(?:please )?(?:get|have)\b))")
_COURTEOUS = re.compile(r"(?:[\s,]*\b(?:please|pls|thanks|thank you|thx|cheers|ta|eh|ok|okay|mate|lol|asap|right)\b[\s.!]*)$")
_FROM_NOW = re.compile(r"(?:from (?:now|today)|as of (?:now|today)|starting (?:now|today)|effective (?:now|today|immediately))(?: on(?:wards?)?)?")
_TAIL = re.compile(
    r"\s*[,;.-]+\s*(?:(?:every (?:single )?one|all|each)(?: of (?:them|it|those))?|(?:they|these|those|it) (?:are|is|have been|has been)(?: all| now| already)* (done|completed?|finished|gone|obsolete|old|dead|outdated|no longer (?:needed|relevant)|not needed|irrelevant|nonsense|dusty)(?: anyway)?|no exceptions?|without exception)\b\s*"
)
_AGAIN = re.compile(r"\s*[,;.]?\s*(?:and |so )?(?:just |please )*(?:delete|remove|close|complete|clear|do)(?: (?:them|it|those))?(?: all)?\s*$")
_TWICE = re.compile(rf"^(?:kill|lose|drop|bin|close)(?: off| out)? (?=(?:{ROWS})[^,;]*[,;:] (?:please |just )?(?:mark|set|close|move|put|make|flag) (?:{_PARTS['THEM']})\b(?: as| to)*(?: closed)? lost\b)")
_ASKED = re.compile(r"^(?:what(?! i (?:have|had|own|still have)\b)|which|who|when|where|why|how|is|are|was|were|do|does|did(?! (?:all|every|each|my)\b)|has|have(?! PERSON)|show|list|give me (?:a|the) (?:list|overview)|tell|find|log|note|remind|create|if|unless|not|never)\b")
_BREAK = re.compile(r"\s*(?:[,;:!]+|\.+(?=\s|$)|\s-+)\s*(?=\S)|\s+(?=(?:because|since|as they|as these|so that|so|hence|therefore|(?:can|could|would) you)\b)|\s+(?=(?:shift|move|push|mark|close|set|put|delete|reassign|bump) (?:all|every|everything)\b)")
_NO_REASON = re.compile(
    rf"\b(?:if|unless|when|once|except|excluding|but|only|other|the rest|until|in case|said|says|told|asked|not the|or|where|whose|which|those|these|with|without|under|over|above|below|than|remind|log|note|task|maybe|perhaps|might|probably|possibly|thinking (?:of|about)|considering|wondering|should (?:i|we)|pretend|imagine|suppose)\b|\"|\b(?:MONEY|DEAL|CONTACT|PRODUCT|RIVAL)\b|^(?:for|on|with|of|and|also|then|plus|reason|because of)\b|{ROWS}|^{VERB} (?:it|that|this|them|these|those|the|my|our|all|every|DEAL|ACCOUNT|CONTACT|PERSON)\b|(?:->|=>)"
)
"""What narrows, or asks for something of its own, gives no reason."""
_ABSENT = re.compile(r"\b(?:off|out|leave|leaving|leaves|left|notice|quits?|resign\w*|gone|holidays?|vacation|sick|away)\b")
""" "Tom is on leave, give me his deals" hands them over; without it they are only shown."""
_UNFINISHED = re.compile(r"\b(?:not|never|no need|nobody|to|and|or|should|shall|must|will|would|can|could|may|might|i|we|you|they|he|she|it|please|just|PERSON|CONTACT|ACCOUNT|needs?|wants?)$")
"""What breaks off before the order belongs to it: "do not | move all …"."""
_IDLE = re.compile(r"^with (?=PERSON\b)|\b(?:finished|done|through|over|fed up|busy|stuck) with\b|\b(?:(?:them|it|those|these) all|all of (?:them|it|those|these)|every (?:single )?one of them)\b")
_POINTING: tuple[tuple[MarkKind, re.Pattern[str], str], ...] = (
    ("ACCOUNT", re.compile(r"\b(?:there|with them|for them|at theirs|over there|(?:on|for|at|with|of|in) (?:that|this|the|same) (?:account|customer|client|company))\b"), "at"),
    ("DATE", re.compile(r"\b(?:(?:due |on )?(?:then|that day|on that day))\b"), "due"),
    ("PERSON", re.compile(r"\b(?:(?:their|his|her) (?P<theirs>(?:[\w'-]+ ){0,4}(?:deals?|tasks?|to-?dos|accounts?|customers?|opps|opportunities|pipeline|renewals|book)\b)|of (?:theirs|hers|his)\b)"), "of"),
)
_MOST_REASONS = 2
_MOST_WORDS = 14
"""Words of one reason at most; what is longer tells a story."""


@dataclass(frozen=True)
class _Frame:
    """``order`` are the names of groups and words of its own, as a change is read."""

    order: tuple[str, ...]
    pattern: re.Pattern[str]


@functools.cache
def _frames() -> tuple[_Frame, ...]:
    """Read once, as the file never changes."""
    found = []
    for line in (Path(__file__).parent / "bulk_frames.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            order, pattern = line.split(" <= ", 1)
            found.append(_Frame(tuple(order.split()), re.compile(re.sub(r"@([A-Z_]+)@", lambda match: _PARTS[match.group(1)], pattern))))
    return tuple(found)


def in_order(said: Sentence, linker: Linker, caller: Caller, today: date) -> Sentence:
    """The sentence with its verb first, when it changes many rows at once; else as it was."""
    sentence = said.cut(without_courtesies(said.masked))
    if "\n" in sentence.masked or re.search(rf"{ROWS}|\bmine\b|DATE(?:'s)? clos(?:es|ings|ers)\b", sentence.masked) is None or plan_deals.MAY_SLIP.search(sentence.masked):
        return said
    polite = _POLITE.match(sentence.masked)
    sentence = sentence.cut(polite.end() if polite is not None else 0, len(sentence.masked.rstrip(" .!?")))
    if (said.masked.rstrip().endswith("?") and polite is None and sentence.masked == said.masked.rstrip(" .!?")):
        return said
    courteous = _COURTEOUS.search(sentence.masked)
    sentence = sentence.cut(0, courteous.start() if courteous is not None else None)
    last = sentence.of("DATE")[-1:]
    if last and last[0].end == len(sentence.masked) and _FROM_NOW.fullmatch(last[0].text.lower()):
        sentence = sentence.cut(0, last[0].start)  # when a change holds from is no condition on the rows
    chosen: tuple[Sentence, tuple[Call, ...]] | None = None
    shorn = [_shorn(one) for one in _without_reasons(_said_the_same(_closing(sentence))) if _ASKED.match(one.masked) is None]
    first: Sentence | None = None
    for candidate in shorn:
        for ordered in _orders(candidate):
            calls = _read(ordered, linker, caller, today)
            if calls and (chosen is None or calls == chosen[1]):
                chosen = ordered, calls  # where a reason can go and the same is read, it goes
                break
            first = first or (ordered if ordered.masked != candidate.masked else None)
    return chosen[0] if chosen is not None else first or said


def _read(ordered: Sentence, linker: Linker, caller: Caller, today: date) -> tuple[Call, ...]:
    """The changes of many that all a sentence in order says becomes; none where a word of it is left."""
    made = plan_bulk.made(ordered, linker, caller, today) if plan_bulk.meant(ordered.masked) else None
    calls = made.calls if made is not None else ()
    return calls if all(call.tool in ("change_deals", "change_tasks", "change_accounts") for call in calls) else ()


def _orders(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence as it is, and in the order of each frame that it has."""
    twice = _TWICE.match(sentence.masked)
    if twice is not None:  # "kill everything untouched, mark them lost" says it twice
        yield from _orders(sentence.cut(twice.end()))
    in_order = re.match(rf"{VERB}\b", sentence.masked) is not None
    if in_order:
        yield sentence
    for frame in _frames():
        match = frame.pattern.fullmatch(sentence.masked)
        if match is not None:
            yield _put(frame, match, sentence)
    if not in_order:
        yield sentence


def _put(frame: _Frame, match: re.Match[str], sentence: Sentence) -> Sentence:
    ordered, words = sentence.cut(0, 0), ""
    for name in frame.order:
        if name not in match.re.groupindex:
            words = f"{words} {name}".strip()
        elif name == "v":
            verb = match.group(name)
            words = f"{words} {_ACTIVE.get(verb) or infinitive(verb) or verb}".strip()
        elif match.group(name):
            piece = sentence.cut(*match.span(name))
            if name == "w" and not words and _NEEDS_TO.match(piece.masked):
                words = "to"
            if name == "r" and re.search(ROWS, piece.masked) is None:
                piece = piece.preceded_by("all").with_words("deals")
            ordered, words = ordered.followed_by(piece.preceded_by(words) if words else piece), ""
    return ordered.with_words(words) if words else ordered


def _closing(sentence: Sentence) -> Sentence:
    """ "My January closers" are the deals closing then."""
    closes = _CLOSES.search(sentence.masked)
    if closes is None:
        return sentence
    before = sentence.cut(0, closes.end(1)) if closes.group(1) else sentence.cut(0, closes.start(2)).with_words("all") if closes.start(2) else sentence.cut(*closes.span(2)).cut(0, 0)
    dated = sentence.cut(*closes.span(2)).preceded_by("deals closing" if closes.group(1) or closes.start(2) else "all deals closing")
    return before.followed_by(dated).followed_by(sentence.cut(closes.end()))


def _said_the_same(sentence: Sentence) -> Sentence:
    for pattern, words in _SAME:
        while (match := pattern.search(sentence.masked)) is not None:
            comma = re.match(r"\s*[,;:]", sentence.masked[match.end() :])  # what joins two clauses stays between them
            put = f"{words}{comma.group().strip()}" if comma is not None else words
            before = sentence.cut(0, match.start())
            sentence = (before.with_words(put) if put else before).followed_by(sentence.cut(match.end()))
    return sentence


def _without_reasons(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence, and without what leads up to the order or gives a reason behind it, the least left out first."""
    breaks = [(0, 0), *(match.span() for match in _BREAK.finditer(sentence.masked)), (len(sentence.masked), len(sentence.masked))]
    if sum(sentence.masked.count('"', 0, at) % 2 for at, _ in breaks[1:-1]):
        yield sentence
        return
    count = len(breaks) - 1
    for left_out in range(min(2 * _MOST_REASONS, count - 1) + 1):
        for leading in range(min(left_out, _MOST_REASONS), -1, -1):
            trailing = left_out - leading
            if trailing > _MOST_REASONS:
                continue
            clauses = [sentence.cut(breaks[at][1], breaks[at + 1][0]) for at in range(count)]
            leads, tails = clauses[:leading], clauses[count - trailing :]
            if all(_reason(one) and _UNFINISHED.search(one.masked) is None for one in leads) and all(_reason(one) and not one.of("ACCOUNT") and re.search(PLURAL, one.masked) is None for one in tails):
                order = sentence.cut(breaks[leading][1], breaks[count - trailing][0])
                linked = re.match(_PARTS["ASK"], order.masked) if leads else None
                kept = _pointed(order.cut(linked.end() if linked is not None else 0), leads)
                if kept is not None:
                    yield kept


def _reason(clause: Sentence) -> bool:
    timed = any(re.match(r"(?i)(?:all|the whole|a whole) ", mark.text) is None for mark in clause.of("LENGTH"))
    return not timed and _NO_REASON.search(_IDLE.sub(" ", clause.masked)) is None and len(clause.masked.split()) <= _MOST_WORDS


def _pointed(kept: Sentence, leads: list[Sentence]) -> Sentence | None:
    """The order with what it points at ("their deals", "everything there") named; None where a lead names a place and nothing
    says whether it is meant."""
    for kind, pointing, opener in _POINTING:
        named = [lead.cut(mark.start, mark.end) for lead in leads for mark in lead.of(kind)]
        points = pointing.search(kept.masked)
        if not named:
            continue
        if points is None:
            if kind == "ACCOUNT":
                return None
            continue
        before, again = kept.cut(0, points.start()), named[-1].preceded_by(opener)
        if points.groupdict().get("theirs"):
            before = before.followed_by(kept.cut(*points.span("theirs")).preceded_by("the"))
        kept = before.followed_by(again).followed_by(kept.cut(points.end()))
        mine = re.match(r"give me\b", kept.masked) if kind == "PERSON" and any(_ABSENT.search(lead.masked) for lead in leads) else None
        kept = kept if mine is None else kept.cut(mine.end()).with_words("to me").preceded_by("move")
    return kept


def _shorn(sentence: Sentence) -> Sentence:
    """Without "every one of them" and "they are done" at the end, which change nothing but that done is done."""
    text = sentence.masked
    tail = _TAIL.search(text)
    if not re.match(rf"^{VERB}\b", text) or tail is None or re.search(ROWS, text[: tail.start()]) is None:
        return sentence
    rest = text[tail.end() :]
    while (more := _TAIL.match("," + rest if rest and rest[0] not in " ,;.-" else rest)) is not None and more.end() > 1:
        rest = rest[more.end() - (1 if rest[0] not in " ,;.-" else 0) :]
    if rest.strip(" ,.;-") and _AGAIN.match(rest) is None:
        return sentence
    return sentence.cut(0, tail.start())
