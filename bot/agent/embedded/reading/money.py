"""Reads amounts of money: in figures, in words and as ranges, in integer minor units."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from bot.agent.embedded.reading.amounts import Amount, amounts_in, with_currency
from bot.agent.embedded.reading.currencies import COINS, exponent
from bot.agent.embedded.reading.spans import Span


@dataclass(frozen=True)
class MoneyReading:
    """An amount in minor units of ``currency``.

    ``currency`` is None when none was said ("84k"): the minor units are then those of the default currency, or
    hundredths. For a range ``low`` and ``high`` are its ends and ``amount_minor`` its middle; otherwise both are
    None. ``approximate`` says that a word such as "about" stood before it, or that it is a range.
    """

    amount_minor: int
    currency: str | None
    span: Span
    approximate: bool = False
    low: int | None = None
    high: int | None = None


_TO = re.compile(r"\s*(?:-|–|—|~|\bto\b|\band\b|\bor\b|\bup to\b)\s*", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approx\.?|approximately|circa|ca\.?|nearly|almost|some|over|under|up to|at least|"
    r"more than|less than|at most|below|above|north of|close to|just shy of)|[~≈<>])\s*$",
    re.IGNORECASE,
)
_AROUND = re.compile(r"\s*(?:-?ish\b|or so\b|\+|give or take)", re.IGNORECASE)
# A bare "5m" or "2 million" is money only after a word of dealing.
_DEALING = re.compile(
    r"\b(?:amount|budget|deal|pric\w+|quot\w+|worth|valued?|costs?|[at]cv|[am]rr|revenue|pay|paid|spend\w*|discount|"
    r"offer\w*|contract|renew\w*|opportunity|opp|pipeline|clos\w+|won|sold|lost|sign\w*|invoice\w*|commit\w*|forecast|quota|target|"
    r"sales|expansion|upsell|bump\w*|rais\w+|increas\w+|lower\w*|reduc\w+|set|updat\w+)\b[^!?\n]{0,40}$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[ \u00a0-]*(?!(?:is|was|as|this|plus|across|less|versus|vs|yes|towards|perhaps|us|its|thanks|always|unless|has|"
    r"does|upwards|downwards|onwards|goes|comes|moves|gets|becomes|stays|needs|closes|belongs|looks|makes|slips|counts|lands|tops|deals|opps|opportunities|ones|renewals)\b)"
    r"(?:(?:people|race|run|marathon|person|strong|[a-z]+[^s\W]s)\b|%|°|"
    r"[a-z]*(?:miles?|km|rpm|hz|px|fps|rows?|words?)\b|(?:x|/)\s?\d)",
    re.IGNORECASE,
)
_WEIGHED = re.compile(r"\b(?:weigh\w*|heav\w+|metric|kilo\w*|kg|lbs?|tons?|baby)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"\s*(?:$|[.;!?](?:\s|$))")
_RAN = re.compile(r"\b(?:ran|run|running|4|5|2)\s(?:a|an|the)?\s?$", re.IGNORECASE)


def read_money(text: str, default_currency: str | None = None) -> list[MoneyReading]:
    """The amounts of money in ``text``, in order; never raises.

    ``default_currency`` is the team's ISO code. It says which dollar "$" is (USD when it is no dollar) and the minor
    unit of amounts without a currency; it is not put into a reading that named none.
    """
    amounts: list[Amount] = []
    for amount in amounts_in(text):
        amounts.append(with_currency(text, amount, default_currency, amounts[-1].end if amounts else 0))
    readings: list[MoneyReading] = []
    at = 0
    while at < len(amounts):
        pair = _joined(text, amounts[at], amounts[at + 1]) if at + 1 < len(amounts) else None
        if pair is not None and _is_money(text, replace(pair[1], start=pair[0].start)):
            readings.append(_range(text, *pair, default_currency))
            at += 2
            continue
        amount = amounts[at]
        at += 1
        if not _is_money(text, amount):
            continue
        coins = amounts[at] if at < len(amounts) else None
        if coins is not None and amount.currency and amount.scale == 1 and _are_coins(text, amount, coins):
            cents = coins.total if coins.total < 1 else coins.total / 100
            amount = replace(amount, value=amount.value + cents, end=coins.end)
            at += 1
        minor = _minor(amount.total, amount.currency or default_currency)
        about = bool(_ABOUT.search(text[max(0, amount.start - 16) : amount.start]) or _AROUND.match(text, amount.end))
        readings.append(MoneyReading(minor, amount.currency, Span.of(text, amount.start, amount.end), about))
    return readings


def _joined(text: str, first: Amount, second: Amount) -> tuple[Amount, Amount] | None:
    """Two amounts as one range, each lending the other what it lacks; None when they are no range."""
    between = text[first.end : second.start]
    join = _TO.fullmatch(between)
    if join is None or (first.currency and second.currency and first.currency != second.currency):
        return None
    if (
        between.strip().lower() in ("and", "or")
        and not re.search(r"\bbetween\s+(?:\S{1,3}\s?)?$", text[: first.start], re.IGNORECASE)
        and between.strip().lower() == "and"
    ):
        return None
    if not (first.currency or second.currency or second.loose):
        return None
    currency = first.currency or second.currency
    if first.scale == 1 and second.scale > 1 and first.value < 1000:
        first = replace(first, scale=second.scale)
    if first.total >= second.total:
        return None
    return replace(first, currency=currency), replace(second, currency=currency, loose=True)


def _is_money(text: str, amount: Amount) -> bool:
    if amount.currency is not None:
        pounds = text[amount.start : amount.end].lower().endswith(("pound", "pounds"))
        return not (pounds and _WEIGHED.search(text))
    if not amount.loose or _COUNTED.match(text, amount.end):
        return False
    if _RAN.search(text[max(0, amount.start - 12) : amount.start]):
        return False
    written = text[amount.start : amount.end].lower()
    if written.endswith(("k", "grand")):
        return not written.endswith("4k") or len(written) > 2
    if written[0].isalpha() and 1900 <= amount.total < 2100:
        return False
    if re.search(r"\d\s?(?:m|b|t)$", written) and "." not in written:
        return bool(_DEALING.search(text[max(0, amount.start - 60) : amount.start]))
    follower = re.match(r"\s+([a-z]+)\b(?! (?:an? |the |its |new )?(?:clos(?:e|ing) date|stage|forecast|next step|owner)\b)", text[amount.end :])
    return follower is None or bool(_DEALING.search(text[max(0, amount.start - 60) : amount.start]))


def _are_coins(text: str, amount: Amount, coins: Amount) -> bool:
    """ "Thirteen dollars forty-five cents", and "15 dollars and 50" at the end of a clause."""
    between = text[amount.end : coins.start].strip().lower()
    if text[coins.start : coins.end].lower().endswith((*COINS, "¢")):
        return between in ("", "and", ",") and 0 < coins.total < 1
    ends = _CLAUSE_END.match(text, coins.end) is not None
    return between in ("", "and") and ends and coins.currency is None and 10 <= coins.total < 100 and coins.scale == 1


def _range(text: str, low: Amount, high: Amount, default: str | None) -> MoneyReading:
    unit = low.currency or default
    least, most = _minor(low.total, unit), _minor(high.total, unit)
    span = Span.of(text, low.start, high.end)
    return MoneyReading((least + most) // 2, low.currency, span, True, least, most)


def _minor(value: Decimal, currency: str | None) -> int:
    return int(value.scaleb(exponent(currency)).to_integral_value(rounding=ROUND_HALF_UP))
