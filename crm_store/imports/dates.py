"""Reading dates and times as people and programs write them.

ISO, American, European, with month names, epoch seconds or milliseconds, Excel's day numbers. Which of 03/04 is the month is
found by the whole column (:func:`day_or_month_first`), never cell by cell.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

from crm_store.imports.values import Habits, is_empty, quoted

_SERIAL = re.compile(r"(\d{5})(\.\d+)?$")
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)  # Excel counts days from here, since it takes 1900 for a leap year
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$",
    re.IGNORECASE,
)
_SLASHED = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:,?[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?)?\s*(?:UTC|GMT|Z)?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})\.?[\s-]+(?P<m1>[^\W\d_]{3,10})\.?|(?P<m2>[^\W\d_]{3,10})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?),?[\s-]+(?P<y>\d{4})"
    r"(?:,?\s+(?:at\s+)?(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<ap>[ap]\.?m\.?)?)?\s*(?:UTC|GMT|Z)?$",
    re.IGNORECASE,
)
# By their first letters, in English, German, French, Spanish and Italian.
_MONTHS = {name: number for number, names in enumerate((
    "jan jän ene gen", "feb fév", "mar mär mrz", "apr avr abr", "may mai mag", "jun juin giu", "jul juil lug", "aug août aoû ago",
    "sep set", "oct okt ott", "nov", "dec dez déc dic"), 1) for name in names.split()}  # fmt: skip


def day_or_month_first(cells: Iterable[str]) -> tuple[int, int, int, int]:
    """(how many dates must be day first, how many month first, how many have points, how many are of such a form)."""
    day, month, dotted, slashed = 0, 0, 0, 0
    for cell in cells:
        if found := _SLASHED.match(cell.strip()):
            first, second = int(found[1]), int(found[3])
            day, month = day + (first > 12 >= second), month + (second > 12 >= first)
            dotted, slashed = dotted + (found[2] == "."), slashed + 1
    return day, month, dotted, slashed


def moment(cell: str, habit: Habits) -> datetime | None:
    """A time in UTC; one without a zone is read in the habit's. None for no value or the year 9999.

    :raises ValueError: when it is no date.
    """
    if cell[4:5] == "-" and not habit.form and cell[:4] != "9999":
        try:
            # most say no zone; naming it here takes half as long as giving it to what was read
            found_ = datetime.fromisoformat(cell + "+00:00" if habit.zone is UTC and len(cell) in (16, 19) else cell)
        except ValueError:
            pass
        else:
            if 1900 <= found_.year <= 2200:
                aware = found_.replace(tzinfo=habit.zone) if found_.tzinfo is None else found_
                return aware if aware.tzinfo is UTC else aware.astimezone(UTC)
    text = cell.strip()
    if is_empty(text):
        return None
    if habit.form:
        try:
            read = datetime.strptime(text, habit.form)  # noqa: DTZ007  # the zone follows, where the format has none
        except ValueError:
            raise ValueError(f"{quoted(text)} is not written as {habit.form}") from None
        return (read if read.tzinfo else read.replace(tzinfo=habit.zone)).astimezone(UTC)
    if found := _SERIAL.match(text):
        days = int(found[1])
        if 14_611 <= days <= 73_050:  # 1940 to 2099
            return _DAY_ZERO + timedelta(days=days, seconds=round(float(found[2] or 0) * 86_400))
    if text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    if found := _ISO.match(text):
        return _iso(found, habit)
    if found := _SLASHED.match(text):
        first, second = int(found[1]), int(found[3])
        day, month = (first, second) if habit.day_first else (second, first)
        made = _made(
            _year(found[4]), month, day, _hour(found[5], found[8]), int(found[6] or 0), int(found[7] or 0), text
        )
        return _zoned(made, text, habit)
    if found := _NAMED.match(text):
        name = (found["m1"] or found["m2"]).lower()
        month = _MONTHS.get(name[:4]) or _MONTHS.get(name[:3], 0)
        clock = _hour(found["h"], found["ap"]), int(found["min"] or 0), int(found["s"] or 0)
        return _zoned(_made(int(found["y"]), month, int(found["d1"] or found["d2"]), *clock, text), text, habit)
    raise ValueError(f"{quoted(text)} is no date that I can read; write it as 2026-11-30")


def day(cell: str, habit: Habits) -> date | None:
    """The day as it is written, whatever the zone.

    :raises ValueError: when it is no date.
    """
    if len(cell) == 10 and cell[4] == "-" and not habit.form:
        try:
            found_ = date.fromisoformat(cell)
        except ValueError:
            pass
        else:
            if 1900 <= found_.year <= 2200:
                return found_
    found = moment(cell, habit if habit.zone is UTC else Habits(habit.day_first, habit.decimal_comma, UTC, habit.form))
    return None if found is None else found.date()


def is_serial(cell: str) -> bool:
    """Whether a cell of a date column holds one of Excel's day numbers."""
    return bool(_SERIAL.match(cell))


def _zoned(value: datetime, text: str, habit: Habits) -> datetime:
    """A time that names no zone, in the habit's."""
    if habit.zone is UTC or text.rstrip().upper().endswith(("UTC", "GMT", "Z")):
        return value
    return value.replace(tzinfo=habit.zone).astimezone(UTC)


def _iso(found: re.Match[str], habit: Habits) -> datetime | None:
    if found[1] == "9999":
        return None
    value = _made(
        int(found[1]),
        int(found[2]),
        int(found[3]),
        int(found[4] or 0),
        int(found[5] or 0),
        int(found[6] or 0),
        found[0],
    )
    value = value.replace(microsecond=int((found[7] or "0")[:6].ljust(6, "0")))
    if not found[8]:
        return _zoned(value, found[0], habit)
    zone = found[8].upper()
    if zone in ("Z", "UTC", "GMT"):
        return value
    minutes = int(zone[1:3]) * 60 + int(zone[-2:] if len(zone) > 3 else 0)
    if minutes >= 24 * 60:
        raise ValueError(f"{quoted(found[0])} names no time zone there is")
    offset = timedelta(minutes=minutes if zone[0] == "+" else -minutes)
    return value.replace(tzinfo=timezone(offset)).astimezone(UTC)


def _made(year: int, month: int, day_: int, hour: int, minute: int, second: int, text: str) -> datetime:
    try:
        value = datetime(year, month, day_, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no day of the calendar") from None
    if not 1900 <= year <= 2200:
        raise ValueError(f"{quoted(text)} is not in a year that can be meant")
    return value


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _hour(hour: str | None, half: str | None) -> int:
    value = int(hour or 0)
    if not half:
        return value
    return value % 12 + (12 if half[0].lower() == "p" else 0)
