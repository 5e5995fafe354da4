"""Calls, meetings, e-mails, notes and tasks, from HubSpot's engagement tables, Salesforce's tasks and events, or one list."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from crm_store.imports.columns import key
from crm_store.imports.known import Ref
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Run, put
from crm_store.imports.writing import Draft, Values
from crm_store.models import Participant

_CHANNELS = {
    "call": "call", "phone": "call", "phonecall": "call", "loggedcall": "call", "meeting": "meeting",
    "demo": "meeting", "email": "email", "loggedemail": "email",
    "listemail": "email", "incomingemail": "email", "forwardedemail": "email", "note": "note",
    "communication": "chat", "chat": "chat",
    "sms": "chat", "whatsapp": "chat", "whatsappmessage": "chat", "linkedin": "social", "linkedinmessage": "social",
    "social": "social", "event": "event",
    "conference": "event", "webinar": "event", "cadence": "email",
}  # fmt: skip
_OF_FILE = {"call": "call", "meeting": "meeting", "email": "email", "note": "note", "communication": "chat"}
_INBOUND = {"inbound", "incoming", "incomingemail", "forwardedemail", "true", "received"}
_DONE = {"completed", "complete", "done", "closed", "finished"}
_TITLES = {
    "call": "Call",
    "meeting": "Meeting",
    "email": "E-mail",
    "chat": "Message",
    "social": "Message",
    "event": "Event",
    "note": "Note",
}


def is_task(row: Row) -> bool:
    """Whether a row of a file of tasks or activities is something to do; a logged call or mail is not."""
    channel = _channel(row)
    if row.sheet.kind.name == "task":
        return channel not in ("call", "email") or not _is_done(row)
    return key(row.raw("type")) in ("task", "todo", "promise")


def interaction(row: Row, run: Run, external_id: str) -> Draft | None:
    when = row.moment("at") or _base_time(run, external_id)
    if when is None:
        raise BadValue("at", "the time is missing")
    channel = _channel(row) or _of_base(run, external_id) or "note"
    account, deal, who = _about(row, run, external_id)
    owner_id = run.owner(row) or _base_owner(run, external_id)
    body = row.prose("body") or ""
    subject = row.text("subject", 300) or (body.splitlines()[0][:200] if body else _TITLES[channel])
    direction = "internal" if channel == "note" else "inbound" if _is_inbound(row) else "outbound"
    values: Values = {
        "channel": channel, "at": when, "subject": subject, "body": body[:200_000], "direction": direction,
        "duration_s": _seconds(row, when), "outcome": row.text("outcome", 300),
    }  # fmt: skip
    for name, ref in (("account_id", account), ("deal_id", deal)):
        if ref is not None:
            values[name] = ref
    if row.given("owner") or owner_id:
        values["owner_id"] = owner_id
    if row.raw("url").startswith(("http://", "https://")):
        put(values, row, "url", row.text("url", 500))
    draft = Draft(
        row.line,
        external_id,
        values,
        {"account_id": None, "deal_id": None, "owner_id": None, "url": None, "created_at": when},
    )
    part = (
        {"inbound": "sender", "outbound": "recipient"}.get(direction, "attendee")
        if channel != "meeting"
        else "attendee"
    )
    blank: dict[str, Any] = {"at": when, "contact_id": None, "person_id": None, "name": None, "part": part}
    for each in who:
        draft.children.append((Participant, "interaction_id", blank | {"contact_id": each.id}))
    if owner_id:
        draft.children.append(
            (
                Participant,
                "interaction_id",
                blank
                | {
                    "person_id": owner_id,
                    "part": "sender" if part == "recipient" else "recipient" if part == "sender" else part,
                },
            )
        )
    for name in row.all("attendees")[:50]:
        draft.children.append((Participant, "interaction_id", blank | _attendee(run, name)))
    return draft


def task(row: Row, run: Run, external_id: str) -> Draft | None:
    account, deal, who = _about(row, run, external_id)
    due = row.day("due")
    done = _is_done(row)
    body = row.prose("body") or ""
    title = row.text("subject", 300) or (body.splitlines()[0][:300] if body else None)
    if title is None:
        title = f"Task {external_id}"[:300]
        row.decide("subject", title, "the row has no subject")
    values: Values = {"title": title, "due": due, "status": "done" if done else "open"}
    finished = row.soft("done_at", lambda cell: row.moment("done_at"))
    values["done_at"] = (
        (finished or row.soft("created_at", lambda cell: row.moment("created_at")) or run.now) if done else None
    )
    put(values, row, "owner_id", run.owner(row), "owner")
    for name, ref in (("account_id", account), ("deal_id", deal), ("contact_id", who[0].id if who else None)):
        if ref is not None:
            values[name] = ref
    created = row.soft("created_at", lambda cell: row.moment("created_at")) or run.now
    kind = "promise" if key(row.raw("type")) == "promise" else "task"
    initial = {
        "account_id": None,
        "deal_id": None,
        "contact_id": None,
        "owner_id": None,
        "kind": kind,
        "created_at": created,
    }
    return Draft(row.line, external_id, values, initial, {"title": "subject", "owner_id": "owner"})


def _about(row: Row, run: Run, external_id: str) -> tuple[str | None, str | None, list[Ref]]:
    """(account id, deal id, contacts); the account follows from the deal or from the contacts when none is named."""
    related = row.raw("about")
    by_what = run.known.deals.find(related, run.source) if related else None
    deal = by_what or run.deal(row, ("engagement deal", external_id))
    account = run.account(row, ("engagement company", external_id))
    if account is None and related and by_what is None:
        account = run.known.accounts.find(related, run.source)
        if account is None:
            row.decide("about", "", "neither a deal nor an account of this id or name is known")
    who = [ref for ref, _ in run.contacts(row, ("engagement contact", external_id))]
    inherited = [deal.account_id if deal else None, *(each.account_id for each in who)]
    account_id = account.id if account else next((each for each in inherited if each), None)
    return account_id, deal.id if deal else None, who


def _channel(row: Row) -> str | None:
    for field in ("type", "subtype"):
        found = _CHANNELS.get(key(row.raw(field)))
        if found:
            return found
    return _OF_FILE.get(row.sheet.kind.name)


def _of_base(run: Run, external_id: str) -> str | None:
    tied = run.known.linked("engagement", external_id)
    return _CHANNELS.get(key(tied[0][0])) if tied else None


def _base_owner(run: Run, external_id: str) -> str | None:
    tied = run.known.linked("engagement owner", external_id)
    found = run.known.people.find(tied[0][0], run.source) if tied else None
    return found.id if found else None


def _base_time(run: Run, external_id: str) -> datetime | None:
    tied = run.known.linked("engagement time", external_id)
    return datetime.fromisoformat(tied[0][0]) if tied else None


def _is_inbound(row: Row) -> bool:
    return key(row.raw("direction")) in _INBOUND or key(row.raw("type")) in ("incomingemail", "forwardedemail")


def _is_done(row: Row) -> bool:
    return row.flag("closed") is True or key(row.raw("status")) in _DONE


def _seconds(row: Row, when: datetime) -> int | None:
    for field, each in (("milliseconds", 0.001), ("minutes", 60), ("seconds", 1)):
        given = row.raw(field)
        if given.count(":") in (1, 2) and given.replace(":", "").isdigit():
            parts = [int(part) for part in given.split(":")]
            return parts[0] * 3600 + parts[1] * 60 + parts[2] if len(parts) == 3 else parts[0] * 60 + parts[1]
        number = row.soft(field, _number_in(row, field))
        if number is not None:
            return min(max(0, round(float(number) * each)), 7 * 86_400)
    end = row.soft("ends", lambda cell: row.moment("ends"))
    seconds = (end - when).total_seconds() if end else 0
    return round(seconds) if 0 < seconds < 7 * 86_400 else None


def _number_in(row: Row, field: str) -> Callable[[str], Decimal | None]:
    return lambda cell: row.number(field)


def _attendee(run: Run, given: str) -> dict[str, Any]:
    contact = run.known.contacts.find(given, run.source)
    if contact is not None:
        return {"contact_id": contact.id}
    person = run.known.people.find(given, run.source)
    return {"person_id": person.id} if person is not None else {"name": given[:160]}
