"""Proposals that add a task, change one or finish it."""

import re
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from rapidfuzz import fuzz

from bot import wording
from bot.agent.tools.proposing import change_words, day_words, proposed
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, deal_of, is_id, person_of
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Option
from bot.errors import BadInput
from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.queries import interactions, tasks
from crm_store.queries.interactions import InteractionFacts, InteractionFilter
from crm_store.queries.tasks import TaskFacts, TaskFilter

_ALIKE = 75
_CLOSE = 5
_OFTEN = re.compile(r"(?:(\d{1,2}) )?(day|weekday|week|month|quarter|year)s?")
_UNITS = {
    "day": relativedelta(days=1), "week": relativedelta(weeks=1), "month": relativedelta(months=1),
    "quarter": relativedelta(months=3), "year": relativedelta(years=1),
}  # fmt: skip
_LOOKED_AT = 20
_SMALL = re.compile(r"\b(?:the|a|an|my|our|that|this|with|to|for|of|about|on|at|and|task|reminder)\b")
"""Words by which no task is told from another."""
_IF_SILENT = " (if they have not answered by then)"
_PROMISED = re.compile(r"\bpromis", re.IGNORECASE)


@asking
def create_task(
    turn: Turn,
    title: str,
    due: date | None = None,
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    owner: str = "me",
    repeats: str | None = None,
    unless_answered: bool = False,
) -> Found:
    """A proposal for a new task; of one that ``repeats`` its next few times. ``unless_answered``: only if they owe us a word; that is
    looked up now, so a task for a later day says what it hangs on."""
    with turn.read() as session:
        where = account_of(session, turn, account) if account else None
        person = contact_of(session, turn, contact, account_id=where.id if where else None) if contact else None
        about = deal_of(session, turn, deal, account_id=where.id if where else None) if deal else None
        who = person_of(session, turn, owner)
        about_id = where.id if where else about.account_id if about else None
        answered = _answered(session, about_id, person.id if person else None, turn.now) if unless_answered else None
    if answered is not None:
        from_them = tuple(Subject("contact", one.contact_id, one.name) for one in answered.participants if one.contact_id)
        said = wording.moment(answered.at, turn.caller.zone, turn.today)
        return Found(f"**They have answered** ({said}, “{answered.subject}”), so no task is added.", subjects=from_them[:1])
    later = unless_answered and due is not None and due > turn.today
    title = f"{title}{_IF_SILENT}" if later else title
    account_id = where.id if where else about.account_id if about else person.account_id if person else None
    values = {
        "title": title, "kind": "promise" if _PROMISED.search(turn.message) else "task", "due": due,
        "account_id": account_id, "deal_id": about.id if about else None, "contact_id": person.id if person else None,
        "owner_id": who.id,
    }  # fmt: skip
    names = [
        one for one in (person.name if person else "", where.name if where else "", about.name if about else "") if one
    ]
    names = [one for one in names if one.lower() not in title.lower()]
    about_words = f" ({', '.join(names)})" if names else ""
    mine = who.id == turn.caller.person_id
    when = f", due **{wording.day(due, turn.today)}**" if due else ", no date"
    late = " That day has passed." if due and due < turn.today else ""
    text = f"**Add this task?** {title}{about_words}{when}, for {'you' if mine else who.name}.{late}"
    subjects = []
    if person:
        subjects.append(Subject("contact", person.id, person.name))
    if where:
        subjects.append(Subject("account", where.id, where.name))
    if about:
        subjects.append(Subject("deal", about.id, about.name))
    days = _coming(due, repeats) if due and repeats else ()
    if len(days) > 1:
        shown_days = wording.join([wording.day(day, turn.today) for day in days])
        text = (
            f"**Add these tasks?** {title}{about_words}, every {repeats}, for {'you' if mine else who.name}: due **{shown_days}**. "
            "I keep no endless series; ask again for more."
        )
        drafts = [Draft("create", "task", {**values, "due": day}, entity_id=new_id(), label=f"Task: {title}") for day in days]
        return proposed(turn, drafts, f"{len(days)} new tasks: {title}", text, *subjects)
    if unless_answered:
        text += " They have not answered so far." + (" I do not look again on the day, so the task says it." if later else "")
    draft = Draft("create", "task", values, entity_id=new_id(), label=f"Task: {title}")
    return proposed(turn, [draft], f"New task: {title}", text, *subjects)


def _coming(first: date, repeats: str) -> tuple[date, ...]:
    """The next days of a task that comes again: a working week of a daily one, four of any other.

    :raises BadInput: when it is not said how often in days, weekdays, weeks, months, quarters or years.
    """
    match = _OFTEN.fullmatch(repeats.strip().lower())
    if match is None:
        raise BadInput(f"I can't repeat a task every “{repeats}”. Say day, weekday, week, 2 weeks, month, quarter or year.")
    count, unit = int(match.group(1) or 1), match.group(2)
    if unit == "weekday":
        return tuple(day for at in range(7) if (day := first + timedelta(days=at)).weekday() < 5)
    return tuple(first + _UNITS[unit] * count * at for at in range(5 if unit == "day" else 4))


def _answered(
    session: ScopedSession, account_id: str | None, contact_id: str | None, now: datetime
) -> InteractionFacts | None:
    """What they wrote or said to us after our last word, if anything."""
    wanted = InteractionFilter(account_id=None if contact_id else account_id, contact_id=contact_id, until=now)
    newest = interactions.interactions(session, wanted, limit=_LOOKED_AT).rows
    first = next((row for row in newest if row.direction in ("inbound", "outbound")), None)
    return first if first is not None and first.direction == "inbound" else None


