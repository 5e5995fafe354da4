"""One task that becomes another day's, somebody else's, another title's, or is not to be done after all.

The phrase that names the task is found first, wherever it stands ("the task to call Priya", "my Northgate follow-up", "the second
one"); what is said around it is what shall become of it, in whatever order ("Tom should do it instead", "give it to Tom").
"""

import re
from datetime import date, timedelta

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.plans import Call, Plan
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args
from bot.agent.embedded.task_phrases import Phrase, phrase_of
from bot.cards import Asked, Option
from crm_store.people import Caller

_MOVE = r"(?:move|mov|push|shift|reschedul|re-schedul|postpon|delay|snooz|defer|bump|bring|brought|pull|slid|slip|kick|drag|advanc|extend|adjust|switch|redat|re-dat|put off|hold off|nudg)(?:e|es|ed|d|s|ing|ped|ping)?"
_CHANGES = re.compile(
    rf"\b(?:{_MOVE}|put|set|change|make|update|do|edit|fix|correct)\b|->|=>|→|\b(?:instead|rather|due|new date|wrong (?:day|date)|should|goes|go to|wait|waits|needs to|has to|have to|deadline|meant)\b|:\s*DATE|\b(?:is|are)(?: now| only)? (?:on |for |by )?DATE"
)
_MOVES = re.compile(rf"^{_MOVE}\b")
_CANCELLED = re.compile(
    r"\b(?:cancel|delete|remove|drop|scrap|kill|bin|discard|trash|get rid of|throw (?:out|away)|ditch|dismiss|never mind|forget(?: about)?|strike|scratch)\b|\btake TASK off\b(?! PERSON)|\b(?:no longer|not) (?:needed|necessary|relevant|required)\b|\b(?:obsolete|moot|pointless)\b"
    r"|\b(?:do not|no longer) (?:need|want|have to do)\b|\bno need (?:for|to do)\b"
)
_NOT_FORGOTTEN = re.compile(r"\b(?:do not|never|not to) (?:cancel|delete|remove|drop|forget)\b")
_RENAMING = re.compile(r"\b(?:re-?name|retitle|reword|relabel|(?:title|name|wording|text|label|description) (?:of|on|for)|(?:change|edit|update) (?:the )?(?:task|reminder|to-?do) (?:title|name))\b|^call (?:the|my|that)\b")
_RENAME = re.compile(r"^(?:re-?name|retitle|reword|relabel)\b|^(?:change|update|edit|set|make|fix) (?:the |its )?(?:\w+ )?(?:title|name|wording|text|label|description)\b|^call TASK\b|\bTASK (?:should|shall|must|needs to) (?:be called|be named|say|read)\b")
_TITLE = re.compile(r"(?:\b(?:to|as|into|called|named|say|read)\b|->|=>|→|:|(?<=TASK))\s*(?P<title>\"[^\"]+\"|(?<!TASK )\S.*)$")
_PLACE = re.compile(r"(?i)(?:(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|one|number \d|\d)\s*)+")
_OF_PLACE = re.compile(r"(?:\b(?:to|as|into)\b|->|=>|→|:)\s*(?P<title>\S.*)$")
_MANY = re.compile(r"\b(?:all|every|each|both|everything|any(?! ?(?:more|longer)\b)|tasks|to-?dos|todos|reminders|these|those)\b|\bnext steps?\b|\b(?:on|to) (?:my|the) (?:to-?do |task )?(?:list|agenda|calendar|plate)\b")
_DONE = re.compile(r"\b(?:done|complete|completed|finished|tick|ticked|check off|checked|cross|crossed)\b|\b(?:check|strike|scratch) (?:\w+ ){1,4}?(?:off|out)\b")
_CANNOT = re.compile(r"\b(?:cannot|can not|could not|will not|am not going to|unable to|did not) (?:do|make|manage|get to|get round to|have|take) TASK\b")
_THEY_MOVED = re.compile(rf"^(?:the |our )?(?:CONTACT|ACCOUNT|she|he|they) (?:has |have |just |had to |wants? to |asked (?:us |me )?to |would like to )*{_MOVE}\b")
_GOES_TO = re.compile(r"\bTASK\s*(?:->|=>|→)\s*(?:on |to )?DATE")
_NEW = re.compile(r"^(?:please )?(?:remind|ping|nudge me|create|add|new|schedule|book|log|note|record|draft|write|task|todo|to-do|reminder)\b(?!.*(?:->|→|\b(?:move|push|shift|instead|new date|to)\b))|^(?:set|make|put|give|need|want|i need|i want|create|add|open|assign)(?: \w+){0,2}? (?:an?|another|new) ")
_CREATES = re.compile(r"^(?:task|todo|to-?do|reminder)\s*:|\b(?:an?|another|one more|new|recurring|repeating|weekly|monthly|daily)(?: [\w-]+)? (?:task|reminder|to-?do|action item|nudge)\b|\b(?:task|reminder|to-?do) for (?:me|him|her|them|us|DATE)\b|\b(?:remind|ping|nudge) (?:me|us|PERSON)\b(?!.*\binstead\b)|\b(?:add|create|schedule) (?:it|that|this)\b|\b(?:put|add) (?:it|that|this)? ?down\b")
_OLD_DAY = re.compile(r"\b(?:not|instead of|rather than|from|than|says?|was|is overdue since)(?: (?:on|for|the))* $")
_FROM_NOW = re.compile(r"(?i)(?:from )?(?:now|today)(?: on(?:wards?)?)?$")
_SHIFT = re.compile(r"(?:\b(?:back|forward|out|on|up|off)? ?(?P<by>by|for|in)? ?(?:a |an |another |about )?)(?P<length>LENGTH)(?P<way> (?:later|earlier|out|back|forward|on|sooner|more))?\b")
_EARLIER = re.compile(r"\b(?:earlier|forward|sooner|bring|pull|advance)\b")
_WAITS = re.compile(r"\b(?:snooze|defer|hold off|put off)\b")
_TO_WHOM = re.compile(r"(?:\b(?:to|with|onto|for)|->|=>|→|:|\bon(?=\s+(?:me|myself|PERSON)\b))\s+(?P<who>PERSON|CONTACT|me|myself)\b(?!'s)")
_DOES = re.compile(r"\b(?P<who>PERSON|CONTACT|i)(?: (?:should|will|can|could|must|has to|needs to|is going to|am going to|shall|would|am|is|now|rather|better|also))* (?:do(?:es|ing)?|tak(?:e|es|ing)|handl(?:e|es|ing)|own|owns|get|gets|pick|look)\b")
_GIVEN = re.compile(r"\b(?:give|let|have|make|put|assign|hand)(?: over)? (?P<who>PERSON|CONTACT|me)\b(?!'s)")
_WHOSE = re.compile(r"\b(?P<who>PERSON)'s (?:job|task|responsibility|turn|thing|now)\b")
_NOT_WHOM = re.compile(r"\b(?:from|off|instead of|not|than|asked|told|said) $")
_POINTED = re.compile(r"\b(?:it|that one|this one|that|this)\b")


