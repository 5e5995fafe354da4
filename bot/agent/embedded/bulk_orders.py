"""A change of many rows in whatever order it was said, as the one order that is read: what to do, with which rows, to what.

"Anything of mine below 5k goes to lost", "whatever I have overdue, set it to Wednesday" and "my Discovery deals: into Qualification"
become "move anything of mine below 5k to lost" and so on. Nothing is added to what was said, and nothing that narrows is left out.
"""

import re

from bot.agent.embedded.bulk_changes import VERB
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.sentence import Sentence

_PLURAL = r"(?:deals|opportunities|opps|renewals|expansions|proposals|negotiations|tasks|to-?dos|todos|reminders|action items|follow-?ups|accounts|customers|prospects)"
_SINGULAR = r"(?:deal|opportunity|opp|renewal|expansion|task|to-?do|todo|reminder|account|customer|prospect)"
_ROWS = (
    rf"(?:what(?= i (?:have|had|own|still have)\b)|(?:all|every|each|both)\b|(?:everything|anything|whatever)\b(?! (?:else|new)\b)|(?:my|our|these|those|the team's|PERSON's|DATE(?:'s)?)\b(?= (?:[\w'-]+ ){{0,4}}?{_PLURAL}\b)|(?:[a-z-]+ )?{_PLURAL} of (?:mine|ours|PERSON)\b"
    rf"|any\b(?= (?:[\w'-]+ ){{0,2}}?(?:{_SINGULAR}|{_PLURAL})\b.*\b(?:should|must|shall|needs? to|has to|have to|goes?|is to|are to|can (?:be|go))\b)|the\b(?= (?:[\w'-]+ ){{0,2}}?{_PLURAL} (?:(?:that |which )?(?:i|we|PERSON) (?:am|are|is|have|has|own|owns)|of (?:mine|ours|PERSON))\b))"
)
_FIELD = r"(?:(?:the |their |its )?(?:close dates?|closing dates?|due dates?|dates?|stages?|forecasts?(?: category| categories)?|owners?|next steps?))"
_THEM = r"(?:them(?: all)?|it(?: all)?|that|those|these|all of (?:them|it|those|these)|(?:those|these) (?:deals|tasks|to-?dos)|(?:every|each)(?: (?:single )?one)?(?: of (?:them|those|these))?|the (?:whole )?lot)"
_FIRST = re.compile(
    rf"^(?:for |with |take |of |on )?({_ROWS}[^:]*?)\s*(?:,|:|;|->|\s-|\band\b|\bso\b|\bthen\b)\s*(?:(?:please|just|then|and|so|you can|can you)\s+)*({VERB})(?: (?:over|off|out))? (?:(?:{_THEM})\b\s*|(?=(?:{_FIELD}|to|until|till|by|into|back|as)\b))(?:(?:all |over )*)(.*)$"
)
_GO = re.compile(
    rf"^({_ROWS}.+?)\s+(?:(?:all|should|must|shall|will|can|may|have to|has to|need to|needs to|are to|is to|now|just|both)\s+)*(?:go|goes|come|comes|move|moves|get moved|be(?= (?:in|at|lost|won|omitted|commit|DATE)\b)|be due(?: on| by)?(?= DATE)|be (?:moved|set|put|given|reassigned|transferred|marked|changed|pushed)|are going|is going|become|becomes|belong|belongs)(?: (?:back|over|out|down|up))*\s+(?=(?:to|into|in|as|on|lost|won|commit|best case|omitted|DATE)\b)(.+)$"
)
_INTO = re.compile(rf"^({_ROWS}[^,;:]*?)\s*(?:->|=>|:|(?:back )?\binto|\bback to|\bto(?= (?:commit|best[- ]case|pipeline|lost|won|omitted|discovery|qualification|proposal|negotiation|PERSON|me)$))\s+(?:the )?([a-z][a-z -]*|PERSON|me)$")
_ARE_DONE = re.compile(rf"^({_ROWS}.+?)\s+(?:is|are|has been|have been|was|were)(?: all| now| already)* (?:done|complete|completed|finished)\b(?:\s*[,;.-]+\s*(?:so |please |you can )*(?:complete|close|tick off|check off|mark|clear|finish)\b.*)?$")
_ACTIVE = {
    "pushed": "push", "moved": "move", "shifted": "shift", "delayed": "delay", "postponed": "postpone", "bumped": "bump", "pulled": "pull", "set": "set", "marked": "mark",
    "closed": "close", "given": "give", "reassigned": "reassign", "assigned": "assign", "transferred": "transfer", "handed": "hand", "deleted": "delete", "snoozed": "snooze",
    "completed": "complete", "put": "put",
}  # fmt: skip
_PASSIVE = re.compile(
    rf"^({_ROWS}.+?)\s+(?:(?:all|should|must|shall|will|can|may|have to|has to|need to|needs to|are to|is to|now|just|both)\s+)*(?:be|get|gets|need|needs)(?: all| to be)* ({'|'.join(_ACTIVE)})\b(?! at\b)"
)
_VERB_LAST = re.compile(rf"^({_ROWS}.+?)\s+(?:please |just |should )?(push|move|shift|bump|delay|postpone|reassign|snooze|defer|transfer|pull|reschedule)(?: (?:over|off|out|back|them|it))*\s+(?=(?:to|into|until|till|by)\b)(.+)$")
_VALUE = re.compile(
    rf"^({_ROWS}.+?)\s*(?:,|:|;|->|=>|\s-|\b(?:get|gets|have|take)\b)\s*(?:(?:all|with|the|a|an|their|to)\s+)*(?:new (?={_FIELD})|(?={_FIELD} (?:is|to|=|becomes|now)|{_FIELD}:))({_FIELD})\s*(?:is|to|=|:|becomes|now|of|will be)?\s*(?:to )?(DATE|PERSON|(?:[a-z-]+ ?){{1,3}})$"
    rf"|^({_ROWS}.+?)\s+(?:get|gets|have|take|should have|should get)\s+(?:a |the |as )*(?:new )?(DATE|PERSON) as (?:the |their |its )?(?:new )?{_FIELD}$"
)
""" "All my deals in Proposal: new close date DATE", "all of them get DATE as close date"."""
_OMITTED = re.compile(
    rf"^({_ROWS}.+?)\s*(?:,|:|;|->|\s-|\band\b|\bso\b|\bthen\b)\s*(?:(?:please|just|then|and|so)\s+)*(?:(omit|commit|exclude|leave|take|keep) {_THEM}|{_THEM} out of)(?: (?:from|out of|in|into|to) (?:the |my |our )?(?:forecast|commit))?$"
    rf"|^(omit|exclude|commit) ({_ROWS}.+?)(?: from (?:the |my |our )?forecast)?$"
)
_DISCARD = r"(?:get rid of|throw (?:out|away)|dump|scrap|ditch|bin|trash|chuck(?: out)?|junk|axe)"
_RID = re.compile(rf"^{_DISCARD} (?=(?:{_ROWS}))(.+?)(?:\s*[,;-]+\s*(?:just |please )?(?:delete|remove)(?: (?:them|it|those)(?: all)?)?)?$")
_CLOSES = re.compile(r"\b((?:all|every|each)(?: (?:of )?(?:my|our|PERSON's))?|my|our|PERSON's) (DATE)(?:'s)? (?:closes|closings|closers)\b")
_POLITE = re.compile(rf"^(?:can|could|may) (?=(?:{_ROWS}))")
_COURTEOUS = re.compile(r"(?:[\s,]*\b(?:please|thanks|thank you|thx|cheers)\b[\s.!]*)$")
_THERE = re.compile(r"\b(?:there|with them|for them|at theirs|over there)\b")
_THEN = re.compile(r"\b(?:(?:due |on )?(?:then|that day|on that day))\b")
_TAKEN = re.compile(rf"^(PERSON) (?:(?:now|should|will|can|shall|must|is to|has to)\s+)*(?:takes?|gets?|inherits?|takes? on|is taking)(?: over| on)? ({_ROWS}.+)$")
_OFF = re.compile(rf"^(?:tick|check|cross|strike) (?:off )?(?P<rows>{_ROWS}.+?) off$|^(?:mark|set|flag) (?P<marked>(?:everything|whatever|anything)\b.+?) (?:as |to )?(?:done|completed?|finished)$")
_FROM_NOW = re.compile(r"(?:from (?:now|today)|as of (?:now|today)|starting (?:now|today)|effective (?:now|today|immediately))(?: on(?:wards?)?)?")
_AS_STEP = re.compile(rf"^(?:for|on|with) ({_ROWS}.*?),? (?:please )?(?:put|set|add|write|make|use|enter)(?: down| in)? (.+?) (?:as|to be|in as|down as) (?:the |a |their )?next steps?$")
_WHY = re.compile(r"\s*(?:[,;-]+|\.\s)\s*(?:because |since |as )?(?:they|these|those|it|that one|this one|i|we|he|she|nobody|no one)(?:(?:'s)\b|(?: (?:all|just|really|simply|still|have|has|had|will|would|do|does))* (?:is|are|am|was|were|be|been|not|need|needs|never|went|go|left|said|want|wants)\b)[^,;]*$")
_TWICE = re.compile(rf"^(?:kill|lose|drop|bin|close)(?: off| out)? (?=(?:{_ROWS})[^,;]*[,;:] (?:please |just )?(?:mark|set|close|move|put|make|flag) {_THEM}\b(?: as| to)*(?: closed)? lost\b)")
_BY = re.compile(rf"^({_ROWS}.+?)\s*\+ ?LENGTH$")
_TAIL = re.compile(
    r"\s*[,;.-]+\s*(?:(?:every (?:single )?one|all|each)(?: of (?:them|it|those))?|(?:they|these|those|it) (?:are|is|have been|has been)(?: all| now| already)* (done|completed?|finished|gone|obsolete|old|dead|outdated|no longer (?:needed|relevant)|not needed|irrelevant|nonsense|dusty)(?: anyway)?|no exceptions?|without exception)\b\s*"
)
_AGAIN = re.compile(r"\s*[,;.]?\s*(?:and |so )?(?:just |please )*(?:delete|remove|close|complete|clear|do)(?: (?:them|it|those))?(?: all)?\s*$")
_DATES = re.compile(rf"\b(?:all|every|any) (?:the )?(close dates? (?:[a-z-]+ ){{0,5}}?)(?:on|of|for|in|at) ((?:my|our|PERSON's) (?:[\w'-]+ ){{0,3}}?{_PLURAL}\b)")
_ASKED = re.compile(r"^(?:what(?! i (?:have|had|own|still have)\b)|which|who|when|where|why|how|is|are|was|were|do|does|did|has|have|show|list|give me|tell|find|log|note|remind|create|add|if|unless|not|never)\b|\?\s*$")
_LEAD = re.compile(rf"^([^,;:.]{{3,60}}?)\s*(?:[,;:.!]+|\s-+)\s*(?:(?:so|and|hence|therefore|please|then|can you|could you|just)\s+)*(?=(?:{_ROWS}|PERSON (?:gets|takes|inherits)|{_DISCARD} (?:{_ROWS})|(?:omit|{VERB})(?: over| off| as| out)?(?: (?:as )?(?:lost|won|done))? (?:{_ROWS})))")
_NO_LEAD = re.compile(rf"^{VERB} (?:it|that|this|them|these|those|the|my|our|all|every|DEAL|ACCOUNT|CONTACT)\b|^{_ROWS}|\b(?:if|unless|when|once|said|says|told|asked|except|in case)\b|^(?:for|on|with|of)\b|DEAL|CONTACT|MONEY|LENGTH|^(?:log|note|task|remind|create|add)\b")
"""What stands before a comma and is part of what is asked."""


