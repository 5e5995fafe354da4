"""How the figures of a report read: values with their unit, what is in no sum, and why some groups were kept."""

from collections.abc import Sequence
from fractions import Fraction

from crm_store.currencies import amount_text
from crm_store.reports.extremes import Found
from crm_store.reports.groups import Group
from crm_store.reports.result import ReportColumn, Unconverted
from crm_store.reports.spec import Keep


def kept_words(
    keep: Keep, found: Found, column: ReportColumn, groups: Sequence[Group], considered: int, *, lower_is_better: bool
) -> str:
    """Why some groups were kept: "over 2 times the mean of the months, EUR 12,000"; that none was, where none was."""
    many = plural(groups[0].title) if len(groups) == 1 else "groups"
    low = keep.rule == "lowest" or keep.rule == ("best" if lower_is_better else "worst")

    def text(value: Fraction | None) -> str:
        return value_text(None if value is None else _short(value, column), column)

    match keep.rule:
        case "over" | "under":
            words = f"with {column.title} {keep.rule} {text(Fraction(str(keep.value)))}"
        case "over_mean" | "under_mean":
            times = "" if keep.value == 1 else f"{keep.value:g} times "
            words = f"{keep.rule.removesuffix('_mean')} {times}the mean of the {many}, {text(found.mean)}"
        case "outliers" if found.too_few:
            return f"none can stand out, as {considered} {many if considered != 1 else groups[0].title} are too few"
        case "outliers":
            around = f"around the median of the {many}, {text(found.median)}"
            bounded = found.low is not None and found.low > 0
            usual = f"{text(found.low)} to {text(found.high)}" if bounded else f"up to {text(found.high)}"
            if not found.places:
                return f"none stands out; all are {usual}, {around}"
            verb = "stands" if len(found.places) == 1 else "stand"
            return f"{_number(len(found.places))} {verb} out; usual is {usual}, {around}"
        case _ if not found.places and found.mean is None:
            return f"there is no {column.title} to compare"
        case _:
            number = "" if keep.number == 1 else f"{keep.number} with the "
            words = f"the {number}{_way(column, low=low)} {column.title}"
            if len(found.places) > keep.number:
                words = _tied(words, keep.number, len(found.places))
    return words if found.places else f"none is {words}" if not words.startswith("with") else f"none {words}"


OF_MANY = ("average ", "median ", "smallest ", "largest ")
_MINUTES = ((1440, "days"), (60, "hours"))


def _way(column: ReportColumn, *, low: bool) -> str:
    """Most deals, the highest amount, the shortest sales cycle."""
    if column.name == "count" or (column.kind == "number" and not column.title.startswith(OF_MANY)):
        return "fewest" if low else "most"
    if column.kind in ("days", "minutes") and not column.title.startswith(("days", "average days")):
        return "shortest" if low else "longest"
    return "lowest" if low else "highest"


def _tied(words: str, wanted: int, found: int) -> str:
    """More groups than were asked for, as they have the same value."""
    if wanted == 1:
        return f"{_number(found)} share {words}"
    return f"{words}, {_number(found)} as there is a tie for the last place"


def _number(count: int) -> str:
    return {1: "one", 2: "two", 3: "three"}.get(count, str(count))


def _short(value: Fraction, column: ReportColumn) -> int | float:
    if column.kind == "money":
        return round(value)
    short = round(value, 1)
    return int(short) if short.denominator == 1 else float(short)


def plural(noun: str) -> str:
    """ "industries", "statuses", "months"."""
    if noun.endswith("y") and noun[-2:-1] not in ("a", "e", "o"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch")) else f"{noun}s"


def join(parts: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0] if parts else ""


def value_text(value: int | float | None, column: ReportColumn) -> str:
    """ "EUR 412,000", "38 %", "41 days", "14 deals"."""
    if value is None:
        return "none"
    match column.kind:
        case "money":
            return amount_text(round(value), column.unit)
        case "percent":
            return f"{value:g} %"
        case "points" | "score":
            return f"{value:g}"
        case "minutes" if (longer := next((one for one in _MINUTES if abs(value) >= 2 * one[0]), None)):
            return f"{value / longer[0]:,.1f}".removesuffix(".0") + f" {longer[1]}"
        case "days" | "minutes":
            return f"{value:,g} {column.kind.removesuffix('s') if value == 1 else column.kind}"
        case _ if column.name != "count":
            return f"{value:,g}"
        case _:
            return f"{value:,} {singular(column.unit) if value == 1 else column.unit}"


def singular(nouns: str) -> str:
    """ "entry" of "entries", "deal" of "deals"."""
    return f"{nouns[:-3]}y" if nouns.endswith("ies") else nouns.removesuffix("s")


def unconverted_words(missing: tuple[Unconverted, ...]) -> str:
    """ "USD 12,000 (1) has no exchange rate and is not in the sum"."""
    has, is_ = ("has", "is") if len(missing) == 1 else ("have", "are")
    return f"{_missing(missing)} {has} no exchange rate and {is_} not in the sum"


def uncompared_words(missing: tuple[Unconverted, ...]) -> str:
    """ "CHF 12,000 (1) has no exchange rate, so whether it belongs here is not known"."""
    has, it = ("has", "it belongs") if len(missing) == 1 else ("have", "they belong")
    return f"{_missing(missing)} {has} no exchange rate, so whether {it} here is not known"


def _missing(missing: tuple[Unconverted, ...]) -> str:
    return join([f"{_missing_amount(one)} ({one.count})" for one in missing])


def _missing_amount(one: Unconverted) -> str:
    if one.currency:
        return amount_text(one.amount_minor, one.currency)
    return f"{one.amount_minor / 100:,.2f} without a currency"
