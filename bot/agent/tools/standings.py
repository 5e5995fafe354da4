"""Where we stand with an account, read once and put into the few words that a headline has."""

from dataclasses import dataclass
from datetime import timedelta

from bot import wording
from bot.agent.tools.commitments import source_sentence
from bot.agent.tools.gist import Sentence, informative
from bot.agent.tools.shaping import day_of, local_day, times
from bot.agent.turn import Turn
from crm_store.access import ScopedSession
from crm_store.queries import cases, deals, interactions, purchases, tasks
from crm_store.queries.accounts import AccountFacts
from crm_store.queries.cases import CaseFacts
from crm_store.queries.deals import DealFacts, DealFilter
from crm_store.queries.interactions import InteractionFacts, InteractionFilter
from crm_store.queries.purchases import SubscriptionFacts
from crm_store.queries.tasks import TaskFacts, TaskFilter

RENEWAL_DAYS = 90
"""A renewal is worth a word this long before it."""
QUIET_DAYS = 30
_LOOKED_AT = 12
_PLANNED = ("meeting", "call", "event")
_SOON = 45
"""A close date is news so many days before."""
_QUOTES = 2
_FADES = 10.0
"""So many days older, a sentence has to tell one point more to be told first."""
_FRESH = 14
_STALE = 60
"""So many days before the newest, what was said is history and not the latest."""
_TELLING = 1.5
"""What a second sentence has to be worth to be quoted as well."""
_LATELY = 30
_MOST_DEALS = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """What the record says of an account now. ``touches`` are past interactions, newest first; ``closed`` are deals
    won or lost lately, newest first; ``settled`` are (interaction, sentence) of promises that were kept since."""

    account: AccountFacts
    deals: tuple[DealFacts, ...]
    touches: tuple[InteractionFacts, ...]
    touch_count: int
    ahead: InteractionFacts | None
    tasks: tuple[TaskFacts, ...]
    cases: tuple[CaseFacts, ...]
    subscriptions: tuple[SubscriptionFacts, ...]
    competitors: tuple[str, ...]
    closed: tuple[DealFacts, ...] = ()
    settled: frozenset[tuple[str, str]] = frozenset()


def standing_of(session: ScopedSession, turn: Turn, account: AccountFacts) -> Standing:
    past = interactions.interactions(
        session, InteractionFilter(account_id=account.id, until=turn.now), limit=_LOOKED_AT
    )
    ahead = interactions.interactions(session, InteractionFilter(account_id=account.id, since=turn.now), limit=20).rows
    open_deals = deals.open_deals(session, account.id, now=turn.now)
    named = {name.text for name in turn.names(session).of_kind("competitor")}
    lately = turn.now - timedelta(days=_LATELY)
    every = deals.deals(session, DealFilter(account_id=account.id), now=turn.now, limit=_MOST_DEALS).rows
    closed = [one for one in every if one.status != "open" and one.closed_at and lately <= one.closed_at <= turn.now]
    return Standing(
        account,
        open_deals,
        past.rows,
        past.total,
        next((one for one in reversed(ahead) if one.channel in _PLANNED), None),
        tasks.tasks(session, TaskFilter(account_id=account.id, status="open")).rows,
        cases.cases(session, account_id=account.id, status="open").rows,
        tuple(one for one in purchases.subscriptions(session, account.id) if one.status == "active"),
        tuple(sorted(named)),
        tuple(sorted(closed, key=lambda one: one.closed_at or one.created_at, reverse=True)),
        _settled(session, past.rows),
    )


def _settled(session: ScopedSession, touches: tuple[InteractionFacts, ...]) -> frozenset[tuple[str, str]]:
    """The sentences of promises that are kept: they are no news any more."""
    sources = {one.id: one for one in touches}
    found = set()
    for task in tasks.of_sources(session, list(sources)):
        if task.status == "done" and task.source_id in sources:
            said = source_sentence(task, sources[task.source_id])
            if said is not None:
                found.add((task.source_id, said.text))
    return frozenset(found)


def headline(now: Standing, turn: Turn) -> str:
    """The account's state in one clause or two: what it is about, then what is most pressing."""
    main, pressing = main_deal(now), pressing_points(now, turn)
    ending = next((one for one in now.subscriptions if 0 <= (one.ends_on - turn.today).days <= RENEWAL_DAYS), None)
    if main is not None and main.kind == "renewal" and _at_risk(main, now):
        why = times_pushed(main) if main.pushes else f"{main.competitor} competes" if main.competitor else ""
        state = f"renewal at risk{f' ({why})' if why else ''}"
    elif main is not None:
        state = f"{short_name(main)} in {main.stage}"
        if main.close_date and 0 <= (main.close_date - turn.today).days <= _SOON:
            state += f", closes {wording.ago(main.close_date, turn.today)}"
    elif now.closed:
        last = now.closed[0]
        state = f"{short_name(last)} {last.status} {day_of(turn, last.closed_at or last.created_at)}, no open deal"
    elif ending is not None:
        state = f"renews {wording.day(ending.ends_on, turn.today)}, no open deal"
    else:
        state = {"former": "a former customer, nothing open"}.get(now.account.kind, f"{now.account.kind}, no open deal")
    return ", ".join([state, *pressing[:2]])


