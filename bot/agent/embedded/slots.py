"""Values that many kinds of request share: days and periods, whose, how many, above what, which stage."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.agent.embedded.linking import Linker
from bot.agent.embedded.reading.times import TimeReading
from bot.agent.embedded.sentence import Mark, Sentence
from crm_store.people import Caller

Args = dict[str, object]

_MINE = re.compile(r"\b(?:my|mine|i|me|am i|do i|i am)\b")
_TEAM = re.compile(r"\b(?:my team|the team|our team|team|we|our|us|reps|everyone on my team)\b")
_ALL = re.compile(
    r"\b(?:everyone|everybody|whole company|company|company-wide|all reps|all teams|anyone|across (?:the|all)|overall|entire)\b"
)
_CHANNELS = (
    ("call", r"\b(?:phone ?calls?|off the phone|calling|phoning|ringing|tried to reach|tried reaching|calls?|called|phoned|rang|ring|voicemails?|reached|hung up|spoke|spoken|talked|vm)\b"),
    ("meeting", r"\b(?:meetings?|appointments?|met|visit(?:s|ed)?|demos?|demoed|lunch(?:es)?|dinner|coffee|breakfast|workshop|zoom|teams call|site visit|sync|qbr|presented|saw|sat down|ran into|bumped into|webinar|caught up|catch[- ]?up)\b"),
    ("email", r"\b(?:emails?|emailed|wrote)\b"),
    ("chat", r"\b(?:chats?|chatted|whatsapp(?:ed)?|sms|text(?:s|ed)?(?: message)?s?|messaged?|messages|dm|pinged|slack)\b"),
    ("social", r"\b(?:linkedin|social|twitter)\b"),
    ("event", r"\b(?:event|conference|trade show|fair|booth)\b"),
    ("note", r"\b(?:notes?)\b"),
)  # fmt: skip
_STILL_TO_COME = re.compile(r"\b(?:next|coming|upcoming|tomorrow|tmrw|later|planned|scheduled|will|in (?:\d+|a|two|three))\b")
_LIMIT = re.compile(
    r"\b(?:top|first|biggest|largest|best|show(?: me)?|last|latest|next|oldest|only) (\d{1,3}|two|three|five|ten|four)\b(?! ?(?:days?|weeks?|months?|quarters?|years?|k\b|%))|\b(\d{1,3}|two|three|four|five|ten) (?:biggest|largest|top|oldest|newest|smallest|most|deals|actions|things|calls|emails|meetings|interactions)\b"
)
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_OVER = re.compile(
    r"(?:over|above|more than|greater than|bigger than|larger than|at least|>=?|min(?:imum)?|exceeding|north of|worth more than|upwards of|or more|from)\s*(?:a )?$"
)
_UNDER = re.compile(r"(?:under|below|less than|smaller than|at most|<=?|max(?:imum)?|up to|south of|cheaper than)\s*$")
_FORECAST = (
    ("commit", r"\bcommit(?:ted|ting)?\b"),
    ("best_case", r"\bbest[- ]case\b|\bupside\b"),
    ("omitted", r"\bomit(?:ted)?\b|\bexcluded?\b"),
)
ROLES = (
    ("economic_buyer", r"\beconomic buyers?\b|\bpurse[- ]?strings\b|\bpays? (?:the|for|their) \w+|\bsign(?:s)? the che(?:que|ck)s?\b|\b(?:holds?|has|have|owns?|controls?) the budget\b|\bbudget (?:holder|owner)s?\b|\beb\b|\bsponsor\b"), ("decision_maker", r"\bdecision[- ]makers?\b|\bmakes the (?:decision|call)\b|\bdecides\b|\bsigns(?: off)?\b|\b(?:will|would|has to|needs to|going to|gets to) (?:sign|decide|approve)\b|\bcalls? the shots\b|\b(?:final|last) (?:say|word|decision)\b|\bin charge\b|\bthe boss\b|\bhas the power\b|\bsignator(?:y|ies)\b|\bapproves\b"),
    ("technical_evaluator", r"\b(?:technical |tech )?evaluators?\b|\btechnical buyers?\b"), ("champion", r"\bchampions?\b|\bin our corner\b|\b(?:on|at) our side\b|\b(?:fights?|pushes|speaks|argues) for us\b|\b(?:backs|supports) us\b"), ("influencer", r"\binfluencers?\b"),
    ("procurement", r"\bprocurement\b|\bpurchasing\b"), ("legal", r"\blegal\b|\blawyers?\b"), ("blocker", r"\bblock(?:ers?|ing)\b|\bholding (?:it |us |things )?up\b|\bstanding in the way\b|\bdetractors?\b"), ("user", r"\b(?:end[- ])?users?\b"),
)  # fmt: skip


@dataclass(frozen=True)
class Days:
    """Both included; None is open."""

    since: date | None
    until: date | None


def day_of(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def days_of(reading: TimeReading) -> Days | None:
    """The days a reading covers, or None when it names none (a duration, a time of day)."""
    if reading.kind in ("date", "datetime") and reading.start is not None:
        return Days(day_of(reading.start), day_of(reading.start))
    if reading.kind == "range":
        return Days(None if reading.start is None else day_of(reading.start), reading.last_day)
    return None


def period(sentence: Sentence) -> Days | None:
    """The first period or day a request names."""
    return next(
        (found for mark in sentence.of("DATE") if mark.time is not None and (found := days_of(mark.time)) is not None),
        None,
    )


def periods(sentence: Sentence) -> list[Days]:
    return [
        found for mark in sentence.of("DATE") if mark.time is not None and (found := days_of(mark.time)) is not None
    ]


def past_period(sentence: Sentence, today: date) -> Days | None:
    """The period a question about the past names: "in 3 weeks" after "not talked" is three weeks back."""
    for mark in sentence.of("LENGTH"):
        if (
            mark.time is not None
            and mark.time.length is not None
            and re.search(
                r"(?:last|past|previous|for|in|within) (?:the )?(?:last |past )?$", sentence.masked[: mark.start]
            )
        ):
            return Days(today - timedelta(days=length_days(mark)), today)
    found = period(sentence)
    if found is None or found.since is None or found.since <= today or _STILL_TO_COME.search(sentence.text.lower()):
        return found
    return Days(year_before(found.since), year_before(found.until) if found.until else None)


def due(sentence: Sentence) -> date | None:
    """The day something is to be done: a day named, or the last day of a period."""
    for mark in sentence.of("DATE", "EVERY"):
        if mark.time is not None and mark.time.last_day is not None:
            return mark.time.last_day
        if mark.time is not None and mark.time.start is not None:
            return day_of(mark.time.start)
    return None


def start_or_due(sentence: Sentence, today: date) -> date | None:
    """The day of a reminder: of a period still to come its first day, of the one that runs its last working day."""
    for mark in sentence.of("DATE"):
        found = days_of(mark.time) if mark.time is not None else None
        if mark.time is None or mark.time.kind != "range" or mark.time.bound or found is None:
            continue
        if found.since is not None and found.since > today:
            return found.since
        if (
            found.until is not None
            and found.until.weekday() > 4
            and found.until - timedelta(days=found.until.weekday() - 4) >= today
        ):
            return found.until - timedelta(days=found.until.weekday() - 4)
    return due(sentence)


def length_days(mark: Mark) -> int:
    assert mark.time is not None
    assert mark.time.length is not None
    return max(1, mark.time.length.total_seconds // 86_400)


def year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def put_period(args: Args, found: Days | None, since: str = "since", until: str = "until") -> None:
    if found is not None and found.since is not None:
        args[since] = found.since.isoformat()
    if found is not None and found.until is not None:
        args[until] = found.until.isoformat()


def owner(sentence: Sentence, linker: Linker, caller: Caller, default: str = "me") -> str:
    """Whose: a named person, the team, everyone, or the caller."""
    text = sentence.masked
    named = linker.people(sentence)
    if named:
        return named[0].value
    if _ALL.search(text):
        return "everyone"
    team = re.search(r"\bteam ([a-z]+(?: [a-z]+)?)\b|\b([a-z]+(?: business)?) team\b", text)
    if team is not None:
        for words in (
            team.group(1),
            team.group(1) and team.group(1).split()[0],
            team.group(2),
            team.group(2) and team.group(2).split()[-1],
        ):
            if words:
                found = linker.names.find("team", words)
                if len(found) >= 1 and found[0].how in ("exact", "id"):
                    return found[0].name.text
    if re.search(
        r"\bmy team\b|\bthe team\b|\bour team\b|\bteam's\b|\breps\b|\bby rep\b|\bper rep\b|\beach rep\b", text
    ):
        return "team"
    if _MINE.search(text):
        return "me"
    if re.search(r"\b(?:we|our|us)\b", text):
        return "team" if caller.manages else default
    return default


def channel(text: str) -> str | None:
    """The first channel word of a masked text."""
    found = [(match.start(), name) for name, pattern in _CHANNELS if (match := re.search(pattern, text))]
    return min(found)[1] if found else None


def limit(sentence: Sentence) -> int | None:
    match = _LIMIT.search(sentence.masked)
    if match is None:
        return None
    word = match.group(1) or match.group(2)
    return _WORDS.get(word) or int(word)


def amounts(sentence: Sentence, args: Args) -> None:
    """ "over 50k" and "between 20k and 40k" into minor units."""
    for mark in sentence.of("MONEY"):
        assert mark.money is not None
        before = sentence.masked[: mark.start]
        after = sentence.masked[mark.end :]
        if mark.money.low is not None and mark.money.high is not None:
            args["min_amount_minor"], args["max_amount_minor"] = mark.money.low, mark.money.high
        elif _OVER.search(before) or re.match(r"\s*(?:or more|\+|and (?:up|above|over))", after):
            args["min_amount_minor"] = mark.money.amount_minor
        elif _UNDER.search(before) or re.match(r"\s*or less", after):
            args["max_amount_minor"] = mark.money.amount_minor


def put_limit_currency(sentence: Sentence, args: Args) -> None:
    """The currency of a limit such as "over GBP 50,000", where one was said."""
    said = next((mark.money.currency for mark in sentence.of("MONEY") if mark.money is not None), None)
    if said is not None and ("min_amount_minor" in args or "max_amount_minor" in args):
        args["amount_currency"] = said


def stage(sentence: Sentence, linker: Linker) -> str | None:
    """A stage of the record's own pipelines after "in", "at", "stage"…, or beside the word "stage"."""
    text = sentence.masked
    for match in re.finditer(
        r"\b(?:in|at|to|into|from|stage|reached|entered|under|out of)\s+(?:the )?(?:stage )?((?:[a-z]+ ?){1,3})", text
    ):
        found = known_stage(match.group(1), linker)
        if found is not None:
            return found
    beside = re.search(r"\b([a-z]+)(?:[- ]stage| deals?)\b", text)
    found = known_stage(beside.group(1), linker) if beside else None
    if found is not None:
        return found
    several = re.match(r"^(?:my |our |all |the |open |show (?:me )?|list )*([a-z]{5,})s(?: (?:out|open|pending|closing|over|under)\b| DATE|$)", text)
    return known_stage(several.group(1), linker) if several else None


