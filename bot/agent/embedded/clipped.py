"""What stands around a word on the answer before: an apology, what was said wrong, where somebody is or what it is for.

"sorry, meetings not calls", "er Qualification", "biggest three only, in a rush", "by month for my QBR slide": what is left is the one
thing that changes. Only what the last call held is taken back, so "not overdue" stays a condition.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.agent.embedded import slots
from bot.agent.embedded.grammar import CHANNEL
from bot.agent.embedded.lead_ins import ASKS
from bot.agent.embedded.sentence import Sentence
from bot.agent.memory import Made

_WRONG = r"wrong (?:one|way|account|customer|client|company|person|guy|contact|stage|deal|list|thing|week|month|quarter|year|period|rep|number)"
_APOLOGY = (
    rf"(?:e+r+m*|u+[hm]+|a+h+|o+h+|ach|hm+|oops|oopsie|whoops|argh|ugh|damn|shoot|shucks|dang|heck|gosh|aw|jeez|sorry|sry|apologies|my (?:bad|mistake|fault)|hang on|hold on|wait|typo|correction|scratch that|{_WRONG}"
    r"|nope|nah|no(?=\s*(?:[,;:.!–-]|(?:sorry|wait|i|it|its|not|my|the|[A-Z]{3,})\b))|what i meant (?:is|was)|i (?:mean|meant|should have said|wanted|was (?:after|asking (?:for|about)|looking for|thinkin[g']? (?:of|about)))|meant(?: to say| to type)?"
    r"|(?:it |that |this )?should (?:be|have been|read)|actually|rather|(?<!as )well|(?:it|that|this) (?:is|was)(?= (?:[A-Z]{3,}))|its(?= [A-Z]{3,}))"
)
_BEFORE = re.compile(rf"^(?:{_APOLOGY}\b[\s,;:.!–-]*)+(?=\S)")
_BEHIND = re.compile(rf"(?:[\s,;:.!–-]+(?:{_APOLOGY}|i (?:need|want|am after)|(?:please|pls|thanks|thx|cheers|mate|na|yaar|eh|innit|lah|leh|gell|oder|ja))\b)+[\s.!]*$")
_SAID_BEFORE = re.compile(
    r"[\s,;-]*\b(?:and |but )?(?:not|instead of|rather than|in place of|as opposed to)\b (?:(?:the|my|in|at|for|with|on|from|just|only) )*(?P<what>[A-Z]{3,}|\d+k?|[a-z][a-z-]*)(?:'s)?\b(?: (?:ones?|deals?|stage))?[\s,;:-]*"
)
_THANKS = re.compile(r"^(?:(?:thx|thanks|thank you|ta|cheers|great|perfect|cool|nice|got it|lovely|super|ok|okay)[\s,.!]+)+(?=\S+ \S|[A-Z])")
_NOT_FIRST = re.compile(r"^(?:no(?:pe)?,? )?not (?:the |just )?[a-z]+[,;]? (?:but |just |only |i meant |rather |look for |try )+(?=\S)")
_VERB_BEFORE = re.compile(r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|if|or)$")
_POINTED = frozenset({"that", "this", "them", "those", "these", "it", "him", "her", "there", "everyone", "everybody", "all"})
_BREAK = re.compile(r"\s*[,;(!–]+\s+|\s+-+\s+|\.+\s+|\s+(?=(?:because|since (?:i|we)|as (?:i|we)|cause|cos|cuz) )")
_FOR_WHAT = re.compile(
    r"[\s,;-]+(?:for|before|ahead of|in) (?:(?:my|the|our|a|an|this|that|DATE(?:'s)?|next|PERSON(?:'s)?|CONTACT(?:'s)?) )+(?:[a-z1:'-]+ ){0,3}?(?:slides?|decks?|reviews?|qbrs?|meetings?|calls?|1:1|one to one|board|boss|forecast|sync|stand-?up|report|presentation|email|spreadsheet|pack|update|scrub|rush|hurry)[\s.!?]*$"
    r"|[\s,;-]+(?:real(?:ly)? )?(?:quick(?:ly)?|fast|asap|in a (?:rush|hurry)|if you can|if possible|real quick)[\s.!?]*$"
)
_WAVED = re.compile(r"(?:ignore|forget|skip|never ?mind|leave out|drop|not interested in|do not care about)\b")
_TELLS_MORE = re.compile(r"\b(?:ACCOUNT|CONTACT|DEAL|PERSON|MONEY|RIVAL|PRODUCT|remind|log|note|draft|email|send|task|move|push|mark|set|if|unless|and then|same|only|just|by|under|over|it|that|when|what|who|every|all|summari[sz]e)\b")
_LONGEST = 9
"""Words of an aside, at most."""
_FEW = 5
"""The same of one that comes first."""


@dataclass(frozen=True)
class Clipped:
    """``rest`` is what is asked for now; ``corrects``: something was taken back or apologised for."""

    rest: Sentence
    corrects: bool


def clipped(sentence: Sentence, last: Made) -> Clipped:
    """The message without what only stands around the change."""
    rest, corrects = _without_purpose(sentence), False
    thanks = _THANKS.match(rest.masked)
    rest = rest.cut(thanks.end()) if thanks is not None else rest
    denied = _NOT_FIRST.match(rest.masked)
    if denied is not None:
        rest, corrects = rest.cut(denied.end()), True
    taken_back = next((match for match in _SAID_BEFORE.finditer(rest.masked) if _held(match.group("what"), last) and not _VERB_BEFORE.search(rest.masked[: match.start()])), None)
    if taken_back is not None:
        shorter = rest.cut(0, taken_back.start()).followed_by(rest.cut(taken_back.end()))
        rest, corrects = (shorter, True) if re.search(r"\w", shorter.masked) else (rest, False)
    before = _BEFORE.match(rest.masked)
    if before is not None:
        rest, corrects = rest.cut(before.end()), True
    behind = _BEHIND.search(rest.masked)
    if behind is not None and behind.start() > 0:
        rest, corrects = rest.cut(0, behind.start()), corrects or re.search(r"please|pls|than?k?x|cheers|mate|\b(?:na|yaar|eh|innit|lah|leh|gell|oder|ja)\b", behind.group()) is None
    return Clipped(rest, corrects)


def shortened(sentence: Sentence) -> Iterator[Sentence]:
    """The message, then what stands before or behind each of its breaks where the rest can only be an aside."""
    yield sentence
    for found in _BREAK.finditer(sentence.masked):
        aside = sentence.masked[found.end() :].strip(" .!?)")
        if found.start() > 0 and aside and len(aside.split()) <= _LONGEST and "?" not in sentence.masked[found.end() :].strip(" ?") and not _TELLS_MORE.search(aside) and not ASKS.match(aside):
            yield sentence.cut(0, found.start())
        said = sentence.masked[: found.start()].strip(" .!?(")
        if _WAVED.match(said) and len(said.split()) <= _FEW and not re.search(r"[A-Z]{3,}", said):
            yield sentence.cut(found.end())


def _without_purpose(sentence: Sentence) -> Sentence:
    found = _FOR_WHAT.search(sentence.masked)
    return sentence.cut(0, found.start()) if found is not None and found.start() > 0 else sentence


def _held(word: str, last: Made) -> bool:
    """Whether this is what was asked for before, or only points at it."""
    if word in _POINTED or word in ("ACCOUNT", "CONTACT", "DEAL", "PERSON"):
        return True
    said = {str(value).lower() for value in last.args.values()}
    return word.removesuffix("s") in {one.removesuffix("s") for one in said} or (re.fullmatch(CHANNEL, word) is not None and slots.channel(word) in said) or (word.isdigit() and any(one.startswith(word) for one in said))