def pressing_points(now: Standing, turn: Turn) -> list[str]:
    """What cannot wait, most urgent first."""
    points: list[str] = []
    late = [task for task in now.tasks if task.overdue_days(turn.today)]
    promised = [task for task in late if task.kind == "promise"]
    urgent = [case for case in now.cases if case.priority in ("urgent", "high")]
    if urgent:
        points.append(f"{urgent[0].priority} case open")
    if promised:
        days = max(task.overdue_days(turn.today) for task in promised)
        points.append(f"a promise is {wording.plural(days, 'day')} overdue")
    elif late:
        points.append(f"{wording.plural(len(late), 'task')} overdue")
    due_today = [task for task in now.tasks if task.due == turn.today]
    if due_today:
        points.append(f"{due_today[0].title[:1].lower()}{due_today[0].title[1:]} due today")
    main = main_deal(now)
    if main is not None and main.close_date and main.close_date < turn.today:
        points.append("close date passed")
    if now.account.last_touch is None:
        points.append("never contacted")
    else:
        quiet = (turn.today - local_day(turn, now.account.last_touch)).days
        if quiet >= QUIET_DAYS:
            points.append(f"quiet for {wording.plural(quiet, 'day')}")
    return points


def main_deal(now: Standing) -> DealFacts | None:
    """The open deal to speak of first: the next one to close, or the largest of those without a date."""
    dated = [deal for deal in now.deals if deal.close_date]
    if dated:
        return min(dated, key=lambda deal: (deal.close_date, -(deal.amount_minor or 0)))
    return max(now.deals, key=lambda deal: deal.amount_minor or 0, default=None)


def _at_risk(deal: DealFacts, now: Standing) -> bool:
    urgent = any(case.priority in ("urgent", "high") for case in now.cases)
    return bool(deal.pushes or deal.competitor or urgent)


def deal_words(deal: DealFacts, turn: Turn) -> str:
    """``EUR 84,000, Proposal, closes Mon 30 Nov``; an amount that this person is not shown is not "no amount"."""
    hidden = "deal.amount_minor" in turn.caller.scope.hidden
    parts = ["amount shown to managers only" if hidden else wording.money(deal.amount_minor, deal.currency)]
    if deal.stage.casefold() != deal.status:
        parts.append(deal.stage)
    if deal.status != "open" and deal.closed_at:
        parts.append(f"{deal.status} {day_of(turn, deal.closed_at)}")
    elif deal.close_date:
        verb = "was to close" if deal.close_date < turn.today else "closes"
        parts.append(f"{verb} {wording.day(deal.close_date, turn.today)}")
    return ", ".join(parts)


def short_name(deal: DealFacts) -> str:
    """A deal's name without that of its account, which the reader knows."""
    name = deal.name
    for word in (deal.account or "").split():
        if name.casefold().startswith(word.casefold() + " "):
            name = name[len(word) :].strip()
    return name or deal.name


def times_pushed(deal: DealFacts) -> str:
    return f"pushed {times(deal.pushes)}"


def last_said(now: Standing, focus: str | None = None, most: int = _QUOTES) -> list[Sentence]:
    """The most telling sentences of the last interactions, newest first; recent ones are preferred."""
    found = informative(now.touches, focus=focus, competitors=now.competitors, passed_over=now.settled)
    rank = {source.id: position for position, source in enumerate(now.touches)}
    newest = now.touches[0].at if now.touches else None

    def value(one: Sentence) -> float:
        age = (newest - one.source.at).days if newest else 0
        return one.score - 0.5 * rank[one.source.id] - age / _FADES

    ordered = sorted(found, key=value, reverse=True)
    if focus is None and found and newest is not None:
        latest = next((one for one in found if one.source.direction != "internal"), found[0])
        if (newest - latest.source.at).days <= _FRESH and most > 1:  # what was said last is news whatever it is
            ordered = [latest, *(one for one in ordered if one.source.id != latest.source.id)]
        ordered = [
            one
            for place, one in enumerate(ordered)
            if not place or (one.score >= _TELLING and (newest - one.source.at).days <= _STALE)
        ]
    return sorted(ordered[:most], key=lambda one: rank[one.source.id])
