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
    if name in EACH:
        return int(frame[name].nunique())
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
    "days_to_renewal": ("days", "smallest"), "days_since_last_touch": ("days", "average"), "term": ("days", "average"),
    "quantity": ("number", "sum"), "won_amount": ("money", "sum"), "converted_leads": ("number", "sum"),
    "time_to_conversion": ("days", "average"), "time_to_qualified": ("days", "average"),
    "time_to_decide": ("minutes", "average"),
}  # fmt: skip
LITTLE = ("undo_rate", "unsubscribe_rate", "churn_rate")
EACH = ("accounts", "contacts", "deals", "rows", "people")


def _share(column: str, *of: str, among: tuple[str, ...] = ()) -> Callable[[pd.DataFrame], tuple[Any, Any, str]]:
    """Rows with one of these values in the column, of those with any of ``among`` (all where that is empty)."""
    return lambda f: (
        f[column].isin(of).sum(),
        f[column].isin([*of, *among]).sum() if among else len(f),
        "percent",
    )


def _of_deals(flag: str) -> Callable[[pd.DataFrame], tuple[Any, Any, str]]:
    """Of the different deals in a stage, those with the flag on any of their stays."""
    return lambda f: (f.loc[f[flag].astype(bool), "in_stage"].nunique(), f["in_stage"].nunique(), "percent")


def _money(frame: pd.DataFrame, *statuses: str) -> int:
    return sum(int(one) for one in frame[frame["status"].isin(statuses)]["amount_micro"].dropna())


_RATIOS: dict[str, Callable[[pd.DataFrame], tuple[Any, Any, str]]] = {
    "lead_conversion": _share("lifecycle", "opportunity", "customer", "advocate"),
    "qualification_rate": _share("lifecycle", "qualified", "opportunity", "customer", "advocate"),
    "response_rate": _share("status", "responded"),
    "open_rate": _share("status", "opened", "responded"),
    "unsubscribe_rate": _share("status", "unsubscribed"),
    "churn_rate": _share("status", "cancelled", "lapsed"),
    "confirmed_rate": _share("status", "applied", among=("rejected",)),
    "undo_rate": lambda f: (f["undone"].sum(), (f["status"] == "applied").sum(), "percent"),
    "conversion": _of_deals("went_on"),
    "conversion_to_win": _of_deals("is_won"),
    "win_rate_amount": lambda f: (_money(f, "won"), _money(f, "won", "lost"), "percent"),
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
    of = "won_amount" if first.startswith("won_amount") else of
    if first == "win_rate_amount":
        frame = frame[frame["status"].isin(["won", "lost"])]
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
    return (
        of in ("sum", "average", "median", "smallest", "largest", "win_rate_amount")
        or QUANTITIES.get(of, ("",))[0] == "money"
    )


def _rounded(value: Fraction, unit: str) -> int | float:
    found = round(value, _PLACES[unit])
    return int(found) if found.denominator == 1 else float(found)


def shortened(value: Fraction, places: int) -> float:
    return float(round(value, places))


def nothing(measures: list[str]) -> Values:
    return tuple(nothing_of(name) for name in measures)


def adds_up(name: str) -> bool:
    how = name.partition(".")[2]
    usual = ("count", "sum", "amount", "weighted", "won_deals", "seats", "duration", "open_deals", "quantity", "won_amount",
             "converted_leads")  # fmt: skip
    return how == "sum" or (name in usual and not how)


def nothing_of(name: str) -> int | None:
    return 0 if adds_up(name) or name in EACH else None


def rows_in(part: pd.DataFrame) -> int:
    if "in_stage" in part:  # a deal counts once for each time it came into a stage
        return len(part)
    return int(part["id"].nunique()) if len(part) else 0
