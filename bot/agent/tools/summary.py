"""The tool that sums up a period, a deal, a conversation in five to seven quoted lines."""

import re
from datetime import date, timedelta
from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_history
from bot.agent.tools.extracts import extracts
from bot.agent.tools.interactions import day_start
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, deal_of
from bot.agent.tools.shaping import (
    channel_name,
    cite_touch,
    day_of,
    finished,
    follow_ups,
    local_day,
    quoted,
    shown,
    timeline_line,
    with_whom,
)
from bot.agent.turn import Found, Subject, Turn
from bot.cards import TimelineCard
from crm_store.access import ScopedSession
from crm_store.models import ForecastCategory
from crm_store.queries import deals, interactions
from crm_store.queries.deals import DealFacts, HistoryFacts
from crm_store.queries.interactions import InteractionFacts, InteractionFilter

_LINES = 7
_READ = 60
_LATELY = 30
"""How many days a summary covers where no period was said."""
_ANSWERS = re.compile(r"^\s*(?:(?:re|aw|fwd?|wg|sv|tr|rv)\s*:\s*)+", re.IGNORECASE)
"""What mail programs put before the subject of an answer or a forwarded mail."""
_TOLD = ("stage_id", "amount_minor", "close_date", "forecast_category")


@asking
def summarise(
    turn: Turn, account: str | None = None, deal: str | None = None, contact: str | None = None,
    since: date | None = None, until: date | None = None, channel: str | None = None, last: int | None = None,
    thread: bool = False,
) -> Found:  # fmt: skip
    """What was decided, promised, agreed and feared in a period, in the ``last`` interactions, or in the newest ``thread`` of
    mails; where none of these was said, in the last 30 days."""
    if not (account or deal or contact):
        raise ask("Of which account or deal?", (), "account")
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        person = contact_of(session, turn, contact, account_id=known.id if known else None) if contact else None
        about = deal_of(session, turn, deal, account_id=known.id if known else None) if deal else None
        name = person.name if person else about.name if about else known.name if known else ""
        whole = since is None and until is None and last is None and not thread
        first = since or (turn.today - timedelta(days=_LATELY) if whole else None)
        wanted = InteractionFilter(
            account_id=known.id if known else None,
            contact_id=person.id if person else None,
            deal_id=about.id if about else None,
            channel="email" if thread and channel is None else channel,
            since=day_start(turn, first) if first else None,
            until=day_start(turn, until + timedelta(days=1)) - timedelta(microseconds=1) if until else turn.now,
        )
        touches = interactions.interactions(session, wanted, limit=min(last or _READ, _READ)).rows
        if thread:
            touches = newest_thread(touches)
        before = None
        if not touches:
            near = InteractionFilter(
                account_id=wanted.account_id, contact_id=wanted.contact_id, deal_id=wanted.deal_id, until=turn.now
            )
            before = next(iter(interactions.interactions(session, near, limit=1).rows), None)
        running = () if thread or last or person else _deals_of(session, turn, about, known.id if known else None)
        moved = [(one, each) for one in running for each in _moved(session, turn, one, first, until)]
        stages = deals.stage_names(session) if moved else {}
        rivals = tuple(sorted({each.text for each in turn.names(session).of_kind("competitor")}))
    sources = Sources()
    subjects = [
        *([Subject("contact", person.id, person.name)] if person else []),
        *([Subject("deal", about.id, about.name)] if about else []),
        *([Subject("account", known.id, known.name)] if known else []),
    ]
    when = _period(turn, first, until, touches if thread or last else ())
    if not touches:
        return finished(_nothing(turn, name, when, before, sources), sources, *subjects)
    kept = extracts(touches, _LINES - min(len(moved), 2), competitors=rivals)
    subject = _plain(touches[0].subject)
    one_thread = thread and all(_plain(one.subject).casefold() == subject.casefold() for one in touches)
    what = f"the e-mails “{subject}”" if one_thread else f"the e-mails with {name}" if thread else name
    lines = [f"**{what[0].upper()}{what[1:]}, {when}:** {_counted(touches)}."]
    lines += [f"- {quoted(one.sentence, sources, turn)}" for one in kept]
    lines += [f"- {_move(turn, one, each, stages, sources)}" for one, each in moved[: max(2, _LINES - len(kept))]]
    if not kept and not moved:
        latest = touches[0]
        lines.append(
            f"- Nothing of weight was written down; the last was {channel_name(latest.channel)} with {with_whom(latest)}, "
            f"“{latest.subject}” {sources.mark(cite_touch(latest))}."
        )
    sources.figure(f"{name}: interactions {when}", len(touches), "interactions")
    card = tuple(timeline_line(one) for one in touches[:10])
    sources.cards.append(TimelineCard(title=f"{name}, {when}", lines=card, more=max(0, len(touches) - len(card))))
    sources.cards.append(follow_ups(("Promises", f"What did we promise {name}?"), ("Qualify", f"Qualify {name}")))
    return finished("\n".join(lines), sources, *subjects)


