"""How a report reads: the lead sentence, the table, the picture and the figures."""

import math
from collections.abc import Sequence
from fractions import Fraction

from bot import wording
from bot.agent.tools.citing import Sources
from bot.cards import ChartCard, Column, TableCard
from bot.chart_words import alt_text
from crm_store.reports import Days, ReportColumn, ReportResult, ReportRow
from crm_store.reports.figures import plural, uncompared_words, unconverted_words
from crm_store.reports.measures import share_of

MOST_BARS = 10
MOST_BUCKETS = 24
TIMES = frozenset({"day", "week", "month", "quarter", "half", "year", "fiscal_year", "fiscal_quarter"})


PRECISE = 200
"""A rate over fewer rows than these has no tenths worth telling."""
_HOUR, _DAY = 60, 1440
FEW = 10
"""A rate over fewer rows than these says little."""


def value_text(value: int | float | None, column: ReportColumn, noun: str = "") -> str:
    """A measure in words: ``EUR 412,000``, ``38 %``, ``14 deals``; ``noun`` is what is counted, in the plural."""
    if value is None:
        return "none"
    match column.kind:
        case "money":
            return wording.money(round(value), column.unit)
        case "percent":
            return f"{value:g} %"
        case "points":
            return f"{round(value)}"
        case "minutes" if value >= 2 * _DAY:
            return f"{value / _DAY:,.1f} days"
        case "minutes" if value >= 2 * _HOUR:
            return f"{value / _HOUR:,.1f} hours"
        case "days" | "minutes":
            amount = round(value) if value >= FEW else value
            return f"{amount:g} {column.kind[:-1] if amount == 1 else column.kind}"
        case "number" if column.name == "count":
            many = noun or column.title
            return wording.plural(round(value), many.removesuffix("s"), many)
        case _:
            return f"{value:,g}"


def lead(result: ReportResult, by: str, noun: str = "") -> str:
    """The answer in one sentence; ``noun`` is what is counted where a plainer word than the subject's is known."""
    columns, values = result.columns, result.total.values
    if result.withheld:
        return f"**I cannot count that for you:** {result.withheld}; ask one of them."
    if result.count == 0:
        return f"**None:** there are no {result.described}{_delta(result, noun)}."
    if values[0] is None:
        return f"**Nothing to measure for {columns[0].title}** ({_when(result)}{by})."
    first = value_text(values[0], columns[0], noun)
    names = tuple(column.name for column in columns)
    match names:
        case ("win_rate", "won_deals", "count"):
            closed = round(values[2] or 0)
            exact = Fraction(100 * round(values[1] or 0), closed)
            rate = f"{float(exact):.1f}" if closed >= PRECISE else f"{math.floor(exact + Fraction(1, 2))}"
            head = f"Win rate {rate} %: {values[1]:,} of {wording.plural(closed, 'closed deal')}"
        case ("sum", "count"):
            head = f"{first} from {value_text(values[1], columns[1], noun)}"
        case ("count", "sum"):
            head = f"{first} worth {value_text(values[1], columns[1])}"
        case ("count" | "sum",):
            head = first
        case _:
            rest = [_beside(value, column, noun) for value, column in zip(values[1:], columns[1:], strict=True)]
            over = f" over {rest[0]}" if names[1:] == ("count",) else f" ({', '.join(rest)})" if rest else ""
            head = f"{short_title(columns[0])[:1].upper()}{short_title(columns[0])[1:]} {first}{over}"
    few = " That is too few to mean much." if columns[0].kind in ("percent", "points") and result.count < FEW else ""
    return f"**{head}** ({_when(result)}{by}){_delta(result, noun)}.{few}"


def short_title(column: ReportColumn) -> str:
    """Without what explains it: "stage conversion" of "stage conversion, of deals that entered …"."""
    return column.title.partition(", ")[0].partition(" (")[0]


def _beside(value: int | float | None, column: ReportColumn, noun: str) -> str:
    told = value_text(value, column, noun)
    return told if column.name in ("count", "sum") else f"{short_title(column)} {told}"


