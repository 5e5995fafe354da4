"""The same reports computed with pandas over whole tables: written from the words of the report language, without
importing anything of it. A spec is its JSON."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import pandas as pd

from tests.crm_store.reports.oracle_days import (
    BASIS,
    UNITS,
    Setting,
    Spec,
    bucket,
    buckets,
    span_before,
    span_of,
    starts,
    within,
)
from tests.crm_store.reports.oracle_frames import Column, Tables, facts
from tests.crm_store.reports.oracle_measures import (
    LITTLE,
    QUANTITIES,
    Values,
    adds_up,
    measured,
    missing_amounts,
    missing_lines,
    nothing,
    rows_in,
    shortened,
)
from tests.crm_store.reports.oracle_more import MORE

Keys = tuple[str | None, ...]


@dataclass
class Row:
    values: Values
    previous: Values | None = None
    share: float | None = None


@dataclass
class Expected:
    """``rows`` by their groups' keys, before any order or limit; ``missing`` is currency to (amount, rows)."""

    count: int
    total: Row
    rows: dict[Keys, Row] = field(default_factory=dict)
    missing: dict[str, tuple[int, int]] = field(default_factory=dict)
    uncompared: dict[str, tuple[int, int]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


def answer(tables: Tables, owners: set[str] | None, spec: Spec, setting: Setting) -> Expected:
    """What a report on ``spec`` says to someone who sees the accounts of ``owners`` (None: all)."""
    subject, measures = spec["subject"], spec["measures"]
    frame = facts(tables, subject, owners, pd.Timestamp(setting.today), setting.zone, MORE)
    day = {"deals": "rate_day", "deal_products": "rate_day", "orders": "ordered", "order_lines": "ordered",
           "subscriptions": "starts"}.get(subject)  # fmt: skip
    if day is not None:
        frame["rate_day_of_amount"] = frame[day]
    undecided = frame.iloc[:0]
    if spec.get("filter"):
        surely = _holds(frame, spec["filter"], setting)
        undecided = frame[_holds(frame, spec["filter"], setting, unknown=True) & ~surely]
        frame = frame[surely]
    basis = frame[spec.get("date_field") or BASIS[subject]]
    span = span_of(spec.get("period"), setting)
    now = frame[within(basis, span)]
    before = span_before(spec, span, setting) if spec.get("compare") else None
    then = None if before is None else frame[within(basis, before)]
    names = spec.get("group_by") or []
    expected = Expected(len(now), Row(measured(now, measures)), missing=missing_amounts(now, measures))
    undecided = undecided[within(undecided[spec.get("date_field") or BASIS[subject]], span)]
    for currency, part in undecided.groupby(undecided["currency"].map(lambda one: one or "")) if len(undecided) else ():
        expected.uncompared[str(currency)] = (int(part["amount"].sum()), len(part))
    expected.ids = set(now["id"])
    if "lines" in now and {"product", "product_family"} & set(spec.get("group_by") or []):
        expected.missing = missing_lines(now, measures) | expected.missing
    if then is not None:
        expected.total.previous = measured(then, measures)
    if not names:
        return expected
    groups = _grouped(now, names, spec, span, setting)
    lined = [name for name in names if name in ("product", "product_family") and "lines" in now]
    for keys, part in groups.items():
        expected.rows[keys] = Row(measured(part, measures, lined=bool(lined)))
    if then is not None and before is not None:
        _compare(expected, _grouped(then, names, spec, before, setting), spec, (span, before), setting)
    least = spec.get("at_least") or 0
    counts = {keys: rows_in(part) for keys, part in groups.items()}
    expected.rows = {keys: row for keys, row in expected.rows.items() if counts.get(keys, 0) >= least}
    if spec.get("share"):
        whole = expected.total.values[0]
        for row in expected.rows.values():
            row.share = None if not whole else shortened(100 * Fraction(row.values[0] or 0) / Fraction(whole), 1)
    if spec.get("keep"):
        expected.rows = _kept(expected.rows, spec, setting)
    return expected


# Filters


def _holds(frame: pd.DataFrame, tree: Spec, setting: Setting, *, unknown: bool = False) -> Column:
    """``unknown`` is what holds of an amount that has no rate."""
    if "and" in tree or "or" in tree:
        masks = [_holds(frame, part, setting, unknown=unknown) for part in tree.get("and") or tree["or"]]
        joined = pd.concat(masks, axis=1)
        return joined.all(axis=1) if "and" in tree else joined.any(axis=1)
    if "not" in tree:
        return ~_holds(frame, tree["not"], setting, unknown=not unknown)
    if tree["field"] == "amount" and tree["op"] != "is_empty":
        return _amount(frame, tree, setting, unknown=unknown)
    return _condition(frame, tree["field"], tree["op"], tree.get("value"), setting)


def _amount(frame: pd.DataFrame, tree: Spec, setting: Setting, *, unknown: bool) -> Column:
    """In millionths of a euro cent, or as they are where both are of one currency."""
    given, op = tree.get("currency") or "EUR", tree["op"]

    tests = {"between": ("ge", "le"), "in": ("eq", "eq"), "not_in": ("eq", "eq"), "ne": ("eq",)}.get(op, (op,))
    values = tree["value"] if isinstance(tree["value"], list) else [tree["value"]]

    def holds(amount: Any, currency: str | None, micro: Any, day: pd.Timestamp) -> bool:
        if pd.isna(amount):
            return op in ("ne", "not_in")
        if currency == given:
            each, factor = int(amount), 1
        else:
            rate = rate_of(given, day) if given != "EUR" else 1_000_000
            if micro is None or pd.isna(micro) or rate is None:
                return unknown
            each, factor = int(micro), rate
        held = [bool(_COMPARE[test](each, value * factor)) for test, value in zip(tests, values, strict=True)]
        found = any(held) if op in ("in", "not_in") else all(held)
        return not found if op in ("ne", "not_in") else found

    columns = ("amount", "currency", "amount_micro", "rate_day_of_amount")
    found = [holds(*row) for row in zip(*(frame[name] for name in columns), strict=True)]
    return pd.Series(found, index=frame.index, dtype=bool)


def rate_of(currency: str, day: pd.Timestamp) -> int | None:
    """Millionths of a euro cent in a cent of the pound, the one currency that conditions are given in besides euros."""
    assert currency == "GBP"
    if pd.isna(day) or day < pd.Timestamp("2025-01-01"):
        return None
    return 1_171_113 if day < pd.Timestamp("2026-06-01") else 1_149_999


def _condition(frame: pd.DataFrame, name: str, op: str, value: Any, setting: Setting) -> Column:
    column = frame[name]
    if op == "ne":
        return ~_condition(frame, name, "eq", value, setting)
    if op == "not_in":
        return ~_condition(frame, name, "in", value, setting)
    if op == "in":
        masks = [_condition(frame, name, "eq", one, setting) for one in value]
        return pd.concat(masks, axis=1).any(axis=1)
    if op == "is_empty":
        blank = column.astype(object).map(lambda one: isinstance(one, str | tuple) and not one).astype(bool)
        empty = column.isna() | blank
        return (~empty if value is False else empty).astype(bool)
    if op == "during":
        return column.notna() & within(column, span_of(value, setting))
    if op == "between":
        return _condition(frame, name, "ge", value[0], setting) & _condition(frame, name, "le", value[1], setting)
    if pd.api.types.is_datetime64_any_dtype(column):
        return cast(Column, column.notna() & _COMPARE[op](column, pd.Timestamp(value)))
    if pd.api.types.is_numeric_dtype(column):
        return cast(Column, column.notna() & _COMPARE[op](column, value).fillna(False).astype(bool))
    wanted = str(value).lower()

    def test(one: object) -> bool:
        several = one if isinstance(one, tuple) else (one,)
        words = [str(word).lower() for word in several if word is not None and word == word]
        return any(wanted in word if op == "contains" else wanted == word for word in words)

    return column.map(test).astype(bool)


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


# Groups


def _grouped(
    frame: pd.DataFrame, names: list[str], spec: Spec, span: tuple[pd.Timestamp | None, ...], setting: Setting
) -> dict[Keys, pd.DataFrame]:
    """The rows of each group, and of each month between them that has none."""
    basis = spec.get("date_field") or BASIS[spec["subject"]]
    lines = [name for name in names if name in ("product", "product_family") and "lines" in frame]
    if lines:
        frame = _by_line(frame)
    columns: dict[str, Column] = {}
    timed: list[tuple[int, str, str]] = []
    for place, name in enumerate(names):
        of, _, unit = name.partition(".")
        if name in UNITS:
            of, unit = basis, name
        if unit:
            timed.append((place, of, unit))
            columns[f"k{place}"] = starts(frame[of], unit, setting)
        else:
            columns[f"k{place}"] = frame[f"line_{of}"] if of in lines else frame[of]
    keyed = pd.DataFrame(columns, index=frame.index).astype(object)
    keyed = keyed.where(keyed.notna() & (keyed != ""), None)
    found: dict[Keys, pd.DataFrame] = {}
    as_keys = [tuple(None if pd.isna(one) else one for one in row) for row in keyed.itertuples(index=False)]
    for keys in dict.fromkeys(as_keys):
        found[keys] = frame[[one == keys for one in as_keys]]
    if len(timed) == 1:
        place, of, unit = timed[0]
        days = frame[of].dropna()
        ends = span if of == basis else (None, None)
        first = ends[0] if ends[0] is not None else days.min() if len(days) else None
        last = ends[1] if ends[1] is not None else days.max() if len(days) else None
        if first is not None and last is not None and first <= last:
            beside = {(*keys[:place], *keys[place + 1 :]) for keys in found} if len(names) > 1 else {()}
            for rest in beside:
                for start in buckets((first, last), unit, setting):
                    found.setdefault((*rest[:place], start, *rest[place:]), frame.iloc[:0])
    return found


def _by_line(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each product of a deal, with the line's amount, and one for a deal without any."""
    rows = frame.explode("lines").reset_index(drop=True)
    has = rows["lines"].map(lambda line: isinstance(line, tuple))
    for place, name in enumerate(("line_product", "line_product_family", "line_amount", "line_currency")):
        rows[name] = rows["lines"].map(lambda line, place=place: line[place] if isinstance(line, tuple) else None)
    rows["amount_micro"] = [line[4] if known else None for known, line in zip(has, rows["lines"], strict=True)]
    rows["amount_micro"] = rows["amount_micro"].astype(object)
    weighted: list[Any] = [
        None if micro is None or micro != micro else Fraction(int(micro) * int(chance), 100)
        for micro, chance in zip(rows["amount_micro"], rows["probability"], strict=True)
    ]
    rows["weighted_micro"] = pd.Series(weighted, index=rows.index, dtype=object)
    return rows


def _compare(
    expected: Expected,
    then: dict[Keys, pd.DataFrame],
    spec: Spec,
    spans: tuple[tuple[pd.Timestamp | None, pd.Timestamp | None], tuple[pd.Timestamp, pd.Timestamp]],
    setting: Setting,
) -> None:
    """What each group was before; the months of two periods are laid beside one another in their order."""
    names, measures = spec["group_by"], spec["measures"]
    lined = any(name in ("product", "product_family") for name in names)
    timed = [place for place, name in enumerate(names) if name in UNITS or "." in name]
    if not timed:
        for keys in then:
            expected.rows.setdefault(keys, Row(measured(then[keys].iloc[:0], measures)))
        for keys, row in expected.rows.items():
            part = then.get(keys)
            row.previous = (
                measured(_none(then) if part is None else part, measures, lined=lined) if then else (nothing(measures))
            )
        return
    basis = spec.get("date_field") or BASIS[spec["subject"]]
    of, _, unit = names[timed[0]].rpartition(".")
    if len(timed) > 1 or of not in ("", basis) or spans[0][0] is None or spans[0][1] is None:
        return
    place = timed[0]
    pairs = zip(buckets(cast(Any, spans[0]), unit, setting), buckets(spans[1], unit, setting), strict=False)
    there = dict(pairs)
    for keys, row in expected.rows.items():
        known = there.get(keys[place] or "")
        if known is not None:
            part = then.get((*keys[:place], known, *keys[place + 1 :]))
            row.previous = nothing(measures) if part is None else measured(part, measures, lined=lined)


def _none(then: dict[Keys, pd.DataFrame]) -> pd.DataFrame:
    return next(iter(then.values())).iloc[:0]


# What stands out


def _kept(rows: dict[Keys, Row], spec: Spec, setting: Setting) -> dict[Keys, Row]:
    keep = spec["keep"]
    place = 0 if keep.get("measure") is None else spec["measures"].index(keep["measure"])
    name = spec["measures"][place]
    today = pd.Timestamp(setting.today)

    def ends(keys: Keys) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
        return [
            bucket(pd.Timestamp(key), unit.rpartition(".")[2], setting)
            for key, unit in zip(keys, spec["group_by"], strict=True)
            if key is not None and (unit in UNITS or "." in unit)
        ]

    begun = {
        keys: row for keys, row in rows.items() if any(row.values) or not any(first > today for first, _ in ends(keys))
    }
    values = {keys: Fraction(str(row.values[place])) for keys, row in begun.items() if row.values[place] is not None}
    if not values:
        return {}
    adds = adds_up(name)
    settled = {keys: not (adds and any(last >= today for _, last in ends(keys))) for keys in values}
    exact = list(values.values())
    mean = sum(exact, Fraction(0)) / len(exact)
    low: Fraction | None = None
    high: Fraction | None = None
    match keep["rule"]:
        case "over":
            high = Fraction(str(keep["value"]))
        case "under":
            low = Fraction(str(keep["value"]))
        case "over_mean":
            high = Fraction(str(keep["value"])) * mean
        case "under_mean":
            low = Fraction(str(keep["value"])) * mean
        case "outliers":
            if len(exact) < 5:
                return {}
            middle = middle_of(exact)
            away = [abs(value - middle) for value in exact]
            scale = middle_of(away) / Fraction("0.6745") or sum(away, Fraction(0)) / len(away) * Fraction("1.253314")
            reach = Fraction(str(keep.get("value") or 3.5)) * scale
            low, high = middle - reach, middle + reach
        case rule:
            little = QUANTITIES.get(name.partition(".")[0], ("",))[0] in ("days", "minutes") or name in LITTLE
            down = {"highest": False, "lowest": True, "best": little, "worst": not little}[rule]
            pool = {keys: value for keys, value in values.items() if settled[keys] or not down}
            if not pool:
                return {}
            edge = sorted(pool.values(), reverse=not down)[: keep.get("number", 1)][-1]
            return {keys: begun[keys] for keys, one in pool.items() if (one <= edge if down else one >= edge)}
    chosen = [
        keys
        for keys, value in values.items()
        if (high is not None and value > high) or (low is not None and value < low and settled[keys])
    ]
    return {keys: begun[keys] for keys in chosen}


def middle_of(values: list[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
