"""Tools about deals: lists and one deal in detail."""

from datetime import date, timedelta
from typing import Any, Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.choosing import MOST_LISTED, Where, condition_words, conditions_of, fitting
from bot.agent.tools.citing import Sources, cite_deal
from bot.agent.tools.dealings import deal_details
from bot.agent.tools.interactions import day_start
from bot.agent.tools.resolving import Owners, account_of, ask, asking, owners_of
from bot.agent.tools.roles import role_named
from bot.agent.tools.shaping import deal_line, deal_note, deal_subject, finished, follow_ups, shown
from bot.agent.tools.standings import deal_words
from bot.agent.turn import Found, Subject, Turn
from bot.cards import DealsCard, FollowUpsCard, Option
from crm_store.access import ScopedSession
from crm_store.names import winners
from crm_store.queries import deals
from crm_store.queries.accounts import AccountFacts
from crm_store.queries.deals import DealFilter, DealPage
from crm_store.reports import Condition, Days

Status = Literal["open", "won", "lost", "any"]
Order = Literal["close_date", "amount", "untouched"]
_NOUNS = {"renewal": "renewal", "expansion": "expansion", "new": "new business deal"}
_WEEKS = 21
"""Over a longer period than so many days the days of the week say nothing."""


@asking
def list_deals(
    turn: Turn,
    owner: str = "me",
    status: Status = "open",
    account: str | None = None,
    stage: str | None = None,
    forecast_category: str | None = None,
    closing_since: date | None = None,
    closing_until: date | None = None,
    untouched_days: int | None = None,
    min_amount_minor: int | None = None,
    max_amount_minor: int | None = None,
    without_next_step: bool = False,
    competitor: str | None = None,
    order: Order = "close_date",
    limit: int = 10,
    kind: str | None = None,
    pushed_since: date | None = None,
    pushed_until: date | None = None,
    where: Where | None = None,
    without_role: str | None = None,
) -> Found:
    """Deals that fit and meet every condition of ``where``, with their number and sum per currency over all of them, not only
    those listed."""
    limit = max(1, min(limit, 50))
    conditions = conditions_of(where)
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        owners = owners_of(session, turn, "everyone" if known and owner == "me" else owner)
        stage_ids, stage_name = stage_ids_named(session, turn, stage) if stage else (None, "")
        narrower = [Condition(field="status", op="eq", value=status)] if conditions and status != "any" else []
        wanted = DealFilter(
            deal_ids=fitting(session, turn, "deals", owners.ids, [*conditions, *narrower], most=MOST_LISTED),
            owner_ids=owners.ids,
            status=None if status == "any" else status,
            account_id=known.id if known else None,
            stage_ids=stage_ids,
            forecast_category=forecast_category,
            closing_since=closing_since,
            closing_until=closing_until,
            untouched_since=turn.now - timedelta(days=untouched_days) if untouched_days else None,
            min_amount_minor=min_amount_minor,
            max_amount_minor=max_amount_minor,
            amounts_in=turn.settings.currency,
            without_next_step=without_next_step,
            without_role=role_named(without_role) if without_role else None,
            competitor=competitor.removeprefix("competitor:") if competitor else None,
            kind=kind,
            pushed_since=day_start(turn, pushed_since) if pushed_since else None,
            pushed_until=day_start(turn, pushed_until + timedelta(days=1)) if pushed_until else None,
        )
        chosen = order
        if order == "close_date":  # of closed deals the largest matter, of quiet ones the quietest
            known_amounts = "deal.amount_minor" not in session.scope.hidden
            chosen = "untouched" if untouched_days else "amount" if status in ("won", "lost") and known_amounts else order
        page = deals.deals(session, wanted, now=turn.now, order=chosen, limit=limit)
    what = _what(turn, wanted, status, stage_name, untouched_days) + _pushed(turn, pushed_since, pushed_until)
    what += f", {condition_words(conditions, '')}" if conditions else ""
    at = f" at {known.name}" if known else ""
    subjects = [Subject("account", known.id, known.name)] if known else []
    sources = Sources()
    sources.figure(f"{owners.whose} {status} deals{at}{what}", page.total, "deals")
    sources.figure_sums(f"{owners.whose} {status} deals{at}{what}", page.sums)
    adjective = "" if status == "any" else f"{status} "
    noun = _NOUNS.get(kind or "", "deal")
    if not page.rows:
        nobody = "You have no" if owners.own else "No"
        return finished(
            f"**{nobody} {adjective}{noun}s{at}{what}**{'' if owners.own else f' ({owners.by})'}.", sources, *subjects
        )
    sums = wording.join([wording.money(amount, currency) for currency, amount in page.sums])
    lead = f"**{page.total:,} {adjective}{noun}{'s' if page.total != 1 else ''}{at}{what}"
    lead += f", {sums}**" if sums else "**"
    if page.total > 1:
        lead += {"amount": ", the largest first", "untouched": ", the longest quiet first"}.get(chosen, "")
    lines = [lead + (":" if owners.own else f" ({owners.by}):")]
    for deal in page.rows[:3]:
        words = deal_words(deal, turn)
        note = deal_note(deal, turn)
        mark = sources.mark(cite_deal(deal, words))
        lines.append(f"- {deal.name}: {words}{f' ({note})' if note else ''} {mark}")
    if page.total > 3:
        lines.append(f"and {page.total - 3} more below.")
    _card(turn, page, f"{adjective}{noun}s{at}{what}".strip(), sources)
    if status == "open":
        sources.cards.append(_next(page, owners, known, untouched_days))
    return finished("\n".join(lines), sources, *(deal_subject(deal) for deal in page.rows), *subjects)