def meant(sentence: Sentence, linker: Linker) -> bool:
    """Whether one task is to be changed: it is named as one, or pointed at, and it is said what shall become of it."""
    return _change(sentence, linker, date.min) is not None


def update_task(sentence: Sentence, linker: Linker, caller: Caller, today: date) -> Call | Plan | None:
    """The call that changes the task; None when it is not said which one or what becomes of it."""
    found = _change(sentence, linker, today)
    if found is None:
        return None
    task, values = found
    if _PLACE.fullmatch(task):  # a place in a list that was not shown
        return Plan(question=Asked(text="Which task do you mean?"), waiting=Call("update_task", values), missing="task")
    return Call("update_task", {"task": task, **values}) if task else of_shown(Call("update_task", values), linker, "Which task do you mean?")


def of_shown(call: Call, linker: Linker, question: str) -> Call | Plan:
    """The call for the one task that was talked about; with several shown, or none, the question which one is meant."""
    shown = [one for one in linker.memory.shown if one.kind == "task"]
    newest = linker.memory.newest("task")
    if newest is not None and (len(shown) < 2 or newest.id not in {one.id for one in shown}):
        return Call(call.tool, {"task": newest.id, **call.args})
    options = tuple(Option(label=one.name[:75], value=one.id) for one in shown[:5])
    return Plan(question=Asked(text=question, options=options), waiting=call, missing="task")


def _change(sentence: Sentence, linker: Linker, today: date) -> tuple[str, Args] | None:
    """Which task, by id or in words (empty where it is the one talked about), and what becomes of it."""
    sentence = sentence.cut(0, len(sentence.masked.rstrip(" .!?")))
    text = sentence.masked
    at_place = linker.nth(sentence, "task")
    if at_place is not None:
        if _DONE.search(text):
            return None
        title = _OF_PLACE.search(text) if _RENAMING.search(text) else None
        values: Args = {"title": _title(sentence, title.start("title"))} if title is not None else _values(sentence, text, linker, today)
        return (at_place.value, values) if values else None
    if _MANY.search(text) or _NEW.match(text) or _CREATES.search(text):
        return None
    phrase = phrase_of(sentence, renamed=_RENAMING.search(text) is not None)
    if phrase is None:
        if not (_POINTED.search(text) and _newest_is_task(linker)) or _DONE.search(text):
            return None
        values = _values(sentence, text, linker, today)
        return ("", values) if values else None
    around = sentence.cut(0, phrase.start).followed_by(sentence.cut(phrase.end)) if phrase.start else sentence.cut(phrase.end)
    told = f"{text[: phrase.start]}TASK{text[phrase.end :]}"
    if _DONE.search(told):
        return None
    renamed = _renamed(sentence, phrase, told)
    if renamed:
        return phrase.words, {"title": renamed}
    if phrase.of_talk and _THEY_MOVED.match(told):
        return None
    cannot = _CANNOT.search(told) is not None
    moved = _MOVES.match(told) is not None or re.search(rf"\b{_MOVE}\b", _clause_of_task(told)) is not None
    if not phrase.certain and not (_MOVES.match(told) or _GOES_TO.search(told) or re.search(rf"[,;:]\s*(?:so |please |can you )*{_MOVE}\b", told)):
        return None
    if phrase.of_talk and not (moved or cannot or _GOES_TO.search(told)):
        return None
    if cannot and not around.of("DATE"):
        return None
    values = _values(around, told, linker, today)
    return (phrase.words, values) if values else None


