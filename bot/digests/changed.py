"""What changed between two moments: the bridge in words, a table of the moves and a picture of their sums."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot import wording
from bot.agent.turn import Found
from bot.cards import ChartCard, Column, TableCard
from bot.chart_words import alt_text
from bot.digests.collecting import Audience, Clock, Collected, cite_move, span_words
from bot.digests.moves import KIND_WORDS, change, quote, sentence
from crm_store.access import ScopedSession
from crm_store.queries import people
from crm_store.reports import ReportSettings
from crm_store.reports.changed import Bridge, Move, bridge

MOST_ROWS = 15
SHOWN = {
    "won": 2,
    "lost": 1,
    "deleted": 1,
    "pushed": 2,
    "pulled_in": 1,
    "grew": 1,
    "shrank": 1,
    "new": 1,
    "reopened": 1,
    "taken_over": 1,
    "handed_over": 1,
    "moved_stage": 2,
}


def changed_digest(session: ScopedSession, audience: Audience, since: date, until: date, clock: Clock) -> Found:
    """What changed in open deals from the morning of ``since`` to the evening of ``until``, both days included."""
    moves = bridge_over(session, audience, since, until, clock.now, clock.settings)
    names = {person.id: person.name for person in people.people(session)}
    collected = Collected()
    when = span_words(since, until, clock.today)
    collected.lines.append(_lead(moves, when, audience))
    if not moves.moves:
        collected.lines.append(f"No deal was added, closed, moved or re-dated {when}.")
    for kind in SHOWN:
        some = [move for move in moves.moves if move.kind == kind]
        if some and len(collected.lines) < 7:
            collected.lines.append(_line(kind, some, moves, names, collected, clock))
    counted = f"_Counted: {audience.whose} deals, from the history of each._"
    if moves.unconverted:
        count = sum(one.count for one in moves.unconverted)
        counted += f" _{wording.plural(count, 'deal')} without an exchange rate left out._"
    collected.lines.append(counted)
    _figures(collected, moves)
    if moves.moves:
        collected.cards.append(moves_table(moves, names, when, clock))
    if any(total.delta_minor for total in moves.totals):
        collected.cards.append(_chart(moves, when))
    return collected.found()


def changed_at(
    session: ScopedSession,
    named: str,
    ids: tuple[str | None, str | None],
    since: date,
    until: date,
    clock: Clock,
) -> Found:
    """What changed in the deals of one account, or in one deal, over whole days: ``ids`` are the account's and the deal's, of which
    one is None, ``named`` is what it is called."""
    account_id, deal_id = ids
    whole = bridge_over(session, Audience(None, "all", "everyone"), since, until, clock.now, clock.settings)
    theirs = (one for one in whole.moves if deal_id == one.deal_id or (account_id and account_id == one.account_id))
    moves = replace(whole, moves=tuple(theirs))
    names = {person.id: person.name for person in people.people(session)}
    collected = Collected()
    when = span_words(since, until, clock.today)
    if moves.moves:
        collected.lines.append(f"**{wording.plural(len(moves.moves), 'change')} at {named}** {when}.")
    else:
        where = named if deal_id is not None else f"the deals of {named}"
        collected.lines.append(f"**Nothing changed in {where}** {when}.")
    for kind in SHOWN:
        some = [move for move in moves.moves if move.kind == kind]
        if some:
            collected.lines.append(_line(kind, some, moves, names, collected, clock))
    return collected.found()


def bridge_over(
    session: ScopedSession, audience: Audience, since: date, until: date, now: datetime, settings: ReportSettings
) -> Bridge:
    """The bridge of whole days of the reader, up to now where the last day is today."""
    start = settings.midnight(since) - timedelta(microseconds=1)
    end = min(settings.midnight(until + timedelta(days=1)) - timedelta(microseconds=1), max(now, start))
    return bridge(session, start, end, settings, owner_ids=audience.owner_ids)


def moves_table(moves: Bridge, names: dict[str, str], when: str, clock: Clock) -> TableCard:
    rows = tuple(
        (
            move.deal,
            names.get(move.owner_id or "", "nobody"),
            KIND_WORDS[move.kind],
            change(move, moves.currency, clock.today),
            wording.money(move.amount_minor, moves.currency),
        )
        for move in moves.moves[:MOST_ROWS]
    )
    columns = (
        Column(title="Deal"),
        Column(title="Owner"),
        Column(title="What"),
        Column(title="From → to"),
        Column(title="Amount", kind="money"),
    )
    more = len(moves.moves) - len(rows)
    title = f"What moved {when}" + (f" (first {len(rows)} of {len(moves.moves)})" if more > 0 else "")
    counted = (
        f"open pipeline then, {wording.money(moves.opening_minor, moves.currency)} in "
        f"{wording.plural(moves.opening_deals, 'deal')}, and now, "
        f"{wording.money(moves.closing_minor, moves.currency)} in {wording.plural(moves.closing_deals, 'deal')}."
    )
    return TableCard(title=title, columns=columns, rows=rows, counted=counted)


def _lead(moves: Bridge, when: str, audience: Audience) -> str:
    difference = moves.closing_minor - moves.opening_minor
    now = wording.money(moves.closing_minor, moves.currency)
    count = wording.plural(moves.closing_deals, "deal")
    if difference == 0:
        return f"**Open pipeline is unchanged at {now}** {when} ({audience.by}, {count})."
    way = "up" if difference > 0 else "down"
    return (
        f"**Open pipeline is {way} {wording.money(abs(difference), moves.currency)} to {now}** {when} "
        f"({audience.by}, {count}; was {wording.money(moves.opening_minor, moves.currency)})."
    )


def _line(kind: str, some: list[Move], moves: Bridge, names: dict[str, str], collected: Collected, clock: Clock) -> str:
    shown = some[: SHOWN.get(kind, 1)]
    told = [
        f"{sentence(move, moves.currency, clock.today, kind_said=True)} "
        + collected.mark(cite_move(move, quote(move, moves.currency), names.get(move.by_id or ""), moves.until))
        for move in shown
    ]
    head = KIND_WORDS[kind].capitalize()
    amount = sum(abs(move.delta_minor) or move.amount_minor for move in some)
    sums = f" {len(some)}, {wording.money(amount, moves.currency)}" if len(some) > 1 else ""
    rest = f"; {len(some) - len(shown)} more" if len(some) > len(shown) else ""
    return f"{head}{sums}: {'; '.join(told)}{rest}."


def _figures(collected: Collected, moves: Bridge) -> None:
    collected.figure("open pipeline now", moves.closing_minor, moves.currency)
    collected.figure("open pipeline then", moves.opening_minor, moves.currency)
    collected.figure("change", moves.closing_minor - moves.opening_minor, moves.currency)
    collected.figure("open deals now", moves.closing_deals, "deals")
    collected.figure("open deals then", moves.opening_deals, "deals")
    for total in moves.totals:
        collected.figure(KIND_WORDS[total.kind], total.delta_minor or total.amount_minor, moves.currency)
        collected.figure(KIND_WORDS[total.kind], total.deals, "deals")


def _chart(moves: Bridge, when: str) -> ChartCard:
    shown = [total for total in moves.totals if total.delta_minor]
    labels = tuple(KIND_WORDS[total.kind].capitalize() for total in shown)
    series = (("change", tuple(float(total.delta_minor) for total in shown)),)
    title = (
        f"Open pipeline {wording.short_money(moves.opening_minor, moves.currency)} to "
        f"{wording.short_money(moves.closing_minor, moves.currency)} {when}"
    )
    return ChartCard(
        title=title,
        unit=moves.currency,
        labels=labels,
        series=series,
        alt=alt_text(title, moves.currency, labels, series),
    )
