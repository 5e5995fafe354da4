"""What was promised, by whom, and what became of it."""

from typing import Literal

from bot import wording
from bot.agent.tools.citing import Sources, cite_interaction, cite_task
from bot.agent.tools.commitments import Commitment, commitments, source_sentence, untracked
from bot.agent.tools.gist import Sentence
from bot.agent.tools.resolving import account_of, asking, contact_of, deal_of, owners_of
from bot.agent.tools.shaping import brief, channel_name, day_of, due_words, finished, follow_ups, local_day, task_line
from bot.agent.tools.unworded import closest
from bot.agent.turn import Found, Subject, Turn
from bot.cards import BriefCard, Section, TasksCard
from crm_store.queries import interactions, tasks
from crm_store.queries.interactions import InteractionFilter
from crm_store.queries.tasks import TaskFacts, TaskFilter

By = Literal["us", "them", "both"]
_LOOKED_AT = 40
_SHOWN = 4
_FRESH = 180
"""Days after which something that was only said is no longer worth a reminder."""


@asking
def promises(
    turn: Turn,
    account: str | None = None,
    contact: str | None = None,
    deal: str | None = None,
    owner: str | None = None,
    by: By = "us",
    open_only: bool = False,
) -> Found:
    """Promises that are tracked as tasks, then those that were only said, newest first."""
    with turn.read() as session:
        known = account_of(session, turn, account) if account else None
        person = contact_of(session, turn, contact, account_id=known.id if known else None) if contact else None
        about = deal_of(session, turn, deal, account_id=known.id if known else None) if deal else None
        if not (known or person or about) and owner is None:
            owner = "me"
        owners = owners_of(session, turn, owner) if owner else None
        owner_ids = owners.ids if owners else None
        wanted = TaskFilter(
            kind="promise",
            status="open" if open_only else None,
            owner_ids=owner_ids,
            account_id=known.id if known else None,
            deal_id=about.id if about else None,
            contact_id=person.id if person else None,
        )
        tracked = tasks.tasks(session, wanted, limit=100).rows if by in ("us", "both") else ()
        page = interactions.interactions(
            session,
            InteractionFilter(
                account_id=known.id if known else None,
                deal_id=about.id if about else None,
                contact_id=person.id if person else None,
                owner_ids=owner_ids,
                until=turn.now,
            ),
            limit=_LOOKED_AT,
        )
        ids = frozenset(task.source_id for task in tracked if task.source_id)
        origins = {
            one.id: one
            for one in interactions.interactions(session, InteractionFilter(ids=ids), limit=len(ids) or 1).rows
        }
        all_tracked = tasks.of_sources(session, [one.id for one in page.rows])
    where = (
        about.name if about else person.name if person else known.name if known else owners.by if owners else "anyone"
    )
    subjects: list[Subject] = []
    if person:
        subjects.append(Subject("contact", person.id, person.name))
    if known:
        subjects.append(Subject("account", known.id, known.name))
    if about:
        subjects.append(Subject("deal", about.id, about.name))
    quotes = {task.id: said for task in tracked if (said := _quote(task, origins)) is not None}
    in_page = {one.id: one for one in page.rows}
    known_sentences = [said for task in all_tracked if (said := _quote(task, in_page)) is not None]
    wanted_sides = ("us", "them") if by == "both" else (by,)
    recent = [one for one in page.rows if (turn.now - one.at).days <= _FRESH]
    said_only = [one for one in untracked(commitments(recent), known_sentences) if one.by in wanted_sides]
    sources = Sources()
    to_whom = bool(known or person or about)
    if not tracked and not said_only:
        near = closest(turn, turn.message, page.rows, sources)[:1] if to_whom else []
        none = _none(where, by, open_only, to_whom, page.total)
        return finished(" ".join([none, *(f"The nearest: {one}" for one in near)]), sources, *subjects)
    waiting = [task for task in tracked if task.status == "open"]
    waiting.sort(key=lambda task: (-task.overdue_days(turn.today), task.due or turn.today))
    kept = [task for task in tracked if task.status == "done"]
    kept.sort(key=lambda task: task.done_at or task.created_at, reverse=True)
    ordered = [*waiting, *kept]
    lines = [f"**{_lead(ordered, where, by, to_whom, turn, sources)}**"]
    lines += [f"- {_tracked_line(task, quotes.get(task.id), turn, sources)}" for task in ordered[:_SHOWN]]
    room = max(1, _SHOWN + 1 - len(ordered))
    lines += [f"- {_said_line(one, turn, sources)}{' (no task)' if ordered else ''}" for one in said_only[:room]]
    if ordered:
        cards = tuple(task_line(task, turn.today) for task in ordered[:10])
        sources.cards.append(TasksCard(title=f"Promises: {where}", tasks=cards, more=max(0, len(ordered) - 10)))
    if len(said_only) > room:
        rest = tuple(_said_line(one, turn, sources) for one in said_only[room : room + 6])
        sources.cards.append(
            BriefCard(title="Also said", sections=(Section(title="Not tracked as tasks", lines=rest),))
        )
    if any(task.overdue_days(turn.today) for task in ordered):
        late = next(task for task in ordered if task.overdue_days(turn.today))
        sources.cards.append(
            follow_ups(("Mark it done", f"Complete the task “{late.title}”"), ("My tasks", "What are my tasks?"))
        )
    return finished("\n".join(lines), sources, *subjects)


