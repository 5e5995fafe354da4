"""Slips: how often close dates moved later, from when to when, by whom."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from langchain.tools import ToolRuntime, tool

from bot import wording
from bot.agent.tools.citing import Sources
from bot.agent.tools.managers import settings_of
from bot.agent.tools.resolving import account_of, asking, deal_of, owners_of
from bot.agent.tools.shaping import day_of, finished, follow_ups, shown, times
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Citation, Column, TableCard
from crm_store.queries import people
from crm_store.reports import Days
from crm_store.reports.slips import SlippedDeal, Slips
from crm_store.reports.slips import slips as recorded

MOST_ROWS = 15
MOST_TOLD = 4
SplitBy = Literal["deal", "changed_by", "owner"]


@asking
def slips(
    turn: Turn,
    account: str | None = None,
    deal: str | None = None,
    owner: str = "me",
    changed_by: str | None = None,
    since: date | None = None,
    until: date | None = None,
    at_least: int = 1,
    split_by: SplitBy = "deal",
    open_only: bool = False,
) -> Found:
    """Which deals slipped, how often and how far, or who moved their dates."""
    settings = settings_of(turn)
    with turn.read() as session:
        one = deal_of(session, turn, deal) if deal else None
        at = account_of(session, turn, account) if account and one is None else None
        whose = owners_of(session, turn, owner)
        movers = owners_of(session, turn, changed_by) if changed_by else None
        about = one is not None or at is not None
        found = recorded(
            session,
            settings,
            since=None if since is None else settings.midnight(since),
            until=None if until is None else settings.midnight(until + timedelta(days=1)),
            owner_ids=None if about or movers is not None else whose.ids,
            by_ids=None if movers is None else movers.ids,
            account_id=None if at is None else at.id,
            deal_ids=None if one is None else [one.id],
            open_only=open_only,
            at_least=at_least,
        )
        names = {person.id: person.name for person in people.people(session)}
    name = one.name if one is not None else at.name if at is not None else (movers or whose).by
    when = f", {Days(since, until).words()}" if since or until else ""
    sources = Sources()
    lines = _lines(turn, found, names, sources, f"{name}{when}", split_by, at_least, one is not None)
    if found.deals:
        sources.cards.append(_deal_table(found, names) if split_by == "deal" else _people_table(found, names, split_by))
        sources.figure("slips", found.times, "slips")
        sources.figure("slipped deals", len(found.deals), "deals")
        sources.figure("days slipped", found.days, "days")
    sources.cards.append(follow_ups(("What changed", "What changed this week?"), ("My pipeline", "Show my pipeline")))
    subjects: tuple[Subject, ...] = (Subject("deal", one.id, one.name),) if one is not None else ()
    subjects += (Subject("account", at.id, at.name),) if at is not None else ()
    return finished("\n".join(lines), sources, *subjects)


def _lines(
    turn: Turn,
    found: Slips,
    names: Mapping[str, str],
    sources: Sources,
    about: str,
    split_by: SplitBy,
    at_least: int,
    single: bool,
) -> list[str]:
    often = f" {times(at_least)} or more" if at_least > 1 else ""
    if not found.deals:
        return [f"**No close date moved later{often}** ({about}).", _COUNTED]
    total = f"{wording.plural(found.days, 'day')} in all"
    if split_by == "deal":
        first = found.deals[0]
        if single or len(found.deals) == 1:
            head = f"**{first.deal} slipped {times(first.times)}, {total}** ({about})."
        else:
            count = wording.plural(len(found.deals), "deal")
            head = f"**{count} slipped{often}, {times(found.times)} together, {total}** ({about})."
        told = [_deal_line(turn, deal, names, sources) for deal in found.deals[:MOST_TOLD]]
        rest = len(found.deals) - len(told)
        return [head, *told, *([f"{wording.plural(rest, 'more deal')} in the table."] if rest else []), _COUNTED]
    ranked = found.changed_by if split_by == "changed_by" else found.owned_by
    first_person = ranked[0]
    who = names.get(first_person.person_id or "", "nobody on record")
    verb = "moved close dates later most often" if split_by == "changed_by" else "has the deals that slipped most often"
    head = (
        f"**{who} {verb}: {times(first_person.times)} on {wording.plural(first_person.deals, 'deal')}, "
        f"{wording.plural(first_person.days, 'day')} in all** ({about})."
    )
    others = [
        f"{names.get(one.person_id or '', 'nobody on record')} {times(one.times)} ({wording.plural(one.days, 'day')})"
        for one in ranked[1:MOST_TOLD]
    ]
    return [head, *([f"Then {wording.join(others)}."] if others else []), _COUNTED]


_COUNTED = "_Counted: changes of a close date to a later day, from the history of each deal._"


def _deal_line(turn: Turn, deal: SlippedDeal, names: Mapping[str, str], sources: Sources) -> str:
    """``Acme renewal: 1 Mar → 1 Apr → 15 May (75 days), last by Jonas Brandt on Mon 2 Mar [1]``."""
    days = [deal.first, *(slip.after for slip in deal.slips)]
    way = " → ".join(wording.day(day, turn.today) for day in days[:MOST_TOLD] + days[MOST_TOLD:][-1:])
    last = deal.pushed[-1]
    by = names.get(last.by_id or "")
    quote = f"Close date: {last.before.isoformat()} → {last.after.isoformat()}"
    mark = sources.mark(
        Citation(id=f"deal:{deal.deal_id}", kind="deal", title=deal.deal, quote=quote, speaker=by, at=last.at)
    )
    who = f" by {by}" if by else ""
    sign = wording.plural(abs(deal.days), "day")
    net = f"{sign} later" if deal.days > 0 else f"{sign} earlier in the end" if deal.days < 0 else "back where it was"
    return f"{deal.deal}: {times(deal.times)}, {way} ({net}), last{who} on {day_of(turn, last.at)} {mark}".rstrip()


def _deal_table(found: Slips, names: Mapping[str, str]) -> TableCard:
    rows = tuple(
        (
            deal.deal,
            names.get(deal.owner_id or "", "nobody"),
            f"{deal.times:,}",
            f"{deal.first.isoformat()} → {deal.last.isoformat()}",
            f"{deal.days:,}",
            ", ".join(sorted({names.get(slip.by_id or "", "not recorded") for slip in deal.pushed})),
        )
        for deal in found.deals[:MOST_ROWS]
    )
    columns = (
        Column(title="Deal"),
        Column(title="Owner"),
        Column(title="Slips", kind="number"),
        Column(title="First → last date"),
        Column(title="Days", kind="number"),
        Column(title="Moved by"),
    )
    more = len(found.deals) - len(rows)
    title = "Slipped deals" + (f" (first {len(rows)} of {len(found.deals)})" if more > 0 else "")
    return TableCard(title=title, columns=columns, rows=rows, counted=_COUNTED.strip("_"))


def _people_table(found: Slips, names: Mapping[str, str], split_by: SplitBy) -> TableCard:
    ranked = found.changed_by if split_by == "changed_by" else found.owned_by
    rows = tuple(
        (names.get(one.person_id or "", "nobody on record"), f"{one.times:,}", f"{one.deals:,}", f"{one.days:,}")
        for one in ranked[:MOST_ROWS]
    )
    columns = (
        Column(title="Moved by" if split_by == "changed_by" else "Owner"),
        Column(title="Slips", kind="number"),
        Column(title="Deals", kind="number"),
        Column(title="Days", kind="number"),
    )
    return TableCard(title="Who moved close dates", columns=columns, rows=rows, counted=_COUNTED.strip("_"))


@tool("slips", response_format="content_and_artifact")
def _slips(
    runtime: ToolRuntime[Turn],
    account: str | None = None,
    deal: str | None = None,
    owner: str = "me",
    changed_by: str | None = None,
    since: date | None = None,
    until: date | None = None,
    at_least: int = 1,
    split_by: SplitBy = "deal",
    open_only: bool = False,
) -> tuple[str, Found]:
    """How often close dates slipped: per deal from when to when and by how many days, most slipped first, or with
    `split_by` changed_by or owner the people ranked. `at_least` keeps deals that slipped so often. `owner` owns the
    deals, `changed_by` moved the dates; both are "me", "team", "everyone" or a name."""
    return shown(slips(runtime.context, account, deal, owner, changed_by, since, until, at_least, split_by, open_only))


TOOLS = [_slips]
