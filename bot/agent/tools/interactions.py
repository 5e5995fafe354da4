"""Tools about what happened: the timeline and promises."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources, cite_interaction
from bot.agent.tools.gist import informative
from bot.agent.tools.promises import By, promises
from bot.agent.tools.resolving import account_of, asking, contact_of, deal_of, owners_of
from bot.agent.tools.shaping import (
    channel_name,
    cite_touch,
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
from crm_store.queries import interactions
from crm_store.queries.interactions import InteractionFacts, InteractionFilter

ChannelName = Literal["call", "meeting", "email", "chat", "social", "event", "note"]


@asking
def timeline(
    turn: Turn,
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    channel: str | None = None,
    owner: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 10,
) -> Found:
    """What happened, newest first; ``limit`` 1 answers when we last talked. What is planned needs ``until``."""
    limit = max(1, min(limit, 30))
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        person = contact_of(session, turn, contact, account_id=known.id if known else None) if contact else None
        about = deal_of(session, turn, deal, account_id=known.id if known else None) if deal else None
        if not (known or person or about) and owner is None:
            owner = "me"
        owners = owners_of(session, turn, owner) if owner else None
        wanted = InteractionFilter(
            account_id=known.id if known else None,
            contact_id=person.id if person else None,
            deal_id=about.id if about else None,
            channel=channel,
            owner_ids=owners.ids if owners else None,
            since=day_start(turn, since) if since else None,
            until=day_start(turn, until + timedelta(days=1)) - timedelta(microseconds=1) if until else turn.now,
            with_internal=limit > 1,
        )
        page = interactions.interactions(session, wanted, limit=limit)
    who = person.name if person else about.name if about else known.name if known else ""
    subjects = _subjects(page.rows, limit)
    if person:
        subjects.append(Subject("contact", person.id, person.name))
    if known:
        subjects.append(Subject("account", known.id, known.name))
    if about:
        subjects.append(Subject("deal", about.id, about.name))
    sources = Sources()
    noun = channel_name(channel) if channel else "interaction"
    period = _period(turn, since, until)
    whose = f" with {who}" if who else f" of {owners.by}" if owners else ""
    mine = not who and owners is not None and owners.own
    if not page.rows:
        none = f"You had no {noun}{period}" if mine else f"No {noun}{whose}{period} is on record"
        return finished(f"**{none}.**", sources, *subjects)
    last = page.rows[0]
    if limit == 1:
        return finished(_last(turn, last, who, sources), sources, *subjects)
    sources.figure(f"{noun.capitalize()}s{whose}{period}", page.total, f"{noun}s")
    told = sorted(informative(page.rows), key=lambda one: -one.score)[:2]
    told.sort(key=lambda one: one.source.at, reverse=True)
    first = next((one for one in told if one.source.id == last.id), None)
    mark = sources.mark(cite_interaction(last, first.text, first.speaker) if first else cite_touch(last))
    quotes = [quoted(one, sources, turn) for one in told]
    many = wording.plural(page.total, noun)
    head = f"**{f'You had {many}' if mine else f'{many}{whose}'}{period}**, the last {wording.ago(local_day(turn, last.at), turn.today)}"
    lines = [f"{head}: {channel_name(last.channel)} with {with_whom(last)}, “{last.subject}” {mark}.", *quotes]
    card = tuple(timeline_line(one) for one in page.rows)
    sources.cards.append(TimelineCard(title=f"Timeline{': ' + who if who else ''}", lines=card, more=page.more))
    return finished("\n".join(lines), sources, *subjects)


def _last(turn: Turn, last: InteractionFacts, who: str, sources: Sources) -> str:
    mark = sources.mark(cite_touch(last))
    told = [quoted(one, sources, turn) for one in informative((last,))]
    when = wording.moment(last.at, turn.caller.zone, turn.today)
    ago = wording.ago(local_day(turn, last.at), turn.today)
    place = f" ({last.account})" if last.account and last.account != who else ""
    head = f"**{ago[:1].upper()}{ago[1:]}:** {channel_name(last.channel)} with {with_whom(last)}{place}, {when}"
    sources.figure("Days since", (turn.today - local_day(turn, last.at)).days, "days")
    sources.cards.append(TimelineCard(title="Last contact", lines=(timeline_line(last),)))
    if who:
        asks = (("Timeline", f"Show the timeline of {who}"), ("Promises", f"What did we promise {who}?"))
        sources.cards.append(follow_ups(*asks))
    return "\n".join([f"{head}, “{last.subject}” {mark}.", *told])


def _subjects(rows: tuple[InteractionFacts, ...], limit: int) -> list[Subject]:
    if not rows or limit > 1:
        return []
    found = [Subject("interaction", rows[0].id, rows[0].subject)]
    met = [one for one in rows[0].participants if one.contact_id]
    return found + [Subject("contact", one.contact_id, one.name) for one in met[:1] if one.contact_id]


def day_start(turn: Turn, day: date) -> datetime:
    """Midnight of a day in the reader's zone."""
    return datetime.combine(day, time(), turn.caller.zone)


def _period(turn: Turn, since: date | None, until: date | None) -> str:
    if since and until:
        return f" from {wording.day(since, turn.today)} to {wording.day(until, turn.today)}"
    if since:
        return f" since {wording.day(since, turn.today)}"
    return f" until {wording.day(until, turn.today)}" if until else ""


@tool("timeline", response_format="content_and_artifact")
def _timeline(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    channel: ChannelName | None = None,
    owner: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 10,
) -> tuple[str, Found]:
    """What happened with an account, contact or deal, newest first. Use limit=1 for "when did we last talk to…"."""
    return shown(timeline(runtime.context, account, contact, deal, channel, owner, since, until, limit))


@tool("promises", response_format="content_and_artifact")
def _promises(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    owner: str | None = None,
    by: By = "us",
    open_only: bool = False,
) -> tuple[str, Found]:
    """What we promised them (by="us") or they promised us (by="them"), and whether it was kept."""
    return shown(promises(runtime.context, account, contact, deal, owner, by, open_only))


TOOLS = [_timeline, _promises]
