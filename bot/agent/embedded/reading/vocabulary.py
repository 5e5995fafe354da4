"""The words of time and number, and how a misspelt one finds its way back."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.distance import OSA


def listed(words: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(words.split())


MONTHS: Mapping[str, int] = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            (
                "january jan",
                "february feb febr",
                "march mar",
                "april apr",
                "may",
                "june jun",
                "july jul",
                "august aug",
                "september sept sep",
                "october oct",
                "november nov",
                "december dec",
            ),
            start=1,
        )
        for name in names.split()
    }
)

WEEKDAYS: Mapping[str, int] = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            (
                "monday mon mondays",
                "tuesday tue tues tuesdays",
                "wednesday wed weds wednesdays",
                "thursday thu thur thurs thr thursdays",
                "friday fri fridays",
                "saturday sat saturdays",
                "sunday sun sundays",
            )
        )
        for name in names.split()
    }
)

UNITS: Mapping[str, str] = MappingProxyType(
    {
        name: unit
        for unit, names in {
            "second": "second seconds sec secs",
            "minute": "minute minutes min mins",
            "hour": "hour hours hr hrs",
            "day": "day days",
            "business day": "workday workdays weekday weekdays",
            "weekend": "weekend weekends",
            "week": "week weeks wk wks",
            "fortnight": "fortnight fortnights",
            "month": "month months mth mths mo mos",
            "quarter": "quarter quarters qtr qtrs",
            "half": "semester semesters",
            "year": "year years yr yrs",
            "decade": "decade decades",
        }.items()
        for name in names.split()
    }
)

# One letter is a unit only when it is written on to its number: "3h", "90d".
GLUED_UNITS: Mapping[str, str] = MappingProxyType(
    {"s": "second", "h": "hour", "d": "day", "w": "week", "m": "month", "mo": "month", "y": "year"}
)

SMALL: Mapping[str, int] = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
            ]
        )
    }
)
TENS: Mapping[str, int] = MappingProxyType(
    {
        word: 10 * number
        for number, word in enumerate(
            ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
        )
    }
    | {"fourty": 40}
)
SCALES: Mapping[str, int] = MappingProxyType(
    {
        "hundred": 100,
        "hundreds": 100,
        "thousand": 1_000,
        "thousands": 1_000,
        "million": 1_000_000,
        "millions": 1_000_000,
        "billion": 1_000_000_000,
        "billions": 1_000_000_000,
        "trillion": 1_000_000_000_000,
    }
)
ORDINALS: Mapping[str, int] = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            [
                "first",
                "second",
                "third",
                "fourth",
                "fifth",
                "sixth",
                "seventh",
                "eighth",
                "ninth",
                "tenth",
                "eleventh",
                "twelfth",
                "thirteenth",
                "fourteenth",
                "fifteenth",
                "sixteenth",
                "seventeenth",
                "eighteenth",
                "nineteenth",
                "twentieth",
            ],
            start=1,
        )
    }
    | {"thirtieth": 30}
)

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        alias: word
        for word, aliases in {
            "tomorrow": "tmrw tmr tmrow tomo tmw 2moro tommorow tommorrow tomorow tommorw",
            "today": "tody todya toady 2day",
            "yesterday": "yday ystrday",
            "tonight": "tonite tnight 2nite",
            "coming": "upcoming",
            "next": "nxt nex following",
            "last": "lst previous prev",
            "this": "ths current",
            "friday": "frday firday fridy",
            "monday": "mnday mondy",
            "sunday": "sundy",
            "week": "wek weeek",
            "wednesday": "wendsday wensday wedsday wedn wednes",
            "quarter": "quater qurter",
            "weekend": "wkend",
            "half": "½",
            "until": "til till untill",
        }.items()
        for alias in aliases.split()
    }
)

# Long enough to be told from other words when a letter or two is wrong.
_SPELLABLE = tuple(
    name
    for name in (*MONTHS, *WEEKDAYS, "tomorrow", "yesterday", "quarter")
    if len(name) >= 6 and not name.endswith("days")
)
_REAL_WORDS = frozenset(
    [
        "augusta",
        "augusto",
        "sundry",
        "sundae",
        "midday",
        "holiday",
        "payday",
        "quarters",
        "quartet",
        "quarterly",
        "octopus",
        "augment",
        "janitor",
    ]
)


@lru_cache(maxsize=4096)
def corrected(word: str) -> str:
    """The vocabulary's spelling of a lower-case word; the word itself when it is not near enough to any.

    One edit is forgiven in six letters and two from eight; the first letter must be right.
    """
    if word in ALIASES:
        return ALIASES[word]
    if len(word) < 6 or word in _REAL_WORDS or word in WEEKDAYS or word in MONTHS or word in UNITS:
        return word
    allowed = 1 if len(word) < 8 else 2
    for name in _SPELLABLE:
        near = name[0] == word[0] and abs(len(name) - len(word)) <= 1
        if near and OSA.distance(word, name, score_cutoff=allowed) <= allowed:
            return name
    return word
