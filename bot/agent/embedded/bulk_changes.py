"""What is to become of many rows at once, taken out of a request; what is left says which rows they are."""

import re
from datetime import date

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args

DEALS = r"(?:deals?|opportunit(?:y|ies)|opps?|renewals?|expansions?|upsells?|proposals|negotiations)"
VERB = (
    r"(?:move|push|shift|pull|bring|postpone|delay|slip|bump|set|change|update|put|mark|flag|close(?! dates?\b)|reassign|assign|give|hand|transfer|make|delete|"
    r"remove|purge|wipe|complete|finish|tick|check|cross|reschedule|re-?date|forecast(?! (?:categor|is|for|of|by))|advance|add|drop|lose|clear|advance|downgrade|upgrade|switch|nuke|kill|snooze|defer|kick|reset|flip)"
)
PLURAL = r"(?:deals|opportunities|opps|renewals|expansions|upsells|proposals|negotiations|tasks|to-?dos|todos|reminders|action items|follow-?ups|accounts|customers|prospects|ones|pipeline(?! (?:review|call|meeting|report|stage)))"
_SINGULAR = r"(?:deal|opportunity|opp|renewal|expansion|task|to-?do|todo|reminder|account|customer|prospect)"
_WHOSE = r"(?:of (?:mine|ours|PERSON|PERSON's)|in (?:my|PERSON's) name|(?:that |which )?(?:i|we|PERSON) (?:still )?(?:own|owns|have|has|am|is|are|run|runs|work|hold|holds)\b)"
ROWS = (
    rf"(?:\bthose(?= (?:over|under|above|below|in|at|closing|due|with|without|that|which|older|untouched|against|worth)\b)|\bwhat(?= i (?:have|had|own|still have)\b)|(?<!after )(?<!at )(?<!above )(?<!are )(?<!is )\b(?:all|every|each|both)\b(?! (?:day|week|month|night|morning|afternoon|year|along|right|good|time|the time|set|else|quarter)\b)|\b(?:everything|anything|whatever)\b(?! (?:else|new)\b)|\b(?:my|our|these|those|the team's|PERSON's|DATE(?:'s)?|the (?:whole|entire|full))(?= (?:[\w'-]+ ){{0,4}}?{PLURAL}\b)|\b(?:[a-z-]+ )?{PLURAL} (?={_WHOSE})"
    rf"|\bany\b(?= (?:[\w'-]+ ){{0,2}}?(?:{_SINGULAR}|{PLURAL})\b.*\b(?:should|must|shall|needs? to|has to|have to|goes?|is to|are to|can (?:be|go))\b)|\bany\b(?= (?:[\w'-]+ ){{0,2}}?(?:{_SINGULAR}|{PLURAL}) (?:of (?:mine|ours|PERSON's?)|i (?:have|own)|we (?:have|own))\b)|\bthe\b(?= (?:[\w'-]+ ){{0,2}}?{PLURAL} (?:[\w'-]+ ){{0,6}}?{_WHOSE}))"
)
"""How a phrase begins that says which rows are meant."""
SET = (
    r"(?:\b(?:all|every|each|everything|any|both|whatever)\b|\banything(?= (?:of mine|that|which|i|we|below|over|under|above|with|without|older|untouched|in|at|closing|due|overdue|DATE)\b)|\b(?:deals|tasks|to-?dos|reminders) of (?:mine|ours)\b|\bDATE(?:'s)? (?:tasks|to-?dos|todos|reminders)\b|\bwhat(?= i (?:have|had|own|still have)\b)|"
    rf"{ROWS}|"
    r"\b(?:my|our|the|these|those|PERSON's|ACCOUNT's|of PERSON|the team's) (?:(?!to\b|as\b)[\w'-]+ ){0,4}"
    r"(?:deals|opportunities|opps|renewals|expansions|proposals|negotiations|tasks|to-?dos|todos|reminders|action items|accounts|customers|prospects)\b)"
)
_DONE = re.compile(r"\b(?:as |to )?(?:done|completed?|finished)\b(?!.*\b(?:done|completed?|finished)\b)|^(?:complete|finish|tick off|check off|cross off|close|clear)\b")
_DELETE = re.compile(r"^(?:delete|remove|purge|wipe|nuke|bin|trash|erase|get rid of)\b")
_ENDING = re.compile(r"\b(?:as |to |out as )?(?:closed?[- ]?)?(won|lost)\b")
_REASON = re.compile(r"\b(?:because(?: of)?|due to|with reason|reason:?)\s+(.+)$")
_SHIFT = re.compile(r"\b(?:out |back |forward |in |on )?by (?:a |an |another )?LENGTH|\b(?:out|back|forward) (?:a |another )?LENGTH|\bLENGTH (?:later|earlier|out|back|forward)\b|(?<=\s)LENGTH$")
_EARLIER = re.compile(r"\b(?:earlier|forward|pull|bring|in by|sooner)\b")
_TO_DATE = re.compile(r"(?:->|\b(?:to|until|till|for|on|as|at)\b)\s*(?:close |be closed |closing |expire )?(?:on )?(?:the )?DATE\s*(?:please|thanks)?$|(?:->|\bto|\buntil)\s+(?:the )?DATE\b")
_TO_OWNER = re.compile(r"(?:\b(?:over )?(?:to|onto)|->|\bon(?=\s+(?:me|myself|PERSON)$))\s+(PERSON|CONTACT|me|myself)\b(?!'s)")
_TO_CATEGORY = re.compile(r"\b(?:to|into|in|as|->)\s+(?:the )?(commit(?:ted)?|best[- ]case|upside|pipeline|omitted)\b(?: category| forecast)?|^(?:commit|omit)\b|\b(commit(?:ted)?|best[- ]case|omitted)$")
_TO_STAGE = re.compile(r"(?:\b(?:back )?(?:to|into|as)|->)\s+(?:the )?(?:stage )?((?:[a-z-]+ ?){1,3})")
_STEP = re.compile(
    rf"^(?:set|put|add|change|update|make|give)\s+(?:the |a |their |as )?next steps?\s*(?:to |as |:|=)?\s*(?:\"([^\"]+)\"|'([^']+)'|(.+?))\s+(?:on|for|to|in|of)\s+(?={SET.removeprefix('(?:')[:-1]})"
    rf"|\bnext steps?\s+(?:on|for|of)\s+.*?\s+(?:to|as|:|=)\s+(?:\"([^\"]+)\"|'([^']+)'|(.+))$|(?<!without a )(?<!no )(?<!without )(?<!missing a )(?<!any )(?<!a )\bnext steps? (?:to|as|=|:)\s+(?:\"([^\"]+)\"|'([^']+)'|(.+))$"
    rf"|[:,]\s*next steps?\s+is (?:to )?(.+)$|\b(?:the )?next steps?\s+(?:\"([^\"]+)\"|'([^']+)')"
)
_WITHOUT_ONE = re.compile(r"\b(?:without (?:one|any|it)|with none|(?:that |which |who )?(?:has|have) (?:none|no next step|nothing)|(?:that |which )?(?:lack|miss)(?:es|s|ing)? (?:one|it|any)|(?:that )?(?:do|does)(?: not|n't) have (?:one|any|it))\b")


