"""The tool for every number: flat arguments to one report spec, the answer first, what was counted last."""

from dataclasses import replace
from datetime import date
from typing import get_args

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources
from bot.agent.tools.logging import ChannelName
from bot.agent.tools.managers import settings_of
from bot.agent.tools.report_args import ANY_STATUS, CHOSEN, MOST_ROWS, OF_WON, Asking, Where, spec_of
from bot.agent.tools.report_words import chart_of, counted, figures, kept_lead, lead, rows_line, table
from bot.agent.tools.resolving import Owners, account_of, asking, owners_of
from bot.agent.tools.shaping import channel_name, finished, follow_ups, shown
from bot.agent.turn import Found, Subject, Turn
from crm_store.access import ScopedSession
from crm_store.reports import (
    ReportSettings,
    ReportSpec,
    run,
)


@asking
def report(
    turn: Turn,
    subject: str = "deals",
    measure: str = "count",
    group_by: str | None = None,
    owner: str = "me",
    status: str | None = None,
    stage: str | None = None,
    since: date | None = None,
    until: date | None = None,
    date_field: str | None = None,
    account: str | None = None,
    compare_with: str | None = None,
    kind: str | None = None,
    channel: str | None = None,
    forecast_category: str | None = None,
    competitor: str | None = None,
    product: str | None = None,
    industry: str | None = None,
    country: str | None = None,
    lost_reason: str | None = None,
    priority: str | None = None,
    source: str | None = None,
    min_amount_minor: int | None = None,
    max_amount_minor: int | None = None,
    compare_since: date | None = None,
    compare_until: date | None = None,
    limit: int = MOST_ROWS,
    ascending: bool = False,
    period: str | None = None,
    where: list[Where] | None = None,
    keep: str | None = None,
    keep_value: float | None = None,
    keep_number: int = 1,
    at_least: int = 0,
    share: bool = False,
    amount_currency: str | None = None,
) -> Found:
    """One measure, whole or split, compared where asked."""
    asked = Asking(
        subject=subject, measure=measure, group_by=group_by, owner=owner, status=status, stage=stage, since=since,
        until=until, date_field=date_field, account=account, compare_with=compare_with, kind=kind, channel=channel,
        forecast_category=forecast_category, competitor=competitor, product=product, industry=industry,
        country=country, lost_reason=lost_reason, priority=priority, source=source, min_amount_minor=min_amount_minor,
        max_amount_minor=max_amount_minor, compare_since=compare_since, compare_until=compare_until, limit=limit,
        ascending=ascending, period=period, where=tuple(where or ()), keep=keep, keep_value=keep_value,
        keep_number=keep_number, at_least=at_least, share=share, amount_currency=amount_currency,
    )  # fmt: skip
    if subject == "interactions" and not period and (since is None or since <= turn.today):  # what is only planned has not happened
        asked = replace(asked, until=min(until or turn.today, turn.today))
    if subject == "retention" and until is not None and until > turn.today:  # nobody knows yet who stays until then
        asked = replace(asked, until=max(turn.today, since or turn.today))
    if measure in OF_WON and status == "open":
        asked = replace(asked, status="won")
    with turn.read() as session:
        owners = owners_of(session, turn, owner)
        at = account_of(session, turn, account) if account else None
        anyone = owners.ids is None or (at is not None and owner in ("me", ""))  # of an account, everyone's is meant
        by = (
            "everyone you can see"
            if anyone and not turn.caller.scope.everything
            else "everyone"
            if anyone
            else owners.by
        )
        spec = spec_of(asked, None if anyone else owners.ids, None if at is None else at.id, by)
        result = run(session, spec, turn.today, settings_of(turn))
        largest = (
            _largest(session, spec, turn.today, settings_of(turn))
            if spec.subject == "deals" and not group_by and measure in ("sum", "count")
            else None
        )
    sources = Sources()
    whose = by if at is None else at.name
    first = lead(result, whose, _noun(asked)) if result.kept is None else kept_lead(result, whose, asked.at_least)
    lines = [first + (f" {largest}" if largest else "")]
    if result.rows and result.count and result.kept is None:
        lines.append(rows_line(result, _noun(asked), shared=asked.share))
    if result.count or result.unconverted or result.uncompared:
        lines.append(f"_Counted: {counted(result)}._")
    figures(sources, result)
    if result.rows and result.count:
        sources.cards.append(table(result))
        chart = chart_of(result)
        if chart is not None:
            sources.cards.append(chart)
    sources.cards.append(follow_ups(*_buttons(asked, spec, owners)))
    subjects = () if at is None else (Subject("account", at.id, at.name),)
    return finished("\n".join(lines), sources, *subjects)


def _noun(asked: Asking) -> str:
    """What is counted, as people call it: calls, won deals; empty where the subject's own word is right."""
    if asked.subject == "interactions" and asked.channel in get_args(ChannelName):
        return f"{channel_name(asked.channel or '')}s"
    if asked.subject == "deals" and asked.status in ("open", "won", "lost"):
        return f"{asked.status} deals"
    return ""


