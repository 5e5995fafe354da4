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
_OCCASION = re.compile(
    r"^(?:(?:ok|so|hi|hey|and|sorry|now|just)[, ]+)*(?:(?:i|we) (?:(?:just|still|also|already|now) )*(?:have|had|got|am|are|was|were|will|need to|must|should|been)|(?:there|this|it|today|tomorrow|DATE) is|(?:\w+ ){0,3}(?:call|meeting|review|qbr|1:1|sync|stand-?up|board|presentation)(?: (?:is|at|on|starts|in))? (?:DATE|LENGTH)|been|back|out|got|(?:my|our|the)(?=.*\b(?:is|are|starts?|begins?|wants?|needs?|asks?|asked)\b)|(?:my )?(?:boss|manager|vp|cro|ceo|PERSON) (?:wants?|needs?|asks?|is asking|asked))\b"
)
_FOR_TALK = re.compile(r"^(?:(?:ok|so|hi|hey|and)[, ]+)*(?:before|for|ahead of|in prep(?:aration)? for) (?:my|the|our|a|an|this|tomorrow's|DATE(?:'s)?) (?:(?:DATE(?:'s)?|next|weekly|monthly|forecast|pipeline|team|sales|board|staff|[a-z]+) ){0,3}?(?:call|meeting|review|qbr|1:1|one to one|sync|stand-?up|slides?|deck|report|scrub)(?: DATE)? (?=(?:i (?:need|want|would like)|show|give|list|what|which|how|who)\b)")
""" "For the Monday forecast call I need …": with nothing between it and the request."""
_HAPPENS = re.compile(
    r"\b(?:calls?|meetings?|reviews?|qbr|ebr|visit|demo|1:1|1-1|one[- ](?:to|on)[- ]one|sync|board|stand-?up|lunch|coffee|dinner|talk|interview|workshop|slides?|deck|report|presentation|catch[- ]?up|huddle|planning|kick-?off|"
    r"out|away|off|pto|leave|holidays?|vacation|sick|train|car|taxi|cab|bus|plane|airport|road|lobby|hurry|rush|new|late|lost)\b"
)
_AWAY = re.compile(r"\b(?:out|away|off|pto|leave|holidays?|vacation|sick|gone)\b")
_SINCE_THEN = re.compile(r"\s*\b(?:since|from|after)(?: then| that| that day)\b|\s*\bsince(?=[ ?!.]*$)|\s*\b(?:while|when) (?:i|we) (?:was|were|am|are) (?:out|away|off|gone|not here)\b|\s*\bin the meantime\b|\s*\bmeanwhile\b")
_OF_THEM = re.compile(r"\b(?:his|her|their|hers|theirs|him|them|they|he|she)\b")
_BREAK = re.compile(r"\s*(?:[,;:!?]+|\.+|…)\s+|\s+[-–]+\s+|\s+so\s+(?=(?:please |can you |could you |just )*(?:show|list|give|get|pull|what|which|how|who|where)\b)")
_MEANS_MORE = re.compile(r"\b(?:if|unless|once|until|not|never|maybe|perhaps|might|probably|log|note|record|remind|task|to-?do|email|mail|said|says|told|asked)\b|\"")
_WRITES = re.compile(r"^(?:(?:and|so|then|please|now|just|can you|could you|i)[, ]+)*(?:remind|need to|have to|want to|would like to|write|draft)\b")
_TALK = re.compile(r"\b(?:calls?|meetings?|reviews?|qbr|visit|demo|1:1|one to one|sync|board|stand-?up|forecast|negotiati\w+|lunch|coffee|dinner)\b")
_THEM = re.compile(r"\b(?:them|they|her|him|she|he)\b|(?<=\bover )there\b")
_AND_MORE = re.compile(r"\s+(?:and|plus|\+|&)\s+(?=(?:the|our|my|any|what|when|which|who|how|open|last)\b)")
_LONGEST = 14
"""Words of a clause that leads up to a request, at most."""
_SHORT = 8
_SURE = 0.5