def kept_lead(result: ReportResult, by: str, at_least: int = 0) -> str:
    """The answer where only some groups were asked for: which they are, or that none is."""
    assert result.kept is not None
    place = next((at for at, one in enumerate(result.columns) if one.name == result.kept.measure), 0)
    looked = len(result.kept.considered)
    groups = plural(result.group_columns[0].title) if len(result.group_columns) == 1 else "groups"
    enough = f" with at least {at_least}" if at_least else ""
    among = f"among {looked} {groups}{enough}, {_when(result) or _span(result)}{by}"
    if not result.rows:
        none = "" if looked else "; none has enough"
        return f"**{result.kept.words[:1].upper()}{result.kept.words[1:]}** ({among}{none})."
    shown = [f"{' / '.join(row.labels)}, {value_text(row.values[place], result.columns[place])}" for row in result.rows[:3]]
    more = len(result.rows) + result.more - len(shown)
    rest = f" and {more} more" if more else ""
    return f"**{'; '.join(shown)}{rest}**: {result.kept.words} ({among})."


def _span(result: ReportResult) -> str:
    """From the first to the last of the days, months … that were looked at, where no period says so."""
    column = result.group_columns[0]
    if result.kept is None or len(result.group_columns) != 1 or column.name.split(".")[-1] not in TIMES:
        return ""
    dated = sorted((row for row in result.kept.considered if row.keys[0] is not None), key=lambda row: str(row.keys[0]))
    return f"{dated[0].labels[0]} to {dated[-1].labels[0]}, " if len(dated) > 1 else ""


def _when(result: ReportResult) -> str:
    if result.since is None and result.until is None:
        return ""
    return f"{Days(result.since, result.until).words()}, "


def _delta(result: ReportResult, noun: str = "") -> str:
    before, now = result.total.previous, result.total.values
    if before is None or result.compared is None or not (any(before) or any(now)):
        return ""
    was = " and ".join(
        value_text(value, column, noun)
        for value, column in zip(before, result.columns, strict=True)
        if value is not None
    )
    first, earlier = now[0], before[0]
    if first is None or earlier is None:
        return f"; there is nothing to compare with in {result.compared}"
    if first == earlier:
        return f", the same as {was} ({result.compared})"
    way = "up" if first > earlier else "down"
    if result.columns[0].kind in ("percent", "points"):
        from_ = value_text(earlier, result.columns[0])
        return f", {way} {abs(first - earlier):.1f} points from {from_} ({result.compared})"
    if earlier == 0:
        return f", {way} from nothing ({result.compared})"
    percent = abs(round(Fraction(first - earlier) / Fraction(earlier) * 100))
    return f", {way} {percent} % from {was} ({result.compared})"


def rows_line(result: ReportResult, noun: str = "", *, shared: bool = False) -> str:
    """The first groups in a line, ``shared`` with what part of the whole each is and, of some, all of these together."""
    shared = shared and all(row.share is not None for row in result.rows)
    shown_rows = result.rows[: 5 if shared else 3]
    parts = [
        f"{' / '.join(row.labels)} {value_text(row.values[0], result.columns[0], noun)}"
        + (f" ({row.share:g} %)" if shared else "")
        for row in shown_rows
    ]
    if result.group_columns[0].name.split(".")[-1] in TIMES:
        best = max(
            (row for row in result.rows if row.values[0] is not None), key=lambda row: row.values[0] or 0, default=None
        )
        return (
            ""
            if best is None
            else f"Highest: {' / '.join(best.labels)}, {value_text(best.values[0], result.columns[0], noun)}."
        )
    more = len(result.rows) + result.more - len(shown_rows)
    whole = result.total.values[0]
    together = share_of(sum(row.values[0] or 0 for row in result.rows), whole) if shared and result.more else None
    said = f" These {len(result.rows)} together are {together:g} % of the whole." if together is not None else ""
    return f"{'; '.join(parts)}{f'; {more} more' if more > 0 else ''}.{said}"