@asking
def complete_task(turn: Turn, task: str) -> Found:
    """A proposal that marks a task as done; the task is named by its id or by words of its title."""
    with turn.read() as session:
        found = task_of(session, turn, task)
    subject = Subject("task", found.id, found.title)
    if found.status == "done":
        return Found(f"“{found.title}” is done already.", subjects=(subject,))
    about = f" ({found.account})" if found.account else ""
    due = f", was due {wording.day(found.due, turn.today)}" if found.due else ""
    text = f"**Mark as done?** {found.title}{about}{due}."
    draft = Draft("update", "task", {"status": "done"}, entity_id=found.id, label=f"Task: {found.title}")
    return proposed(turn, [draft], f"Done: {found.title}", text, subject)


@asking
def update_task(
    turn: Turn,
    task: str,
    due: date | None = None,
    shift_days: int | None = None,
    owner: str | None = None,
    title: str | None = None,
    cancel: bool = False,
) -> Found:
    """A proposal that changes one open task, old beside new, or deletes it where it is cancelled. ``shift_days`` are days later than
    it is due now, less than none earlier; the task is named as in :func:`complete_task`.

    :raises BadInput: when nothing is said to become of it.
    """
    with turn.read() as session:
        found = task_of(session, turn, task)
        new_owner = person_of(session, turn, owner) if owner else None
    subject = Subject("task", found.id, found.title)
    about = f" ({found.account})" if found.account else ""
    if found.status == "done":
        return Found(f"“{found.title}” is done already, so it was not changed.", subjects=(subject,))
    if cancel:
        when = f", due {wording.day(found.due, turn.today)}" if found.due else ""
        text = f"**Delete this task?** {found.title}{about}{when}. It can be undone."
        gone = Draft("delete", "task", {}, entity_id=found.id, label=f"Task: {found.title}")
        return proposed(turn, [gone], f"Cancelled: {found.title}", text, subject)
    if due is None and shift_days:
        if found.due is None:
            length = wording.plural(abs(shift_days), "day")
            return Found(f"“{found.title}” has no day yet, so I can't move it by {length}. Say which day.", subjects=(subject,))
        due = found.due + timedelta(days=shift_days)
    values: dict[str, object] = {}
    said = []
    if title is not None and title != found.title:
        values["title"] = title
        said.append(change_words("title", found.title, title))
    if due is not None and due != found.due:
        values["due"] = due
        said.append(change_words("due", day_words(found.due, turn), day_words(due, turn)))
    if new_owner is not None and new_owner.id != found.owner_id:
        values["owner_id"] = new_owner.id
        said.append(change_words("owner", found.owner, new_owner.name))
    if not values:
        if due is None and title is None and new_owner is None:
            raise BadInput("What shall become of the task: another day, another owner, another title, or cancelled?")
        return Found(f"“{found.title}” is like that already, so nothing was changed.", subjects=(subject,))
    late = " That day has passed." if due is not None and due < turn.today else ""
    text = f"**Change this task?** {found.title}{about}: {'; '.join(said)}.{late}"
    draft = Draft("update", "task", values, entity_id=found.id, label=f"Task: {found.title}")
    return proposed(turn, [draft], f"Task changed: {found.title}", text, subject)


def task_of(session: ScopedSession, turn: Turn, text: str) -> TaskFacts:
    """The task that ``text`` names: the caller's own open ones first, then those of others they see.

    :raises Unresolved: none or several.
    """
    if is_id(text):
        page = tasks.tasks(session, TaskFilter(ids=frozenset({text})), limit=1)
        if page.rows:
            return page.rows[0]
        raise ask("I can't find that task among those you can see.", (), "task")
    wanted = _bare(text)
    own = tasks.tasks(session, TaskFilter(owner_ids=frozenset({turn.caller.person_id}), status="open"), limit=200).rows
    others = tasks.tasks(session, TaskFilter(status="open"), limit=200).rows
    for rows in (own, others):
        scored = [(_likeness(wanted, one), one) for one in rows]
        best = max((score for score, _ in scored), default=0.0)
        near = [one for score, one in scored if score >= _ALIKE and score > best - _CLOSE]
        if len(near) == 1:
            return near[0]
        if near:
            raise ask(f"Which task do you mean by “{text}”?", _options(tuple(near), turn), "task")
    raise ask(f"I can't find an open task called {text} that you can see.", _options(own[:4], turn), "task")


def _bare(text: str) -> str:
    """Words as titles are compared by: "the follow-up with Helena" is "follow up helena"."""
    words = re.sub(r"\bfollow-?(?=up\b)", "follow ", re.sub(r"'s\b", "", text.casefold()))
    words = " ".join(re.findall(r"[\w&]+", words))
    return " ".join(_SMALL.sub(" ", words).split()) or words


def _likeness(wanted: str, task: TaskFacts) -> float:
    """How well words name a task, 0 to 105: by its title and whom it is about."""
    title = _bare(task.title)
    if wanted == title:
        return 100.0 + _CLOSE
    whole = _bare(" ".join(part for part in (task.title, task.account or "", task.contact or "", task.deal or "") if part))
    return float(fuzz.token_set_ratio(wanted, whole))


def _options(rows: tuple[TaskFacts, ...], turn: Turn) -> tuple[Option, ...]:
    return tuple(
        Option(label=f"{one.title}{f', {wording.day(one.due, turn.today)}' if one.due else ''}"[:75], value=one.id)
        for one in rows
    )
