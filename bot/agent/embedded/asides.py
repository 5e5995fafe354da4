"""What people say around a change of a deal: why ("redlines are in, so move it"), and that it is to be done ("fix that please").

Neither is a request of its own. Left in, the reason is taken for a note or a question and the echo for a second change, so
both are taken out before a message is cut into requests. What could change the meaning (a condition, a doubt, a negation,
a name, an amount, somebody's words) is never taken out.
"""

import re

from bot.agent.embedded import slots, stated_values, task_frames
from bot.agent.embedded.grammar import mood_of, recognise
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.lost_deals import LOST
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.segments import time_last
from bot.agent.embedded.sentence import Sentence

_FIELD = r"(?:close date|closing date|date|stage|amount|value|owner|ownership|forecast(?: category)?|category|record|crm|system|deal|title|role|number|field|entry|books?)"
_ECHO = re.compile(
    r"(?:\s*[,;.!?:]+\s*|\s+-+\s+|\s+)(?:(?:and|so|then|please|can you|could you|would you|will you|just|only|kindly|go ahead and|you can)\s+)*"
    rf"(?:(?:update|change|fix|correct|adjust|amend|record|note|save|enter|reflect|set|mark|put|do|make|log|get|move|advance)\s+(?:it|that|this|the {_FIELD}|my {_FIELD}|its {_FIELD})"
    r"(?:\s+(?:so|in|down|up|only|accordingly|there|like that|as such|for me|too|please|now|on (?:file|record)|right|straight|to match|in (?:the )?(?:crm|system|record)s?))*"
    r"|please do(?: so| it)?|make it so|(?:update|change|fix|correct|adjust) accordingly|just do it)"
    r"\s*(?:(?:would|will|could|can) you|please|thanks|thank you|cheers|ok|okay|[,.!?])*\s*$"
)
"""That what was said is to be done; the change itself stands before it."""
_TO_NOTE = re.compile(r"\b(?:note|log|record|jot|write|save)\s+(?:it|that|this)\b")
_LOOKING = frozenset({"latest", "people", "purchases", "passages", "cases", "deal_details", "contact_details", "timeline", "what_changed"})
_WRITTEN = frozenset({"update_deal", "complete", "create_deal", "create_contact", "create_account", "update_contact", "set_role"})
_LOGS = re.compile(r"^(?:log|note|record|(?:call|meeting) (?:with|from|went)|met|spoke|talked)\b")
_NOT_AS_NOW = re.compile(r"\s*[,;-]+\s*(?:and )?not (?:what|as|like|the (?:one|number|figure|date|amount))\b[^,;]*\b(?:now|there|before|currently|today|(?:in|on) (?:it|the (?:system|crm|record)|record|file)|says?|shown|shows|have|had|wrote|got)\s*$")
_LINK = r"(?:(?:so|hence|therefore|thus|then|and so|that is why|which means|please|kindly|can you|could you|would you|just|now|go ahead and|i would|let us|we should|you can)[,\s]+)*"
_BOUND = re.compile(rf"(?:\s*[,;.!]+\s+|\s*:\s+|\s+-+>?\s+|\s+(?=(?:so|hence|therefore|thus|which means) ))({_LINK})(?=\S)")
_HAD_SO = re.compile(r"\b(?:so|hence|therefore|thus|that is why|which means)\b")
_VERB = (
    r"(?:move|push|advance|bump|shift|pull|slip|bring|drag|progress|promote|put|take|drop|set|change|update|raise|lower|increase|decrease|reduce|cut|adjust|"
    r"mark|flag|close|make|forecast|reopen|re-?date|delay|postpone|reassign|assign|hand|give|transfer|switch|commit|upgrade|downgrade|extend|correct|revise|"
    r"knock|add|shave|call|write off|omit|exclude|send|kick|nudge|slide|reschedule)"
)
_ONE = r"(?:the |our |my |that |this )?(?:DEAL|ACCOUNT)\b"
_CHANGE = re.compile(
    rf"(?:{_VERB}\b(?: (?:down|up|back|over|off|out|MONEY))*(?: (?:the |its )?{_FIELD}s?)?(?: (?:of|on|for|in|from|to))? (?:{_ONE}|(?:it|that|this)\b(?! (?:up|down|off|out)?$))"
    rf"|{_ONE}(?:'s)?(?: deal| renewal)?\s*(?:->|=>|=|:|is\b|are\b|goes\b|go\b|to\b|into\b|in\b|now\b|at\b|moves?\b|moved\b|slips?\b|slipped\b|closes?\b|closing\b|should\b|has\b|belongs\b|stays\b|will\b|down\b|up\b|becomes?\b|gets?\b)"
    rf"|(?:the |its |deal )?{_FIELD} (?:of|on|for|in) {_ONE}|(?:on|for) {_ONE}(?: deal| renewal)?,? {_VERB}\b|PERSON (?:is |now |will |has |should |to )*(?:tak|own|get|inherit|tak|look)\w*\b.* {_ONE})"
)
_OWN_REQUEST = re.compile(
    rf"^(?:log|note|record|jot|remind|task|todo|to-do|reminder|memo|fyi|call(?! (?:got|went|was))|meeting|email|mail|chat|message|voicemail|demo|visit|lunch|coffee|dinner|spoke|met|called|talked|emailed|sent|if|unless|once|when|as soon|in case|"
    rf"assuming|provided|only|what|who|whom|when|where|why|how|which|is|are|was|were|did|does|do|has|have|should|shall|can|could|show|list|give|tell|draft|write|create|add|new (?=task|deal|contact|account|note|reminder|to-?do|person|customer|prospect|company)|make|for|on|next|not|no wait|i might|maybe|perhaps|complete|tick|done|undo|cancel|find|search|brief|prep|{_VERB})\b"
    r"|\b(?:until|not before|maybe|might|probably|i think|if|unless|whether|once|when|whenever|as soon|in case|assuming|provided|remind|task|log|note)\b|\?"
)
_TOLD = re.compile(
    r"\b(?:said|says|saying|told|asked|asks|asking|mentioned|wrote|writes|suggested|thinks?|called|emailed|messaged|what|who|why)\b"
)
_SOMEBODY = re.compile(r"^(?:they|she|he|(?:the |our )?(?:customer|client|buyer|prospect|cfo|ceo|cto|boss|legal|procurement|finance))\b")
_GIVES_REASON = re.compile(r"[,:(]|\s-\s|\b(?:because|due to|reason|to RIVAL|over|as)\b(?! (?:closed? ?)?(?:lost|dead|a loss))")
_NO_REASON = re.compile(r"^(?:ugh|argh|oh|damn|bummer|sad|sadly|bad news|well|so|sorry|hmm|too bad|ok|i|we|it is official|that is it|no luck|no good|end of|update|news)\b")
_MEANS_MORE = re.compile(r"\b(?:not|no longer|never|but|if|unless|until|till|once|when|maybe|perhaps|might|probably|or|and|then|also|remind|task|log|note|next|except|from|who|what|why|how|instead|only|after|before|wait|actually|sorry)\b|n't\b|[A-Z]{3,}|[?\d]")
_TAIL = re.compile(r"(?:\s*[,;.!(]+\s*|\s+-+\s+|\s+(?=(?:because|since|as|now that) ))(?=\S)")
_LONGEST = 16
"""Words of a reason at most; what is longer tells a story and may be meant for the record."""