def known_stage(words: str, linker: Linker) -> str | None:
    """The name of a stage that the words begin with, or None. "won" and "lost" stay words: each pipeline has its own."""
    parts = words.strip(" .!?,").split()
    for count in range(min(3, len(parts)), 0, -1):
        text = " ".join(parts[:count])
        if re.fullmatch(r"(?:closed?[- ])?(?:won|lost)", text):
            return text.split()[-1].split("-")[-1]
        found = [one for one in linker.names.find("stage", text) if one.how in ("exact", "typo") and one.score > 0.6]
        if found and (found[0].how == "exact" or len(text) > 5):
            return found[0].name.text
    return None


def forecast_category(text: str) -> str | None:
    return next((name for name, pattern in _FORECAST if re.search(pattern, text)), None)


_LEFT = re.compile(r"\b(?:from|out of|not|instead of|rather than|no longer|off) (?:the |in |a |my )?$")
_OUT_OF_FORECAST = re.compile(r"\b(?:omit|exclude|leave out|drop|take|remove|keep|pull)\b.*\b(?:from|out of) (?:the |my |our )?forecast\b")
_TO_PIPELINE = re.compile(r"\b(?:back )?(?:in|into|to|as) (?:the )?pipeline\b|\bforecast\b.*\bpipeline\b|\bpipeline (?:category|forecast)\b")