def in_order(said: Sentence) -> Sentence:
    """The sentence with its verb first, when it changes many rows at once; else as it was."""
    found = _ordered(said)
    return said if found is None else found


def _ordered(sentence: Sentence) -> Sentence | None:
    sentence = sentence.cut(without_courtesies(sentence.masked))
    if "\n" in sentence.masked:
        return None
    before = sentence
    polite = _POLITE.match(sentence.masked)
    sentence = sentence.cut(polite.end() if polite is not None else 0, len(sentence.masked.rstrip(" .!" if polite is None else " .!?")))
    courteous = _COURTEOUS.search(sentence.masked)
    sentence = sentence.cut(0, courteous.start() if courteous is not None else None)
    last = sentence.of("DATE")[-1:]
    if last and last[0].end == len(sentence.masked) and _FROM_NOW.fullmatch(last[0].text.lower()):
        sentence = sentence.cut(0, last[0].start)  # when a change holds from is no condition on the rows
    sentence = _without_lead(sentence)
    if _ASKED.search(sentence.masked.strip()) and not sentence.masked.startswith("any "):
        return None
    closes = _CLOSES.search(sentence.masked)
    if closes is not None:
        rows = sentence.cut(0, closes.end(1)).with_words("deals closing").followed_by(sentence.cut(*closes.span(2)))
        sentence = rows.followed_by(sentence.cut(closes.end()))
    found = _changed(sentence)
    if polite is not None and found is None:
        return None
    found = _shorn(sentence if found is None else found)
    return found if found.masked != before.masked.rstrip(" .!") else None


