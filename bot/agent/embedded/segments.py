"""A message -> the requests in it, in order.

A new request begins where a sentence or a clause begins with a word that is addressed to the CRM. What the customer said
("they asked us to move it and send a quote") is never cut into requests: after a verb of saying only a full stop, or a
command that cannot be part of what was said, begins a new one.
"""

import re

from bot.agent.embedded import many_entries
from bot.agent.embedded.grammar import recognise
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.sentence import Sentence

_THING = r"(?:it|that|this|them|(?:the|this|that|my|our|its|their) |ACCOUNT|DEAL|CONTACT|PERSON|close date|stage|amount|next step|owner|forecast)"
_COMMAND = rf"""(?:
    (?:move|push|advance|bump|shift|pull|slip|bring|drag)\ {_THING}
  | (?:move|advance|progress)\ (?:in)?to\ (?!the\b|a\b|us\b|our\b)[a-z]+(?=\s*(?:$|[,.;]))
  | (?:set|change|update|raise|lower|increase|decrease|adjust|fix|edit)\ {_THING}
  | (?:mark|flag|put|set|close|tag|make)\ (?:it|that|this|(?:the\ |our\ |my\ )?(?:deal|DEAL|ACCOUNT)|CONTACT)\b
  | (?:i\ |we\ )?(?:have\ |just\ )*(?:moved|pushed|advanced|bumped|marked)\ (?:(?:the\ |our\ |my\ |their\ |her\ |his\ )?(?:DEAL|(?:ACCOUNT(?:'s)?\ )?(?:deal|renewal))|it)\ (?:to|as|into|in|out|back)\b
  | (?:re)?assign\ | hand\ (?:it|DEAL|ACCOUNT) | give\ (?:it|DEAL)\ to\ | transfer\ (?:it|DEAL)
  | remind\ (?:me|us|PERSON) | (?:set|create|add|make)\ (?:up\ )?(?:a\ |an\ |me\ a\ )?(?:new\ )?(?:task|reminder|to-?do|follow\ ?-?up|note|contact|deal|account)\b
  | (?:log|record|note)\ (?:a|an|the|this|that|my|down|it)\b | (?:log|record)\ (?:call|meeting|email|note|chat)\b
  | (?:new\ )?(?:task|todo|to-do|reminder)(?:\s*:|\ for\ (?:me|DATE|PERSON)\b|\ DATE\b) | (?:ACCOUNT\ )?DEAL\ (?:goes|moves|should\ go|can\ go)\ to\b | next\ steps?\s*(?::|is\b|-|=)
  | (?:complete|tick\ off|check\ off|finish|tick)\ (?:the|that|my)\ (?!list)
  | (?:show|list|tell|give)\ me\ | create\ (?:a|an)\b | forecast\ it | commit\ it | undo\ (?:that|it) | draft\ (?:a|an)
)"""
_QUESTION = r"(?:what|who|when|where|how|which|why|show|list|give me|tell me|did (?:we|they|i|CONTACT|ACCOUNT)|is there|are there|any|do (?:we|i|they)|has|have)\b"
_STRONG = r"(?:[.;!?\n]\s*|,\s*(?=(?:and|then|also|plus|please)\b)|,\s*|\s[-–+]\s+)"
_JOIN = r"(?:(?:and|so|then|also|plus|please|afterwards|after that|&)\s+)*"
_STRONG_COMMAND = re.compile(
    _STRONG.replace(" ", r"\ ") + _JOIN.replace(" ", r"\ ") + "(?=" + _COMMAND + ")", re.VERBOSE
)
_WEAK_COMMAND = re.compile(
    r"\s+(?:and|then|also|plus|&)\s+(?:(?:then|also|please)\s+)*(?=" + _COMMAND + ")", re.VERBOSE
)
_STRONG_QUESTION = re.compile(
    r"(?:[.;?!\n]\s*|\s+\+\s+|,\s*(?=(?:and|also|then|plus|after that|afterwards)\b)|\s+(?=(?:and|also|plus)\b))(?:(?:and|also|plus|then|after that|afterwards)\s+)*(?="
    + _QUESTION
    + ")"
)
_DONE_THEN = re.compile(r"(?:(?:ok|great|all|right|so|i am|that is|it is)[, ]+)*(?:done|finished|sorted|did (?:it|that)|sent (?:it|that)|completed(?: (?:it|that))?)(?: (?:with )?(?:it|that|this)| with (?:the |my )?[^.,;:!-]{2,50})?(?P<cut>\s*[.,;:!-]+\s*(?:and )?(?:so )?(?:now|next(?: up| one| task)?)\b\s*(?:is(?: to)?\b)?\s*[:,-]*\s*(?:i (?:will |need to |have to )?)?)(?=\w)")
""" "Done, next: send the contract": what was asked for is done, and the next task."""
_OF_STEP = re.compile(r"(?:make|set|mark) (?:it|that) (?:due |for |by )?DATE")
_STEP = re.compile(r"\bnext steps?\b|\b(?:task|reminder|to-?do)\b")
""" "Change the next step to legal review and make it due Friday": its day."""
_NEXT_DAY = re.compile(r"\s*,?\s+(?:and|then|plus)\s+(?:then )?(?=(?:on )?DATE (?:to|about) [a-z])")
_TOO = re.compile(
    r"(?:\s*,?\s+(?:and|then|plus)\s+(?:then |also )*|\s*[,;]\s+)(?=(?:to [a-z]+\b|(?:call|ring|phone|email|text|message|send|chase|ping|write|prepare|prep|review|update|check|book|visit|meet|follow up)\b).*(?:DATE|LENGTH|EVERY))"
)
_TO_DO = re.compile(
    r"(?:please )?(?:remind (?:me|us|PERSON)|(?:i|we) (?:need|have|must|should|will|want)|task|todo|call|ring|phone|email|text|message|send|chase|ping|write|prepare|prep|review|check|book|visit|meet|follow up)\b"
)
_TICKS = re.compile(
    r"(?:(?:mark|set) (?:it|that|this)(?: task)?(?: as| to)? (?:done|complete|completed|finished)|(?:tick|check|cross|strike) (?:it|that|this)(?: one| task)? off|(?:close|complete|finish) (?:that|the|this|my) (?:task|to-?do|reminder|item))\b"
)
"""That what stands before it is done: no request of its own."""
_THEN_SHOW = re.compile(r"\s*,?\s+(?:and|then|plus|&|\+|after(?:wards| that| this)|followed by)\s+(?:(?:then|also|please|after (?:that|this))\s+)*(?=(?:show|list|give|tell|brief|catch) (?:me|us|my|our)\b)")
_DAY_FIRST = re.compile(r"^(?:on )?DATE (?:to|about) [a-z]")
""" "Remind me Monday to call her and Tuesday to write": two reminders."""
_OF_BRIEF = re.compile(r"(?:what (?:should|do|must) i (?:need to |have to )?(?:know|say|ask|bring up|cover|focus on|raise|mention)|what (?:matters|is important))\b")
"""What is asked of a meeting that was just named belongs to it."""
_ECHOED = re.compile(r"(?:show|list|give|tell) (?:me|us)(?: (?:what|which|who|them|it|those|these|all|that|how much|everything))?(?: please)?\s*[?.!]*$|(?:what|which|who|how (?:much|big|long|bad)) (?:was|is|were|are) (?:it|that|they|those|these)(?: (?:for|about|worth|with|on))?\s*[?.!]*$")
""" "Has she ever bought anything? Show me what": asks the same again."""
_OF_OBJECTIONS = re.compile(
    r"(?:(?:how )?(?:did|have|has|do|can|will|are|is|were|was) (?:we|they|those|these|that|it|i|any|all|PERSON)(?: \w+){0,2}? ?(?:answer|address|resolv|settl|deal|dealt|handl|respond|repl|counter|overc[oa]m|clear|react|solv)\w*"
    r"|what (?:did|do|was|is) (?:we|our|i|PERSON) (?:answer|say|reply|do|response)\w*)(?: (?:to|with|about|them|it|that|those|these|all|yet|already|so far|since))*\s*[?.!]*$"
)
"""Whether what was just asked for was answered belongs to it."""
_NOUN = re.compile(
    r"\s*,?\s+(?:and|plus|&|\+|then|after (?:that|this)|followed by)\s+(?:also |then |after (?:that|this) |all )*(?=(?:(?:my|our|the|any)(?: (?:overdue|open|top|\w+'s))*|(?:open|overdue)) (?:tasks?(?: list)?|to-?dos?(?: list)?|deals|pipeline|accounts|forecast|quota|renewals|cases|tickets)\b|(?:the |our |my )(?:very )?(?:last|latest|most recent) (?:interaction|contact|conversation|activity|touch ?point|exchange)\b)"
)
"""A list asked for after another, its verb left out: "show my pipeline and my tasks"."""
_SAYING = re.compile(
    r"\b(?:said|says|saying|told|asked|asks|wants?|wanted|would like|need(?:s|ed)? (?:us|me|to)|agreed|agree|promised|mentioned|suggested|plans?|hopes?|thinks?|requested|insists?|expects?|decided|going to|will)\b"
)
_BODY = re.compile(r"\b(?:log|logged|record|note|call(?:ed)?|meeting|met|spoke|talked|emailed|heard|got)\b")
_CONDITION = re.compile(r"\b(?:if|unless|once|when|whenever|as soon as|in case|provided|assuming)\b")