def without_circumstance(sentence: Sentence) -> Sentence:
    """The message without a first clause that says when or what for something is asked."""
    text = sentence.masked
    if _CIRCUMSTANCE.match(text) is None:
        return _without_occasion(sentence)
    for lead, rest in _parts(sentence):
        timed = lead.of("DATE", "LENGTH") and _TALK.search(lead.masked) is None
        if ASKS.match(rest.masked) is not None and not _MEANS_MORE.search(lead.masked) and not _WRITES.match(rest.masked) and not timed:
            named = lead.of("ACCOUNT", "CONTACT", "DEAL")
            if len(named) > 1 or (named and rest.of(*ANCHORS)):
                return sentence
            them = _THEM.search(rest.masked) if named else None
            if them is not None:  # the name takes the place of the first word that points at it
                return rest.cut(0, them.start()).followed_by(sentence.cut(named[0].start, named[0].end)).followed_by(rest.cut(them.end()))
            joined = _AND_MORE.search(rest.masked) if named else None
            if joined is not None:  # what is asked first is asked of whoever is named, and so is the rest
                return rest.cut(0, joined.start()).followed_by(sentence.cut(named[0].start, named[0].end).preceded_by("for")).followed_by(rest.cut(joined.start()))
            return rest if not named else rest.cut(0, len(rest.masked.rstrip(" .!?"))).followed_by(sentence.cut(named[0].start, named[0].end).preceded_by("for"))
    for_talk = _FOR_TALK.match(text)
    if for_talk is not None and not sentence.cut(0, for_talk.end()).of(*ANCHORS):
        rest = sentence.cut(for_talk.end())
        return rest if ASKS.match(rest.masked) is not None and not _WRITES.match(rest.masked) else sentence
    return sentence


_PURPOSE = re.compile(
    r"(?:\s*[,;.]+\s+|\s+[-–]+\s+|\s+(?=(?:because|since|as|so that) ))(?:because |since |as |so that |so |and |cause )?(?:(?:i|we) (?:(?:just|also|really) )?(?:have to|need to|must|should|want to|would like to|am going to|are going to|am|are|will|can|could|need|want)|(?:am|are) (?:doing|making|preparing|building|working on|putting together|in|heading)|(?:doing|making|preparing|building|working on|putting together)|(?:it|this|that) is|(?:my |our |the )?(?:boss|manager|vp|cfo|ceo|cro|board|finance|PERSON))\b(?P<tail>[^,;?]*)[?.! ]*$"
)
_THE_ANSWER = re.compile(r"\b(?:it|this|that|these|those|the (?:numbers?|figures?|answer|list|total))\b|\b(?:asks|asking|asked|wants to know|is curious)\b|\bfor (?:my|the|our|a) [\w ]{0,20}(?:slides?|deck|board|qbr|review|report|1:1|forecast|call|meeting)$|\b(?:slides?|deck|presentation|qbr|board (?:paper|pack|deck))$")
_TO_DO = re.compile(r"\b(?:call|ring|phone|meet|visit|follow|chase|remind|task|log|note|update|change|move|close|fix)\b")


def without_purpose(sentence: Sentence) -> Sentence:
    """The question without what its answer is for ("…, I have to give it to Viktor")."""
    said = _PURPOSE.search(sentence.masked)
    if said is None or said.start() < 8 or _TO_DO.search(said.group("tail")) or _THE_ANSWER.search(said.group().rstrip(" .!?")) is None:
        return sentence
    head, tail = sentence.cut(0, said.start()), sentence.cut(said.start())
    if ASKS.match(head.masked) is None or _WRITES.match(head.masked) is not None or tail.of("ACCOUNT", "CONTACT", "DEAL", "MONEY"):
        return sentence
    return head


def _without_occasion(sentence: Sentence) -> Sentence:
    """The message without a first clause that tells what comes up or where one was ("I have my 1:1 with Tom in a minute, …", "been
    out since Wednesday, …"), its person or its day left to a question that points back to them."""
    if _OCCASION.match(sentence.masked) is None:
        return sentence
    for lead, rest in _parts(sentence):
        about = lead.of(*ANCHORS, "MONEY")
        if any(mark.kind != "PERSON" for mark in about) or len(about) > 1 or not _HAPPENS.search(lead.masked) or _MEANS_MORE.search(lead.masked):
            continue
        if ASKS.match(rest.masked) is None or _WRITES.match(rest.masked) is not None:
            continue
        then = _SINCE_THEN.search(rest.masked)
        if lead.of("DATE") and _AWAY.search(lead.masked) and not rest.of("DATE"):
            day = lead.of("DATE")[0]
            cut = rest.cut(0, then.start() if then is not None else len(rest.masked.rstrip(" .!?")))
            return cut.followed_by(lead.cut(day.start, day.end).preceded_by("since"))
        if about and not rest.of(*ANCHORS) and _OF_THEM.search(rest.masked):
            return rest.cut(0, len(rest.masked.rstrip(" .!?"))).followed_by(lead.cut(about[0].start, about[0].end).preceded_by("for"))
        return rest
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
