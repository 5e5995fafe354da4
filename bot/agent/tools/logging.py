"""The tool that logs what happened. It proposes; nothing is written before a confirm."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from langchain.tools import ToolRuntime, tool
from pydantic import BeforeValidator

from bot import wording
from bot.agent.tools.proposing import aware, proposed
from bot.agent.tools.resolving import account_of, ask, asking, contact_of, deal_of, deal_options, is_id
from bot.agent.tools.shaping import brief, channel_name, local_day, shown
from bot.agent.turn import Found, Subject, Turn
from bot.cards import Option
from crm_store.access import ScopedSession
from crm_store.base import new_id
from crm_store.changes import Draft
from crm_store.names import winners
from crm_store.queries import accounts, contacts, deals
from crm_store.queries.accounts import AccountFacts
from crm_store.queries.contacts import ContactFacts
from crm_store.queries.deals import DealFacts

ChannelName = Literal["call", "meeting", "email", "chat", "social", "event", "note"]
DirectionName = Literal["inbound", "outbound", "internal"]
Listed = Annotated[list[str] | None, BeforeValidator(lambda one: [one] if isinstance(one, str) else one)]
NEW = "new:"
"""A contact written with this in front is to be created, whoever else has that name."""
_PROMISED = re.compile(r"\b(?:i|we) (?:have )?promised\b|^promised\b", re.IGNORECASE)
_BARE = re.compile(r"(?:follow|check|catch)[ -]?(?:up|in)", re.IGNORECASE)
_SOON = timedelta(minutes=5)
_WITH = {"call": "with", "meeting": "with", "chat": "with", "event": "with", "note": "on"}


@dataclass(frozen=True, slots=True)
class _People:
    """Who it was with: known contacts, and names to create."""

    known: tuple[ContactFacts, ...]
    new: tuple[str, ...]

    @property
    def names(self) -> str:
        return wording.join([*(one.name for one in self.known), *self.new])


@asking
def log_interaction(
    turn: Turn,
    channel: str,
    text: str = "",
    account: str | None = None,
    contacts: list[str] | None = None,
    deal: str | None = None,
    at: datetime | None = None,
    direction: str | None = None,
    outcome: str | None = None,
    duration_minutes: int | None = None,
    next_step: str | None = None,
    next_step_due: date | None = None,
    task: str | None = None,
    task_due: date | None = None,
) -> Found:
    """A proposal that logs one interaction, with the task and the next step that follow from it."""
    with turn.read() as session:
        where = account_of(session, turn, account) if account else None
        named = deal_of(session, turn, deal, account_id=where.id if where else None) if deal else None
        if where is None and named is not None and named.account_id:
            where = accounts.account(session, named.account_id, now=turn.now)
        people = _people(session, turn, contacts or [], where)
        if where is None:
            where = _account_of_people(session, turn, people, channel)
        candidates = _candidate_deals(session, turn, people, where) if named is None else ()
        on = named or (candidates[0] if len(candidates) == 1 else None)
        if on is None and next_step and candidates:
            raise ask(f"Which deal is the next step “{next_step}” for?", deal_options(candidates), "deal")
    when = _moment(at, turn)
    interaction_id = new_id()
    created = {name: new_id() for name in people.new}
    word = _WITH.get(channel, "from" if direction == "inbound" else "to" if channel in ("email", "social") else "with")
    with_whom = f" {word} {people.names}" if people.names else ""
    subject = f"{channel_name(channel).capitalize()}{with_whom}"
    if not with_whom:
        subject += f": {brief(text or outcome or where.name, 80)}"
    drafts = [
        Draft("create", "contact", {"name": name, "account_id": where.id}, entity_id=id, label=f"New contact: {name}")
        for name, id in created.items()
    ]
    drafts.append(
        Draft(
            "create",
            "interaction",
            {
                "channel": channel,
                "direction": direction or ("internal" if channel == "note" else "outbound"),
                "at": when,
                "duration_s": duration_minutes * 60 if duration_minutes else None,
                "subject": subject,
                "body": text,
                "outcome": outcome,
                "account_id": where.id,
                "deal_id": on.id if on else None,
                "owner_id": turn.caller.person_id,
                "contact_ids": [*(one.id for one in people.known), *created.values()],
            },
            entity_id=interaction_id,
            label=f"{subject}, {wording.day(local_day(turn, when), turn.today)}",
        )
    )
    if next_step and on is None and task is None:
        task, task_due = next_step, task_due or next_step_due  # without a deal the step would be lost
    timed = at is not None and when == aware(at, turn)
    head = _headline(turn, channel, people, where, when, text, outcome, duration_minutes, word, timed)
    lines: list[str] = []
    if task:
        if people.names and _BARE.fullmatch(task.strip()):
            task = f"{task.strip()} with {people.names}"
        first = people.known[0].id if people.known else next(iter(created.values()), None)
        drafts.append(_task(turn, task, task_due or next_step_due, where, on, first, interaction_id, text))
        due_by = task_due or next_step_due
        due_words = f", **{wording.day(due_by, turn.today)}**" if due_by else " (no date)"
        lines.append(f"Task for you: {task}{due_words}.")
    if next_step and on is not None:
        drafts.append(_step(on, next_step, next_step_due))
        due = f", due **{wording.day(next_step_due, turn.today)}**" if next_step_due else ""
        was = f" (was: “{on.next_step}”)" if on.next_step else ""
        lines.append(f"Deal “{on.name}”: next step → “{next_step}”{due}{was}.")
    elif on is not None:
        lines.append(f"Deal: {on.name}.")
    elif candidates:
        lines.append(
            f"Not tied to a deal ({wording.join([one.name for one in candidates[:3]], 'or')}?); Edit to choose one."
        )
    if people.new:
        lines.append(f"New at {where.name}: {wording.join(list(people.new))}, to be added as a contact.")
    subjects = [Subject("contact", one.id, one.name) for one in people.known[:1]]
    subjects.append(Subject("account", where.id, where.name))
    if on is not None:
        subjects.append(Subject("deal", on.id, on.name))
    summary = f"Log {channel_name(channel)}{with_whom} ({where.name})"
    return proposed(turn, drafts, summary, "\n".join(part for part in (head, " ".join(lines)) if part), *subjects)


def _moment(at: datetime | None, turn: Turn) -> datetime:
    """When it happened, in UTC. A day without a time is now where it is today, and noon on any other day."""
    when = aware(at, turn)
    local = when.astimezone(turn.caller.zone)
    if at is None or local.time() != time():
        return when
    if local.date() == turn.today:
        return turn.now.astimezone(UTC)
    return local.replace(hour=12).astimezone(UTC)


def _people(session: ScopedSession, turn: Turn, named: list[str], where: AccountFacts | None) -> _People:
    """Each name resolved; at a known account a name nobody there has may be a new contact."""
    known: list[ContactFacts] = []
    new: list[str] = []
    for text in named:
        if text.startswith(NEW):
            new.append(text.removeprefix(NEW).strip())
            continue
        found = None if where is None else _at_account(session, turn, text, where)
        if isinstance(found, str):
            new.append(found)
        else:
            known.append(found or contact_of(session, turn, text, missing="contacts"))
    return _People(tuple(dict.fromkeys(known)), tuple(dict.fromkeys(new)))


def _at_account(session: ScopedSession, turn: Turn, text: str, where: AccountFacts) -> ContactFacts | str | None:
    """The contact of that account, or the name of a new one; asks when the name is known only elsewhere."""
    if is_id(text):
        return None
    best = winners(turn.names(session).find("contact", text, near_account_id=where.id))
    here = [match for match in best if match.name.account_id == where.id]
    if here:
        return contacts.contact(session, here[0].name.id, now=turn.now) if len(here) == 1 else contact_of(
            session, turn, text, account_id=where.id, missing="contacts"
        )  # fmt: skip
    if not best:
        return text.strip()
    options = [
        Option(label=f"{one.name}, {one.account or 'no account'}"[:75], value=one.id)
        for one in contacts.contacts(session, now=turn.now, contact_ids=[match.name.id for match in best[:4]])
    ]
    options.append(Option(label=f"A new contact at {where.name}"[:75], value=f"{NEW}{text.strip()}"))
    raise ask(f"I know no {text} at {where.name}. Who was it?", tuple(options), "contacts", text)


def _account_of_people(session: ScopedSession, turn: Turn, people: _People, channel: str) -> AccountFacts:
    ids = list(dict.fromkeys(one.account_id for one in people.known if one.account_id))
    if len(ids) == 1:
        return accounts.account(session, ids[0], now=turn.now)
    if ids:
        options = tuple(
            Option(label=row.name, value=row.id)
            for row in accounts.accounts(session, now=turn.now, limit=6, account_ids=ids).rows
        )
        raise ask("They are at different accounts. Which one should it be logged on?", options, "account")
    raise ask(f"Which account was the {channel_name(channel)} with?", (), "account")


def _candidate_deals(session: ScopedSession, turn: Turn, people: _People, where: AccountFacts) -> tuple[DealFacts, ...]:
    """The open deals it may be about: those the people play a part in, else all of the account's."""
    still_open = deals.open_deals(session, where.id, now=turn.now)
    if len(still_open) < 2:
        return still_open
    played = {
        part.deal_id for one in people.known for part in contacts.roles(session, contact_id=one.id, account_id=where.id)
    }
    theirs = tuple(one for one in still_open if one.id in played)
    return theirs or still_open