_TASK = re.compile(
    r"(?:\s*[,;.:]+\s*|\s+-+\s+|\s+and\s+)(?:(?:so|please|can you|could you|kindly|just|and)\s+)*(?:(?:create|add|make|set(?: up)?|put|open|log|save)(?: me| us| it| this| that)*(?: in| up| as)? (?:a |an |the |my |as a )*(?:new |recurring |repeating |regular |weekly |monthly |quarterly |daily )*(?:task|reminder|to-?do(?: list)?|action item)"
    r"|(?:put|add) (?:it|that|this) (?:on|to) (?:my |the )?(?:list|to-?dos?|to-?do list|task list)|remind me(?: of (?:it|that))?)(?: (?:for|of|about|out of) (?:it|that|this|me|him|her))?(?:\s*[,;-]?\s*(?:with )?(?:no|without(?: an?)?) (?:due )?(?:date|deadline))?\s*(?:please|thanks|[.!])*\s*$"
)
"""That what was said is a task, said at its end."""
_REPEATS = re.compile(r"\b(?:recurring|repeating|regular|weekly|monthly|quarterly|daily)\b")


_NEW_ONE = re.compile(
    r"^(?:(?:we|i|just|have|finally) )*(?:got|have|found|met|there is|won|signed|landed)? ?(?:a |an |another |one )?(?:new|fresh|hot|promising|potential)? ?(prospect|customer|partner|client|lead)\b[^,;:.!-]{0,40}[,;:.!-]+\s*(?:so |please |can you |could you )*(?=(?:create|set up|open|add|make|register|enter) (?:an? |the |me an? )?(?:new )?(?:account|company|organi[sz]ation)\b)"
)


def _of_a_new_one(sentence: Sentence) -> Sentence:
    """ "Got a fresh prospect, set up an account called …": what kind of account it is was said before."""
    told = _NEW_ONE.match(sentence.masked)
    if told is None:
        return sentence
    kind = {"client": "customer", "lead": "prospect"}.get(told.group(1), told.group(1))
    return sentence.cut(told.end()).with_words(f"as {kind}")


_ASKED_THEN = re.compile(r"^(?!(?:what|who|when|where|why|how|which|whose|can|could|should|shall|would)\b)([^?]{3,80})\?\s*(?:then|if so,?|in that case,?|so)\s+(?:please |just )?(?=\w)")