def deal_changes(args: Args, sentence: Sentence, linker: Linker) -> Sentence:
    """Puts what is to become of the deals into ``args`` and returns the words that say which deals they are."""
    text = sentence.masked
    step = _STEP.search(text)
    if step is not None:
        group = next(at for at in range(1, (step.lastindex or 0) + 1) if step.group(at))
        args["to_next_step"] = sentence.verbatim(step.start(group), step.end(group)).strip(" '\"")
        rest = between(sentence, step.start(), step.end(group)) if step.start() == 0 or group > 2 else sentence
        before = re.search(r"\bnext steps?\s+(?:on|for|of)\s+(.*?)\s+(?:to|as|:|=)\s", text)
        if before is not None:
            rest = sentence.cut(before.start(1), before.end(1))
        return _without_one(args, rest)
    if _DELETE.match(text):
        args["delete"] = True
        return _after(sentence, _DELETE.match(text))
    ending = next((found for found in _ENDING.finditer(text) if _is_change(text, found)), None)
    if ending is not None:
        args["to_stage"] = ending.group(1)
        reason = _REASON.search(text, ending.end())
        if reason is not None and ending.group(1) == "lost":
            args["lost_reason"] = slots.capitalised(sentence.verbatim(reason.start(1), reason.end(1)))
            sentence = sentence.cut(0, reason.start())
        return verbless(between(sentence, ending.start(), ending.end()))
    rest = sentence
    category = next((found for found in reversed(list(_TO_CATEGORY.finditer(text))) if _last(text, found)), None)
    if category is not None:
        args["to_forecast_category"] = slots.forecast_category(category.group()) or "pipeline"
        rest = between(rest, category.start(), category.end())
    rest = owner_change(args, rest, linker)
    rest = _shift(args, rest, "shift_days", "shift_months")
    moved = _to_date(rest)
    if moved is not None and "shift_days" not in args and "shift_months" not in args:
        mark, start = moved
        if mark.time is not None and mark.time.last_day is not None:
            args["to_close_date"] = mark.time.last_day.isoformat()
            rest = between(rest, start, mark.end)
    if "to_forecast_category" not in args or not set(args) - {"to_forecast_category"}:
        rest = _stage_change(args, rest, linker)
    return verbless(rest)


def _last(text: str, match: re.Match[str]) -> bool:
    """Whether nothing but politeness follows: what a request ends with is the change."""
    return not re.search(r"\w", re.sub(r"\b(?:please|thanks|now|category|forecast)\b", "", text[match.end() :]))


def _is_change(text: str, found: re.Match[str]) -> bool:
    """Whether "won" or "lost" is what the deals become, not what they are ("all my lost deals")."""
    return not re.match(rf"\s+(?:{DEALS}|ones)\b", text[found.end() :]) and not re.search(r"\b(?:i|we|PERSON|have|has|that are|are)\s+$", text[: found.start()])


