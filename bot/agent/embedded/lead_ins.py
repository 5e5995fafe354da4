"""What leads up to a request without being one: where somebody is, what comes next, why it is asked ("forecast call at 3, show me
what slipped", "before I ring Quanta, which objections are open").

A clause that can only be a circumstance goes before anything is weighed, and leaves its name to the request if that has none.
Any other is left out only where the message was not understood with it and is understood without.
"""

import re
from collections.abc import Callable, Iterator

from bot.agent.embedded.families import WRITES
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.plans import Plan
from bot.agent.embedded.requests import ANCHORS
from bot.agent.embedded.sentence import Sentence

ASKS = re.compile(
    r"^(?:(?:and|so|then|please|now|just|quick(?:ly)?|can you|could you|would you|can i|could i|i)[, ]+)*"
    r"(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|do|does|did|has|have|any\w*|show|list|give|tell|get|pull|find|search|run|walk|see|brief|prep|summari[sz]e|sum|"
    r"recap|boil|catch|draft|write|remind|everything|all|only|need|want|would like|check|compare|look)\b"
)
_CIRCUMSTANCE = re.compile(
    r"^(?:(?:ok|so|hi|hey|and|i am|we are|am)[, ]+)*(?:before|after|ahead of|going in(?:to)?|prepping|preparing|getting ready|on (?:the|my) (?:train|way|bus|plane|flight|road)|in the (?:car|taxi|cab|train)|driving|walking|"
    r"head(?:ing|ed) (?:in)?to|off to|about to|in prep(?:aration)? (?:for|of)|for (?:my|the|our|a|an|this|DATE(?:'s)?) [\w :'-]{0,30}(?:call|meeting|review|qbr|1:1|one to one|forecast|sync|board|stand-?up|slides?|deck|report|scrub))\b"
)
_BREAK = re.compile(r"\s*(?:[,;:!?]+|\.+|…)\s+|\s+[-–]+\s+")
_MEANS_MORE = re.compile(r"\b(?:if|unless|once|until|not|never|maybe|perhaps|might|probably|log|note|record|remind|task|to-?do|email|mail|said|says|told|asked)\b|\"")
_WRITES = re.compile(r"^(?:(?:and|so|then|please|now|just|can you|could you|i)[, ]+)*(?:remind|need to|have to|want to|would like to|write|draft)\b")
_TALK = re.compile(r"\b(?:calls?|meetings?|reviews?|qbr|visit|demo|1:1|one to one|sync|board|stand-?up|forecast|negotiati\w+|lunch|coffee|dinner)\b")
_LONGEST = 14
"""Words of a clause that leads up to a request, at most."""
_SHORT = 8
_SURE = 0.5


def without_circumstance(sentence: Sentence) -> Sentence:
    """The message without a first clause that says when or what for something is asked."""
    text = sentence.masked
    if _CIRCUMSTANCE.match(text) is None:
        return sentence
    for lead, rest in _parts(sentence):
        timed = lead.of("DATE", "LENGTH") and _TALK.search(lead.masked) is None
        if ASKS.match(rest.masked) is not None and not _MEANS_MORE.search(lead.masked) and not _WRITES.match(rest.masked) and not timed:
            named = lead.of("ACCOUNT", "CONTACT", "DEAL")
            if len(named) > 1 or (named and rest.of(*ANCHORS)):
                return sentence
            return rest if not named else rest.cut(0, len(rest.masked.rstrip(" .!?"))).followed_by(sentence.cut(named[0].start, named[0].end).preceded_by("for"))
    return sentence


def without_lead_in(made: Plan, sentence: Sentence, planned: Callable[[Sentence], Plan]) -> Plan:
    """The plan of what is asked behind a first clause, where the whole was not understood and that is; else ``made``."""
    if (made.understood and made.confidence >= _SURE) or (made.calls and not made.reason.startswith("unsure") and made.confidence >= _SURE):
        return made
    for lead, rest in _parts(sentence):
        form = recognise(rest.masked)
        written = form is not None and form.family in WRITES
        if lead.of(*ANCHORS, "MONEY") or _MEANS_MORE.search(lead.masked) or ASKS.match(lead.masked) or not (written or ASKS.match(rest.masked)):
            continue
        again = planned(rest)
        if again.understood and again.calls and again.confidence > made.confidence and (written or form is None or form.family not in WRITES):
            return again
    return made


def is_lead_in(plan: Plan, after: Plan, request: Sentence) -> bool:
    """Whether a clause that was taken for a request only leads up to the next one, which is understood."""
    if not after.understood or not after.calls or ASKS.match(request.masked) or _MEANS_MORE.search(request.masked):
        return False
    if plan.reason.startswith("unsure") and len(request.masked.split()) <= _SHORT:  # its name is remembered for the next
        return not request.of("MONEY", "LENGTH")
    doubtful = ((not plan.understood or plan.confidence < _SURE) and plan.question is None) or plan.reason.startswith(("unsure", "out of scope"))
    return doubtful and not request.of(*ANCHORS, "MONEY", "LENGTH")


def _parts(sentence: Sentence) -> Iterator[tuple[Sentence, Sentence]]:
    """The message cut in two at each of its breaks, while what stands before is short."""
    for found in _BREAK.finditer(sentence.masked):
        lead, rest = sentence.cut(0, found.start()), sentence.cut(found.end())
        if len(lead.masked.split()) > _LONGEST:
            return
        if re.search(r"\w", lead.masked) and len(rest.masked.split()) > 1:
            yield lead, rest
