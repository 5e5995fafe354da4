"""What is going on with an account: one headline, what was last said, what is open. Each claim has its source."""

from bot import wording
from bot.agent.tools.citing import (
    Sources,
    cite_case,
    cite_deal,
    cite_history,
    cite_subscription,
    cite_task,
)
from bot.agent.tools.contradictions import contradiction
from bot.agent.tools.custom_words import filled_words
from bot.agent.tools.resolving import account_of, asking
from bot.agent.tools.shaping import (
    account_subject,
    channel_name,
    cite_touch,
    day_of,
    deal_line,
    deal_note,
    deal_subject,
    due_words,
    finished,
    follow_ups,
    local_day,
    quoted,
    task_line,
    timeline_line,
    with_whom,
)
from bot.agent.tools.standings import (
    RENEWAL_DAYS,
    Standing,
    deal_words,
    headline,
    last_said,
    main_deal,
    standing_of,
    times_pushed,
)
from bot.agent.turn import Found, Subject, Turn
from bot.cards import DealsCard, TasksCard, TimelineCard
from crm_store.queries import deals
from crm_store.queries.custom import custom_of


@asking
def account_latest(turn: Turn, account: str, focus: str | None = None) -> Found:
    """The state of an account, led by a headline; ``focus`` narrows what was said to one matter."""
    with turn.read() as session:
        facts = account_of(session, turn, account)
        turn.say(f"Reading {facts.name}'s history…")
        now = standing_of(session, turn, facts)
        main = main_deal(now)
        pushes = deals.history(session, main.id, fields=("close_date",)) if main and main.pushes else ()
        added = filled_words(custom_of(session, "account", facts.id), turn.today)
    sources = Sources()
    said = last_said(now, focus)
    lines = [f"**{facts.name}: {headline(now, turn)}.**"]
    lines += [quoted(sentence, sources, turn) for sentence in said]
    if not said and focus:
        lines.append(f"Nothing in the last {wording.plural(len(now.touches), 'interaction')} mentions “{focus}”.")
    if main is not None:
        line = f"{main.name}: {deal_words(main, turn)}"
        if pushes:
            changed = pushes[0]
            quote = f"Close date {changed.old} to {changed.new}"
            line += f", {times_pushed(main)} {sources.mark(cite_history(main, changed, quote))}"
            sources.figure(f"{main.name} pushes", main.pushes, "times")
        else:
            line += f" {sources.mark(cite_deal(main, deal_words(main, turn)))}"
        if main.amount_minor is not None:
            sources.figure(main.name, main.amount_minor, main.currency or "EUR")
        lines.append(
            line + ("." if len(now.deals) == 1 else f", and {wording.plural(len(now.deals) - 1, 'more open deal')}.")
        )
    elif now.closed:
        last = now.closed[0]
        lines.append(f"{last.name}: {deal_words(last, turn)} {sources.mark(cite_deal(last, deal_words(last, turn)))}.")
        if last.amount_minor is not None:
            sources.figure(last.name, last.amount_minor, last.currency or "EUR")
    if differing := contradiction(now.touches):
        lines.append(f"Said differently: {'; earlier '.join(quoted(one, sources, turn) for one in differing)}")
    if open_items := _open_items(now, turn, sources):
        lines.append(f"Open: {'; '.join(open_items)}.")
    lines.append(_contact_line(now, turn, sources))
    if added:
        lines.append(f"Also recorded: {'; '.join(added)}.")
    _figures(now, turn, sources)
    _cards(now, turn, sources)
    subjects: list[Subject] = [account_subject(facts)]
    if main is not None:
        subjects.append(deal_subject(main))
    return finished("\n".join(line for line in lines if line), sources, *subjects)


def _figures(now: Standing, turn: Turn, sources: Sources) -> None:
    """The numbers of the headline and of what is open."""
    sources.figure(f"{now.account.name}: open deals", len(now.deals), "deals")
    for task in now.tasks:
        if days := task.overdue_days(turn.today):
            sources.figure(f"{task.title}: overdue", days, "days")
    main = main_deal(now)
    if main is not None and main.close_date:
        sources.figure(f"{main.name}: closes in", (main.close_date - turn.today).days, "days")
    if now.account.last_touch is not None:
        quiet = (turn.today - local_day(turn, now.account.last_touch)).days
        sources.figure(f"{now.account.name}: last contact", quiet, "days")


def _open_items(now: Standing, turn: Turn, sources: Sources) -> list[str]:
    items: list[str] = []
    for task in sorted(now.tasks, key=lambda one: (one.kind != "promise", one.due or turn.today))[:2]:
        who = (
            "you promised: "
            if task.kind == "promise" and task.owner_id == turn.caller.person_id
            else (f"{task.owner} promised: " if task.kind == "promise" and task.owner else "")
        )
        items.append(f"{who}{task.title}, {due_words(task, turn.today)} {sources.mark(cite_task(task))}")
    for case in now.cases[:1]:
        items.append(
            f"{case.priority} case “{case.subject}” since {day_of(turn, case.opened_at)} "
            f"{sources.mark(cite_case(case))}"
        )
    ending = [one for one in now.subscriptions if (one.ends_on - turn.today).days <= RENEWAL_DAYS]
    if ending:
        items.append(
            f"{ending[0].product} renews {wording.day(ending[0].ends_on, turn.today)} "
            f"{sources.mark(cite_subscription(ending[0]))}"
        )
    return items


def _contact_line(now: Standing, turn: Turn, sources: Sources) -> str:
    if not now.touches:
        return "No interaction with them is recorded yet."
    last = next((one for one in now.touches if one.direction != "internal"), now.touches[0])
    mark = sources.mark_source(cite_touch(last))
    silent = "" if last.body or last.turns or last.outcome else ", nothing written down"
    line = (
        f"Last contact: {channel_name(last.channel)} with {with_whom(last)}, "
        f"{wording.ago(local_day(turn, last.at), turn.today)}{silent} {mark}."
    )
    if now.ahead is not None:
        line += f" Next: {now.ahead.subject}, {wording.moment(now.ahead.at, turn.caller.zone, turn.today)}."
    return line


def _cards(now: Standing, turn: Turn, sources: Sources) -> None:
    name = now.account.name
    if now.deals:
        shown = tuple(deal_line(deal, deal_note(deal, turn)) for deal in now.deals[:5])
        sources.cards.append(DealsCard(title=f"Open deals of {name}", deals=shown, more=max(0, len(now.deals) - 5)))
    if len(now.tasks) > 2:
        lines = tuple(task_line(task, turn.today) for task in now.tasks[:6])
        sources.cards.append(TasksCard(title=f"To do for {name}", tasks=lines, more=max(0, len(now.tasks) - 6)))
    if now.touches:
        recent = tuple(timeline_line(one) for one in now.touches[:3])
        more = max(0, now.touch_count - len(recent))
        sources.cards.append(TimelineCard(title=f"Last with {name}", lines=recent, more=more))
    sources.cards.append(
        follow_ups(
            ("Prepare the call", f"Prepare me for {name}"),
            ("Promises", f"What did we promise {name}?"),
            ("Timeline", f"Show the timeline of {name}"),
        )
    )