def _headline(
    turn: Turn, channel: str, people: _People, where: AccountFacts, when: datetime, text: str, outcome: str | None,
    minutes: int | None, word: str, timed: bool,
) -> str:  # fmt: skip
    day = local_day(turn, when)
    near = {0: "today", 1: "yesterday"}.get((turn.today - day).days)
    dated = f"{near} ({wording.day(day, turn.today)})" if near else wording.day(day, turn.today)
    dated += f", {when.astimezone(turn.caller.zone):%H:%M}" if timed else ""
    who = f" {word} {people.names} ({where.name})" if people.names else f" {word} {where.name}"
    length = f", {minutes} minutes" if minutes else ""
    said = f"{outcome}: {text}" if outcome and text and outcome not in text else text or outcome
    ask_to = "Plan this?" if when > turn.now + _SOON else "Log this?"
    line = f"**{ask_to}** {channel_name(channel).capitalize()}{who}, {dated}{length}"
    return f"{line}: {brief(said, 200).rstrip('.')}." if said else f"{line}."


def _task(
    turn: Turn, title: str, due: date | None, where: AccountFacts, on: DealFacts | None, contact_id: str | None,
    source_id: str, text: str,
) -> Draft:  # fmt: skip
    values = {
        "title": title,
        "kind": "promise" if _PROMISED.search(text) or _PROMISED.search(title) else "task",
        "due": due,
        "account_id": where.id,
        "deal_id": on.id if on else None,
        "contact_id": contact_id,
        "owner_id": turn.caller.person_id,
        "source_id": source_id,
    }
    return Draft("create", "task", values, label=f"Task: {title}")


def _step(deal: DealFacts, step: str, due: date | None) -> Draft:
    values: dict[str, object] = {"next_step": step}
    if due is not None or deal.next_step_due is not None:
        values["next_step_due"] = due
    return Draft("update", "deal", values, entity_id=deal.id, label=f"{deal.name}: next step")


@tool("log_interaction", response_format="content_and_artifact")
def _log_interaction(
    channel: ChannelName,
    runtime: ToolRuntime[Turn],
    text: str = "",
    account: str | None = None,
    contacts: Listed = None,
    deal: str | None = None,
    at: datetime | None = None,
    direction: DirectionName | None = None,
    outcome: str | None = None,
    duration_minutes: int | None = None,
    next_step: str | None = None,
    next_step_due: date | None = None,
    task: str | None = None,
    task_due: date | None = None,
) -> tuple[str, Found]:
    """Propose logging a call, meeting, e-mail, chat or note, with an optional task and next step. `text` is what
    happened in the person's own words. Nothing is written until they confirm."""
    return shown(
        log_interaction(
            runtime.context, channel, text, account, contacts, deal, at, direction, outcome, duration_minutes,
            next_step, next_step_due, task, task_due,
        )
    )  # fmt: skip


TOOLS = [_log_interaction]