_TIME_FIRST = re.compile(
    r"^(?:(?:on|by|in|at|come|this|from|until|before|after|start(?:ing)?|beginning|as of|first) )*(?:EVERY|DATE|LENGTH)(?:\s*,?\s*(?:(?:on|from|start(?:ing)?|beginning|as of|first|and) )*(?:EVERY|DATE)(?: on(?:wards?)?\b)?)*\s*[,:-]?\s+(?=(?:please |i |we |i need|i have|i must|i should|i want (?:a |an )?|let us )*"
    r"(?:(?:call|text|email|message|phone|visit)(?! (?:with|from|at|w|call|meeting|chat|conversation|message)\b)|remind|ping|nudge|ring|send|follow|chase|check|meet|need|have to|must|should|set|create|add|prepare|review|write|ask|get back|task|reminder|touch base|circle back)\b)"
)


def time_last(request: Sentence) -> Sentence:
    """ "Every Monday, remind me to call": the same as with its time at its end."""
    match = _TIME_FIRST.match(request.masked)
    if match is None and request.masked.startswith("EVERY") and len(request.masked) > 7:
        begins = re.match(r"EVERY[\s:,;-]*", request.masked)
        return request.cut(begins.end() if begins is not None else 5).followed_by(request.cut(0, 5))
    if match is None or request.masked.endswith("?"):
        return request
    return request.cut(match.end()).followed_by(request.cut(0, match.end()))


