"""Rows of what happened: interactions with who took part, and tasks and promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, timedelta
from random import Random

from crm_store.base import Base
from crm_store.models import Channel, Direction, Interaction, Participant, Task
from crm_store.sample.company import PEOPLE_BY_KEY
from crm_store.sample.customers import contact_id, edited, external, person_id
from crm_store.sample.days import moment, paragraphs, resolve, spoken, workday
from crm_store.sample.forms import AccountEntry, Todo, Touch
from crm_store.sample.identity import sample_id
from crm_store.sample.recordings import Recording, read_recording
from crm_store.sample.selling import deal_id

MINUTES = {Channel.CALL: (6, 12, 18, 25), Channel.MEETING: (30, 45, 60, 90), Channel.EVENT: (60, 120, 240)}


@dataclass(frozen=True)
class PlannedTouch:
    """A touch with its account, its place in the account's list, and its time."""

    account: AccountEntry
    touch: Touch
    key: str
    at: datetime

    @property
    def id(self) -> str:
        return touch_id(self.account.key, self.key)

    @property
    def by(self) -> str:
        return self.touch.by or self.account.owner


def touch_id(account: str, key: str) -> str:
    return sample_id("interaction", f"{account}/{key}")


def plan(account: AccountEntry, touches: list[Touch], today: Date) -> list[PlannedTouch]:
    planned = []
    for position, touch in enumerate(touches):
        key = touch.key or f"{position}"
        day = resolve(touch.day, today)
        if touch.channel in (Channel.CALL, Channel.MEETING) or touch.direction != Direction.INBOUND:
            day = workday(day, forward=day > today)
        zone = PEOPLE_BY_KEY[touch.by or account.owner].timezone
        whole_day_after = today if day <= today else day + timedelta(days=1)
        at = moment(day, zone, whole_day_after, Random(f"at:{account.key}:{key}"))
        planned.append(PlannedTouch(account, touch, key, at))
    return planned


def interactions(planned: list[PlannedTouch], today: Date) -> Iterator[Interaction]:
    for item in planned:
        touch, account = item.touch, item.account
        recording = read_recording(touch.transcript) if touch.transcript else None
        yield Interaction(
            id=item.id,
            channel=touch.channel,
            direction=touch.direction,
            at=item.at,
            duration_s=_duration(item, recording),
            subject=spoken(touch.subject, today),
            body=recording.text if recording else spoken(paragraphs(touch.body), today),
            turns=[turn.as_json() for turn in recording.turns] if recording else [],
            outcome=spoken(touch.outcome, today) or None,
            deal_id=deal_id(account.key, touch.deal) if touch.deal else None,
            account_id=sample_id("account", account.key),
            owner_id=person_id(item.by),
            **external(f"{account.key}/{item.key}"),
            **edited(min(item.at, _written_by(item, today))),
        )


def _written_by(item: PlannedTouch, today: Date) -> datetime:
    """A planned meeting was put in the calendar some days ago, not in the future."""
    day = workday(today - timedelta(days=4), forward=False)
    return (
        moment(day, PEOPLE_BY_KEY[item.by].timezone, today, Random(f"written:{item.id}"))
        if item.at.date() > today
        else item.at
    )


def _duration(item: PlannedTouch, recording: Recording | None) -> int | None:
    if recording is not None:
        return recording.duration_s
    if item.touch.minutes is not None:
        return item.touch.minutes * 60
    usual = MINUTES.get(Channel(item.touch.channel))
    return Random(f"minutes:{item.id}").choice(usual) * 60 if usual else None


def participants(planned: list[PlannedTouch]) -> Iterator[Participant]:
    for item in planned:
        ours, theirs = _parts(item.touch)
        us = [(person_id(key), None) for key in (item.by, *item.touch.with_us.split())]
        them = [(None, contact_id(item.account.key, key)) for key in item.touch.who.split()]
        for position, (person, contact) in enumerate([*us, *them]):
            leading = position in (0, len(us))
            part = ours if person else theirs
            yield Participant(
                id=sample_id("participant", f"{item.id}/{position}"),
                interaction_id=item.id,
                at=item.at,
                person_id=person,
                contact_id=contact,
                part=part if leading or part != "sender" else "recipient",
                account_id=sample_id("account", item.account.key),
                owner_id=person_id(item.by),
            )


def _parts(touch: Touch) -> tuple[str, str]:
    """The part of our people and of theirs."""
    if touch.channel in (Channel.EMAIL, Channel.CHAT, Channel.SOCIAL):
        return ("recipient", "sender") if touch.direction == Direction.INBOUND else ("sender", "recipient")
    return "attendee", "attendee"


def tasks(account: AccountEntry, todos: list[Todo], planned: list[PlannedTouch], today: Date) -> Iterator[Base]:
    times = {item.key: item.at for item in planned}
    for position, todo in enumerate(todos):
        random = Random(f"task:{account.key}:{position}:{todo.title}")
        by = todo.by or account.owner
        zone = PEOPLE_BY_KEY[by].timezone
        due = resolve(todo.due, today)
        done = (
            None
            if todo.done is None
            else moment(workday(resolve(todo.done, today), forward=False), zone, today, random)
        )
        made = times.get(todo.source)
        if made is None:
            day = (
                resolve(todo.made, today)
                if todo.made is not None
                else min(due, today) - timedelta(days=random.randrange(3, 9))
            )
            made = moment(workday(day, forward=False), zone, today, random)
        if done is not None and done <= made:
            done = made + timedelta(minutes=35)
        key = f"{account.key}/{position}"
        yield Task(
            id=sample_id("task", key),
            title=spoken(todo.title, today),
            kind=todo.kind,
            status="open" if done is None else "done",
            due=due,
            done_at=done,
            deal_id=deal_id(account.key, todo.deal) if todo.deal else None,
            contact_id=contact_id(account.key, todo.who) if todo.who else None,
            source_id=touch_id(account.key, todo.source) if todo.source else None,
            account_id=sample_id("account", account.key),
            owner_id=person_id(by),
            **external(key),
            **edited(made, done),
        )
