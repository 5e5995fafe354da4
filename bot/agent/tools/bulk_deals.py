"""One proposal that changes every deal that meets a condition; also one deal, only if it meets it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.choosing import (
    MOST_ROWS,
    Line,
    Where,
    condition_words,
    conditions_of,
    excluded_ids,
    fitting,
    period_words,
    proposed_for_all,
)
from bot.agent.tools.deal_updates import stage_of
from bot.agent.tools.deals import stage_ids_named
from bot.agent.tools.resolving import Owners, account_of, asking, deal_of, owners_of, person_of
from bot.agent.tools.shaping import shown
from bot.agent.turn import Found, Turn
from bot.errors import BadInput
from crm_store.access import ScopedSession
from crm_store.changes import Draft
from crm_store.queries import deals as deal_queries
from crm_store.queries.deals import DealFacts, DealFilter, StageFacts
from crm_store.reports import Condition


@asking
def change_deals(
    turn: Turn,
    owner: str = "me",
    deal: str | None = None,
    deals: list[str] | None = None,
    account: str | None = None,
    stage: str | None = None,
    forecast_category: str | None = None,
    kind: str | None = None,
    competitor: str | None = None,
    closing_since: date | None = None,
    closing_until: date | None = None,
    untouched_days: int | None = None,
    older_than_days: int | None = None,
    min_amount_minor: int | None = None,
    max_amount_minor: int | None = None,
    without_next_step: bool = False,
    where: Where | None = None,
    excluding: list[str] | None = None,
    to_stage: str | None = None,
    to_owner: str | None = None,
    to_close_date: date | None = None,
    shift_days: int | None = None,
    shift_months: int | None = None,
    to_forecast_category: str | None = None,
    to_next_step: str | None = None,
    to_next_step_due: date | None = None,
    to_amount_minor: int | None = None,
    lost_reason: str | None = None,
    delete: bool = False,
) -> Found:
    """A proposal that changes the open deals that fit; with ``deal`` that one alone, if it fits."""
    conditions = conditions_of(where)
    if older_than_days is not None:
        day = turn.today - timedelta(days=older_than_days)
        said = f"older than {wording.plural(older_than_days, 'day')}"
        conditions.append(Condition(field="created", op="lt", value=day.isoformat(), said=said))
    with turn.read() as session:
        one = deal_of(session, turn, deal) if deal else None
        named = [deal_of(session, turn, each, missing="deals") for each in deals or ()]
        known = account_of(session, turn, account) if account else None
        everyones = one is not None or bool(named) or (known is not None and owner == "me")
        owners = owners_of(session, turn, "everyone" if everyones else owner, team_of_manager=False)
        chosen, stage_name = stage_ids_named(session, turn, stage) if stage else (None, "")
        fits = fitting(session, turn, "deals", owners.ids, conditions)
        if one is not None or named:
            meant = frozenset(each.id for each in [*named, *([one] if one is not None else [])])
            fits = meant if fits is None else meant & fits
        wanted = DealFilter(
            deal_ids=fits, owner_ids=owners.ids, status="open", account_id=known.id if known else None, stage_ids=chosen,
            forecast_category=forecast_category, closing_since=closing_since, closing_until=closing_until,
            untouched_since=turn.now - timedelta(days=untouched_days) if untouched_days else None,
            min_amount_minor=min_amount_minor, max_amount_minor=max_amount_minor,
            amounts_in=turn.settings.currency, without_next_step=without_next_step,
            competitor=competitor.removeprefix("competitor:") if competitor else None, kind=kind,
        )  # fmt: skip
        spared = excluded_ids(session, turn, excluding)
        page = deal_queries.deals(session, wanted, now=turn.now, limit=MOST_ROWS + 1)
        new_owner = person_of(session, turn, to_owner, missing="to_owner") if to_owner else None
        rows = [row for row in page.rows if row.id not in spared and row.account_id not in spared]
        stages = _stages(session, rows, to_stage)
    meets = _meets(turn, wanted, stage_name, untouched_days, conditions)
    if one is not None and not rows:
        return _unmet(turn, one, meets)
    what = _what(owners, known.name if known else "", one, meets)
    if named:
        what = f"{wording.join([each.name for each in named])}{f' ({meets})' if meets else ''}"
    values, change = _values(
        turn, to_stage, new_owner.id if new_owner else None, new_owner.name if new_owner else "", to_close_date,
        shift_days, shift_months, to_forecast_category, to_next_step, to_next_step_due, to_amount_minor, lost_reason,
    )  # fmt: skip
    if not values and not to_stage and not delete and not shift_days and not shift_months:
        raise BadInput("What shall become of them: another stage, owner, close date, forecast category or next step?")
    moved = shift_days or shift_months
    dated = [row for row in rows if not moved or row.close_date is not None]
    lines = []
    for row in dated:
        new = dict(values)
        if row.pipeline_id in stages:
            new["stage_id"] = stages[row.pipeline_id].id
        if moved:
            assert row.close_date is not None
            new["close_date"] = row.close_date + relativedelta(days=shift_days or 0, months=shift_months or 0)
        if delete:
            lines.append(Line(Draft("delete", "deal", {}, entity_id=row.id, label=row.name), _words(row, {}, turn)))
        elif any(getattr(row, name) != value for name, value in new.items()):
            draft = Draft("update", "deal", new, entity_id=row.id, label=row.name)
            lines.append(Line(draft, _words(row, new, turn)))
    left_out = f"\n{len(rows) - len(dated)} without a close date are left out." if len(dated) < len(rows) else ""
    total = page.total if page.total > MOST_ROWS else len(dated)
    sums = wording.join([wording.money(amount, unit) for unit, amount in _sums(dated)])
    return proposed_for_all(turn, lines, total, what, "deal", "Delete" if delete else change, sums, left_out)


def _values(
    turn: Turn,
    to_stage: str | None,
    owner_id: str | None,
    owner: str,
    to_close_date: date | None,
    shift_days: int | None,
    shift_months: int | None,
    to_forecast_category: str | None,
    to_next_step: str | None,
    to_next_step_due: date | None,
    to_amount_minor: int | None,
    lost_reason: str | None,
) -> tuple[dict[str, Any], str]:
    """What every row gets alike, and the change in words."""
    values: dict[str, Any] = {
        "owner_id": owner_id, "close_date": to_close_date, "forecast_category": to_forecast_category, "next_step": to_next_step,
        "next_step_due": to_next_step_due, "amount_minor": to_amount_minor, "lost_reason": lost_reason,
    }  # fmt: skip
    words = [
        f"stage → **{wording.words(to_stage)}**" if to_stage else "",
        f"owner → **{owner}**" if owner else "",
        f"close date → **{wording.day(to_close_date, turn.today)}**" if to_close_date else "",
        f"close date **{_shift_words(shift_days, shift_months)}**" if shift_days or shift_months else "",
        f"forecast → **{wording.words(to_forecast_category)}**" if to_forecast_category else "",
        f"next step → **{to_next_step}**" if to_next_step else "",
        f"next step due **{wording.day(to_next_step_due, turn.today)}**" if to_next_step_due else "",
        f"amount → **{wording.money(to_amount_minor, None)}**" if to_amount_minor is not None else "",
        f"lost because **{lost_reason}**" if lost_reason else "",
    ]
    said = "; ".join(word for word in words if word)
    return {name: value for name, value in values.items() if value is not None}, said[:1].upper() + said[1:]


def _shift_words(days: int | None, months: int | None) -> str:
    count, unit = (months, "month") if months else (days or 0, "day")
    return f"{wording.plural(abs(count or 0), unit)} {'later' if (count or 0) > 0 else 'earlier'}"


def _stages(session: ScopedSession, rows: Sequence[DealFacts], to_stage: str | None) -> dict[str, StageFacts]:
    """The stage that ``to_stage`` names in each pipeline of the rows. :raises Unresolved: one of them has none."""
    if to_stage is None:
        return {}
    return {
        pipeline: stage_of(session, to_stage, pipeline, missing="to_stage")
        for pipeline in dict.fromkeys(row.pipeline_id for row in rows)
    }


def _sums(rows: Sequence[DealFacts]) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for row in rows:
        if row.amount_minor is not None and row.currency:
            sums[row.currency] = sums.get(row.currency, 0) + row.amount_minor
    return sorted(sums.items())


def _words(row: DealFacts, new: dict[str, Any], turn: Turn) -> str:
    """A row as it stands, and its own new close date where each gets another."""
    at = f" ({row.account})" if row.account and row.account not in row.name else ""
    amount = f", {wording.money(row.amount_minor, row.currency)}" if row.amount_minor is not None else ""
    closes = f", closes {wording.day(row.close_date, turn.today)}" if row.close_date else ""
    to = f" → {wording.day(new['close_date'], turn.today)}" if "close_date" in new and row.close_date else ""
    whose = f", {row.owner}'s" if row.owner and row.owner_id != turn.caller.person_id else ""
    return f"{row.name}{at}: {row.stage}{amount}{closes}{to}{whose}"


def _meets(
    turn: Turn, wanted: DealFilter, stage: str, untouched_days: int | None, conditions: Sequence[Condition]
) -> str:
    """What the deals must be, in words."""
    parts = [
        f"in {stage}" if stage else "",
        f"in {wording.words(wanted.forecast_category)}" if wanted.forecast_category else "",
        f"of kind {wanted.kind}" if wanted.kind else "",
        period_words(wanted.closing_since, wanted.closing_until, "closing", turn),
        f"untouched for {wording.plural(untouched_days, 'day')}" if untouched_days else "",
        f"from {wording.money(wanted.min_amount_minor, wanted.amounts_in)}" if wanted.min_amount_minor is not None else "",
        f"up to {wording.money(wanted.max_amount_minor, wanted.amounts_in)}" if wanted.max_amount_minor is not None else "",
        "without a next step" if wanted.without_next_step else "",
        f"against {wanted.competitor}" if wanted.competitor else "",
        condition_words(conditions),
    ]
    return ", ".join(part for part in parts if part)


def _what(owners: Owners, account: str, one: DealFacts | None, meets: str) -> str:
    if one is not None:
        return f"{one.name}{f' ({meets})' if meets else ''}"
    whose = f" {owners.by}" if not owners.own and owners.ids is not None else ""
    mine = "your " if owners.own else ""
    return f"{mine}open deals{f' of{whose}' if whose else ''}{f' at {account}' if account else ''}{f' {meets}' if meets else ''}"


def _unmet(turn: Turn, one: DealFacts, meets: str) -> Found:
    """Why the one deal stays as it is."""
    subject = f"**{one.name}** is {'not open' if one.status != 'open' else f'not {meets}' if meets else 'left out'}"
    return Found(f"{subject}, so nothing would change. It stands so: {_words(one, {}, turn).removeprefix(one.name).lstrip(' :')}.")


@tool("change_deals", response_format="content_and_artifact")
def _change_deals(
    runtime: ToolRuntime[Turn],
    owner: str = "me",
    deal: str | None = None,
    deals: list[str] | None = None,
    account: str | None = None,
    stage: str | None = None,
    forecast_category: str | None = None,
    kind: str | None = None,
    competitor: str | None = None,
    closing_since: date | None = None,
    closing_until: date | None = None,
    untouched_days: int | None = None,
    older_than_days: int | None = None,
    min_amount_minor: int | None = None,
    max_amount_minor: int | None = None,
    without_next_step: bool = False,
    where: list[dict[str, Any]] | None = None,
    excluding: list[str] | None = None,
    to_stage: str | None = None,
    to_owner: str | None = None,
    to_close_date: date | None = None,
    shift_days: int | None = None,
    shift_months: int | None = None,
    to_forecast_category: str | None = None,
    to_next_step: str | None = None,
    to_next_step_due: date | None = None,
    to_amount_minor: int | None = None,
    lost_reason: str | None = None,
    delete: bool = False,
) -> tuple[str, Found]:
    """Propose one change of every open deal that meets the conditions, listed row by row; or of one ``deal`` or the named ``deals`` only.
    Conditions are owner to excluding; ``where`` takes [{"field", "op", "value"}] on any field of a deal or its account. What is to
    become of them are the arguments that start with to_, the shifts of the close date, and delete."""
    return shown(
        change_deals(
            runtime.context, owner=owner, deal=deal, deals=deals, account=account, stage=stage,
            forecast_category=forecast_category, kind=kind, competitor=competitor, closing_since=closing_since,
            closing_until=closing_until, untouched_days=untouched_days, older_than_days=older_than_days,
            min_amount_minor=min_amount_minor, max_amount_minor=max_amount_minor, without_next_step=without_next_step,
            where=where, excluding=excluding, to_stage=to_stage, to_owner=to_owner, to_close_date=to_close_date,
            shift_days=shift_days, shift_months=shift_months, to_forecast_category=to_forecast_category,
            to_next_step=to_next_step, to_next_step_due=to_next_step_due, to_amount_minor=to_amount_minor,
            lost_reason=lost_reason, delete=delete,
        )
    )  # fmt: skip


TOOLS = [_change_deals]
