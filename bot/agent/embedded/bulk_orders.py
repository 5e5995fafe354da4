"""A change of many rows in whatever order it was said, as the one order that is read: what to do, with which rows, to what.

"Anything of mine below 5k goes to lost", "whatever I have overdue, set it to Wednesday" and "my Discovery deals: into Qualification"
become "move anything of mine below 5k to lost" and so on. Nothing is added to what was said, and nothing that narrows is left out.
"""

import re

from bot.agent.embedded.bulk_changes import VERB
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.sentence import Sentence

_PLURAL = r"(?:deals|opportunities|opps|renewals|expansions|proposals|negotiations|tasks|to-?dos|todos|reminders|action items|follow-?ups|accounts|customers|prospects)"
_ROWS = (
    rf"(?:what(?= i (?:have|had|own|still have)\b)|(?:all|every|each|both)\b|(?:everything|anything|whatever)\b(?! (?:else|new)\b)|(?:my|our|these|those|the team's|PERSON's|DATE(?:'s)?)\b(?= (?:[\w'-]+ ){{0,4}}?{_PLURAL}\b)|(?:[a-z-]+ )?{_PLURAL} of (?:mine|ours|PERSON)\b)"
)
_FIELD = r"(?:(?:the |their |its )?(?:close dates?|closing dates?|due dates?|dates?|stages?|forecasts?(?: category| categories)?|owners?|next steps?))"
_THEM = r"(?:them(?: all)?|it(?: all)?|that|those|these|all of (?:them|it)|(?:those|these) (?:deals|tasks|to-?dos))"
_FIRST = re.compile(
    rf"^(?:for |with |take |of |on )?({_ROWS}[^:]*?)\s*(?:,|:|;|->|\s-|\band\b|\bso\b|\bthen\b)\s*(?:(?:please|just|then|and|so|you can|can you)\s+)*({VERB})(?: (?:over|off|out))? (?:(?:{_THEM})\b\s*|(?=(?:{_FIELD}|to|until|till|by|into|back|as)\b))(?:(?:all |over )*)(.*)$"
)
_GO = re.compile(
    rf"^({_ROWS}.+?)\s+(?:(?:all|should|must|shall|will|can|may|have to|has to|need to|needs to|are to|is to|now|just|both)\s+)*(?:go|goes|come|comes|move|moves|get moved|be(?= (?:in|at|lost|won|omitted|commit)\b)|be (?:moved|set|put|given|reassigned|transferred|marked|changed|pushed)|are going|is going|become|becomes|belong|belongs)(?: (?:back|over|out|down|up))*\s+(?=(?:to|into|in|as|on|lost|won|commit|best case)\b)(.+)$"
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
_TAKEN = re.compile(rf"^(PERSON) (?:(?:now|should|will|can|shall|must|is to|has to)\s+)*(?:takes?|gets?|inherits?|takes? on|is taking)(?: over| on)? ({_ROWS}.+)$")
_OFF = re.compile(rf"^(?:tick|check|cross|strike) (?:off )?(?P<rows>{_ROWS}.+?) off$|^(?:mark|set|flag) (?P<marked>(?:everything|whatever|anything)\b.+?) (?:as |to )?(?:done|completed?|finished)$")
_FROM_NOW = re.compile(r"(?:from (?:now|today)|as of (?:now|today)|starting (?:now|today)|effective (?:now|today|immediately))(?: on(?:wards?)?)?")
_AS_STEP = re.compile(rf"^(?:for|on|with) ({_ROWS}.*?),? (?:please )?(?:put|set|add|write|make|use|enter)(?: down| in)? (.+?) (?:as|to be|in as|down as) (?:the |a |their )?next steps?$")
_TAIL = re.compile(
    r"\s*[,;.-]+\s*(?:(?:every (?:single )?one|all|each)(?: of (?:them|it|those))?|(?:they|these|those|it) (?:are|is|have been|has been)(?: all| now| already)* (done|completed?|finished|gone|obsolete|old|dead|outdated|no longer (?:needed|relevant)|not needed|irrelevant|nonsense|dusty)(?: anyway)?|no exceptions?|without exception)\b\s*"
)
_AGAIN = re.compile(r"\s*[,;.]?\s*(?:and |so )?(?:just |please )*(?:delete|remove|close|complete|clear|do)(?: (?:them|it|those))?(?: all)?\s*$")
_DATES = re.compile(rf"\b(?:all|every|any) (?:the )?(close dates? (?:[a-z-]+ ){{0,5}}?)(?:on|of|for|in|at) ((?:my|our|PERSON's) (?:[\w'-]+ ){{0,3}}?{_PLURAL}\b)")
_ASKED = re.compile(r"^(?:what(?! i (?:have|had|own|still have)\b)|which|who|when|where|why|how|is|are|was|were|do|does|did|has|have|show|list|give me|tell|find|log|note|remind|create|add|if|unless|not|never)\b|\?\s*$")
_LEAD = re.compile(rf"^([^,;:.]{{3,60}}?)\s*(?:[,;:.!]+|\s-+)\s*(?:(?:so|please|then|can you|could you|just)\s+)*(?=(?:{_ROWS}|{VERB} (?:over )?(?:{_ROWS})))")


def in_order(said: Sentence) -> Sentence:
    """The sentence with its verb first, when it changes many rows at once; else as it was."""
    found = _ordered(said)
    return said if found is None else found


def _ordered(sentence: Sentence) -> Sentence | None:
    sentence = sentence.cut(without_courtesies(sentence.masked))
    text = sentence.masked.rstrip(" .!")
    if _ASKED.search(sentence.masked.strip()) or "\n" in text:
        return None
    before = sentence
    sentence = sentence.cut(0, len(text))
    last = sentence.of("DATE")[-1:]
    if last and last[0].end == len(sentence.masked) and _FROM_NOW.fullmatch(last[0].text.lower()):
        sentence = sentence.cut(0, last[0].start)  # when a change holds from is no condition on the rows
        text = sentence.masked
    lead = _LEAD.match(text)
    if lead is not None and not re.search(rf"^{VERB}\b|{_ROWS}|\b(?:if|unless|when|once|said|says|told|asked)\b|^(?:for|on|with)\b|DEAL|ACCOUNT|CONTACT|MONEY|^(?:log|note|task|remind)", lead.group(1)):
        kept = sentence.cut(lead.end())
        if _changed(kept) is not None or re.match(rf"{VERB} (?:over )?(?:{_ROWS})", kept.masked):
            sentence = kept
    found = _changed(sentence)
    found = _shorn(sentence if found is None else found)
    return found if found.masked != before.masked.rstrip(" .!") else None


def _changed(sentence: Sentence) -> Sentence | None:
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
    for pattern in (_FIRST, _GO, _INTO):
        match = pattern.match(text)
        if match is None:
            continue
        rows, what = sentence.cut(match.start(1), match.end(1)), sentence.cut(match.start(match.lastindex or 2))
        verb = match.group(2) if pattern is _FIRST else "move"
        if pattern is _INTO:
            what = what.preceded_by("into")
        if pattern is _FIRST and not what.masked:
            return rows.preceded_by(verb)
        return rows.followed_by(what).preceded_by(verb)
    return None


def _shorn(sentence: Sentence) -> Sentence:
    """Without "every one of them" and "they are done" at the end, which change nothing but that done is done."""
    text = sentence.masked
    if not re.match(rf"^{VERB}\b", text):
        return sentence
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
