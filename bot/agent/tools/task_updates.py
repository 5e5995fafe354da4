"""Proposals that add a task or finish one."""

import re
from datetime import date

from rapidfuzz import fuzz

from bot import wording
from bot.agent.tools.proposing import proposed
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, deal_of, is_id, person_of
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Option
from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.queries import tasks
from crm_store.queries.tasks import TaskFacts, TaskFilter

_ALIKE = 75
_CLOSE = 5
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
) -> Found:
    """A proposal for a new task."""
    with turn.read() as session:
        where = account_of(session, turn, account) if account else None
        person = contact_of(session, turn, contact, account_id=where.id if where else None) if contact else None
        about = deal_of(session, turn, deal, account_id=where.id if where else None) if deal else None
        who = person_of(session, turn, owner)
    account_id = where.id if where else about.account_id if about else person.account_id if person else None
    values = {
        "title": title, "kind": "promise" if _PROMISED.search(turn.message) else "task", "due": due,
        "account_id": account_id, "deal_id": about.id if about else None, "contact_id": person.id if person else None,
        "owner_id": who.id,
    }  # fmt: skip
    names = [
        one for one in (person.name if person else "", where.name if where else "", about.name if about else "") if one
    ]
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
    draft = Draft("create", "task", values, entity_id=new_id(), label=f"Task: {title}")
    return proposed(turn, [draft], f"New task: {title}", text, *subjects)


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


def task_of(session: ScopedSession, turn: Turn, text: str) -> TaskFacts:
    """The task that ``text`` names: the caller's own open ones first, then those of others they see.

    :raises Unresolved: none or several.
    """
    if is_id(text):
        page = tasks.tasks(session, TaskFilter(ids=frozenset({text})), limit=1)
        if page.rows:
            return page.rows[0]
        raise ask("I can't find that task among those you can see.", (), "task")
    wanted = text.strip(" \"'“”").casefold()
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


def _likeness(wanted: str, task: TaskFacts) -> float:
    title = " ".join(part for part in (task.title, task.account or "", task.contact or "") if part).casefold()
    if wanted == task.title.casefold():
        return 100.0 + _CLOSE
    return float(fuzz.token_set_ratio(wanted, title))


def _options(rows: tuple[TaskFacts, ...], turn: Turn) -> tuple[Option, ...]:
    return tuple(
        Option(label=f"{one.title}{f', {wording.day(one.due, turn.today)}' if one.due else ''}"[:75], value=one.id)
        for one in rows
    )