def _without_lead(sentence: Sentence) -> Sentence:
    """Without what leads up to the order ("time for a clear out, …"); of a place or a day that it names, what points at it keeps that."""
    lead = _LEAD.match(sentence.masked)
    if lead is None or _NO_LEAD.search(lead.group(1)):
        return sentence
    kept = sentence.cut(lead.end())
    ordered = re.match(rf"(?:omit|{VERB})(?: over| off| as| out)?(?: (?:as )?(?:lost|won|done))? (?:{_ROWS})", kept.masked) or _RID.match(kept.masked)
    if ordered is None and _changed(kept) is None:
        return sentence
    for kind, pointing, opener in (("ACCOUNT", _THERE, "at"), ("DATE", _THEN, "due")):
        named = [mark for mark in sentence.marks if mark.kind == kind and mark.end <= lead.end(1)]
        points = pointing.search(kept.masked)
        if not named:
            continue
        if points is None and kind == "ACCOUNT":
            return sentence  # nothing says whether it is meant
        if points is not None:
            named_again = sentence.cut(named[-1].start, named[-1].end).preceded_by(opener)
            kept = kept.cut(0, points.start()).followed_by(named_again).followed_by(kept.cut(points.end()))
    return kept


def _changed(sentence: Sentence) -> Sentence | None:
    twice = _TWICE.match(sentence.masked)
    if twice is not None and (ordered := _changed(sentence.cut(twice.end()))) is not None:
        return ordered  # "kill everything untouched, mark them lost" says it twice
    text = sentence.masked
    passive = _PASSIVE.match(text)
    if passive is not None:
        return sentence.cut(0, passive.end(1)).followed_by(sentence.cut(passive.end(2))).preceded_by(_ACTIVE[passive.group(2)])
    taken = _TAKEN.match(text)
    if taken is not None:
        whom = sentence.cut(taken.start(1), taken.end(1)).preceded_by("to")
        return sentence.cut(taken.start(2)).followed_by(whom).preceded_by("give")
    off = _OFF.match(text)
    if off is not None and _of_tasks(sentence):
        rows = sentence.cut(*off.span("rows" if off.group("rows") else "marked"))
        whatever = re.match(r"(?:everything|anything|whatever|all)\b(?! (?:my|the|our|of|tasks))", rows.masked)
        return rows.preceded_by("complete") if whatever is None else rows.cut(whatever.end()).preceded_by("complete all tasks")
    by = _BY.match(text)
    if by is not None:
        return sentence.cut(*by.span(1)).followed_by(sentence.cut(text.rindex("LENGTH")).preceded_by("by")).preceded_by("move")
    rid = _RID.match(text)
    if rid is not None:
        return sentence.cut(*rid.span(1)).preceded_by("delete")
    omitted = _OMITTED.match(text)
    if omitted is not None:
        which, verb = (omitted.span(1), omitted.group(2)) if omitted.group(1) else (omitted.span(4), omitted.group(3))
        out = "forecast" in text[which[1] :] or verb in ("omit", "commit")
        if verb == "keep" or not (out or omitted.group(1) is None):
            return None
        return sentence.cut(*which).with_words("to commit" if verb == "commit" else "to omitted").preceded_by("move")
    valued = _VALUE.match(text)
    if valued is not None:
        which, value = (valued.span(1), valued.span(3)) if valued.group(1) else (valued.span(4), valued.span(5))
        return sentence.cut(*which).followed_by(sentence.cut(*value).preceded_by("to")).preceded_by("move")
    step = _AS_STEP.match(text)
    if step is not None:
        return sentence.cut(step.start(2), step.end(2)).followed_by(sentence.cut(step.start(1), step.end(1)).preceded_by("on")).preceded_by("set next step")
    dates = _DATES.search(text)
    if dates is not None and re.match(rf"^{VERB}\b", text):
        rows = sentence.cut(dates.start(2), dates.end(2)).followed_by(sentence.cut(dates.start(1), dates.end(1)).preceded_by("with"))
        return sentence.cut(0, dates.start()).followed_by(rows.preceded_by("all")).followed_by(sentence.cut(dates.end()))
    done = _ARE_DONE.match(text)
    if done is not None and _of_tasks(sentence.cut(0, done.end(1))):
        rows = sentence.cut(0, done.end(1))
        whatever = re.match(r"(?:everything|anything|whatever|all)\b(?! (?:my|the|our|of|tasks))", rows.masked)
        return rows.preceded_by("complete") if whatever is None else rows.cut(whatever.end()).preceded_by("complete all tasks")
    for pattern in (_FIRST, _VERB_LAST, _GO, _INTO):
        match = pattern.match(text)
        if match is None:
            continue
        rows, what = sentence.cut(match.start(1), match.end(1)), sentence.cut(match.start(match.lastindex or 2))
        verb = match.group(2) if pattern in (_FIRST, _VERB_LAST) else "move"
        if pattern is _INTO or what.masked.startswith("DATE"):
            what = what.preceded_by("into" if pattern is _INTO and what.masked not in ("PERSON", "me") else "to")
        if pattern is _FIRST and not what.masked:
            return rows.preceded_by(verb)
        return rows.followed_by(what).preceded_by(verb)
    return None