_ECHO = re.compile(
    r"(?:please |so |just |now )*(?:update|change|adjust|correct|fix|amend|(?:set|record|save|enter|put)(?= (?:that|the|this|it)\b))(?:(?: |, |,)(?:please|the|both|all|it|that|this|them|accordingly|stage|amount|value|close|closing|date|dates|forecast|category|owner|title|record|crm|deal|role|title|down|fields?|and|now|too|in|system))*"
)
"""Only says once more that the record is to be changed: "it grew to 70k, update stage and amount"."""


_LOG_ECHO = re.compile(r"(?:please |so |just |only |now |and )*(?:log|note|record|save|write|put|jot) (?:it|that|this|all (?:of )?that|all this)(?: (?:down|in|up|only|too|please|for me|on (?:file|record)|in the (?:crm|system)|as (?:a|an) [a-z]+))*")
""" "Log that": what stands before it."""
_LOG_IT_LAST = re.compile(r"(?:^|[,;.]\s*)(?:please |so |just |can you |could you )*(?:log|note|record|save) (?:it|that|this|all that)(?: (?:down|in|please|for me))*\s*$")
_WRITTEN = frozenset({"update_deal", "complete", "create_deal", "create_contact", "create_account", "update_contact", "set_role"})
_OF_DATA = re.compile(r"\b(?:personal data|gdpr|data|export|access request|dsar)\b")
_HANDED = re.compile(r"(?:please |just |so |now |can you |could you )*(?:pull|prepare|run|produce|generate|get|export|send|hand|compile|do) (?:it|that|them|the export|the file)(?: (?:out|over|together|up|for (?:me|us|her|him|them)))?(?: please| asap| today| now| DATE)?")
"""Only says once more that somebody's data are to be handed out."""
_TELLS_NEW = re.compile(r"\b(?:is|are|was|grew|went|rose|fell|got|has|have|became|moved|slipped)\b")


