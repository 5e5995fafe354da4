"""Every shape of a report in words: measure, split, filter, period and comparison put together in any order.

The parts are drawn with fixed seeds; what the whole must become is put together from what each part means.
"""

import random
from dataclasses import dataclass

import pytest

from tests.agent.embedded.record import MANAGER, plan

Meant = dict[str, object]


@dataclass(frozen=True)
class Part:
    """Words of a request and the arguments they stand for."""

    words: str
    meant: Meant


def _where(field: str, value: object) -> Meant:
    return {"where": [{"field": field, "op": "in" if isinstance(value, list) else "eq", "value": value}]}


WON = {"subject": "deals", "status": "won"}
CLOSED = (
    Part("won revenue", {**WON, "measure": "sum"}), Part("the amount we won", {**WON, "measure": "sum"}), Part("value of the deals we won", {**WON, "measure": "sum"}),
    Part("number of won deals", {**WON, "measure": "count"}), Part("how many deals we won", {**WON, "measure": "count"}), Part("the lost amount", {**WON, "status": "lost", "measure": "sum"}),
    Part("the number of lost deals", {**WON, "status": "lost", "measure": "count"}), Part("win rate", {**WON, "status": "any", "measure": "win_rate"}),
    Part("average deal size", {**WON, "measure": "average"}), Part("median deal size", {**WON, "measure": "median"}), Part("sales cycle", {**WON, "measure": "sales_cycle"}),
)  # fmt: skip
HAPPENED = (
    Part("number of calls", {"subject": "interactions", "measure": "count", "channel": "call"}), Part("how many meetings", {"subject": "interactions", "measure": "count", "channel": "meeting"}),
    Part("how many emails", {"subject": "interactions", "measure": "count", "channel": "email"}), Part("number of orders", {"subject": "orders", "measure": "count"}),
    Part("order value", {"subject": "orders", "measure": "sum,count"}), Part("number of cases", {"subject": "cases", "measure": "count"}),
)  # fmt: skip
OPEN = (
    Part("number of open deals", {"subject": "deals", "measure": "count", "status": "open"}), Part("value of open deals", {"subject": "deals", "measure": "sum", "status": "open"}),
)  # fmt: skip
SPLITS = tuple(Part(words, {"group_by": field}) for words, field in {
    "by rep": "owner", "per rep": "owner", "for each rep": "owner", "broken down by rep": "owner", "by month": "month", "split by month": "month", "per quarter": "quarter",
    "by industry": "industry", "grouped by industry": "industry", "per country": "country", "by account": "account",
}.items())  # fmt: skip
OPEN_SPLITS = (Part("by stage", {"group_by": "stage"}), Part("per forecast category", {"group_by": "forecast_category"}), Part("by rep", {"group_by": "owner"}))
FILTERS = (
    Part("for Tom", {"owner": "tom"}), Part("for Mei", {"owner": "mei"}), Part("for Tom and Mei", {"owner": "tom,mei", "group_by": "owner"}), Part("for Mei's team", {"owner": "mei's team"}),
    Part("across all reps", {"owner": "everyone"}), Part("in Germany", _where("country", "Germany")), Part("from German customers", _where("country", "Germany")),
    Part("from German and Austrian customers", _where("country", ["Germany", "Austria"])),
)  # fmt: skip
DEAL_FILTERS = (Part("from renewals", {"kind": "renewal"}), Part("from new business", {"kind": "new"}), Part("for deals over 50k", {"min_amount_minor": 50_000_00}))
PERIODS = tuple(Part(words, {"since": since, "until": until}) for words, since, until in (
    ("this quarter", "2026-10-01", "2026-12-31"), ("last quarter", "2026-07-01", "2026-09-30"), ("in Q2", "2026-04-01", "2026-06-30"), ("last month", "2026-10-01", "2026-10-31"),
    ("this year", "2026-01-01", "2026-12-31"), ("in 2025", "2025-01-01", "2025-12-31"), ("since June", "2026-06-01", "2026-11-20"), ("over the last 30 days", "2026-10-21", "2026-11-20"),
    ("in September", "2026-09-01", "2026-09-30"), ("between March and May", "2026-03-01", "2026-05-31"),
))  # fmt: skip
BESIDE = tuple(Part(words, {"compare_with": beside}) for words, beside in {
    "compared with the previous period": "previous_period", "vs the period before": "previous_period", "versus the one before": "previous_period",
    "compared to the same period last year": "same_period_last_year", "year over year": "same_period_last_year",
}.items())  # fmt: skip
ASKED = ("", "what is the ", "show me the ", "give me the ", "I need the ", "can you pull the ", "tell me the ")
NAMED = ("group_by", "owner", "where", "kind", "channel", "status", "min_amount_minor", "since", "until", "compare_with", "keep", "compare_since", "account")


def _composed(seed: int) -> tuple[str, Meant]:
    draw = random.Random(seed)
    measures = draw.choice((CLOSED, CLOSED, HAPPENED, OPEN))
    measure = draw.choice(measures)
    period = None if measures is OPEN else draw.choice((None, *PERIODS, *PERIODS))
    filters = (*FILTERS, *DEAL_FILTERS) if measures is CLOSED else FILTERS
    narrowed = draw.choice((None, None, *filters))
    split = draw.choice((None, *(OPEN_SPLITS if measures is OPEN else SPLITS)))
    taken = {"owner": "owner", "where": "country", "group_by": split.meant["group_by"] if split is not None else ""}
    if split is not None and narrowed is not None and any(split.meant["group_by"] == taken.get(name) for name in narrowed.meant):
        split = None
    beside = draw.choice((None, None, *BESIDE)) if period is not None and (split is None or split.meant["group_by"] not in ("month", "quarter")) and "," not in str((narrowed or measure).meant.get("owner")) else None
    parts = [part for part in (split, narrowed, period) if part is not None]
    draw.shuffle(parts)
    first = parts.pop() if parts and draw.random() < 0.35 else None
    asked = "" if measure.words.startswith("how many") else draw.choice(ASKED)
    said = f"{asked}{measure.words.removeprefix('the ') if asked else measure.words}"
    text = " ".join([*([f"{first.words},"] if first else []), said, *(part.words for part in parts), *([beside.words] if beside else [])])
    meant: Meant = {"owner": "team"}
    for part in (measure, split, narrowed, period, beside):
        meant |= part.meant if part is not None else {}
    return text, meant


@pytest.mark.parametrize("seed", range(20))
def test_a_report_means_the_same_in_any_order_of_its_words(seed: int) -> None:
    for number in range(15):
        text, meant = _composed(seed * 100 + number)
        made = plan(text, caller=MANAGER)
        assert [call.tool for call in made.calls] == ["report"], text
        assert made.say is None, text
        args = dict(made.calls[0].args)
        wanted = {name: meant.get(name) for name in NAMED} | {"subject": meant["subject"], "measure": meant["measure"]}
        assert {name: args.get(name) for name in wanted} == wanted, text
