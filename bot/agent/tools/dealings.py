"""One deal in detail: where it stands, who is on it, how it moved and what was last said about it."""

from collections.abc import Mapping
from datetime import date

from bot import wording
from bot.agent.tools.citing import Sources, cite_deal, cite_history, cite_role
from bot.agent.tools.custom_words import filled_words, value_words
from bot.agent.tools.gist import informative
from bot.agent.tools.resolving import asking, deal_of
from bot.agent.tools.shaping import day_of, deal_line, deal_note, deal_subject, finished, follow_ups, quoted
from bot.agent.tools.standings import deal_words, times_pushed
from bot.agent.turn import Found, Subject, Turn
from bot.cards import BriefCard, DealsCard, Section
from crm_store.custom_fields import Definition, from_history
from crm_store.queries import contacts, deals, interactions
from crm_store.queries.custom import custom_of
from crm_store.queries.deals import DealFacts, HistoryFacts
from crm_store.queries.interactions import InteractionFilter

_FIELDS = {
    "stage_id": "Stage", "amount_minor": "Amount", "close_date": "Close date", "forecast_category": "Forecast category",
    "next_step": "Next step", "owner_id": "Owner", "status": "Status", "next_step_due": "Next step due",
}  # fmt: skip


@asking
def deal_details(turn: Turn, deal: str) -> Found:
    """One deal; how it moved and who plays which part are in a card."""
    with turn.read() as session:
        found = deal_of(session, turn, deal)
        moved = deals.history(session, found.id, limit=30)
        stages = deals.stage_names(session)
        played = contacts.roles(session, deal_id=found.id)
        lines_sold = deals.lines(session, found.id)
        touches = interactions.interactions(session, InteractionFilter(deal_id=found.id, until=turn.now), limit=8).rows
        facts = custom_of(session, "deal", found.id)
        of_company = {each.key: each for each in facts.fields}
        added = filled_words(facts, turn.today)
        rivals = [name.text for name in turn.names(session).of_kind("competitor")]
        owners = {name.id: name.text for name in turn.names(session).of_kind("person")}
    sources = Sources()
    words = deal_words(found, turn)
    note = deal_note(found, turn)
    account = f" ({found.account})" if found.account and found.account not in found.name else ""
    text = [f"**{found.name}**{account}: {words}{f'; {note}' if note else ''} {sources.mark(cite_deal(found, words))}."]
    if found.amount_minor is not None:
        sources.figure(found.name, found.amount_minor, found.currency or "EUR")
    if found.status == "open":
        due = f", due {wording.day(found.next_step_due, turn.today)}" if found.next_step_due else ""
        text.append(f"Next step: {found.next_step}{due}." if found.next_step else "No next step is set.")
    elif found.status == "lost" and found.lost_reason:
        text.append(f"Lost because: {found.lost_reason}.")
    pushed = next(
        (one for one in moved if one.field == "close_date" and one.old and one.new and one.new > one.old), None
    )
    if pushed is not None and found.pushes:
        sources.figure(f"{found.name} pushes", found.pushes, "times")
        mark = sources.mark(cite_history(found, pushed, _change(pushed, found, stages, owners, turn.today, of_company)))
        text.append(f"The close date was {times_pushed(found)}, last on {day_of(turn, pushed.at)} {mark}.")
    if found.competitor:
        text.append(f"Against: {found.competitor}.")
    best = sorted(informative(touches, competitors=rivals), key=lambda one: -one.score)[:1]
    text += [quoted(one, sources, turn) for one in best]
    history = tuple(
        f"{day_of(turn, one.at)}: {_change(one, found, stages, owners, turn.today, of_company)}{f' by {one.by}' if one.by else ''} "
        f"{sources.mark(cite_history(found, one, _change(one, found, stages, owners, turn.today, of_company)))}"
        for one in moved[:8]
        if one.field in _FIELDS or one.field in of_company
    )
    people = tuple(
        f"{one.contact}{f', {one.title}' if one.title else ''}: {wording.words(one.role)}"
        f"{' (left)' if one.left_on else ''} {sources.mark(cite_role(one))}"
        for one in played
    )
    sold = tuple(
        f"{one.quantity:,} x {one.product}: {wording.money(one.amount_minor, one.currency)}" for one in lines_sold[:8]
    )
    sections = (
        Section(title="People", lines=people),
        Section(title="What changed", lines=history),
        Section(title="Products", lines=sold),
        Section(title="More fields", lines=added),
    )
    sources.cards.append(DealsCard(title=found.name, deals=(deal_line(found, note),)))
    filled = tuple(one for one in sections if one.lines)
    if filled:
        sources.cards.append(BriefCard(title=f"{found.name} in detail", sections=filled))
    sources.cards.append(
        follow_ups(
            ("Latest", f"What's the latest on {found.account or found.name}?"),
            ("Who is who", f"Who is who at {found.account or found.name}?"),
        )
    )
    subjects = [deal_subject(found)]
    if found.account_id and found.account:
        subjects.append(Subject("account", found.account_id, found.account))
    return finished("\n".join(text), sources, *subjects)


def _change(
    one: HistoryFacts,
    deal: DealFacts,
    stages: dict[str, str],
    owners: dict[str, str],
    today: date,
    of_company: Mapping[str, Definition],
) -> str:
    """``Stage: Review → Proposal``, in words."""
    if (added := of_company.get(one.field)) is not None:
        was, became = (value_words(added, from_history(added, text), deal.currency, today) for text in (one.old, one.new))
        return f"{added.label}: {was} → {became}"
    label = _FIELDS.get(one.field, wording.words(one.field))

    def say(value: str | None) -> str:
        if value is None or value == "":
            return "none"
        match one.field:
            case "stage_id":
                return stages.get(value, value)
            case "owner_id":
                return owners.get(value, "somebody else")
            case "amount_minor" if value.lstrip("-").isdigit():
                return wording.money(int(value), deal.currency)
            case "close_date" | "next_step_due":
                return wording.day(date.fromisoformat(value[:10]), today)
            case "forecast_category":
                return wording.words(value)
        return value

    return f"{label}: {say(one.old)} → {say(one.new)}"
