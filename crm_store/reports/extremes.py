"""Which groups stand out: the best and the worst, those above the mean, those far from the rest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from crm_store.reports.spec import Keep

FAR = 3.5
"""The modified z-score from which a value is far from the others: Iglewicz and Hoaglin, "How to Detect and Handle
Outliers" (1993), also in the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.17."""
_MAD_OF_NORMAL = Fraction(6745, 10_000)
"""The median absolute deviation of a normal distribution, in standard deviations (same source)."""
_MEAN_AD_OF_NORMAL = Fraction(1_253_314, 1_000_000)
"""Standard deviations in one mean absolute deviation, used where more than half of the values are the same and the
median absolute deviation is none."""
FEWEST = 5
"""Fewer groups have no middle to stand out from."""


_LITTLE_IS_GOOD = ("churn", "unsubscribe", "transfers", "bounce", "lost", "pushes", "slips", "overdue")


def little_is_good(measure: str, unit: str) -> bool:
    """Whether the best of a measure is its lowest: days and minutes to do something, and rates of what nobody wants."""
    return unit in ("days", "minutes") or measure.startswith(_LITTLE_IS_GOOD)


@dataclass(frozen=True)
class Found:
    """The places of the groups that are kept, and what they were measured by."""

    places: tuple[int, ...]
    mean: Fraction | None = None
    median: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    too_few: bool = False


def standing_out(
    keep: Keep, values: Sequence[int | float | None], *, lower_is_better: bool, unfinished: frozenset[int] = frozenset()
) -> Found:
    """Which of these groups ``keep`` keeps, in their order. Groups without a value are not considered; those in
    ``unfinished`` (a month that still runs) may be high, but are not low yet."""
    exact = {place: Fraction(value) for place, value in enumerate(values) if value is not None}
    settled = {place: value for place, value in exact.items() if place not in unfinished}
    mean = sum(exact.values(), Fraction(0)) / len(exact) if exact else None
    middle = median(exact.values()) if exact else None
    value = Fraction(str(keep.value)) if keep.value is not None else Fraction(0)
    match keep.rule:
        case "over":
            return _beyond(exact, settled, None, value, mean, middle)
        case "under":
            return _beyond(exact, settled, value, None, mean, middle)
        case "over_mean":
            return _beyond(exact, settled, None, value * (mean or 0), mean, middle)
        case "under_mean":
            return _beyond(exact, settled, value * (mean or 0), None, mean, middle)
        case "outliers":
            far = value if keep.value is not None else Fraction(str(FAR))
            if len(exact) < FEWEST or middle is None:
                return Found((), mean, middle, too_few=True)
            reach = far * spread(list(exact.values()))
            return _beyond(exact, settled, middle - reach, middle + reach, mean, middle)
        case _:
            low = keep.rule == "lowest" or keep.rule == ("best" if lower_is_better else "worst")
            known = settled if low else exact
            ordered = sorted(known.values(), reverse=not low)
            if not ordered:
                return Found((), mean, middle)
            edge = ordered[min(keep.number, len(ordered)) - 1]
            places = tuple(p for p, one in known.items() if (one <= edge if low else one >= edge))
            return Found(places, mean, middle)


def spread(values: Sequence[Fraction]) -> Fraction:
    """How far values usually lie from their median, in standard deviations of a normal distribution: the median of
    the distances, or their mean where more than half of the values are the same."""
    middle = median(values)
    distances = [abs(value - middle) for value in values]
    typical = median(distances)
    if typical:
        return typical / _MAD_OF_NORMAL
    return sum(distances, Fraction(0)) / len(distances) * _MEAN_AD_OF_NORMAL


def _beyond(
    exact: dict[int, Fraction],
    settled: dict[int, Fraction],
    low: Fraction | None,
    high: Fraction | None,
    mean: Fraction | None,
    middle: Fraction | None,
) -> Found:
    places = tuple(
        place
        for place, value in exact.items()
        if (high is not None and value > high) or (low is not None and value < low and place in settled)
    )
    return Found(places, mean, middle, low, high)


__all__ = ["FAR", "FEWEST", "Found", "little_is_good", "spread", "standing_out"]