def _with_echoes(pieces: list[Sentence]) -> list[Sentence]:
    """The pieces without those that only ask to record what was just told; one that says of which field it was joins its piece."""
    kept: list[Sentence] = []
    for piece in pieces:
        if kept and _LOG_ECHO.fullmatch(piece.masked.strip(" .!,")):
            form = recognise(kept[-1].masked)
            kept[-1] = kept[-1] if form is not None and form.family in _WRITTEN and not kept[-1].of("DATE") else kept[-1].preceded_by("note that") if form is None or form.family != "log" else kept[-1]
        elif kept and _ECHO.fullmatch(piece.masked.strip(" .!,")):
            kept[-1] = kept[-1] if _TELLS_NEW.search(kept[-1].masked) else kept[-1].followed_by(piece)
        else:
            kept.append(piece)
    return kept


def requests_of(sentence: Sentence) -> list[Sentence]:
    """The requests of a message, each trimmed, at least one."""
    text = sentence.masked
    quoted = _quoted(text)
    cuts = many_entries.cuts(sentence)
    begins = _DONE_THEN.match(text)
    if begins is not None:
        cuts.append(begins.span("cut"))
    for match in _STRONG_COMMAND.finditer(text):
        if (
            match.start() > 0
            and not _inside(match.end(), quoted)
            and not _bound(text, cuts, match.start())
            and not _of_log(text, cuts, match)
            and not _TICKS.match(text, match.end())
            and not _only_named(text, cuts, match.start())
            and not _ECHOED.match(text, match.end())
        ):
            cuts.append((match.start(), match.end()))
    for match in _WEAK_COMMAND.finditer(text):
        begun = max((end for _, end in cuts if end <= match.start()), default=0)
        clause = text[begun : match.start()]
        clause = clause[max(clause.rfind(". "), clause.rfind("; "), clause.rfind("\n")) + 1 :]
        if (not _SAYING.search(clause) or _LOG_IT_LAST.search(clause)) and not _CONDITION.search(clause) and not _inside(match.end(), quoted) and not (_OF_STEP.match(text, match.end()) and _STEP.search(clause)):
            cuts.append((match.start(), match.end()))
    for match in _THEN_SHOW.finditer(text):
        if not _SAYING.search(text[: match.start()]) and not _CONDITION.search(text[: match.start()]) and not _inside(match.end(), quoted):
            cuts.append(match.span())
    if _asks(text):
        for match in _STRONG_QUESTION.finditer(text):
            if match.start() > 2 and not _inside(match.end(), quoted) and not _ECHOED.match(text, match.end()) and not _OF_BRIEF.match(text, match.end()) and not _OF_OBJECTIONS.match(text, match.end()):
                cuts.append((match.start(), match.end()))
    if _asks(text) and not _SAYING.search(text) and not re.search(r"\b(?:compar|vs|versus|between)", text):
        cuts.extend(match.span() for match in _NOUN.finditer(text) if recognise(text[: match.start()]) is not None)
    plain = text[without_courtesies(text) :]
    if re.match(r"(?:please )?remind (?:me|us|PERSON)\b", plain):
        cuts.extend(match.span() for match in _NEXT_DAY.finditer(text))
    if _TO_DO.match(plain):
        cuts.extend(match.span() for match in _TOO.finditer(text) if re.search(r"DATE|EVERY|LENGTH", text[: match.start()]) and not _inside(match.end(), quoted))
    pieces: list[Sentence] = []
    begun = 0
    for start, end in sorted(set(cuts)):
        if start < begun:
            continue
        pieces.append(sentence.cut(begun, start))
        begun = end
    pieces.append(sentence.cut(begun))
    pieces = _with_echoes(pieces)
    pieces = [piece.preceded_by("remind me") if at and (_DAY_FIRST.match(piece.masked) or (plain.startswith(("remind", "please remind")) and re.match(r"to [a-z]", piece.masked))) else piece for at, piece in enumerate(pieces)]
    return [piece for piece in pieces if re.search(r"\w", piece.masked)] or [sentence]


