"""What to know before talking to an account, each line with its source, ending in an agenda drawn from it."""

from bot import wording
from bot.agent.tools.citing import (
    Sources,
    cite_case,
    cite_contact,
    cite_deal,
    cite_interaction,
    cite_order,
    cite_role,
    cite_subscription,
    cite_survey,
    cite_task,
)
from bot.agent.tools.custom_words import filled_words
from bot.agent.tools.gist import Sentence, matters_to_them
from bot.agent.tools.resolving import account_of, asking, deal_of
from bot.agent.tools.shaping import (
    account_subject,
    brief,
    channel_name,
    day_of,
    deal_subject,
    due_words,
    finished,
    follow_ups,
    local_day,
    quoted,
    with_whom,
)
from bot.agent.tools.standings import Standing, deal_words, headline, last_said, main_deal, standing_of, times_pushed
from bot.agent.turn import Found, Subject, Turn
from bot.cards import BriefCard, Section
from crm_store.queries import cases, contacts, deals, purchases
from crm_store.queries.cases import SurveyFacts
from crm_store.queries.contacts import ContactFacts, RoleFacts
from crm_store.queries.custom import custom_of
from crm_store.queries.deals import DealFacts
from crm_store.queries.purchases import OrderFacts, OrderTotals

_LINES = 5
_CARED = 180
"""What mattered to them more days ago than this has had its time."""


@asking
def account_brief(turn: Turn, account: str, deal: str | None = None) -> Found:
    """A brief in sections; ``deal`` puts that deal first."""
    with turn.read() as session:
        facts = account_of(session, turn, account)
        turn.say(f"Preparing {facts.name}…")
        now = standing_of(session, turn, facts)
        chosen = deal_of(session, turn, deal, account_id=facts.id) if deal else main_deal(now)
        people = contacts.contacts(session, now=turn.now, account_id=facts.id)
        played = contacts.roles(session, account_id=facts.id)
        surveys = cases.surveys(session, facts.id)
        orders = purchases.orders(session, facts.id, limit=1)
        totals = purchases.order_totals(session, facts.id)
        moved = deals.history(session, chosen.id, limit=3) if chosen else ()
        added = filled_words(custom_of(session, "account", facts.id), turn.today)
    sources = Sources()
    recent = [one for one in now.touches if (turn.now - one.at).days <= _CARED]
    cares = matters_to_them(recent, now.competitors)[:_LINES]
    text = [f"**{facts.name}: {headline(now, turn)}.**"]
    if said := last_said(now)[:1]:
        text.append(quoted(said[0], sources, turn))
    promises = _promises(now, turn, sources)
    risks = _risks(now, chosen, people, turn, sources)
    if any(task.kind == "promise" for task in now.tasks):
        text.append(f"Settle first: {promises[0]}.")
    elif risks:
        text.append(f"Mind: {risks[0]}.")
    sections = (
        Section(title="Where we stand", lines=tuple(_stand(now, chosen, turn, sources))),
        Section(title="People", lines=tuple(_people(people, played, turn, sources))),
        Section(title="What they care about", lines=tuple(quoted(one, sources, turn) for one in cares)),
        Section(title="Promises and tasks", lines=tuple(promises)),
        Section(title="Last three contacts", lines=tuple(_touches(now, turn, sources))),
        Section(title="Risks", lines=tuple(risks)),
        Section(title="Numbers", lines=tuple(_numbers(now, surveys, orders, totals, turn, sources))),
        Section(title="More fields", lines=added),
        Section(title="Suggested agenda", lines=tuple(_agenda(now, chosen, cares, turn, sources))),
    )
    sources.figure(f"{facts.name} open deals", len(now.deals), "deals")
    if moved and chosen:
        sources.figure(f"{chosen.name} pushes", chosen.pushes, "times")
    sources.cards.append(
        BriefCard(title=f"Before you talk to {facts.name}", sections=tuple(s for s in sections if s.lines))
    )
    sources.cards.append(
        follow_ups(
            ("Who is who", f"Who is who at {facts.name}?"),
            ("Promises", f"What did we promise {facts.name}?"),
            ("Timeline", f"Show the timeline of {facts.name}"),
        )
    )
    subjects: list[Subject] = [account_subject(facts)]
    if chosen is not None:
        subjects.append(deal_subject(chosen))
    return finished("\n".join(text), sources, *subjects)