def _clause_of_task(told: str) -> str:
    """The sentence that names the task: what a later one moves is something else."""
    parts = re.split(r"[.;\n]\s+", told)
    at = next((place for place, part in enumerate(parts) if "TASK" in part), 0)
    return parts[at]


def _newest_is_task(linker: Linker) -> bool:
    newest = next((one for one in linker.memory.subjects if one.kind != "proposal"), None)
    return newest is not None and newest.kind == "task"


def _values(around: Sentence, told: str, linker: Linker, today: date) -> Args:
    """What becomes of the task by the words ``around`` its phrase; ``told`` has TASK in the place of the phrase."""
    if _CANCELLED.search(told):
        return {} if _NOT_FORGOTTEN.search(told) else {"cancel": True}
    values: Args = {}
    owner = _owner(around, linker)
    if owner is not None:
        values["owner"] = owner
    if owner is None and around.of("PERSON") and not _CHANGES.search(told):
        return {}
    _put_shift(values, around, told, today)
    day = None if "shift_days" in values or "due" in values else _day(around, today)
    if day is not None and (_CHANGES.search(told) or not told.startswith("TASK")):
        values["due"] = day
    return values


def _owner(around: Sentence, linker: Linker) -> str | None:
    text = around.masked
    found = [match for pattern in (_TO_WHOM, _GIVEN, _DOES, _WHOSE) for match in pattern.finditer(text) if not _NOT_WHOM.search(text[: match.start("who")])]
    if not found:
        return None
    who = max(found, key=lambda match: match.start("who")) if not any(match.re is _TO_WHOM for match in found) else next(match for match in reversed(found) if match.re is _TO_WHOM)
    if who.group("who") in ("i", "me", "myself"):
        return "me"
    people = linker.people(around.cut(who.start("who"), who.end("who")))
    return people[0].value if people else None


def _day(around: Sentence, today: date) -> str | None:
    """The last day that is named and is not the one it was due before."""
    for mark in reversed(around.of("DATE")):
        if _OLD_DAY.search(around.masked[: mark.start]) or _FROM_NOW.match(mark.text):
            continue
        day = slots.start_or_due(around.cut(mark.start, mark.end), today)
        if day is not None:
            return _first_of(mark.text.lower(), day).isoformat()
    return None


def _first_of(said: str, last: date) -> date:
    """ "Until next month" puts off to its first day."""
    if not re.match(r"(?:until|till)\b", said) or re.search(r"\d|\bend\b", said):
        return last
    if "week" in said and "weekend" not in said:
        return last - timedelta(days=last.weekday())
    if "quarter" in said:
        return date(last.year, (last.month - 1) // 3 * 3 + 1, 1)
    if re.search(r"\byear\b", said):
        return date(last.year, 1, 1)
    return last.replace(day=1) if (last + timedelta(days=1)).day == 1 and not re.search(r"day\b", said) else last


def _put_shift(values: Args, around: Sentence, told: str, today: date) -> None:
    """A length of time: "by a week" is counted from the day it is due, "snooze it for two days" from today."""
    match = next((one for one in _SHIFT.finditer(around.masked) if one.group("by") or one.group("way") or one.end() == len(around.masked)), None)
    if match is None:
        return
    mark: Mark = next(one for one in around.of("LENGTH") if one.start == match.start("length"))
    days = slots.length_days(mark)
    if (match.group("by") == "for" and _WAITS.search(told)) or match.group("by") == "in":
        values["due"] = (max(today, date(2000, 1, 1)) + timedelta(days=days)).isoformat()
    else:
        values["shift_days"] = -days if _EARLIER.search(told) else days


def _renamed(sentence: Sentence, phrase: Phrase, told: str) -> str:
    if not _RENAME.search(told):
        return ""
    behind = sentence.cut(phrase.end)
    text = f"TASK {behind.masked}"
    match = _TITLE.search(text)
    if match is None:
        return ""
    return _title(behind, match.start("title") - len("TASK "))


def _title(sentence: Sentence, start: int) -> str:
    words = sentence.verbatim(start, len(re.sub(r" (?:instead|please|now)$", "", sentence.masked))).strip(" ,;:.")
    return words.strip('"“”') if words[:1] in '"“' else slots.capitalised(words)