def _as_condition(sentence: Sentence) -> Sentence:
    """ "Still in Discovery? Then move it": what is asked is the condition of what follows."""
    asked = _ASKED_THEN.match(sentence.masked)
    if asked is None:
        return sentence
    return sentence.cut(asked.start(1), asked.end(1)).preceded_by("if").followed_by(sentence.cut(asked.end()).preceded_by(","))


def _as_task(sentence: Sentence) -> Sentence:
    text = sentence.masked
    said = _TASK.search(text)
    if said is None or mood_of(text[: said.start()], polite=False) == "question" or len(text[: said.start()].split()) < 2 or text[: said.start()].rstrip().endswith("?") or _LOGS.match(text):
        return sentence
    rest = sentence.cut(0, said.start())
    form = recognise(rest.masked)
    if form is not None and form.family == "task" and not _REPEATS.search(said.group()):
        return rest
    return time_last(rest).preceded_by("task:") if form is None or form.family not in _WRITTEN else sentence


def without_asides(said: Sentence, linker: Linker) -> Sentence:
    """The message without reasons given before or after a change and without words that only say it shall be done."""
    skipped = without_courtesies(said.masked)
    core = said.cut(skipped) if skipped else said
    found = _shorn(core, linker)
    if found.masked == core.masked:
        return said
    return found.cut(0, len(found.masked) - 1) if skipped and found.masked.endswith("?") else found


def _shorn(sentence: Sentence, linker: Linker) -> Sentence:
    sentence = _of_a_new_one(_as_condition(task_frames.in_order(sentence) or _as_task(sentence)))
    text = sentence.masked
    if not sentence.of("DEAL", "ACCOUNT", "CONTACT", "PERSON") or '"' in text or "\n" in text.strip():
        return sentence
    echo = _ECHO.search(text)
    told = _NOT_AS_NOW.search(text)
    if told is not None and sentence.of("MONEY", "DATE"):
        sentence = sentence.cut(0, told.start())
        text = sentence.masked
        echo = _ECHO.search(text)
    if echo is not None and echo.start() > 3 and re.search(r"[A-Z]{3,}", text[: echo.start()]) and not text[: echo.start()].rstrip().endswith("?"):
        sentence = sentence.cut(0, echo.start())
        form = recognise(sentence.masked)
        if _TO_NOTE.search(text, echo.start()) and (form is None or form.family in _LOOKING):
            return sentence.preceded_by("note that")
    return _without_trailing_reason(_without_leading_reason(sentence, known=bool(linker.memory.subjects)), linker)


def _without_leading_reason(sentence: Sentence, *, known: bool) -> Sentence:
    """``known``: somebody was talked about before, so what "they" said may be meant for the record."""
    text = sentence.masked
    for bound in _BOUND.finditer(text):
        lead = text[without_courtesies(text[: bound.start()]) : bound.start()]
        if not lead.strip() or len(lead.split()) > _LONGEST or _OWN_REQUEST.search(lead):
            continue
        change = _CHANGE.match(text, bound.end())
        if change is None:
            continue
        named = re.findall(r"[A-Z]{3,}", lead)
        pointed = re.search(r"\b(?:it|that|this)\b", change.group())
        if _TOLD.search(lead) and (known or pointed is not None or not _SOMEBODY.match(lead)):
            continue
        whole = sentence.cut(bound.end())
        if not named and LOST.search(whole.masked) and not LOST.search(lead) and not _NO_REASON.match(lead) and len(lead.split()) > 1 and not _GIVES_REASON.search(whole.masked):
            return whole.followed_by(sentence.cut(0, bound.start()).preceded_by(","))
        if not named or set(named) <= {"DATE", "LENGTH", "PRODUCT"}:
            return whole
        if named == ["RIVAL"] and LOST.search(text):
            return whole.followed_by(sentence.cut(0, bound.start()).preceded_by(","))
        if named in (["DEAL"], ["ACCOUNT"]) and pointed is not None and not sentence.cut(bound.end()).of("DEAL", "ACCOUNT"):
            mark = sentence.of("DEAL", "ACCOUNT")[0]
            return sentence.cut(bound.end()).followed_by(sentence.cut(mark.start, mark.end).preceded_by("for"))
        if not _HAD_SO.search(bound.group()):
            continue
    return sentence


def _a_value(text: str, linker: Linker) -> bool:
    """Whether a forecast category or a stage is in it: then it is a value of its own, and no reason."""
    if slots.forecast_category(text) is not None or "pipeline" in text:
        return True
    return any(found.how == "exact" for word in re.findall(r"[a-z]{4,}", text) for found in linker.names.find("stage", word))


def _without_trailing_reason(sentence: Sentence, linker: Linker) -> Sentence:
    text = sentence.masked
    if LOST.search(text) or "next" in text:
        return sentence
    for tail in _TAIL.finditer(text):
        rest = text[tail.end() :]
        if re.search(r"\w", rest) and not _MEANS_MORE.search(rest) and len(rest.split()) <= _LONGEST:
            head = sentence.cut(0, tail.start())
            if stated_values.said_briefly(head, linker) and not _a_value(rest, linker):
                return head
    return sentence
