"""Over what days a number is, and beside which: periods that have passed, "year over year", "rolling 12 months", "up on last year"."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.agent.embedded import slots
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args

_BESIDE = (
    r"(?:vs\.?|versus|v\.?|compar(?:e[ds]?|ing|ison|able)(?: it| that| this)? (?:to|with|against)|in comparison (?:to|with)|than(?! (?:money|length|average|(?:the|an?|our) |\d|one|two|three|five|ten)\b)|against|relative to|beat(?:s|en|ing)?|outperform\w*|outdo\w*|up or down (?:on|from|over)|ahead of|(?:up|down|growth|increase|decrease|better|worse|improve\w*|change)(?: \w+)? (?:on|from|over)"
    r"|(?:set |put |held |stacked |hold |stack(?:s)? )(?:it |that )?up (?:to|against|with)|(?:set |put |held |stacked |hold |stack )?(?:up )?(?:next to|beside|alongside|side by side with|against))"
)
BESIDE = re.compile(rf"\b{_BESIDE} (?:the |in |for |that of |those of |those |that |it |one |from |of |what (?:we|i) \w+ |with )*DATE\b")


def only_compared(sentence: Sentence, days: slots.Days, args: Args, today: date) -> bool:
    """The one period named is what now is compared with: "average deal size vs last year" is about this year so far."""
    if not BESIDE.search(sentence.masked) or days.since is None or days.until is None or days.until >= today:
        return False
    begun = days.until + timedelta(days=1)
    running = begun + relativedelta(months=_months(days)) - timedelta(days=1)
    if running >= today:  # beside the month, quarter or year before, the one that runs
        slots.put_period(args, slots.Days(begun, running))
        args["compare_with"] = "previous_period"
    else:
        slots.put_period(args, slots.Days(begun, today))
        slots.put_period(args, days, "compare_since", "compare_until")
    return True


def _months(days: slots.Days) -> int:
    """How many whole months a closed stretch is; 0 when it is none."""
    assert days.since is not None
    assert days.until is not None
    after = days.until + timedelta(days=1)
    return (after.year - days.since.year) * 12 + after.month - days.since.month if days.since.day == after.day == 1 else 0


def periods_asked(sentence: Sentence, today: date) -> list[slots.Days]:
    """The periods of a request, the one that is asked about first: of "from Q2 to Q3" the later, and none of them twice; of "year
    over year" alone the year so far."""
    found = slots.periods(sentence)
    if not found:
        stretch = _rolling(sentence, today)
        begun = slots.Days(date(today.year, 1, 1), today) if _OVER_YEARS.search(sentence.masked) else None
        return [one for one in (stretch or begun,) if one is not None]
    again = len(found) > 2 and found[0] in found[1:]
    if again:
        found = found[1:]
    found = list(dict.fromkeys(found))
    dates, beside = sentence.of("DATE"), BESIDE.search(sentence.masked)
    if len(found) == 2 and not again and beside is not None and beside.end() == dates[0].end:  # "better than in Q3, this quarter": what it is beside was said first
        found.reverse()
    if len(found) == 2 and _GROWN.search(sentence.masked) and found[0].since and found[1].since and found[0].since < found[1].since:
        found.reverse()
    return found


_OVER_YEARS = re.compile(r"\b(?:year[- ](?:over|on)[- ]year|yoy)\b")
_GROWN = re.compile(r"\b(?:from|between) (?:the )?DATE (?:to|and|until) (?:the )?DATE\b")


def past(days: slots.Days, today: date) -> slots.Days:
    """A period that has not begun, a year earlier: what is reported has happened."""
    if days.since is None or days.since <= today:
        return days
    return slots.Days(slots.year_before(days.since), slots.year_before(days.until) if days.until else None)


def _rolling(sentence: Sentence, today: date) -> slots.Days | None:
    """The stretch up to today that "rolling 12 months" names."""
    for mark in sentence.of("LENGTH"):
        if re.search(r"\b(?:rolling|trailing) $", sentence.masked[: mark.start]):
            return slots.Days(today - timedelta(days=slots.length_days(mark) - 1), today)
    return None


_OVER_TIME = re.compile(r"\b(?:(?:quarter|month|week|year)[- ](?:over|on)[- ](?:quarter|month|week|year)|qoq|mom|wow|up or down)\b")


def compared(text: str, periods: int, *, split: bool = False) -> str | None:
    """What a number is set beside; of a split one "compare" alone sets its groups beside each other."""
    beside = periods > 1 or re.search(rf"\b(?:{_BESIDE}|compar\w+|yoy|over)\b", text)
    if beside and re.search(
        r"\b(?:same (?:period|quarter|month|time|week)(?: of| in)? (?:the )?last year|last year's|year[- ]over[- ]year|yoy|a year (?:ago|earlier))\b",
        text,
    ):
        return "same_period_last_year"
    if periods > 1 or re.search(rf"\b{_BESIDE}\b", text):
        if (
            re.search(
                r"\b(?:the )?(?:one|quarter|month|week|year|period)? ?(?:before|previous|prior|preceding)\b|\bthe last one\b",
                text,
            )
            or periods < 2
        ):
            return "previous_period"
        return "period"
    if _OVER_TIME.search(text) or (not split and {"compare", "trend"} & set(text.split())):
        return "period" if periods > 1 else "previous_period"
    return None
