"""A team's week for its manager: one headline, what moved, what slipped, who did how much, who needs help and what
to ask."""

from datetime import date

from bot import wording
from bot.agent.turn import Found
from bot.cards import ChartCard, Column, TableCard
from bot.chart_words import alt_text
from bot.digests.changed import bridge_over, moves_table
from bot.digests.collecting import Audience, Clock, Collected, cite_move, span_words
from bot.digests.moves import quote, sentence
from bot.digests.reasons import cite_ref
from crm_store.access import ScopedSession
from crm_store.next_actions import Suggestion, load_facts, quoted, rank
from crm_store.queries import people
from crm_store.reports import Condition, ReportResult, ReportSpec, Span, resolve, run
from crm_store.reports.changed import Bridge, Move
from crm_store.reports.standing import Standing, standing

MOST_MOVED, MOST_SLIPPED, MOST_HELP = 3, 3, 3
MOVED = ("won", "lost", "deleted", "new", "reopened", "pulled_in", "grew", "shrank", "moved_stage")
ASK = {  # what a manager would ask in the one-to-one
    "no_next_step": "what happens next on {about}",
    "next_step_overdue": "what holds up the next step on {about}",
    "close_date_passed": "what the real close date of {about} is",
    "promise_overdue": "when “{about}” is done",
    "champion_silent": "who else speaks for us at {about}",
    "renewal_due": "when the renewal talk with {about} starts",
    "satisfaction_recovery": "who calls {about} after the bad score",
    "contact_left": "who follows at {about}",
    "meeting_unlogged": "what came out of the meeting with {about}",
    "stale_stage": "what would move {about} on, or whether it is lost",
    "big_deal_at_risk": "what would bring {about} back",
}


def week_digest(
    session: ScopedSession, audience: Audience, person_id: str, since: date, until: date, clock: Clock
) -> Found:
    """The team's days from ``since`` to ``until``, both included; ``person_id`` is who reads it."""
    names = {person.id: person.name for person in people.people(session)}
    owners = audience.owner_ids if audience.owner_ids is not None else frozenset(names)
    quarter = resolve("this_fiscal_quarter", clock.today, clock.settings)
    at = standing(session, quarter, clock.today, clock.settings, audience.owner_ids, audience.by)
    moves = bridge_over(session, audience, since, until, clock.now, clock.settings)
    touches = _touches(session, audience, since, until, clock)
    help_ = _help(session, owners, person_id, clock)
    collected = Collected()
    when = span_words(since, until, clock.today)
    slipped = list(moves.of("pushed"))
    collected.lines.append(_headline(at, slipped, moves, when, audience))
    collected.lines.append(_moved(moves, names, collected, clock))
    if slipped:
        collected.lines.append(_told("Slipped", slipped, MOST_SLIPPED, moves, names, collected, clock))
    people_rows = _people(touches, moves, names, owners, at)
    collected.lines.append(_touch_line(people_rows, touches))
    for one in help_:
        marks = "".join(collected.mark(cite_ref(ref)) for ref in one.candidate.evidence[:2])
        collected.lines.append(
            f"Needs help: {names.get(one.candidate.owner_id or '', 'nobody')}. "
            f"{one.candidate.title}. {one.candidate.why} {marks}"
        )
    if help_:
        collected.lines.append("Ask: " + "; ".join(_question(one, names) for one in help_) + ".")
    _figures(collected, at, slipped, moves, touches)
    collected.cards.append(moves_table(moves, names, when, clock))
    collected.cards.append(_people_table(people_rows, when, touches, clock))
    collected.cards.append(_chart(people_rows, when))
    return collected.found()


def _headline(at: Standing, slipped: list[Move], moves: Bridge, when: str, audience: Audience) -> str:
    def short(value: int) -> str:
        return wording.short_money(value, at.currency)

    carried = f"{short(at.won_minor)} won and {short(at.commit_minor)} in commit"
    lead = f"{carried} against {short(at.quota_minor)} quota" if at.quota_minor else f"{carried} this quarter"
    amount = sum(move.amount_minor for move in slipped)
    slip = f"{short(amount)} slipped {when}" if slipped else f"nothing slipped {when}"
    return f"**{lead}; {slip}** ({audience.by}, {wording.plural(moves.closing_deals, 'open deal')})."


def _moved(moves: Bridge, names: dict[str, str], collected: Collected, clock: Clock) -> str:
    moved = [move for kind in MOVED for move in moves.moves if move.kind == kind]
    if not moved:
        return "Moved: nothing was won, lost, added or taken a stage further."
    return _told("Moved", moved, MOST_MOVED, moves, names, collected, clock)


def _told(
    head: str, some: list[Move], most: int, moves: Bridge, names: dict[str, str], collected: Collected, clock: Clock
) -> str:
    seen: dict[str, Move] = {}
    for move in some:
        seen.setdefault(move.deal_id, move)
    shown = list(seen.values())[:most]
    told = [
        f"{sentence(move, moves.currency, clock.today)} "
        + collected.mark(cite_move(move, quote(move, moves.currency), names.get(move.by_id or ""), moves.until))
        for move in shown
    ]
    rest = f"; {len(seen) - len(shown)} more" if len(seen) > len(shown) else ""
    return f"{head} ({wording.plural(len(seen), 'deal')}): {'; '.join(told)}{rest}."


