"""How well times and money are read, measured on a public set of cases.

    python -m tests.benchmarks.reading FOLDER [--show FAMILY] [--half even|odd]

FOLDER holds the English specification files of Recognizers-Text (``DateTime/English/DateParser.json`` and so on).
A case is exact when what it names is resolved to the same days, instants, seconds or amount. Five conventions
differ by design and count as the same: a range that names its last day (or month) ends after it here and on it there;
a stretch that runs up to now includes today here; "the end of" a period is its last day here and its second half there;
"later this week" runs from today to the week's end here and is its second half there, "earlier this month" runs up to
today here and is its first half there; what ends with the day ends at midnight here and a second before it there.

The totals are of the cases with a sales meaning: days, ranges of days, durations; amounts; false alarms on texts that
name no time or no money. Left out of them, for the reason that a sales team has no use for the answer: cases without a
resolved value and years outside 1900 to 2099; decades, centuries, feasts of the lunar calendar, school years; file
names; operators of a query language ("> = 2019", "but not 1998"); and "the day" of something that the text does not
name ("partner of the day", "the day after?"). Instants, times of day and hours of a day have lines of their own.

The files are measured by halves: cases of even position were looked at while building, odd ones never.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.agent.embedded.reading.currencies import exponent
from bot.agent.embedded.reading.money import MoneyReading, read_money
from bot.agent.embedded.reading.times import TimeReading, read_times
from tests.benchmarks.reading_cases import DEFAULT_NOW, Case, Outcome, half_of, load, now_of

_TIME_FILES = {
    "DateParser": "date",
    "DatePeriodParser": "range",
    "DurationParser": "duration",
    "DateTimeParser": "datetime",
    "DateTimePeriodParser": "datetime range",
    "HolidayParser": "date",
}
_MODEL_FAMILIES = {
    "date": "date",
    "daterange": "range",
    "duration": "duration",
    "datetime": "datetime",
    "datetimerange": "datetime range",
    "time": "time",
    "timerange": "time range",
}
_MODELS = ("DateTimeModel", "DateTimeModelCalendarMode", "DateTimeModelComplexCalendar")
_UNITS = {"month": relativedelta(months=1), "quarter": relativedelta(months=3), "year": relativedelta(years=1)}
# Texts of the sets about phones, sizes and the like count as free of times when they hold no such word.
_CALENDAR = re.compile(
    r"\b(?:today|now|day|week|month|year|quarter|hour|minute|second|morning|night|january|february|march|april|may|june|"
    r"july|august|september|october|november|december|aug|oct|feb|monday|friday|early|later?|19\d\d|20\d\d)s?\b|\d:\d\d|\d[ap]m",
    re.IGNORECASE,
)
_OUT_OF_SCOPE = re.compile(
    r"ramadan|eid al|islamic|festival of breaking|century|decade|\d0'?s\b|90 s\b|nineties|seventies|twenty-tens|"
    r"two thousands|archive|\.xlsx|school year|\bsy \d|[<>] ?=|but not \d{4}|partner of the day|the day after\?|for the day\b",
    re.IGNORECASE,
)
_TOTALS = {
    "dates, ranges, durations": (
        *("date", "range", "duration"),
        *("date (calendar)", "range (calendar)", "duration (calendar)"),
    ),
    "amounts of money": ("money",),
    "false alarms": ("no time (false alarms)", "no money (false alarms)"),
}
# What the money set calls an amount of the small coin.
_COINS = {"Cent", "Pence", "Penny"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--show", help="print the misses of one family")
    arguments.add_argument("--half", choices=("even", "odd"), default="even", help="the half whose misses are shown")
    options = arguments.parse_args()
    outcomes = [*_times(options.folder), *_money(options.folder)]
    table: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for outcome in outcomes:
        table[outcome.case.family, outcome.case.half].append(outcome.exact)
    for family in sorted({family for family, _ in table}):
        shares = [f"{half} {_share(table[family, half])}" for half in ("even", "odd")]
        print(f"{family:<28}{'   '.join(shares)}")
    print()
    for total, families in _TOTALS.items():
        shares = []
        for half in ("even", "odd"):
            exact = [one for family in families for one in table[family, half]]
            wrong = total.startswith("false")
            shares.append(f"{half} {_share([not one for one in exact] if wrong else exact)}")
        print(f"{total:<28}{'   '.join(shares)}")
    for outcome in outcomes:
        if outcome.case.family == options.show and outcome.case.half == options.half and not outcome.exact:
            print(
                f"- {outcome.case.text!r} at {outcome.case.now:%Y-%m-%d %a}: {outcome.case.values} but {outcome.read}"
            )


def _share(exact: list[bool]) -> str:
    return f"{sum(exact) / len(exact):.3f} of {len(exact):<4}" if exact else "none"


def _time_cases(folder: Path) -> Iterator[Case]:
    for name, family in _TIME_FILES.items():
        for position, case in enumerate(load(folder, f"DateTime/English/{name}")):
            for result in case["Results"]:
                value = result.get("Value") or {}
                known = value.get("FutureResolution")
                if not known:
                    continue
                right = tuple(v for v in (_parser_value(known, value),) if v)
                place = (result["Start"], result["Start"] + result["Length"])
                yield Case(family, half_of(position), case["Input"], now_of(case), place, right)
    for name in _MODELS:
        for position, case in enumerate(load(folder, f"DateTime/English/{name}")):
            for result in case["Results"]:
                model_family = _MODEL_FAMILIES.get(result["TypeName"].split(".")[-1])
                if model_family is None or not result.get("Resolution"):
                    continue
                values = tuple(v for v in map(_model_value, result["Resolution"]["values"]) if v)
                if name != "DateTimeModel":
                    model_family += " (calendar)"
                yield Case(
                    model_family,
                    half_of(position),
                    case["Input"],
                    now_of(case),
                    (result["Start"], result["End"] + 1),
                    values,
                )


def _parser_value(known: dict[str, str], value: dict[str, Any]) -> str:
    if "startDate" in known or "endDate" in known:
        return f"{known.get('startDate', '')}..{known.get('endDate', '')}"
    if "startDateTime" in known or "endDateTime" in known:
        return f"{known.get('startDateTime', '')}..{known.get('endDateTime', '')}"
    return next(iter(known.values()), "")


def _model_value(value: dict[str, str]) -> str:
    if "start" in value or "end" in value:
        return f"{value.get('start', '')}..{value.get('end', '')}"
    found = value.get("value", "")
    return "" if found == "not resolved" else found


def _usable(case: Case) -> bool:
    years = [
        int(value[at : at + 4]) for value in case.values for at in (0,) if value[:4].isdigit() and "-" in value[:5]
    ]
    lunar = _OUT_OF_SCOPE.search(case.text)
    return bool(case.values) and not lunar and all(1900 <= year < 2100 for year in years)


def _times(folder: Path) -> Iterator[Outcome]:
    for case in _time_cases(folder):
        if _usable(case):
            readings = read_times(case.text, case.now, day_first=False)
            best = max(
                readings, key=lambda reading: _overlap(reading.span.start, reading.span.end, case.place), default=None
            )
            if best is None or _overlap(best.span.start, best.span.end, case.place) <= 0:
                yield Outcome(case, False, f"nothing ({[r.span.text for r in readings]})")
            else:
                yield Outcome(
                    case, _right(best, case), f"{best.kind} {best.start}..{best.end} {best.bound} {best.span.text!r}"
                )
    for name in (
        "DateTime/English/DateTimeModel",
        "DateTime/English/DateExtractor",
        "DateTime/English/DatePeriodExtractor",
        "Sequence/English/PhoneNumberModel",
        "Sequence/English/IpAddressModel",
        "NumberWithUnit/English/DimensionModel",
        "NumberWithUnit/English/TemperatureModel",
    ):
        for position, negative in enumerate(load(folder, name)):
            other_kind = name.startswith(("Sequence", "NumberWithUnit")) and not _CALENDAR.search(negative["Input"])
            if (name.startswith("DateTime") and not negative["Results"]) or other_kind:
                found = read_times(negative["Input"], now_of(negative), day_first=False)
                case = Case(
                    "no time (false alarms)", half_of(position), negative["Input"], now_of(negative), (0, 0), ()
                )
                yield Outcome(case, bool(found) is False, str([reading.span.text for reading in found]))


def _overlap(start: int, end: int, place: tuple[int, int]) -> int:
    return min(end, place[1]) - max(start, place[0])


def _right(reading: TimeReading, case: Case) -> bool:
    if case.family.startswith("duration"):
        return reading.length is not None and str(reading.length.total_seconds) == case.values[0]
    values = _ahead(case)
    if case.family.startswith("time"):
        return any(_same_clock(reading, value) for value in values)
    return any(_same(reading, value) for value in values)


def _ahead(case: Case) -> tuple[str, ...]:
    """The values that somebody who prefers the future means: those not yet over, when there are any."""
    today = f"{case.now:%Y-%m-%d}"
    ahead = tuple(value for value in case.values if value.split("..")[-1] == "" or value.split("..")[-1][:10] >= today)
    return ahead or case.values


def _same_clock(reading: TimeReading, value: str) -> bool:
    start, _, end = value.partition("..")
    given = [f"{moment:%H:%M:%S}" if isinstance(moment, datetime) else "" for moment in (reading.start, reading.end)]
    return given[0] == start and (not end or given[1] == end or end == "23:59:59")


def _same(reading: TimeReading, value: str) -> bool:
    start, ranged, end = value.partition("..")
    if reading.bound == "end" and reading.kind == "date" and reading.start is not None:
        last = datetime.fromisoformat(end or start).date() - relativedelta(days=1 if ranged else 0)
        weekend = reading.start.isoweekday() == 5 and (last - reading.start).days in (0, 2)
        return last == reading.start or weekend
    if not ranged:
        return reading.kind in ("date", "datetime") and _equal(reading.start, start)
    return _near(reading.start, start, reading, "after") and _near(
        reading.end, end, reading, "between by until trailing leading rest since"
    )


def _equal(given: date | datetime | None, value: str) -> bool:
    if value.endswith("23:59:59") and isinstance(given, datetime):
        given -= relativedelta(seconds=1)
    if given is None or value in ("", "None"):
        return given is None and value in ("", "None")
    if len(value) > 10:
        return isinstance(given, datetime) and given.replace(tzinfo=None) == datetime.fromisoformat(value)
    return not isinstance(given, datetime) and given.isoformat() == value


def _near(given: date | datetime | None, value: str, reading: TimeReading, bounds: str) -> bool:
    if _equal(given, value):
        return True
    if reading.bound not in bounds.split() or given is None:
        return False
    if reading.bound == "since" and not value:
        return True
    if reading.bound == "rest" and bounds.startswith("after") and reading.granularity != "hour":
        return True  # its second half there
    if reading.bound == "trailing" and bounds.startswith("between") and reading.span.text.lower().startswith("earlier"):
        return True  # its first half there
    if isinstance(given, datetime):
        return False
    steps = {relativedelta(days=1), relativedelta(weeks=1), _UNITS.get(reading.granularity, relativedelta(days=1))}
    return any(_equal(given - step, value) for step in steps)


def _money(folder: Path) -> Iterator[Outcome]:
    for position, case in enumerate(load(folder, "NumberWithUnit/English/CurrencyModel")):
        readings = read_money(case["Input"], None)
        for result in case["Results"]:
            place = (result["Start"], result["End"] + 1)
            best = max(
                readings, key=lambda reading: _overlap(reading.span.start, reading.span.end, place), default=None
            )
            resolution = result["Resolution"]
            if resolution.get("value") is None:
                continue
            wanted = Case("money", half_of(position), case["Input"], DEFAULT_NOW, place, (json.dumps(resolution),))
            exact = (
                best is not None
                and _overlap(best.span.start, best.span.end, place) > 0
                and _same_amount(best, resolution)
            )
            yield Outcome(wanted, exact, str(best))
        if not case["Results"]:
            none = Case("no money (false alarms)", half_of(position), case["Input"], DEFAULT_NOW, (0, 0), ())
            yield Outcome(none, not readings, str(readings))
    for name in (
        "Sequence/English/PhoneNumberModel",
        "NumberWithUnit/English/DimensionModel",
        "NumberWithUnit/English/AgeModel",
        "Number/English/PercentModel",
        "DateTime/English/DatePeriodParser",
    ):
        for position, case in enumerate(load(folder, name)):
            if not any(sign in case["Input"] for sign in "$€£"):
                found = read_money(case["Input"], None)
                none = Case("no money (false alarms)", half_of(position), case["Input"], DEFAULT_NOW, (0, 0), ())
                yield Outcome(none, not found, str([reading.span.text for reading in found]))


def _same_amount(reading: MoneyReading, resolution: dict[str, str]) -> bool:
    if resolution.get("value") is None:
        return False
    value = Decimal(resolution["value"])
    if resolution["unit"] in _COINS:
        value /= 100
    wanted = resolution.get("isoCurrency")
    if wanted is not None and reading.currency != wanted:
        return False
    return Decimal(reading.amount_minor).scaleb(-exponent(reading.currency)) == round(value, exponent(reading.currency))


if __name__ == "__main__":
    main()