def _stand(now: Standing, chosen: DealFacts | None, turn: Turn, sources: Sources) -> list[str]:
    lines = []
    listed = [chosen] if chosen else []
    listed += [deal for deal in now.deals if chosen is None or deal.id != chosen.id]
    for deal in listed[:3]:
        words = deal_words(deal, turn)
        line = f"{deal.name}: {words} {sources.mark(cite_deal(deal, words))}"
        if deal.amount_minor is not None:
            sources.figure(deal.name, deal.amount_minor, deal.currency or "EUR")
        if deal.next_step:
            due = f", due {wording.day(deal.next_step_due, turn.today)}" if deal.next_step_due else ""
            line += f". Next step: {deal.next_step}{due}"
        lines.append(line)
    if not lines:
        lines.append(f"{now.account.kind.capitalize()}, no open deal")
    if now.ahead is not None:
        lines.append(f"Planned: {now.ahead.subject}, {wording.moment(now.ahead.at, turn.caller.zone, turn.today)}")
    return lines


def _people(people: tuple[ContactFacts, ...], played: tuple[RoleFacts, ...], turn: Turn, sources: Sources) -> list[str]:
    lines = []
    for one in sorted(
        people, key=lambda each: (each.left_on is not None, all(p.contact_id != each.id for p in played))
    )[:6]:
        parts = [part for part in played if part.contact_id == one.id]
        title = f", {one.title}" if one.title else ""
        if parts:
            named = wording.join(list(dict.fromkeys(wording.words(part.role) for part in parts)))
            line = f"{one.name}{title}: {named} {sources.mark(cite_role(parts[0]))}"
        else:
            line = f"{one.name}{title} {sources.mark(cite_contact(one, one.title or one.name))}"
        if one.left_on:
            line += f", left on {wording.day(one.left_on, turn.today)}"
        elif one.last_touch:
            line += f", last contact {wording.ago(local_day(turn, one.last_touch), turn.today)}"
        else:
            line += ", never contacted"
        lines.append(line + (", do not contact" if one.do_not_contact else ""))
    return lines


def _promises(now: Standing, turn: Turn, sources: Sources) -> list[str]:
    lines = []
    for task in sorted(now.tasks, key=lambda one: (one.kind != "promise", one.due or turn.today))[:_LINES]:
        state = due_words(task, turn.today)
        kind = "promised" if task.kind == "promise" else "to do"
        lines.append(f"{task.title} ({kind}, {state}) {sources.mark(cite_task(task))}")
    return lines


def _touches(now: Standing, turn: Turn, sources: Sources) -> list[str]:
    lines = []
    for source in now.touches[:3]:
        best = last_said(Standing(now.account, (), (source,), 1, None, (), (), (), now.competitors), most=1)
        line = f"{day_of(turn, source.at)}, {channel_name(source.channel)} with {with_whom(source)}"
        lines.append(f"{line}. {quoted(best[0], sources, turn)}" if best else f"{line}: {source.subject}")
    return lines