def _of_log(text: str, cuts: list[tuple[int, int]], match: re.Match[str]) -> bool:
    """Whether a next step belongs to the log entry it follows."""
    if re.match(r"(?:put|note|write|jot|log|record|take|add) (?:this|that|it|the following)(?: down| in)?\s*:", text[match.end() :]):
        return True
    if not re.match(r"next steps?\b", text[match.end() :]):
        return False
    begun = max((end for _, end in cuts if end <= match.start()), default=0)
    form = recognise(text[begun : match.start()])
    return form is not None and form.family == "log"


_ONLY_NAMED = re.compile(r"(?:(?:update|change|edit|on|for|re|regarding|revise|correct|an? update on|update on)\s+)?(?:the |our |my )?(?:DEAL|ACCOUNT|CONTACT|it|this deal|that deal)(?: deal| renewal| as (?:below|follows))?"
    r"|(?:(?:on|from|by|at|in|as of|come|start(?:ing)?|beginning|first) )*(?:DATE|EVERY|LENGTH)(?: (?:(?:and|on|at|from|start(?:ing)?|beginning|first) )*(?:DATE|EVERY))*(?: on(?:wards?)?)?"
    r"|(?:(?:new|a|set|create|add|make|please|the|recurring|repeating|weekly|monthly|daily|quarterly|up|another|me) )*(?:task|reminder|to-?do|remind me|ping me)(?: (?:for|to|me|PERSON|on|from|starting|beginning|by|due|at|DATE|EVERY|LENGTH|onwards?))*")


def _only_named(text: str, cuts: list[tuple[int, int]], at: int) -> bool:
    """Whether the clause before only says what it is about ("update Meridian, next step: …"): no request of its own."""
    begun = max((end for _, end in cuts if end <= at), default=0)
    clause = text[begun:at].strip()
    return _ONLY_NAMED.fullmatch(clause[without_courtesies(clause) :].strip(" ,:-")) is not None


def _bound(text: str, cuts: list[tuple[int, int]], at: int) -> bool:
    """Whether the clause before belongs to a condition ("if she signs, move it"): the command hangs on it."""
    begun = max((end for _, end in cuts if end <= at), default=0)
    clause = text[begun:at]
    clause = clause[max(clause.rfind(". "), clause.rfind("; "), clause.rfind("\n")) + 1 :].strip()
    clause = clause[without_courtesies(clause) :]
    return (
        bool(
            re.match(r"(?:(?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal| renewal)?\s*[,:-]+\s*)?(?:and |then |so |but |only )*(?:if|unless|once|when|as soon as|in case|assuming|provided|should (?:the |our )?(?:DEAL|ACCOUNT|CONTACT|it|they|she|he|nobody|no one))\b", clause)
        )
        and text[at : at + 1] not in ".;\n!?"
    )


def _asks(text: str) -> bool:
    text = text[without_courtesies(text) :]
    return bool(re.match(rf"(?:first,? |(?:two|three|2|3) (?:things|questions|requests)\b[^:,]*[:,]\s*)?(?:{_QUESTION}|(?:i )?(?:need|want) (?:CONTACT|ACCOUNT|the |to know|to see)|summari|prep|brief|catch|my |contact (?:details|info)|phone number|details|status|update on|(?:the )?latest|news|overview)", text)) or (
        "?" in text and not _BODY.match(text)
    )


def _quoted(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r'"[^"\n]*"', text)]


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < at < end for start, end in spans)
