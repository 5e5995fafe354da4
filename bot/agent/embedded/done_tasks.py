"""Which task is done, whichever way it is said: "tick off send contract", "the letter is out, cross it off"."""

import re
from datetime import date

from bot.agent.embedded.changed_tasks import of_shown
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.task_phrases import phrase_of
from bot.agent.memory import Said
from bot.cards import Asked
from crm_store.people import Caller

_ITEM = r"(?:task|todo|to-do|to do|reminder|action item|item|promise)"
_STATE = r"(?:done|complete|completed|finished|ticked off|checked off|crossed off|closed|off)"
_LIST = r"(?: (?:from |off |on )?(?:my|the) (?:to-?do |task )?list)?"
_ECHO = re.compile(
    rf"(?:[\s,;.:-]+|^)(?:(?:so|and|please|you can|can you|just|kindly|then|now)\s+)*(?:(?:tick|check|cross|mark|strike|scratch|close|complete|take|get|set)\s+(?:it|that|this|that one|this one|the {_ITEM}|that {_ITEM}|this {_ITEM})"
    rf"(?:\s+(?:off|out|as|to|{_STATE}|now|please|for me|my|the|list|tasks|to-?dos?|from))*|(?:the |that |this )?{_ITEM}(?:'s| is| has been| was) (?:all |now |already )*{_STATE}|(?:the |that |this )?{_ITEM} (?:can|may|should) (?:now )?be (?:{_STATE}|ticked|checked|crossed)(?: off)?|(?:it|that|this|she|he|that one|this one)(?: is|'s| has been| was) (?:all |now |already )*{_STATE})(?: for (?:me|us))?\s*$"
)
_LEAD = re.compile(
    rf"^(?:{_ITEM} (?:is )?{_STATE}\s*[:-]\s*)?(?:(?:please|you can|can you|go ahead and|just|i am|i have|i|we have|all|now|finally|so|ok|that is|there is|it is)\s+)*(?:(?:mark|set|flag|check|tick|cross|complete|close|finish|strike|scratch|put|get)(?: off| out| down)?\b|(?:did|done|got|finished(?: off)?|completed|accomplished|achieved|wrapped up|sorted(?: out)?|ticked off|checked off|knocked (?:out|off)|nailed|crossed off|got through|dealt with|taken care of|took care of|through)(?: with)?\b)?\s*[:-]?\s*"
    rf"(?:(?:the |my |that |this |a |our )?{_ITEM}\b(?!s)\s*(?:(?:to|about|of|on|for|called|named|regarding)\b\s*(?:(?:the|my|our|a|an)\b\s*)?)?[:-]?|(?:the|my|that|this|a|our)\b)?\s*"
)
_TAIL = re.compile(rf"(?:\s*[:,;-])?(?:\s+(?:{_ITEM}(?!s)|one(?= off)))?(?:\s*[:,;-])?(?:\s*\b(?:has|have|had|is|are|was|been|got|now|finally|already|all|just|can be|to be|as|to|from|it|and)\b)*(?:\s*\b{_STATE})*{_LIST}(?:\s+for (?:me|us))?\s*$")
_OF_NOUN = re.compile(rf"^(?:(?:i|we|have|just|finally|now|all)\s+)*(?:did|done|finished|completed|wrapped up|sorted)(?: with)? (?:the |my |that )?(?P<words>[^,;:.]+?) {_ITEM}\s*$")
_HAPPENED = re.compile(r"(?:'s)?\s+(?:(?:has|have|is|are|was|were|been|got|now|finally|already|just|all)\s+)*(?:sent(?: out| off| over)?|out|gone(?: out| off)?|went (?:out|off|over)|over|handled|sorted|taken care of|dealt with|shipped|delivered|booked|signed|paid|submitted|fixed|made|written|in|up|prepared|ready|through)\s*$")
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_ORDINAL = "|".join(_ORDINALS)
_COUNTS = ("two", "three", "four", "five")
_RUN = re.compile(rf"\b(first|last) ({'|'.join(_COUNTS)})\b(?! (?:days?|weeks?|months?))")
_PAIR = re.compile(rf"\b(?:(?:the |number |numbers |no\.? |#)*(?:[1-9]|{_ORDINAL})(?: one)?\b(?:\s*,\s*(?:and )?|\s+and\s+|\s*&\s*))+(?:the |number |no\.? |#)*(?:[1-9]|{_ORDINAL})(?: one)?\b")
_VERB = re.compile(r"(?:(?:please|you can|can you|go ahead and|just|now)\s+)*(?:mark|set|flag|check|tick|cross|complete|close|finish|strike|scratch|put)(?: off| out)?\b\s*")
_STORY = re.compile(r"\b(?:it|that|this|them|i|we|she|he|they)\b")
_POINTS = re.compile(r"\b(?:it|that one|this one|(?:that|this) (?:task|to-?do|reminder|item))\b|\b(?:that|this) off\b")
_PLACE = re.compile(rf"(?i)(?=.*(?:\d|\b(?:{_ORDINAL})\b))(?:(?:the|number|no\.?|#|[1-9]|{_ORDINAL}|{'|'.join(_COUNTS)}|one|task|and|,|&)\s*)+")
_ITEM_SAID = re.compile(rf"\b{_ITEM}\b(?! list)")
_MEANT = re.compile(
    rf"\b(?:tick|check|cross|strike|scratch)(?:ed)? (?:[^\s,;]+ ){{0,8}}?(?:off|out)\b|\b(?:mark|set|flag|put) (?:[^\s,;]+ ){{1,9}}?(?:as |to )?(?:done|completed?|finished)\b|\b(?:ticked|checked|crossed|struck) off\b"
    rf"|^(?:(?:i|we) (?:am|are|have) )?(?:all )?done with (?:the |my )?(?!.*\b(?:call|meeting|demo|lunch|coffee|visit|workshop|session)\b (?:with|at)\b)[\w' -]{{3,60}}$|^(?!(?:call|meeting|(?:the )?(?:DEAL|ACCOUNT|CONTACT)\s*(?::|-)))[^:?]{{3,50}}(?::|\s-)\s*(?:all |is |now )*(?:done|completed?|finished)$"
    rf"|^(?:close|complete|finish)(?: off)? (?:the|that|this|my) (?:[^\s,;]+ ){{0,6}}?{_ITEM}\b(?!s)|\b{_ITEM}\b(?!s)(?: [^\s,;]+){{0,6}}? (?:is|was|has been|got) (?:now |all |already )*(?:done|completed?|finished)$"
)
_NOT_ONE = re.compile(r"\b(?:all|every|each|both|everything|tasks|to-?dos|todos|reminders|deals?|won|lost|case|ticket|if|unless|once|when|whether|who|what|which|not|never|n't|log|note|record|remind)\b")
_ANY = re.compile(rf"(?i)(?:(?:it|that|this|that one|this one|one|them|(?:that|this|the|my) {_ITEM}|{_ITEM}) ?)*(?:off|done)?")