def _quote(task: TaskFacts, origins: dict[str, interactions.InteractionFacts]) -> Sentence | None:
    origin = origins.get(task.source_id or "")
    return source_sentence(task, origin) if origin is not None else None


def _lead(tracked: list[TaskFacts], where: str, by: By, to_whom: bool, turn: Turn, sources: Sources) -> str:
    late = sum(bool(task.overdue_days(turn.today)) for task in tracked)
    still_open = sum(task.status == "open" for task in tracked)
    kept = sum(task.status == "done" for task in tracked)
    if tracked:
        parts = [
            part
            for part in (
                f"{late} overdue" if late else "",
                f"{still_open - late} open" if still_open - late else "",
                f"{kept} kept" if kept else "",
            )
            if part
        ]
        sources.figure("Promises", len(tracked), "promises")
        sources.figure("Promises overdue", late, "promises")
        who = f"to {where}" if to_whom else f"by {where}"
        if kept == len(tracked):
            return f"{wording.plural(kept, 'promise')} {who}, {'both' if kept == 2 else 'all'} kept."
        return f"{wording.plural(len(tracked), 'promise')} {who}: {wording.join(parts)}."
    who = "They promised" if by == "them" else "We promised" if by == "us" else "Said by either side"
    return (
        f"{who}, as far as the notes of {where} say; no task tracks it:" if to_whom else f"{who}, not tracked as tasks:"
    )


def _tracked_line(task: TaskFacts, said: Sentence | None, turn: Turn, sources: Sources) -> str:
    mark = (
        sources.mark(cite_interaction(said.source, said.text, said.speaker)) if said else sources.mark(cite_task(task))
    )
    late = task.overdue_days(turn.today)
    if task.status == "done":
        state = f"kept {day_of(turn, task.done_at)}" if task.done_at else "kept"
        if task.done_at and task.due and local_day(turn, task.done_at) > task.due:
            state += f", {wording.plural((local_day(turn, task.done_at) - task.due).days, 'day')} late"
    elif late and task.due:
        state = f"was due {wording.day(task.due, turn.today)}, **{wording.plural(late, 'day')} overdue**"
    else:
        state = due_words(task, turn.today)
    owner = "" if task.owner_id == turn.caller.person_id or not task.owner else f", {task.owner}"
    quote = f": “{brief(said.text, 110)}”" if said else ""
    return f"{task.title}{quote} {mark} ({state}{owner})"


def _said_line(one: Commitment, turn: Turn, sources: Sources) -> str:
    said = one.sentence
    who = said.speaker if said.direct else ("our" if one.by == "us" else "from our")
    where = f"{channel_name(said.source.channel)} of {day_of(turn, said.source.at)}"
    head = (
        f"{who}, {where}"
        if said.direct
        else f"{who} {channel_name(said.source.channel)} note of {day_of(turn, said.source.at)}"
    )
    mark = sources.mark(cite_interaction(said.source, said.text, said.speaker))
    return f"{head}: “{brief(said.text, 130)}” {mark}"


def _none(where: str, by: By, open_only: bool, to_whom: bool, looked_at: int) -> str:
    who = {"us": "we promised", "them": "they promised", "both": "either side promised"}[by]
    still = " that is still open" if open_only else ""
    place = f"{where}'s {wording.plural(looked_at, 'interaction')}" if to_whom else "the record"
    return f"I find nothing {who}{still}: no promise is tracked, and nothing in {place} reads like one."