def newest_thread(touches: tuple[InteractionFacts, ...]) -> tuple[InteractionFacts, ...]:
    """The newest exchange under one subject, answers and forwarded mails included, newest first; all of them where no mail
    has an answer."""
    groups: dict[str, list[InteractionFacts]] = {}
    for one in touches:
        groups.setdefault(_plain(one.subject).casefold(), []).append(one)
    return next((tuple(group) for group in groups.values() if len(group) > 1), touches)


def _plain(subject: str) -> str:
    return _ANSWERS.sub("", subject).strip()


def _deals_of(session: ScopedSession, turn: Turn, about: DealFacts | None, account_id: str | None) -> tuple[DealFacts, ...]:
    if about is not None:
        return (about,)
    return deals.open_deals(session, account_id, now=turn.now) if account_id else ()


def _moved(session: ScopedSession, turn: Turn, deal: DealFacts, first: date | None, until: date | None) -> list[HistoryFacts]:
    """What changed on a deal within the days; of several changes of a field the newest."""
    found: dict[str, HistoryFacts] = {}
    for one in deals.history(session, deal.id, fields=_TOLD):
        day = local_day(turn, one.at)
        if (first is None or day >= first) and day <= (until or turn.today):
            found.setdefault(one.field, one)
    return list(found.values())


def _move(turn: Turn, deal: DealFacts, change: HistoryFacts, stages: dict[str, str], sources: Sources) -> str:
    old, new = (_value(turn, change.field, value, deal, stages) for value in (change.old, change.new))
    label = {"stage_id": "stage", "amount_minor": "amount", "close_date": "close date", "forecast_category": "forecast"}[change.field]
    mark = sources.mark(cite_history(deal, change, f"{label.capitalize()} {old} to {new}"))
    return f"{deal.name}: {label} {old} → {new} on {day_of(turn, change.at)} {mark}"


def _value(turn: Turn, field: str, value: str | None, deal: DealFacts, stages: dict[str, str]) -> str:
    if value is None or value == "":
        return "none"
    match field:
        case "stage_id":
            return stages.get(value, value)
        case "amount_minor":
            return wording.money(int(value), deal.currency)
        case "close_date":
            return wording.day(date.fromisoformat(value), turn.today)
    return wording.words(ForecastCategory(value).value)


def _counted(touches: tuple[InteractionFacts, ...]) -> str:
    """``4 interactions (2 calls, 2 e-mails)``."""
    counts: dict[str, int] = {}
    for one in touches:
        counts[one.channel] = counts.get(one.channel, 0) + 1
    parts = [wording.plural(count, channel_name(channel)) for channel, count in sorted(counts.items(), key=lambda each: -each[1])]
    return parts[0] if len(parts) == 1 else f"{wording.plural(len(touches), 'interaction')} ({', '.join(parts)})"


def _period(turn: Turn, since: date | None, until: date | None, touches: tuple[InteractionFacts, ...]) -> str:
    if since and until:
        return f"{wording.day(since, turn.today)} to {wording.day(until, turn.today)}"
    if touches:
        first, last = local_day(turn, touches[-1].at), local_day(turn, touches[0].at)
        return wording.day(first, turn.today) if first == last else f"{wording.day(first, turn.today)} to {wording.day(last, turn.today)}"
    if since:
        return f"since {wording.day(since, turn.today)}"
    return f"until {wording.day(until, turn.today)}" if until else "so far"


def _nothing(turn: Turn, name: str, when: str, before: InteractionFacts | None, sources: Sources) -> str:
    text = f"**Nothing with {name} is on record, {when}.**"
    if before is None:
        return text
    return (
        f"{text} The last before: {channel_name(before.channel)} with {with_whom(before)} on {day_of(turn, before.at)}, "
        f"“{before.subject}” {sources.mark(cite_touch(before))}."
    )


@tool("summarise", response_format="content_and_artifact")
def _summarise(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    deal: str | None = None,
    contact: str | None = None,
    since: date | None = None,
    until: date | None = None,
    channel: Literal["call", "meeting", "email", "chat", "social", "event", "note"] | None = None,
    last: int | None = None,
    thread: bool = False,
) -> tuple[str, Found]:
    """Sum up a period, the last few interactions or an e-mail thread with an account, contact or deal: decisions, promises,
    amounts, dates and risks in a few quoted lines."""
    return shown(summarise(runtime.context, account, deal, contact, since, until, channel, last, thread))


TOOLS = [_summarise]
