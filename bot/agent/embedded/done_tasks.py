"""Which task is done, whichever way it is said: "tick off send contract", "the letter is out, cross it off"."""

import re
from datetime import date

from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Sentence
from bot.cards import Asked
from crm_store.people import Caller

_ITEM = r"(?:task|todo|to-do|to do|reminder|action item|item|promise)"
_STATE = r"(?:done|complete|completed|finished|ticked off|checked off|crossed off|closed|off)"
_LIST = r"(?: (?:from |off |on )?(?:my|the) (?:to-?do |task )?list)?"
_ECHO = re.compile(
    rf"(?:[\s,;.:-]+|^)(?:(?:so|and|please|you can|can you|just|kindly|then|now)\s+)*(?:(?:tick|check|cross|mark|strike|scratch|close|complete|take|get|set)\s+(?:it|that|this|that one|this one|the {_ITEM}|that {_ITEM}|this {_ITEM})"
    rf"(?:\s+(?:off|out|as|to|{_STATE}|now|please|for me|my|the|list|to-?do|from))*|(?:the |that |this )?{_ITEM} (?:can|may|should) (?:now )?be (?:{_STATE}|ticked|checked|crossed)(?: off)?|(?:it|that|this|she|he) (?:is|has been|was) (?:all |now |already )*{_STATE})(?: for (?:me|us))?\s*$"
)
_LEAD = re.compile(
    rf"^(?:{_ITEM} (?:is )?{_STATE}\s*[:-]\s*)?(?:(?:please|you can|can you|go ahead and|just|i am|i have|i|we have|all|now|finally)\s+)*(?:(?:mark|set|flag|check|tick|cross|complete|close|finish|strike|scratch|put|get)(?: off| out| down)?\b|(?:done|finished|completed|accomplished|achieved|wrapped up|sorted(?: out)?|ticked off|checked off|through)(?: with)?\b)?\s*[:-]?\s*"
    rf"(?:(?:the |my |that |this |a |our )?{_ITEM}\b(?!s)\s*(?:(?:to|about|of|on|for|called|named|regarding)\b\s*(?:(?:the|my|our|a|an)\b\s*)?)?[:-]?|(?:the|my|that|this|a|our)\b)?\s*"
)
_TAIL = re.compile(rf"(?:\s*[:,;-])?(?:\s+{_ITEM}(?!s))?(?:\s*[:,;-])?(?:\s*\b(?:has|have|had|is|are|was|been|got|now|finally|already|all|just|can be|to be|as|to|from|it|and)\b)*(?:\s*\b{_STATE})*{_LIST}(?:\s+for (?:me|us))?\s*$")
_HAPPENED = re.compile(r"\s+(?:(?:has|have|is|are|was|were|been|got|now|finally|already|just|all)\s+)*(?:sent(?: out| off| over)?|out|gone(?: out| off)?|went (?:out|off|over)|over|handled|sorted|taken care of|dealt with|shipped|delivered|booked|signed|paid|submitted|fixed|made|written|in|up|prepared|ready|through)\s*$")
_ANY = re.compile(rf"(?i)(?:(?:it|that|this|that one|this one|one|them|(?:that|this|the|my) {_ITEM}|{_ITEM}) ?)*(?:off|done)?")


def complete_task(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan:
    nth = linker.nth(sentence, "task")
    if nth is not None:
        return Call("complete_task", {"task": nth.value})
    words = _said(sentence)
    if not words or _ANY.fullmatch(words):
        talked = linker.memory.newest("task")
        if talked is None:
            return Plan(question=Asked(text="Which task is done?"), waiting=Call("complete_task"), missing="task")
        return Call("complete_task", {"task": talked.id})
    return Call("complete_task", {"task": words})


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
