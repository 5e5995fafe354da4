"""Values that many kinds of request share: days and periods, whose, how many, above what, which stage."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.agent.embedded.linking import Linker
from bot.agent.embedded.reading.times import TimeReading
from bot.agent.embedded.sentence import Mark, Sentence

Args = dict[str, object]

_CHANNELS = (
    ("call", r"\b(?:phone ?calls?|telephoned?|phone conversations?|conference calls?|(?:on|by|over) (?:the )?(?:tele)?phone|phone (?:chats?|conversations?)|off the phone|calling|phoning|ringing|tried to reach|tried reaching|calls?|called|phoned|rang|ring|voicemails?|reached|hung up|spoke|spoken|talked|vm)\b"),
    ("meeting", r"\b(?:meetings?|video ?conferences?|business reviews?|kick-?offs?|stand-?ups?|appointments?|met|meet|visit(?:s|ed)?|demos?|demoed|lunch(?:es)?|dinner|coffee|breakfast|workshop|zoom|teams call|site visit|sync|qbr|presented|saw|sat down|ran into|bumped into|webinar|caught up|catch[- ]?up|sit-?downs?|huddles?|one-on-ones?|face[- ]to[- ]face|in[- ]person|get-?togethers?|on-?site visits?|drinks|beers|site tours?)\b"),
    ("email", r"\b(?:emails?|mailed|emailed|wrote)\b"),
    ("chat", r"\b(?:chats?|chatted|whatsapp(?:ed)?|sms|text(?:s|ed)?(?: message)?s?|messaged?|messages|dm|pinged|slack)\b"),
    ("social", r"\b(?:linkedin|social|twitter)\b"),
    ("event", r"\b(?:event|conference|trade show|fair|booth)\b"),
    ("note", r"\b(?:notes?)\b"),
)  # fmt: skip
_STILL_TO_COME = re.compile(r"\b(?:next(?! to\b)|coming|upcoming|tomorrow|tmrw|later|planned|scheduled|will|in (?:\d+|an?|two|three)(?: few| couple of)? (?:hours?|days?|weeks?|months?|years?))\b")
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:mon|tues?|wed|thurs?|fri)\b")
_COUNT = r"(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
_LIMIT = re.compile(
    rf"\b(?:top|bottom|first|biggest|largest|smallest|best|worst|show(?: me)?|last|latest|next|oldest|only|just|max(?:imum)?(?: of)?|newest|recent|(?:give|get|send)(?: me)?) {_COUNT}\b(?! ?(?:days?|weeks?|months?|quarters?|years?|hours?|minutes?|k\b|%|grand|percent))"
    rf"|\b{_COUNT} (?:(?:of )?(?:my|our|the|his|her|their) )?(?:[a-z]{{2,}}est\b|largest|top|most|least|next (?:best )?(?:actions|steps|moves|things)|best|deals|actions|things|calls|emails|meetings|interactions|notes|last|latest|accounts|customers|tasks|steps|moves|opps)\b"
)
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20}
_OVER = re.compile(
    r"(?:over|above|more than|greater than|bigger than|larger than|higher than|at least|>=?|min(?:imum)?(?: of)?|exceed(?:s|ing)?|beyond|north of|worth more than|upwards of|or more|from|starting at|no (?:less|smaller) than|not (?:under|below))\s*(?:a |the )?$"
)
_UNDER = re.compile(r"(?:(?<!not )(?<!no )(?:under|below|less than|smaller than|lower than)|at most|<=?|max(?:imum)?(?: of)?|up to|south of|cheaper than|no (?:more|bigger|larger|higher) than|not (?:over|above|more than)|within|beneath)\s*(?:a |the )?$")
_AND_OVER = re.compile(r"[\s-]*(?:\+|(?:or|and) (?:more|up(?:wards)?|above|over|bigger|larger|higher|better)|plus\b|(?:at )?(?:the )?(?:minimum|min\b|least)|upwards)")
_AND_UNDER = re.compile(r"\s*(?:(?:or|and) (?:less|under|below|smaller|lower|down(?:wards)?)|(?:at )?(?:the )?(?:most|tops|max(?:imum)?)\b|downwards|minus\b)")
_FORECAST = (
    ("commit", r"\bcommit(?:ted|ting)?\b"),
    ("best_case", r"\bbest[- ]case\b|\bupside\b"),
    ("omitted", r"\bomit(?:ted)?\b|\bexcluded?\b"),
)


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
    if found is not None and found.since is not None and found.until is None and found.since <= today:
        return Days(found.since, today)
    if found is None or found.since is None or found.since <= today or still_to_come(sentence):
        return found
    if _WEEKDAY.search(sentence.text.lower()) and (found.since - today).days <= 7:
        back = timedelta(days=7)
        return Days(found.since - back, found.until - back if found.until else None)
    return Days(year_before(found.since), year_before(found.until) if found.until else today)


def still_to_come(sentence: Sentence) -> bool:
    """Whether the words say that a period lies ahead."""
    return _STILL_TO_COME.search(sentence.text.lower()) is not None


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
        elif _UNDER.search(before) or _AND_UNDER.match(after):
            args["max_amount_minor"] = mark.money.amount_minor
        elif _OVER.search(before) or _AND_OVER.match(after):
            args["min_amount_minor"] = mark.money.amount_minor


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
_OUT_OF_FORECAST = re.compile(r"\b(?:omit|exclude|leave|drop|take|remove|keep|pull|throw)\b.*\b(?:from|out of) (?:the |my |our )?forecast\b")
_TO_PIPELINE = re.compile(r"\b(?:back )?(?:in|into|to|as) (?:the )?pipeline\b|\b(?:make|mark|call|consider) (?:it|that|this|(?:the |our |my )?(?:DEAL|ACCOUNT)(?: deal)?) (?:a )?pipeline\b|\bforecast\b.*\bpipeline\b|\bcategory:? (?:is |to |= ?)?(?:now )?pipeline\b|\bpipeline (?:category|forecast)\b")


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


def without_times(piece: Sentence) -> str:
    """The words of a stretch without its dates and the prepositions before them."""
    parts: list[str] = []
    at = 0
    for mark in piece.of("DATE", "EVERY"):
        before = re.sub(
            r"(?:\s|[,;])*(?:\b(?:and |with )?(?:a |the )?(?:start(?:ing|s)?|begin(?:ning|s)?|commencing|first(?: (?:one|time|due))?(?: is)?|due(?: date)?(?: is)?|(?:deadline|target date)(?: is)?|as of|effective)\b\s*:?\s*)?(?:\s|,)*\b(?:by|on|at|before|due|until|till|for|in|from|this|the|no later than|latest)?\s*(?:the )?$",
            "",
            piece.masked[at : mark.start],
        )
        parts.append(piece.verbatim(at, at + len(before)))
        at = mark.end
        onward = re.match(r"\s*(?:on(?:wards?)?(?=\s*(?:[,.;:]|$))|at the latest\b)", piece.masked[at:])
        at += onward.end() if onward is not None else 0
    parts.append(piece.verbatim(at))
    return re.sub(r"\s+", " ", " ".join(part for part in parts if part)).strip(" ,;:.-")


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
