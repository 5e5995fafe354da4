"""Where a period stands: closed against quota, what is committed, and whether the rest can carry it."""

from bot import wording
from bot.agent.turn import Found
from bot.cards import ChartCard, Column, TableCard
from bot.chart_words import alt_text
from bot.digests.collecting import Audience, Clock, Collected
from crm_store.access import ScopedSession
from crm_store.reports import Days, Unconverted
from crm_store.reports.standing import COVERAGE_TARGET, Standing, standing


def standing_digest(session: ScopedSession, audience: Audience, days: Days, clock: Clock) -> Found:
    """Closed won against quota, commit, best case, pipeline and coverage of a closed period."""
    at = standing(session, days, clock.today, clock.settings, audience.owner_ids, audience.by)
    collected = Collected()
    _figures(collected, at)
    collected.lines = _lines(at, audience, days)
    collected.cards.append(_table(at))
    collected.cards.append(_chart(at))
    return collected.found()


def _lines(at: Standing, audience: Audience, days: Days) -> list[str]:
    def amount(value: int) -> str:
        return wording.money(value, at.currency)

    won = f"{amount(at.won_minor)} won from {wording.plural(at.won_deals, 'deal')}" if at.won_deals else "Nothing won"
    if at.quota_minor and at.won_deals:
        reached = round(100 * at.won_minor / at.quota_minor)
        lead = f"**{won}: {reached} % of the {amount(at.quota_minor)} quota** ({days.words()}, {audience.by})."
    elif at.quota_minor:
        lead = f"**{won} yet against the {amount(at.quota_minor)} quota** ({days.words()}, {audience.by})."
    else:
        lead = f"**{won}** ({days.words()}, {audience.by}); no quota is on record."
    due = [
        f"{name} {amount(value)} ({wording.plural(deals, 'deal')})"
        for name, value, deals in (
            ("commit", at.commit_minor, at.commit_deals),
            ("best case", at.best_case_minor, at.best_case_deals),
            ("pipeline", at.pipeline_minor, at.pipeline_deals),
        )
        if deals
    ]
    lines = [lead, f"Open and due in that time: {wording.join(due)}." if due else "No open deal is due in that time."]
    if at.quota_minor and at.left_minor:
        gap = at.left_minor - at.commit_minor
        left = f"{amount(at.left_minor)} is left to the quota"
        if at.commit_deals:
            left += f"; with all of commit, {amount(gap)} is missing" if gap > 0 else "; all of commit would reach it"
        if at.coverage is not None:
            verdict = "enough" if at.coverage >= COVERAGE_TARGET else f"under the usual {COVERAGE_TARGET:g}x"
            left += f". Open deals cover it {at.coverage:g}x, {verdict}"
        lines.append(f"{left}.")
    elif at.quota_minor:
        lines.append("The quota is reached.")
    if at.overdue_deals:
        lines.append(
            f"{wording.plural(at.overdue_deals, 'open deal')} ({amount(at.overdue_minor)}) "
            f"{'has' if at.overdue_deals == 1 else 'have'} a close date that has passed."
        )
    if at.lost_deals:
        lines.append(f"Lost: {amount(at.lost_minor)} from {wording.plural(at.lost_deals, 'deal')}.")
    counted = f"_Counted: {at.counted}._"
    return [*lines, counted if not at.unconverted else f"{counted} {_unconverted(at.unconverted)}"]


def _unconverted(missing: tuple[Unconverted, ...]) -> str:
    count = sum(one.count for one in missing)
    currencies = wording.join(sorted({one.currency or "no currency" for one in missing}))
    verbs = ("has", "is") if count == 1 else ("have", "are")
    return f"_{wording.plural(count, 'deal')} in {currencies} {verbs[0]} no exchange rate and {verbs[1]} left out._"


def _figures(collected: Collected, at: Standing) -> None:
    for label, value in (
        ("won", at.won_minor),
        ("quota", at.quota_minor),
        ("left to the quota", at.left_minor),
        ("commit", at.commit_minor),
        ("best case", at.best_case_minor),
        ("pipeline", at.pipeline_minor),
        ("lost", at.lost_minor),
        ("overdue", at.overdue_minor),
        ("missing with all of commit", max(at.left_minor - at.commit_minor, 0)),
    ):
        collected.figure(label, value, at.currency)
    for label, number in (
        ("deals won", at.won_deals),
        ("deals in commit", at.commit_deals),
        ("deals in best case", at.best_case_deals),
        ("deals in pipeline", at.pipeline_deals),
        ("deals lost", at.lost_deals),
        ("deals overdue", at.overdue_deals),
    ):
        collected.figure(label, number, "deals")
    if at.quota_minor:
        collected.figure("quota reached", round(100 * at.won_minor / at.quota_minor), "percent")
    if at.coverage is not None:
        collected.figure("coverage of what is left", at.coverage, "times")


def _table(at: Standing) -> TableCard:
    rows = tuple(
        (
            name,
            wording.money(won, at.currency),
            wording.money(quota, at.currency) if quota else "",
            f"{round(100 * won / quota)} %" if quota else "",
        )
        for _, name, won, quota in at.won_by_owner
    )
    columns = (
        Column(title="Owner"),
        Column(title="Won", kind="money"),
        Column(title="Quota", kind="money"),
        Column(title="Reached", kind="percent"),
    )
    return TableCard(title="Won against quota", columns=columns, rows=rows, counted=f"Counted: {at.counted}.")


def _chart(at: Standing) -> ChartCard:
    parts = (
        ("Won", at.won_minor),
        ("Commit", at.commit_minor),
        ("Best case", at.best_case_minor),
        ("Pipeline", at.pipeline_minor),
    )
    shown = (*parts, ("Quota", at.quota_minor)) if at.quota_minor else parts
    labels = tuple(label for label, _ in shown)
    series = (("amount", tuple(float(value) for _, value in shown)),)
    title = "Won and open against quota" if at.quota_minor else "Won and still open"
    return ChartCard(
        title=title, unit=at.currency, labels=labels, series=series, alt=alt_text(title, at.currency, labels, series)
    )