def _shorn(sentence: Sentence) -> Sentence:
    """Without "every one of them" and "they are done" at the end, which change nothing but that done is done."""
    text = sentence.masked
    if not re.match(rf"^{VERB}\b", text):
        return sentence
    why = _WHY.search(text)
    if why is not None and not sentence.cut(why.start()).marks and not re.search(r"\b(?:if|unless|except|but|only|other|rest)\b", why.group()) and re.search(rf"\b{_ROWS}", text[: why.start()]):
        return _shorn(sentence.cut(0, why.start()))
    tail = _TAIL.search(text)
    if tail is None or re.search(rf"\b{_ROWS}", text[: tail.start()]) is None:
        return sentence
    rest = text[tail.end() :]
    while (more := _TAIL.match("," + rest if rest and rest[0] not in " ,;.-" else rest)) is not None and more.end() > 1:
        rest = rest[more.end() - (1 if rest[0] not in " ,;.-" else 0) :]
    if rest.strip(" ,.;-") and _AGAIN.match(rest) is None:
        return sentence
    return sentence.cut(0, tail.start())


def _of_tasks(rows: Sentence) -> bool:
    """Whether what is said to be done can be done: tasks are, deals are won or lost."""
    return re.search(r"\b(?:deals|opportunities|pipeline|accounts|customers|prospects)\b", rows.masked) is None