def _risks(
    now: Standing, chosen: DealFacts | None, people: tuple[ContactFacts, ...], turn: Turn, sources: Sources
) -> list[str]:
    lines = []
    if chosen is not None:
        mark = sources.mark(cite_deal(chosen, deal_words(chosen, turn)))
        if chosen.pushes:
            lines.append(f"{chosen.name} was {times_pushed(chosen)} {mark}")
        if chosen.competitor:
            lines.append(f"{chosen.competitor} competes for {chosen.name} {mark}")
        if chosen.next_step_due and chosen.next_step_due < turn.today:
            lines.append(
                f"Next step “{chosen.next_step}” was due {wording.day(chosen.next_step_due, turn.today)} {mark}"
            )
    for case in now.cases[:2]:
        if case.priority in ("urgent", "high"):
            lines.append(
                f"{case.priority.capitalize()} case “{case.subject}” open since {day_of(turn, case.opened_at)} "
                f"{sources.mark(cite_case(case))}"
            )
    for one in people:
        if one.left_on and (turn.today - one.left_on).days <= 180:
            lines.append(
                f"{one.name} left on {wording.day(one.left_on, turn.today)} "
                f"{sources.mark(cite_contact(one, one.title or one.name))}"
            )
    return lines[:_LINES]


def _numbers(
    now: Standing, surveys: tuple[SurveyFacts, ...], orders: tuple[OrderFacts, ...], totals: tuple[OrderTotals, ...],
    turn: Turn, sources: Sources,
) -> list[str]:  # fmt: skip
    lines = []
    for total in totals:
        latest = f" {sources.mark(cite_order(orders[0]))}" if orders and orders[0].currency == total.currency else ""
        amount = wording.money(total.amount_minor, total.currency)
        last = wording.day(total.last_on, turn.today)
        lines.append(f"Bought {amount} in {wording.plural(total.orders, 'order')}, last {last}{latest}")
        sources.figure("Orders", total.amount_minor, total.currency)
        sources.figure("Order count", total.orders, "orders")
    for one in now.subscriptions[:3]:
        amount = wording.money(one.amount_minor, one.currency)
        ends = wording.day(one.ends_on, turn.today)
        lines.append(f"{one.product}: {amount} a year, renews {ends} {sources.mark(cite_subscription(one))}")
        sources.figure(f"{one.product} per year", one.amount_minor, one.currency)
    if now.cases:
        lines.append(f"{wording.plural(len(now.cases), 'open case')} {sources.mark(cite_case(now.cases[0]))}")
        sources.figure("Open cases", len(now.cases), "cases")
    nps = next((one for one in surveys if one.kind == "nps"), None)
    if nps is not None:
        by = f" by {nps.contact}" if nps.contact else ""
        lines.append(f"NPS {nps.score}{by} on {day_of(turn, nps.at)} {sources.mark(cite_survey(nps))}")
        sources.figure("NPS", nps.score, "points")
    return lines


def _agenda(now: Standing, chosen: DealFacts | None, cares: list[Sentence], turn: Turn, sources: Sources) -> list[str]:
    """Points to raise, in the order in which they would come up: what we owe, what hurts, what they asked, the deal."""
    points = []
    for task in now.tasks:
        if task.kind == "promise":
            verb = "Apologise and settle" if task.overdue_days(turn.today) else "Confirm"
            points.append(f"{verb}: {task.title} {sources.mark(cite_task(task))}")
    for case in now.cases[:1]:
        points.append(f"Ask how case {case.number} is going: {case.subject} {sources.mark(cite_case(case))}")
    for one in cares[:2]:
        quote = sources.mark(cite_interaction(one.source, one.text, one.speaker))
        points.append(f"Come back to “{brief(one.text, 90)}” {quote}")
    if chosen is not None and chosen.next_step:
        points.append(
            f"Agree the next step: {chosen.next_step} {sources.mark(cite_deal(chosen, deal_words(chosen, turn)))}"
        )
    elif chosen is not None:
        points.append(
            f"Agree a next step for {chosen.name} {sources.mark(cite_deal(chosen, deal_words(chosen, turn)))}"
        )
    if chosen is not None and chosen.close_date and chosen.pushes:
        points.append(f"Check whether {wording.day(chosen.close_date, turn.today)} still holds")
    return points[:6]