def _largest(session: ScopedSession, spec: ReportSpec, today: date, settings: ReportSettings) -> str | None:
    """The largest deal among those counted, in words."""
    by_name = spec.model_copy(
        update={"group_by": ("name",), "measures": ("sum",), "limit": 1, "compare": None, "share": False, "order": None}
    )
    result = run(session, by_name, today, settings)
    if not result.rows or result.more == 0 or not result.rows[0].values[0]:
        return None
    return f"Largest: {result.rows[0].labels[0]}, {wording.money(int(result.rows[0].values[0]), settings.currency)}."


def _buttons(asked: Asking, spec: ReportSpec, owners: Owners) -> list[tuple[str, str]]:
    """What one would ask next, in words that need no memory of this question."""
    if any(getattr(asked, name) for name in ("account", *CHOSEN) if name not in ("stage", "channel")):
        return [("Where do we stand?", "Where do we stand this quarter?")]
    period = ""
    if asked.since is not None and asked.until is not None:
        period = f" from {asked.since.isoformat()} to {asked.until.isoformat()}"
    what = f"{asked.status} {asked.subject}" if (asked.status or "any") not in ANY_STATUS else asked.subject
    what = (_noun(asked) or what) + (f" in {asked.stage}" if asked.stage else "")
    whose = {"me": "my", "team": "my team's", "everyone": "all"}.get(asked.owner, owners.whose)
    verb = {"sum": "Sum", "win_rate": "Win rate"}.get(spec.measures[0], "Number")
    options = [("Show deals", f"Show {whose} {'won deals' if verb == 'Win rate' else what}{period}")] if spec.subject == "deals" else []
    if not spec.group_by:
        splits = ("month",) if owners.own else ("rep", "month")  # one person's numbers are all by one rep
        options += [(f"By {name}", f"{verb} of {whose} {what}{period} by {name}") for name in splits]
    return options or [("Where do we stand?", "Where do we stand this quarter?")]


@tool("report", response_format="content_and_artifact")
def _report(
    runtime: ToolRuntime[Turn],
    subject: str = "deals",
    measure: str = "count",
    group_by: str | None = None,
    owner: str = "me",
    status: str | None = None,
    stage: str | None = None,
    since: date | None = None,
    until: date | None = None,
    date_field: str | None = None,
    account: str | None = None,
    compare_with: str | None = None,
    kind: str | None = None,
    channel: str | None = None,
    forecast_category: str | None = None,
    competitor: str | None = None,
    product: str | None = None,
    industry: str | None = None,
    country: str | None = None,
    lost_reason: str | None = None,
    priority: str | None = None,
    source: str | None = None,
    min_amount_minor: int | None = None,
    max_amount_minor: int | None = None,
    compare_since: date | None = None,
    compare_until: date | None = None,
    limit: int = MOST_ROWS,
    ascending: bool = False,
    period: str | None = None,
    where: list[Where] | None = None,
    keep: str | None = None,
    keep_value: float | None = None,
    keep_number: int = 1,
    at_least: int = 0,
    share: bool = False,
    amount_currency: str | None = None,
) -> tuple[str, Found]:
    """Any number of the record: totals, counts, averages, rates, split and compared. `subject`: deals, deal_products,
    stage_entries, quotas, accounts, contacts, leads, interactions, tasks, orders, order_lines, subscriptions, retention,
    cases, surveys, campaign_members, proposals, changes. `measure` (several with commas): count, sum, average, median,
    smallest, largest, or one of the subject's own: win_rate, weighted, sales_cycle, touches (deals), conversion,
    time_in_stage (stage_entries), attainment, coverage (quotas), lead_conversion (leads), repeat_rate,
    time_between_orders (orders), recurring_revenue (subscriptions), churn, net_revenue_retention, expansion (retention),
    csat, handle_time, time_to_close, first_response, transfers (cases), nps (surveys), response_rate
    (campaign_members)…; a wrong one is answered with those there are. `group_by` (at most two, with a comma): owner,
    team, stage, forecast_category, industry, size, country, region, kind, channel, lost_reason, competitor, product,
    product_family, account, priority, source, week, month, quarter, year, fiscal_quarter, fiscal_year. `since` and
    `until` are inclusive days of `date_field` (deals: close_date, created, closed), or `period`: last_quarter,
    year_to_date, last_30_days, since:monday, fy26_q2… `compare_with`: previous_period or same_period_last_year. `keep`
    leaves only some groups: best, worst, highest, lowest (`keep_number` of them), over or under `keep_value`, over_mean
    or under_mean `keep_value` times, outliers (what stands out); `at_least` drops groups with fewer rows; `share` tells
    each one's share. `where` are more conditions. `owner` is "me", "team", "everyone" or a name; `status` of deals is open, won or lost."""
    return shown(
        report(
            runtime.context, subject=subject, measure=measure, group_by=group_by, owner=owner, status=status,
            stage=stage, since=since, until=until, date_field=date_field, account=account, compare_with=compare_with,
            kind=kind, channel=channel, forecast_category=forecast_category, competitor=competitor, product=product,
            industry=industry, country=country, lost_reason=lost_reason, priority=priority, source=source,
            min_amount_minor=min_amount_minor, max_amount_minor=max_amount_minor, compare_since=compare_since,
            compare_until=compare_until, limit=limit, ascending=ascending, period=period, where=where, keep=keep,
            keep_value=keep_value, keep_number=keep_number, at_least=at_least, share=share,
            amount_currency=amount_currency,
        )
    )  # fmt: skip


TOOLS = [_report]