def counted(result: ReportResult) -> str:
    converted = (
        f"; {wording.join(result.converted)} converted at the rate of each row's day" if result.converted else ""
    )
    missing = f"; {unconverted_words(result.unconverted)}" if result.unconverted else ""
    unsure = f"; {uncompared_words(result.uncompared)}" if result.uncompared else ""
    return f"{result.described or result.counted}{converted}{missing}{unsure}"


def table(result: ReportResult) -> TableCard:
    """The rows in words, with the share or the period compared with beside them."""
    compared = any(row.previous is not None for row in result.rows)
    shared = any(row.share is not None for row in result.rows)
    columns = [Column(title=column.title.capitalize()) for column in result.group_columns]
    for column in result.columns:
        columns.append(
            Column(
                title=column.title,
                kind="money" if column.kind == "money" else "percent" if column.kind == "percent" else "number",
            )
        )
    columns += [Column(title="Before", kind=columns[len(result.group_columns)].kind)] if compared else []
    columns += [Column(title="Share", kind="percent")] if shared else []
    rows = tuple(_cells(row, result.columns, compared, shared) for row in result.rows)
    what = ", ".join(column.title for column in result.group_columns)
    title = f"{result.columns[0].title.capitalize()} by {what}" + (f" (first {len(rows)})" if result.more else "")
    return TableCard(title=title, columns=tuple(columns), rows=rows, counted=f"Counted: {counted(result)}.")


def _cells(row: ReportRow, columns: Sequence[ReportColumn], compared: bool, shared: bool) -> tuple[str, ...]:
    cells = [*row.labels, *(_bare(value, column) for value, column in zip(row.values, columns, strict=True))]
    if compared:
        cells.append(_bare(row.previous[0], columns[0]) if row.previous else "")
    if shared:
        cells.append("" if row.share is None else f"{row.share:g} %")
    return tuple(cells)


def _bare(value: int | float | None, column: ReportColumn) -> str:
    if value is None:
        return ""
    return f"{value:,}" if column.name == "count" else value_text(value, column)


def chart_of(result: ReportResult) -> ChartCard | None:
    """One picture of the first measure, where there is something to compare."""
    timed = any(column.name.split(".")[-1] in TIMES for column in result.group_columns)
    every = result.rows if result.kept is None else result.kept.considered
    rows = every[: MOST_BUCKETS if timed else MOST_BARS]
    if len(rows) < 2:
        return None
    column = result.columns[0]
    unit = column.unit if column.kind == "money" else column.kind if column.kind in ("percent", "days") else column.unit
    labels = tuple(" / ".join(row.labels) for row in rows)
    compared = all(row.previous is not None for row in rows)
    now = Days(result.since, result.until).words() if compared else column.title
    series = [(now, tuple(float(row.values[0] or 0) for row in rows))]
    if compared:
        series.append((result.compared or "before", tuple(float((row.previous or (0,))[0] or 0) for row in rows)))
    title = _title(result) + (
        "" if compared or result.since is None else f", {Days(result.since, result.until).words()}"
    )
    return ChartCard(
        title=title, unit=unit, labels=labels, series=tuple(series), alt=alt_text(title, unit, labels, series)
    )


def _title(result: ReportResult) -> str:
    """``Won deals by owner``, ``Win rate by month``."""
    column = result.columns[0]
    counted_rows = result.counted.split(":")[0].split(",")[0]
    what = counted_rows if column.name in ("count", "sum") else column.title
    return f"{what[:1].upper()}{what[1:]} by {', '.join(group.title for group in result.group_columns)}"


def figures(sources: Sources, result: ReportResult) -> None:
    def unit(column: ReportColumn) -> str:
        return column.unit

    for place, column in enumerate(result.columns):
        value = result.total.values[place]
        if value is not None:
            sources.figure(column.title, value, unit(column))
        before = result.total.previous[place] if result.total.previous else None
        if before is not None:
            sources.figure(f"{column.title}, {result.compared}", before, unit(column))
    for row in result.rows:
        for value, column in zip(row.values, result.columns, strict=True):
            if value is not None:
                sources.figure(f"{' / '.join(row.labels)}: {column.title}", value, unit(column))
    for missing in result.unconverted:
        sources.figure("without a rate", missing.amount_minor, missing.currency or "no currency")
