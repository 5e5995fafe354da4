"""Measures of the oracle: exact fractions over the values of a frame, rounded half-even once."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pandas as pd

Values = tuple[int | float | None, ...]
_PLACES = {"money": 0, "percent": 1, "points": 1, "score": 2, "days": 1, "minutes": 1, "number": 2}


def measured(frame: pd.DataFrame, measures: list[str], *, lined: bool = False) -> Values:
    return tuple(_measure(frame, name) for name in measures)


def _measure(frame: pd.DataFrame, name: str) -> int | float | None:
    if name == "count":
        return rows_in(frame)
    if name in _RATIOS:
        top, bottom, unit = _RATIOS[name](frame)
        return None if bottom == 0 else _rounded(Fraction(100 * int(top), int(bottom)), unit)
    of, _, how = name.partition(".")
    if of in ("sum", "average", "median", "smallest", "largest"):
        of, how = ("annual_revenue" if "annual_revenue_micro" in frame else "amount"), of
    unit, usual = QUANTITIES[of]
    how = how or usual
    column = frame[f"{of}_micro"] if unit == "money" else frame[of]
    values = sorted(Fraction(int(value)) for value in column.dropna())
    if unit == "money":
        values = [value / 1_000_000 for value in values]
    elif of == "duration":
        values = [value / 60 for value in values]
    if not values:
        return 0 if how == "sum" else None
    middle = len(values) // 2
    found = {
        "sum": sum(values, Fraction(0)),
        "average": sum(values, Fraction(0)) / len(values),
        "median": values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2,
        "smallest": values[0],
        "largest": values[-1],
    }[how]
    return _rounded(found, unit)


QUANTITIES = {
    "amount": ("money", "sum"), "weighted": ("money", "sum"), "annual_revenue": ("money", "average"),
    "sales_cycle": ("days", "average"), "age": ("days", "average"), "time_in_stage": ("days", "average"),
    "overdue": ("days", "average"), "won_deals": ("number", "sum"), "csat": ("score", "average"),
    "score": ("score", "average"), "time_to_close": ("days", "average"), "first_response": ("minutes", "average"),
    "duration": ("minutes", "sum"), "touches": ("number", "average"), "employees": ("number", "average"),
    "open_deals": ("number", "sum"), "time_to_done": ("days", "average"), "seats": ("number", "sum"),
    "days_to_renewal": ("days", "smallest"), "days_since_last_touch": ("days", "average"),
}  # fmt: skip
_RATIOS: dict[str, Callable[[pd.DataFrame], tuple[Any, Any, str]]] = {
    "win_rate": lambda f: ((f["status"] == "won").sum(), f["status"].isin(["won", "lost"]).sum(), "percent"),
    "nps": lambda f: (
        ((f["kind"] == "nps") & (f["score"] >= 9)).sum() - ((f["kind"] == "nps") & (f["score"] <= 6)).sum(),
        (f["kind"] == "nps").sum(),
        "points",
    ),
    "satisfied_rate": lambda f: (
        ((f["kind"] == "csat") & (f["score"] >= 4)).sum(),
        (f["kind"] == "csat").sum(),
        "percent",
    ),
    "on_time_rate": lambda f: (
        ((f["status"] == "done") & (f["done"] <= f["due"])).sum(),
        ((f["status"] == "done") & f["due"].notna()).sum(),
        "percent",
    ),
}


def missing_amounts(frame: pd.DataFrame, measures: list[str]) -> dict[str, tuple[int, int]]:
    """Amounts in currencies without a rate, of the first measure that is money."""
    first = next((name for name in measures if _is_money(name)), None)
    if first is None or "currency" not in frame:
        return {}
    of = "weighted" if first.startswith("weighted") else "annual_revenue" if "annual_revenue" in frame else "amount"
    lacking = frame[frame[of].notna() & frame[f"{of}_micro"].isna()]
    return {
        str(currency or ""): (int(part[of].sum()) if of != "weighted" else -1, len(part))
        for currency, part in lacking.groupby(lacking["currency"].map(lambda one: one or ""))
    }


def missing_lines(frame: pd.DataFrame, measures: list[str]) -> dict[str, tuple[int, int]]:
    first = next((name for name in measures if _is_money(name)), None)
    if first is None or first.startswith("weighted"):
        return {}
    lines = [line for lines in frame["lines"] for line in lines if line[4] is None]
    return {
        currency: (
            sum(int(line[2]) for line in lines if line[3] == currency),
            sum(line[3] == currency for line in lines),
        )
        for currency in {line[3] for line in lines}
    }


def _is_money(name: str) -> bool:
    of = name.partition(".")[0]
    return of in ("sum", "average", "median", "smallest", "largest") or QUANTITIES.get(of, ("",))[0] == "money"


def _rounded(value: Fraction, unit: str) -> int | float:
    found = round(value, _PLACES[unit])
    return int(found) if found.denominator == 1 else float(found)


def shortened(value: Fraction, places: int) -> float:
    return float(round(value, places))


def nothing(measures: list[str]) -> Values:
    return tuple(0 if adds_up(name) else None for name in measures)


def adds_up(name: str) -> bool:
    how = name.partition(".")[2]
    usual = ("count", "sum", "amount", "weighted", "won_deals", "seats", "duration", "open_deals")
    return how == "sum" or (name in usual and not how)


def rows_in(part: pd.DataFrame) -> int:
    return int(part["id"].nunique()) if len(part) else 0
