"""How rows become the lines of cards, and the phrases that several tools share."""

from datetime import date, datetime

from bot import wording
from bot.agent.tools.citing import Sources, cite_interaction, kind_of
from bot.agent.tools.gist import Sentence, author_of, gist, informative
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Citation, DealLineView, FollowUpsCard, Money, Option, TaskLine, TimelineLine
from crm_store.queries.accounts import AccountFacts
from crm_store.queries.contacts import ContactFacts
from crm_store.queries.deals import DealFacts
from crm_store.queries.interactions import InteractionFacts
from crm_store.queries.tasks import TaskFacts

_QUIET_DAYS = 14
_CHANNEL_NAMES = {"email": "e-mail", "social": "social message", "chat": "chat message"}


def finished(text: str, found: Sources, *subjects: Subject) -> Found:
    """The reply with everything it collected."""
    return Found(
        text.strip(), citations=found.citations, cards=tuple(found.cards), figures=found.figures, subjects=subjects
    )


def shown(found: Found) -> tuple[str, Found]:
    """Content and artifact of a tool message."""
    return found.text, found


def local_day(turn: Turn, at: datetime) -> date:
    return at.astimezone(turn.caller.zone).date()


def day_of(turn: Turn, at: datetime) -> str:
    return wording.day(local_day(turn, at), turn.today)


def channel_name(channel: str) -> str:
    return _CHANNEL_NAMES.get(channel, channel)


def deal_line(deal: DealFacts, note: str | None = None) -> DealLineView:
    return DealLineView(
        id=deal.id,
        name=deal.name,
        account=deal.account or "no account",
        owner=deal.owner or "no owner",
        stage=deal.stage,
        amount=deal_money(deal),
        close_date=deal.close_date,
        forecast_category=deal.forecast_category,
        next_step=deal.next_step,
        note=note,
    )


def deal_money(deal: DealFacts) -> Money | None:
    if deal.amount_minor is None:
        return None
    return Money(amount_minor=deal.amount_minor, currency=deal.currency or "EUR")


def deal_note(deal: DealFacts, turn: Turn) -> str | None:
    """What a reader should notice about an open deal, in a few words."""
    if deal.status != "open":
        return None
    notes = []
    if deal.close_date and deal.close_date < turn.today:
        notes.append("close date passed")
    if deal.pushes:
        notes.append(f"pushed {times(deal.pushes)}")
    quiet = (turn.today - local_day(turn, max(deal.last_touch or deal.created_at, deal.created_at))).days
    if quiet >= _QUIET_DAYS:
        notes.append(f"quiet {wording.plural(quiet, 'day')}" if deal.last_touch else "never touched")
    if not (deal.next_step or "").strip():
        notes.append("no next step")
    elif deal.next_step_due and deal.next_step_due < turn.today:
        notes.append("next step overdue")
    return ", ".join(notes) or None


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def due_words(task: TaskFacts, today: date) -> str:
    """``*3 days overdue*``, ``due today``, ``due Tue 24 Nov``, ``no date``."""
    if late := task.overdue_days(today):
        return f"**{wording.plural(late, 'day')} overdue**"
    if task.due is None:
        return "no date"
    near = {0: "today", 1: "tomorrow"}.get((task.due - today).days)
    return f"due {near or wording.day(task.due, today)}"


def task_line(task: TaskFacts, today: date) -> TaskLine:
    about = ", ".join(part for part in (task.contact, task.account) if part) or task.deal
    return TaskLine(
        id=task.id,
        title=task.title,
        due=task.due,
        overdue_days=task.overdue_days(today),
        about=about,
        promise=task.kind == "promise",
        done=task.status == "done",
    )


def timeline_line(source: InteractionFacts) -> TimelineLine:
    return TimelineLine(
        id=f"interaction:{source.id}",
        kind=kind_of(source.channel),
        at=source.at,
        title=source.subject,
        gist=gist(source),
        who=with_whom(source),
    )


def with_whom(source: InteractionFacts) -> str:
    """Those of them who took part, else the one of us."""
    names = list(source.theirs) or list(source.ours)
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more"]
    return wording.join(names)


def quoted(sentence: Sentence, sources: Sources, turn: Turn, place: str = "") -> str:
    """A sentence with who says it, when and where: ``Mara Lindqvist on Thu 19 Nov: “…” [1]``; ``place`` stands behind the day."""
    source = sentence.source
    mark = sources.mark(cite_interaction(source, sentence.text, sentence.speaker))
    when = day_of(turn, source.at)
    if sentence.direct and sentence.speaker:
        who = "you" if is_caller(sentence, turn) else sentence.speaker
        head = f"{who} on {when}"
    else:
        whose = "your" if is_caller(sentence, turn) else f"{sentence.speaker}'s" if sentence.speaker else "the"
        if source.theirs and source.channel != "note":
            head = f"{whose} note of the {channel_name(source.channel)} with {with_whom(source)}, {when}"
        else:
            what = "note" if source.channel == "note" else f"{channel_name(source.channel)} note"
            head = f"{whose} {what} of {when}"
    return f"{head[0].upper()}{head[1:]}{place}: “{brief(sentence.text)}” {mark}"


def cite_touch(source: InteractionFacts) -> Citation:
    """An interaction as a source, with the sentence of it that tells most; its subject where nothing was written."""
    best = informative((source,))
    return (
        cite_interaction(source, best[0].text, best[0].speaker)
        if best
        else cite_interaction(source, source.subject, author_of(source)[0])
    )


def is_caller(sentence: Sentence, turn: Turn) -> bool:
    return sentence.speaker is not None and sentence.speaker.casefold() == turn.caller.name.casefold()


def brief(text: str, most: int = 170) -> str:
    """A quote short enough for a sentence; cut at a space with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[: text.rfind(" ", 0, most)].rstrip(",;: ") + "…"


def follow_ups(*options: tuple[str, str]) -> FollowUpsCard:
    """Buttons: (label, the message it sends)."""
    return FollowUpsCard(options=tuple(Option(label=label[:75], value=value) for label, value in options))


def account_subject(account: AccountFacts) -> Subject:
    return Subject("account", account.id, account.name)


def deal_subject(deal: DealFacts) -> Subject:
    return Subject("deal", deal.id, deal.name)


def contact_subject(contact: ContactFacts) -> Subject:
    return Subject("contact", contact.id, contact.name)
