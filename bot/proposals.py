"""Proposals as people see them, and the one way that tools make them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.agent.turn import Turn
from bot.cards import Evidence, FieldChange, ProposalView, ProposedItem
from bot.wording import day, join, moment, money, plural, words
from crm_store.access import ScopedSession
from crm_store.changes import ENTITIES, Draft, Field, ReadItem, read_proposal
from crm_store.changes import propose as write_down
from crm_store.custom_fields import PREFIX

_HIDDEN = {"currency", "owner_id", "account_id", "turns", "direction", "source_id", "pipeline_id", "kind"}
"""Fields that a card leaves out of a new row: they follow from the others or say nothing to a reader."""


def propose(turn: Turn, drafts: Sequence[Draft], summary: str) -> ProposalView:
    """Write a proposal down for the caller and return it as a card shows it.

    :raises CrmError: when a draft names what the caller may not see, does not fit its field or changes nothing.
    """
    message = {"kind": "message", "text": turn.message, "citation": None}
    backed = [draft if draft.evidence else _with_evidence(draft, message) for draft in drafts]
    with turn.store.write(turn.caller.scope) as session:
        proposal_id = write_down(
            session,
            person_id=turn.caller.person_id,
            drafts=backed,
            summary=summary,
            origin=turn.origin,
            now=turn.now,
            thread_id=turn.thread,
            dedupe_key=turn.dedupe_key(),
        )
    with turn.read() as session:
        return view(session, proposal_id, turn.caller.zone, turn.today)


def view(session: ScopedSession, proposal_id: str, zone: ZoneInfo, today: date) -> ProposalView:
    """The proposal as it stands now.

    :raises NotVisible: when the session's scope does not let it through.
    """
    read = read_proposal(session, proposal_id)
    return ProposalView(
        id=read.id,
        summary=read.summary,
        items=tuple(_item(item, zone, today) for item in read.items),
        status=cast(Any, read.status),
        change_id=None if read.undone else read.change_id,
        decided_at=read.decided_at,
    )


def _with_evidence(draft: Draft, message: Mapping[str, Any]) -> Draft:
    return Draft(draft.action, draft.entity, draft.values, draft.entity_id, draft.label, (message,))


def _item(item: ReadItem, zone: ZoneInfo, today: date) -> ProposedItem:
    return ProposedItem(
        id=item.id,
        action=cast(Any, item.action),
        entity=item.entity,
        entity_id=item.entity_id,
        label=item.label or f"New {ENTITIES[item.entity].noun}",
        changes=tuple(
            _both_said(item, _change(item, name, each["old"], each["new"], zone, today), zone, today)
            for name, each in item.changes.items()
        ),
        evidence=tuple(Evidence.model_validate(each) for each in item.evidence),
        status=cast(Any, item.status),
        others=tuple(_change(item, name, value, value, zone, today) for name, value in item.others.items()),
        currency=item.currency,
    )


def _both_said(item: ReadItem, change: FieldChange, zone: ZoneInfo, today: date) -> FieldChange:
    """A field of a merge that both records fill: what stays, and what the other one says."""
    other = item.changes[change.field].get("other")
    if other is None or change.old != change.new:
        return change
    said = _words(item, item.fields[change.field], other, zone, today)
    return change.model_copy(update={"old_text": "", "new_text": f"{change.new_text} stays (the other record says {said})"})


def _change(item: ReadItem, name: str, old: Any, new: Any, zone: ZoneInfo, today: date) -> FieldChange:
    field = item.fields.get(name) or Field(name.removeprefix(PREFIX).replace("_", " "))  # one that was purged since
    added = field.definition is not None
    return FieldChange(
        field=name,
        label=field.label,
        old=old,
        new=new,
        old_text=_words(item, field, old, zone, today),
        new_text=_words(item, field, new, zone, today),
        shown=item.action != "create" or not (name in _HIDDEN or (name == "body" and "turns" in item.changes)),
        kind=field.kind if added else "",
        choices=field.choices if added else (),
    )


def _words(item: ReadItem, field: Field, value: Any, zone: ZoneInfo, today: date) -> str:
    """A stored value as a person reads it; nothing is an em dash."""
    if value is None or value == []:
        return "—"
    match field.kind:
        case "date":
            return day(date.fromisoformat(value), today)
        case "time":
            return moment(datetime.fromisoformat(value), zone, today)
        case "money":
            return money(value, item.currency)
        case "row":
            return item.names.get(value, "—")
        case "rows":
            return join([item.names.get(each, "—") for each in value])
        case "names":
            return join([str(each) for each in value])
        case "flag":
            return "yes" if value else "no"
        case "choice":
            return words(str(value))
        case "decimal":
            return f"{value:,}"
        case "turns":
            return plural(len(value), "turn")
        case _:
            return str(value)
