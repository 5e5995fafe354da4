"""The next step of a deal as somebody says it: before or after its name, with or without a day."""

import re
from dataclasses import dataclass
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.sentence import Sentence

_OF = r"(?:the |our |my |that |this )?(?:DEAL|ACCOUNT|it\b|that\b|this\b)(?:'s)?(?: deal| renewal)?"
_IS = r"(?::|\bneeds (?:updating|changing|an update|to (?:be )?changed?)\b|\b(?:is|was) (?:not (?:right|correct|current|up to date|true)|wrong|outdated|out of date|old)(?: any ?more)?\b|=+>?|->|-|\bis(?: (?:now|currently|still))*(?: for (?:us|me) to| on (?:us|me) to| to)?\b(?! be)|\bto be\b|\bto\b|\bas\b|\bshould(?: now)? (?:be|read|say)\b|\bshall be\b|\bwill be\b|\bwould be\b|\bneeds to be\b|\bbecomes\b|\breads?\b|\bsays?\b)"
_NAMED = re.compile(rf"\bnext steps?\b(?: (?:field|entry|box)\b)?(?: (?:(?:for|on|at|of|to|with|in) )?{_OF})?(?:\s*[,;.]?\s*(?:(?:and |it |that |(?:the )?(?:new|right|correct) (?:one|value|step|text)\s?)*{_IS}))*\s+(?=\S)")
_UP_FRONT = re.compile(
    rf"^(?:next up|up next|next|what (?:we|i) do next|what comes next|what is next)\s+(?:for|on|with|at) {_OF}\s*(?::|->|=|-|is to|is)\s*(?=\S)|^{_OF}[,:]? next(?: up)?\s*(?::|->|=|-|is(?: to)?\b)\s*(?=\S)"
)
_VALUE_FIRST = re.compile(
    r"^(?:on |for |in )?(?:(?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?,? )?(?:put|add|set|make|use|enter|have|write|note|record|log|file|save)(?: down| in)? (?!(?:the |a |its )?next step|(?:down|in|up) as\b|(?:down |in )?(?:for|on|to|with|in|under|at) (?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?,? (?:in as|down as|as|to be)\b)(.+?) (?:in as|down as|as|to be) (?:the |our |its |a |my )?(?:new )?next step\b"
)
_THAT_IS = re.compile(r"^([^:]+?)\s*[,;-]\s*(?:(?:that|this|which|it) is|thats) (?:now )?(?:the|our|its) (?:new )?next step\b(?: now)?")
_OTHER_FIELD = re.compile(r"\s*(?:[,;]|\band\b)\s*(?=(?:set )?(?:the )?(?:amount|stage|close date|closing date|forecast|owner)\b)")
_AT_END = re.compile(rf"\s+(?:on|for|of|in|at) {_OF}\s*$")
_DUE = re.compile(r"(?i)(?:[\s,;]|\band\b)*(?:\b(?:make|set|mark) (?:it|that)|(?:\b(?:that|it|this|which)(?: is|'s)?)?\s*\b(?:due|that is|it is|which is|and that|and))\s*$")
_FRAME = re.compile(r"(?i)^(?:with\s+|(?:please\s+)?(?:write|put|note|enter|say)(?:\s+down)?\s*:\s*|(?:write|put|note|jot)\s+down\s+)")
"""Words for the writing of it and not for what is to be done."""
_ONLY_VERB = re.compile(r"(?:set|change|update|make|put|add|write|enter|note|log|record|fix|correct|edit)(?: (?:down|in|as|what is in|what's in|whatever is in))*(?: the| a| its)?\s*(?:as )?(?:the )?")


_NO_STEP = re.compile(r"(?i)(?:now |all |already )*(?:done|finished|completed?|over|missing|open|unclear|wrong)")
"""Says of a next step how it is, and not what it is."""


@dataclass(frozen=True)
class NextStep:
    """``words`` as they were said, ``due`` where a day was; ``rest`` is the part that says which deal, ``beside`` what else is said."""

    words: str
    due: date | None
    rest: Sentence
    beside: Sentence


def next_step(sentence: Sentence) -> NextStep | None:
    """The next step that the sentence states; None when it states none."""
    text = sentence.masked
    first = _VALUE_FIRST.match(text) or _THAT_IS.match(text)
    if first is not None:
        words = sentence.verbatim(first.start(1), first.end(1)).strip("\"'")
        rest = sentence.cut(0, first.start(1)).followed_by(sentence.cut(first.end()))
        return NextStep(words, slots.due(rest), rest, sentence.cut(0, 0))
    found = _UP_FRONT.match(text) or _NAMED.search(text)
    if found is None:
        return None
    piece = sentence.cut(found.end())
    rest = sentence.cut(0, found.end())
    beside = sentence.cut(0, found.start())
    other = _OTHER_FIELD.search(piece.masked)
    if other is not None:
        piece, beside = piece.cut(0, other.start()), beside.followed_by(piece.cut(other.end()))
    if not rest.of("DEAL", "ACCOUNT") and (end := _AT_END.search(piece.masked)) is not None:
        rest, piece = rest.followed_by(piece.cut(end.start())), piece.cut(0, end.start())
    elif found.start() > 3 and not _ONLY_VERB.fullmatch(text[: found.start()]):
        rest = sentence.cut(0, found.start()) if sentence.cut(0, found.start()).of("DEAL", "ACCOUNT") else rest
    due = slots.due(piece)
    words = _DUE.sub("", slots.without_times(piece)) if due is not None else piece.text
    words = _FRAME.sub("", words) if re.match(r"(?:replace|swap|exchange)\b", text) or ((frame := _FRAME.match(words)) is not None and (":" in words[:20] or "down" in frame.group())) else words
    words = words.strip("\"'") if words.count('"') != 1 else words
    return NextStep(slots.capitalised(words), due, rest, beside) if words and not _NO_STEP.fullmatch(words) else None