def _touches(session: ScopedSession, audience: Audience, since: date, until: date, clock: Clock) -> ReportResult:
    owners = audience.owner_ids
    chosen = (
        None if owners is None else Condition(field="owner", op="in", value=tuple(sorted(owners)), said=audience.by)
    )
    spec = ReportSpec(
        subject="interactions",
        measures=("count",),
        filter=chosen,
        group_by=("owner",),
        period=Span(since=since, until=min(until, clock.today)),
    )
    return run(session, spec, clock.today, clock.settings)


def _help(session: ScopedSession, owners: frozenset[str], person_id: str, clock: Clock) -> tuple[Suggestion, ...]:
    """The most pressing thing of each of those who have the most pressing things, one a person."""
    facts = load_facts(session, owners, clock.now, clock.settings.currency)
    ordered, _ = rank(facts, clock.today, person_id)
    best: dict[str, Suggestion] = {}
    for one in ordered:
        owner = one.candidate.owner_id
        if owner is not None and owner != person_id and one.candidate.rule in ASK:
            best.setdefault(owner, one)
    return quoted(session, list(best.values())[:MOST_HELP])


def _question(one: Suggestion, names: dict[str, str]) -> str:
    first = names.get(one.candidate.owner_id or "", "them").split(" ")[0]
    promised = next((ref.quote for ref in one.candidate.evidence if ref.kind == "task"), "")
    deal = next((ref.title for ref in one.candidate.evidence if ref.kind == "deal"), one.candidate.title)
    about = promised if promised and one.candidate.rule == "promise_overdue" else deal
    return f"{first}, {ASK[one.candidate.rule].format(about=about)}"


PeopleRow = tuple[str, int, int, int, int, int]


def _people(
    touches: ReportResult, moves: Bridge, names: dict[str, str], owners: frozenset[str], at: Standing
) -> list[PeopleRow]:
    """(name, touches, deals moved, deals slipped, won, quota) for whoever has any of them, most touches first."""
    counts = {row.keys[0]: int(row.values[0] or 0) for row in touches.rows}
    standings = {owner: (won, quota) for owner, _, won, quota in at.won_by_owner}
    found: list[PeopleRow] = []
    for owner in sorted(owners):
        moved = {move.deal_id for move in moves.moves if move.owner_id == owner and move.kind in MOVED}
        pushed = {move.deal_id for move in moves.of("pushed") if move.owner_id == owner}
        won, quota = standings.get(owner, (0, 0))
        if counts.get(owner) or moved or pushed or owner in standings:
            found.append((names.get(owner, "?"), counts.get(owner, 0), len(moved), len(pushed), won, quota))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _touch_line(rows: list[PeopleRow], touches: ReportResult) -> str:
    if not rows:
        return "Touches: none on record."
    each = ", ".join(f"{row[0].split(' ')[0]} {row[1]}" for row in rows[:6])
    rest = f" and {len(rows) - 6} more" if len(rows) > 6 else ""
    return f"Touches {touches.count}: {each}{rest}."


def _people_table(rows: list[PeopleRow], when: str, touches: ReportResult, clock: Clock) -> TableCard:
    columns = (
        Column(title="Rep"),
        Column(title="Touches", kind="number"),
        Column(title="Deals moved", kind="number"),
        Column(title="Slipped", kind="number"),
        Column(title="Won this quarter", kind="money"),
        Column(title="Quota", kind="money"),
    )
    currency = clock.settings.currency
    cells = tuple(
        (
            name,
            str(touched),
            str(moved),
            str(pushed),
            wording.money(won, currency),
            wording.money(quota, currency) if quota else "",
        )
        for name, touched, moved, pushed, won, quota in rows
    )
    return TableCard(title=f"Per rep {when}", columns=columns, rows=cells, counted=f"Counted: {touches.counted}.")


def _chart(rows: list[PeopleRow], when: str) -> ChartCard:
    labels = tuple(row[0] for row in rows)
    series = (("touches", tuple(float(row[1]) for row in rows)),)
    title = f"Touches per rep {when}"
    return ChartCard(
        title=title, unit="touches", labels=labels, series=series, alt=alt_text(title, "touches", labels, series)
    )


def _figures(collected: Collected, at: Standing, slipped: list[Move], moves: Bridge, touches: ReportResult) -> None:
    for label, value in (("won this quarter", at.won_minor), ("commit", at.commit_minor), ("quota", at.quota_minor)):
        collected.figure(label, value, at.currency)
    collected.figure("slipped", sum(move.amount_minor for move in slipped), at.currency)
    collected.figure("slipped", len({move.deal_id for move in slipped}), "deals")
    collected.figure("open deals", moves.closing_deals, "deals")
    collected.figure("moved", len({move.deal_id for move in moves.moves if move.kind in MOVED}), "deals")
    collected.figure("touches", touches.count, "touches")
    for row in touches.rows:
        collected.figure(f"touches of {row.labels[0]}", int(row.values[0] or 0), "touches")
    for move in moves.moves:
        collected.figure(move.deal, move.amount_minor, moves.currency)