_OFF_LIST = re.compile(r"\b(?:off|from) (?:my|the) (?:tasks|to-?dos|todos|reminders)\b")


def meant(text: str) -> bool:
    """Whether a masked command says of one task that it is done, in words that are said of nothing else."""
    text = _OFF_LIST.sub("off", text).removeprefix("all ")
    return _MEANT.search(text) is not None and _NOT_ONE.search(text) is None and not text.endswith("?")


def complete_task(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    several = _several(sentence.masked, [one for one in linker.memory.shown if one.kind == "task"])
    if several:
        return Plan(calls=tuple(Call("complete_task", {"task": one.id}) for one in several))
    nth = linker.nth(sentence, "task")
    if nth is not None:
        return Call("complete_task", {"task": nth.value})
    sentence = _of_the_task(sentence)
    verb = _VERB.match(sentence.masked)
    sentence = sentence.cut(verb.end()) if verb is not None and re.search(rf"\b{_ITEM}\b", sentence.masked) else sentence
    phrase = phrase_of(sentence)
    of_noun = _OF_NOUN.match(sentence.masked.rstrip(" .!?"))
    words = sentence.verbatim(*of_noun.span("words")) if of_noun is not None else phrase.words if phrase is not None and phrase.certain and len(phrase.words) > 1 and _ITEM_SAID.search(sentence.masked[phrase.start : phrase.end]) else _said(sentence)
    if _PLACE.fullmatch(words):  # a place in a list that was not shown
        return Plan(question=Asked(text="Which task is done?"), waiting=Call("complete_task"), missing="task")
    if not words or _ANY.fullmatch(words):
        return of_shown(Call("complete_task"), linker, "Which task is done?")
    return Call("complete_task", {"task": words})


def _several(text: str, shown: list[Said]) -> list[Said]:
    """The tasks at several places of the list that was shown: "the first two", "1 and 3", "the first and the last one"."""
    run = _RUN.search(text)
    if run is not None:
        count = _COUNTS.index(run.group(2)) + 2
        return [] if len(shown) < count else shown[:count] if run.group(1) == "first" else shown[-count:]
    pair = _PAIR.search(text)
    places = [] if pair is None else re.findall(rf"\d|{_ORDINAL}", pair.group())
    at = [_ORDINALS[place] if place in _ORDINALS else int(place) - 1 for place in places]
    return [shown[place] for place in dict.fromkeys(at)] if at and all(-len(shown) <= place < len(shown) for place in at) else []


def _of_the_task(sentence: Sentence) -> Sentence:
    """The message without a story before the task ("finally got round to it, …") or after it ("…, sorted it this morning")."""
    bounds = [match for match in re.finditer(r"\s*[,;.!]+\s+", sentence.masked) if sentence.masked.count('"', 0, match.start()) % 2 == 0]
    for bound in bounds:
        head, tail = sentence.cut(0, bound.start()), sentence.cut(bound.end())
        if _STORY.search(head.masked) and meant(tail.masked.rstrip(" .!")) and not _POINTS.search(tail.masked):
            return _of_the_task(tail)
        if meant(head.masked) and not _POINTS.search(head.masked) and not re.search(r"\b(?:and|to|with)\s*$", head.masked):
            return head
    return sentence


def _said(sentence: Sentence) -> str:
    """The words of the task, without those that say that it is done."""
    text = sentence.masked.rstrip(" .!?")
    echo = _ECHO.search(text)
    end = echo.start() if echo is not None and echo.start() > 0 else len(text)
    quoted = re.search(r"[\"'](?=\w)([^\"]+?)(?<=\w)[\"'](?=\W|$)", text[:end])
    if quoted is not None and quoted.start() > 0 and re.match(r"\W", text[quoted.start() - 1]):
        return sentence.verbatim(quoted.start(1), quoted.end(1))
    lead = _LEAD.match(text[:end])
    begin = lead.end() if lead is not None else 0
    tail = _TAIL.search(text, begin, end)
    end = tail.start() if tail is not None else end
    if echo is not None and (happened := _HAPPENED.search(text[begin:end])) is not None:
        end = begin + happened.start()
    return sentence.verbatim(begin, end).strip("'\" ,:;-.") if begin < end else ""
