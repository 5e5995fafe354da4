"""How amounts, days and counts read everywhere: on cards, in sentences and on the command line."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm_store.currencies import decimals as decimals


def money(amount_minor: int | None, currency: str | None) -> str:
    """``EUR 84,000``; cents are shown only where there are some. Without an amount: ``no amount``."""
    if amount_minor is None:
        return "no amount"
    digits = decimals(currency or "EUR")
    whole, part = divmod(abs(amount_minor), 10**digits)
    text = f"{whole:,}" + (f".{part:0{digits}d}" if part else "")
    return f"{'-' if amount_minor < 0 else ''}{currency + ' ' if currency else ''}{text}"


def short_money(amount_minor: int, currency: str) -> str:
    """``EUR 1.2m``, ``EUR 84k``: for headlines, where the exact figure stands beside it."""
    units = amount_minor / 10 ** decimals(currency)
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(units) >= size:
            return f"{currency} {units / size:.1f}".removesuffix(".0") + letter
    return money(amount_minor, currency)


def day(value: date, today: date) -> str:
    """``Tue 24 Nov``, with the year where it is another one."""
    return f"{value:%a} {value.day} {value:%b}" + ("" if value.year == today.year else f" {value.year}")


def moment(value: datetime, zone: ZoneInfo, today: date) -> str:
    """``Tue 24 Nov, 14:02`` in the reader's zone."""
    local = value.astimezone(zone)
    return f"{day(local.date(), today)}, {local:%H:%M}"


def ago(value: date, today: date) -> str:
    """``today``, ``yesterday``, ``12 days ago``, ``in 3 days``, ``5 months ago``."""
    days = (today - value).days
    if days in (0, 1, -1):
        return {0: "today", 1: "yesterday", -1: "tomorrow"}[days]
    size = abs(days)
    text = (
        plural(size, "day")
        if size < 60
        else plural(round(size / 30.44), "month")
        if size < 700
        else f"{size / 365.25:.1f} years"
    )
    return f"{text} ago" if days > 0 else f"in {text}"


def plural(count: int, noun: str, many: str | None = None) -> str:
    """``1 deal``, ``14 deals``; ``many`` where an s is not enough."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def join(parts: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def words(name: str) -> str:
    """A stored name as people say it: ``best_case`` is best case, ``economic_buyer`` economic buyer."""
    return name.replace("_", " ")