def target_category(text: str) -> str | None:
    """The forecast category that something is put into: in "from commit to best case" the second."""
    if _OUT_OF_FORECAST.search(text):
        return "omitted"
    found = [
        (match.start(), name)
        for name, pattern in _FORECAST
        for match in re.finditer(pattern, text)
        if not _LEFT.search(text[: match.start()]) and not re.match(r"\s+(?:to|him|her|them|that|myself|ourselves)\b", text[match.end() :])
    ]
    back = _TO_PIPELINE.search(text)
    if back is not None:
        found.append((back.start(), "pipeline"))
    return max(found)[1] if found else None


def role(text: str) -> str | None:
    found = [(match.start(), name) for name, pattern in ROLES if (match := re.search(pattern, text))]
    return min(found)[1] if found else None


def without_times(piece: Sentence) -> str:
    """The words of a stretch without its dates and the prepositions before them."""
    parts: list[str] = []
    at = 0
    for mark in piece.of("DATE", "EVERY"):
        before = re.sub(
            r"(?:\s|,)*\b(?:by|on|at|before|due|until|till|for|in|from|this|the|no later than|latest)?\s*$",
            "",
            piece.masked[at : mark.start],
        )
        parts.append(piece.verbatim(at, at + len(before)))
        at = mark.end
    parts.append(piece.verbatim(at))
    return re.sub(r"\s+", " ", " ".join(part for part in parts if part)).strip(" ,;:.-")


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