def _stage_change(args: Args, rest: Sentence, linker: Linker) -> Sentence:
    for match in reversed(list(_TO_STAGE.finditer(rest.masked))):
        stage = slots.known_stage(match.group(1), linker)
        if stage is not None:
            args["to_stage"] = stage
            words = len(stage.split())
            end = match.start(1) + len(" ".join(match.group(1).split()[:words]))
            return between(rest, match.start(), end)
    return rest


def owner_change(args: Args, rest: Sentence, linker: Linker) -> Sentence:
    for match in reversed(list(_TO_OWNER.finditer(rest.masked))):
        if match.group(1) in ("me", "myself"):
            args["to_owner"] = "me"
        else:
            mark = next((one for one in rest.of("PERSON", "CONTACT") if one.start == match.start(1)), None)
            people = mark.mention.of("person") if mark is not None and mark.mention is not None else []
            if not people or mark is None:
                continue
            args["to_owner"] = people[0].name.id if len(people) == 1 else mark.text
        return verbless(between(rest, match.start(), match.end()))
    return rest


_LATER = re.compile(r"(a|an|one|two|three|four|five|six|\d{1,3}) (day|week|month)s? (later|earlier|sooner|out|back)")
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _shift(args: Args, rest: Sentence, days: str, months: str) -> Sentence:
    for day in rest.of("DATE")[-1:]:  # "14 days later" is read as a day, but it is counted from each row's own
        later = _LATER.fullmatch(day.text.lower())
        if later is not None and day.end == len(rest.masked.rstrip()):
            count = _SMALL.get(later.group(1)) or int(later.group(1))
            sign = -1 if later.group(3) in ("earlier", "sooner") else 1
            if later.group(2) == "month" and months:
                args[months] = sign * count
            else:
                args[days] = sign * count * {"day": 1, "week": 7, "month": 30}[later.group(2)]
            return between(rest, day.start, day.end)
    match = _SHIFT.search(rest.masked)
    if match is None or re.search(r"\b(?:for|in|than|over|past|last|since|within|after)\s+(?:a |an |the )?$", rest.masked[: match.start()]):
        return rest
    mark = next((one for one in rest.of("LENGTH") if match.start() <= one.start < match.end()), None)
    if mark is None or mark.time is None or mark.time.length is None:
        return rest
    sign = -1 if _EARLIER.search(rest.masked) else 1
    if mark.time.length.months and months:
        args[months] = sign * mark.time.length.months
    else:
        args[days] = sign * slots.length_days(mark)
    return between(rest, match.start(), match.end())


def _to_date(rest: Sentence) -> tuple[Mark, int] | None:
    """The day that they move to, and where its words begin."""
    match = next(iter(reversed(list(_TO_DATE.finditer(rest.masked)))), None)
    last = next(iter(rest.of("DATE")[-1:]), None)
    if match is None and last is not None and last.end == len(rest.masked) and re.match(r"(?:until|till|to)\b", last.text.lower()):
        return last, last.start
    if match is None or not re.match(r"(?:move|push|shift|pull|bring|postpone|delay|slip|bump|set|change|update|put|reschedule|re-?date|make|snooze|defer|kick)\b", rest.masked):
        return None
    mark = next((one for one in reversed(rest.of("DATE")) if match.start() <= one.start < match.end()), None)
    return None if mark is None else (mark, match.start())


def task_changes(args: Args, sentence: Sentence, linker: Linker) -> Sentence:
    text = sentence.masked
    if _DELETE.match(text):
        args["delete"] = True
        return _after(sentence, _DELETE.match(text))
    done = _DONE.search(text)
    if done is not None:
        args["done"] = True
        return verbless(between(sentence, done.start(), done.end()))
    rest = owner_change(args, sentence, linker)
    rest = _shift(args, rest, "shift_days", "")
    moved = _to_date(rest)
    if moved is not None and "shift_days" not in args:
        mark, start = moved
        day = slots.start_or_due(rest.cut(start, mark.end), date.min)
        if day is not None:
            args["to_due"] = day.isoformat()
            rest = between(rest, start, mark.end)
    return verbless(rest)


def _without_one(args: Args, rest: Sentence) -> Sentence:
    match = _WITHOUT_ONE.search(rest.masked)
    if match is None:
        return verbless(rest)
    return between(rest, match.start(), match.end()).with_words("without next step")


def verbless(sentence: Sentence) -> Sentence:
    return _after(sentence, re.match(rf"{VERB}(?: (?:over|off|out|up|as|to|back|forward|in))*\b(?: (?:the )?(?:close dates?|due dates?|stages?|forecasts?|owners?|amounts?)(?: (?:of|on|for))?\b)?", sentence.masked))


def _after(sentence: Sentence, match: re.Match[str] | None) -> Sentence:
    return sentence.cut(match.end()) if match is not None else sentence


def between(sentence: Sentence, start: int, end: int) -> Sentence:
    """The sentence without the words from ``start`` to ``end``."""
    return sentence.cut(0, start).followed_by(sentence.cut(end))
