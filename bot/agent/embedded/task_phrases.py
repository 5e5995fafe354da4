"""Where a request names a task: "the task to call Priya", "my Northgate follow-up", "the contract task", "task send invoice".

A phrase is the noun with what stands before it and behind it, up to a word that is no part of a title: a verb of moving or giving, a
day or a person it goes to, a verb that says something of it.
"""

import re
from dataclasses import dataclass

from bot.agent.embedded.sentence import Sentence

_TASK = r"(?:task|to-?do|reminder|action item)"
_FOLLOW = r"(?:follow[- ]?up|chaser|check-?in|catch-?up|touchpoint)"
TALK = r"(?:call|phone call|meeting|demo|visit|lunch|coffee|dinner|breakfast|workshop|walkthrough|training|kick-?off|review|prep|email|mail|chat|sync|session|appointment)"
_DETERMINER = r"(?:the|my|our|that|this|his|her|their|PERSON's)"
_FRAME = (
    r"(?:the|a|an|my|our|that|this|his|her|their|i|we|you|he|she|it|they|is|are|was|be|been|am|will|would|should|can|could|has|have|had|need|needs|want|wants|do|does|to|for|on|of|with|about|from|until|till|by|in|at|as|off|and|or|so|but|not|no|"
    r"move|moving|push|pushing|shift|shifting|reschedule|rescheduling|postpone|postponing|delay|snooze|defer|bump|bring|pull|put|putting|set|change|changing|make|update|slide|slip|kick|drag|advance|extend|adjust|switch|nudge|re-?date|"
    r"give|giving|assign|reassign|re-assign|hand|pass|transfer|delegate|let|take|taking|over|swap|cancel|cancelling|delete|deleting|remove|removing|drop|dropping|scrap|kill|bin|discard|trash|forget|skip|ditch|dismiss|strike|throw|out|rid|get|mind|never|"
    r"rename|retitle|reword|relabel|edit|fix|correct|call(?= the| my| that)|please|just|now|actually|then|forward|back|up|already|handle|own|possible|all|every|each|any|both|some|DATE|PERSON)"
)
_WORD = rf"(?:(?!{_FRAME}\b(?!-))[\w'&/\"-]+ )"
_VERB_AFTER = (
    r"(?:is|are|was|were|should|shall|can|could|has|have|needs?|goes|go|belongs|moved|moves|move|moving|push|pushed|shift|shifted|slipped|slips|slides?|says|said|must|will|would|be|to be|it|instead|rather|now|any ?more|any longer|after all|please|off|back|forward|out|down|over|up|"
    r"earlier|later|due|done|new|thanks|until|till|from|by|so|and|as|into)"
)
_END = re.compile(
    rf"\s*(?:$|[,;:]|\.\s|->|=>|→|\s-+\s|\b(?:to|until|till|on|for|by|from|in|before|at)?\s*(?:the )?\b(?:DATE|LENGTH|EVERY)\b|\b(?:(?:on|over|back) )?(?:to|onto|from|off|with)\s+(?:PERSON|me|myself)\b(?=\s*(?:$|[,;.]|{_VERB_AFTER}\b))|\b{_VERB_AFTER}\b|\bto\s+\"|\b(?:to |as )?(?:complete|completed|finished|ticked|checked|crossed|closed)\b|\bto done\b|\bfor (?:me|us)\s*$|\bto (?:him|her|them)\s*$|\bi mean\b)"
)
_END_OF_OLD_TITLE = re.compile(rf"{_END.pattern}|\s*\"|\s*\b(?:to|as|into)\b")
_JOINS = re.compile(r"\s*(?::\s*)?(?:(?:to|about|for|of|on|with|at|called|named|titled|regarding|re|concerning|that says|saying)\b\s*)?(?:(?:the|my|our|a|an)\b\s*)?")
_NOUN = re.compile(rf"(?:\b(?P<det>{_DETERMINER}) )?\b(?P<before>{_WORD}{{0,5}})\b(?P<noun>{_TASK}|{_FOLLOW})\b(?!-| lists?\b)")
_TALKED = re.compile(rf"(?:\b(?P<det>{_DETERMINER}) )?\b(?P<before>{_WORD}{{0,4}})\b(?P<noun>{TALK})\b(?!-)")
_ITEM_BEHIND = re.compile(rf"\s+{_TASK}\b")
_WEAK_BEFORE = re.compile(r"(?i)^(?:(?:\d+ ?[ap]m|open|overdue|old|outstanding|pending|existing|earlier|other|own|little|one)\s+)+")


@dataclass(frozen=True)
class Phrase:
    """``start`` to ``end`` in the masked text; ``words`` name the task, empty where the phrase only says that it is one.
    ``certain``: it can be nothing but a task that exists; ``of_talk``: it is said as a call, a meeting or a mail."""

    start: int
    end: int
    words: str
    certain: bool
    of_talk: bool = False


def phrase_of(sentence: Sentence, *, renamed: bool = False) -> Phrase | None:
    """The phrase that names a task: one that says so before one that says a call or a meeting. ``renamed``: a new title follows."""
    ends = _END_OF_OLD_TITLE if renamed else _END
    found = [_phrase(sentence, match, ends) for match in _NOUN.finditer(sentence.masked)]
    named = next((one for one in found if one.words), None)
    if named is not None or found:
        return named or found[-1]
    talked = _TALKED.search(sentence.masked)
    return _phrase(sentence, talked, ends) if talked is not None else None


def _phrase(sentence: Sentence, match: re.Match[str], ends: re.Pattern[str]) -> Phrase:
    text = sentence.masked
    noun = match.group("noun")
    is_task = re.fullmatch(_TASK, noun) is not None
    stop = match.end()
    item = _ITEM_BEHIND.match(text, stop) if not is_task else None
    stop = item.end() if item is not None else stop
    begin = _JOINS.match(text, stop)
    joined = begin.end() if begin is not None else stop
    behind = ""
    end = (ends if match.group("before") else _END).match(text, stop)
    if end is None or (text.startswith(":", stop) and not match.group("before").strip() and is_task):
        last = next((place for place in range(joined + 1, len(text) + 1) if _at_border(text, place) and ends.match(text, place)), len(text))
        behind = sentence.verbatim(joined, last)
        stop = max(stop, last)
    before = _WEAK_BEFORE.sub("", sentence.verbatim(match.start("before"), match.end("before")) + " ").strip()
    if is_task:
        words = " ".join(part for part in (before, behind) if part)
    else:
        shown = sentence.verbatim(match.start("before"), match.end("noun"))
        words = " ".join(part for part in (_WEAK_BEFORE.sub("", shown), sentence.verbatim(match.end("noun") if item is None else item.end(), stop)) if part)
    certain = match.group("det") is not None or item is not None or (is_task and bool(before or behind)) or re.search(r"ACCOUNT|CONTACT|DEAL", match.group("before")) is not None
    return Phrase(match.start(), stop, words.strip("'\" ,:;-.“”").removesuffix("'s"), certain, not is_task and re.fullmatch(TALK, noun) is not None)


def _at_border(text: str, place: int) -> bool:
    return place == len(text) or not (text[place - 1].isalnum() and text[place].isalnum())