def _card(turn: Turn, page: DealPage, title: str, sources: Sources) -> None:
    rows = tuple(deal_line(deal, deal_note(deal, turn)) for deal in page.rows)
    sources.cards.append(DealsCard(title=f"{title[:1].upper()}{title[1:]}", deals=rows, more=page.more))


def _next(page: DealPage, owners: Owners, known: AccountFacts | None, untouched_days: int | None) -> FollowUpsCard:
    options = [(f"About {page.rows[0].name}", f"Tell me about the deal {page.rows[0].name}")]
    if known is not None:
        options.append((f"Latest on {known.name}", f"What's the latest on {known.name}?"))
    elif owners.own or owners.whose == "your team's":
        options.append(("By stage", "My open deals by stage"))
        if not untouched_days:
            options.append(("Untouched", "Which of my deals are untouched for 30 days?"))
    return follow_ups(*options)


def stage_ids_named(session: ScopedSession, turn: Turn, stage: str) -> tuple[frozenset[str], str]:
    """Every stage of that name, in whichever pipeline, and how it is called. :raises Unresolved: none is called so."""
    found = winners(turn.names(session).find("stage", stage))
    if not found:
        known = dict.fromkeys(one.name for one in deals.stages(session))
        options = tuple(Option(label=name, value=name) for name in known)
        raise ask(f"There is no stage called “{stage}”. Which one?", options, "stage", stage)
    return frozenset(match.name.id for match in found), found[0].name.text


def _what(turn: Turn, wanted: DealFilter, status: str, stage: str, untouched_days: int | None) -> str:
    parts = []
    if stage:
        parts.append(f"in {stage}")
    if wanted.forecast_category:
        parts.append(f"in {wording.words(wanted.forecast_category)}")
    verb = {"open": "closing", "won": "closed", "lost": "closed"}.get(status, "with a close date")
    if wanted.closing_since and wanted.closing_until and (wanted.closing_until - wanted.closing_since).days > _WEEKS:
        parts.append(f"{verb} {Days(wanted.closing_since, wanted.closing_until).words()}")
    elif wanted.closing_since and wanted.closing_until:
        since, until = wording.day(wanted.closing_since, turn.today), wording.day(wanted.closing_until, turn.today)
        parts.append(f"{verb} {since} to {until}" if since != until else f"{verb} {since}")
    elif wanted.closing_until:
        parts.append(f"{verb} by {wording.day(wanted.closing_until, turn.today)}")
    elif wanted.closing_since:
        parts.append(f"{verb} from {wording.day(wanted.closing_since, turn.today)}")
    if untouched_days:
        parts.append(f"untouched for {wording.plural(untouched_days, 'day')}")
    if wanted.min_amount_minor is not None:
        parts.append(f"from {wording.money(wanted.min_amount_minor, wanted.amounts_in)}")
    if wanted.max_amount_minor is not None:
        parts.append(f"up to {wording.money(wanted.max_amount_minor, wanted.amounts_in)}")
    if wanted.without_next_step:
        parts.append("without a next step")
    if wanted.without_role:
        parts.append(f"on which nobody is {wording.words(wanted.without_role)}")
    if wanted.competitor:
        parts.append(f"against {wanted.competitor}")
    return f" {', '.join(parts)}" if parts else ""


def _pushed(turn: Turn, since: date | None, until: date | None) -> str:
    if since and until:
        return f" pushed {wording.day(since, turn.today)} to {wording.day(until, turn.today)}"
    if since:
        return f" pushed since {wording.day(since, turn.today)}"
    return f" pushed until {wording.day(until, turn.today)}" if until else ""


@tool("list_deals", response_format="content_and_artifact")
def _list_deals(
    runtime: ToolRuntime[Turn],
    owner: str = "me",
    status: Status = "open",
    account: str | None = None,
    stage: str | None = None,
    forecast_category: Literal["pipeline", "best_case", "commit", "omitted", "closed"] | None = None,
    closing_since: date | None = None,
    closing_until: date | None = None,
    untouched_days: int | None = None,
    min_amount_minor: int | None = None,
    max_amount_minor: int | None = None,
    without_next_step: bool = False,
    competitor: str | None = None,
    order: Order = "close_date",
    limit: int = 10,
    kind: Literal["new", "expansion", "renewal"] | None = None,
    pushed_since: date | None = None,
    pushed_until: date | None = None,
    where: list[dict[str, Any]] | None = None,
    without_role: Literal["champion", "economic_buyer", "decision_maker", "influencer", "technical_evaluator"] | None = None,
) -> tuple[str, Found]:
    """List deals: my pipeline, deals closing in a period, untouched deals, deals of an account, stage, category, size,
    kind or rival. `pushed_since` and `pushed_until` keep to deals whose close date was moved later on those days.
    `without_role` keeps to deals on which nobody plays that part.
    `where` takes more conditions, [{"field", "op", "value"}] as in reports: industry, country, source and others.
    Amounts are in minor units (cents)."""
    return shown(
        list_deals(
            runtime.context, owner, status, account, stage, forecast_category, closing_since, closing_until,
            untouched_days, min_amount_minor, max_amount_minor, without_next_step, competitor, order, limit,
            kind, pushed_since, pushed_until, where, without_role,
        )
    )  # fmt: skip


@tool("deal_details", response_format="content_and_artifact")
def _deal_details(deal: str, runtime: ToolRuntime[Turn]) -> tuple[str, Found]:
    """Everything about one deal: stage, amount, close date, next step, who is on it, how it moved, what was said."""
    return shown(deal_details(runtime.context, deal))


TOOLS = [_list_deals, _deal_details]
