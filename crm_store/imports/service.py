"""Support cases and answers to surveys."""

from crm_store.imports.known import Ref
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Run, put
from crm_store.imports.writing import Draft, Values

CASE_STATUS = {
    "new": "open", "open": "open", "working": "open", "escalated": "open", "inprogress": "open",
    "waiting": "waiting", "onhold": "waiting",
    "waitingoncontact": "waiting", "waitingonus": "open", "pending": "waiting", "closed": "closed",
    "resolved": "closed", "solved": "closed",
    "1": "open", "2": "waiting", "3": "open", "4": "closed",
}  # fmt: skip
PRIORITY = {
    "low": "low",
    "normal": "normal",
    "medium": "normal",
    "high": "high",
    "urgent": "urgent",
    "critical": "urgent",
}


def case(row: Row, run: Run, external_id: str) -> Draft | None:
    opened = row.moment("opened_at")
    if opened is None:
        raise BadValue("opened_at", "the day it was opened is missing")
    closed_at = row.soft("closed_at", lambda cell: row.moment("closed_at"))
    status = _status(row, run, closed_at is not None)
    subject = row.text("subject", 300) or row.text("description", 300)
    if subject is None:
        raise BadValue("subject", "a case needs a subject")
    who = run.contacts(row, ("ticket contact", external_id))
    at = run.account(row, ("ticket company", external_id))
    values: Values = {
        "number": row.text("number", 64) or external_id[:64], "subject": subject, "status": status, "opened_at": opened,
        "closed_at": (closed_at or opened) if status == "closed" else None, "priority": row.choice("priority", PRIORITY, "normal"),
    }  # fmt: skip
    account_id = at.id if at else next((ref.account_id for ref, _ in who if ref.account_id), None)
    if account_id:
        values["account_id"] = account_id
    if who:
        values["contact_id"] = who[0][0].id
    put(values, row, "owner_id", run.owner(row), "owner")
    put(values, row, "description", row.prose("description"))
    put(values, row, "first_response_at", row.soft("first_response_at", lambda cell: row.moment("first_response_at")))
    score = row.soft("satisfaction", lambda cell: row.number("satisfaction"))
    if score is not None and 1 <= score <= 5:
        values["satisfaction"] = round(score)
    elif score is not None:
        row.decide("satisfaction", "", "satisfaction goes from 1 to 5")
    return Draft(row.line, external_id, values, {"account_id": None, "contact_id": None, "created_at": opened})


def keep_case(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    values = draft.initial | draft.values
    ref = Ref(draft.row_id, values.get("account_id"), values.get("owner_id"))
    run.known.cases.add(ref, draft.external_id, values["number"])


def _status(row: Row, run: Run, has_closed: bool) -> str:
    if row.given("closed") and row.flag("closed") is not None:
        closed = bool(row.flag("closed"))
        return "closed" if closed else "waiting" if CASE_STATUS.get(row.raw("status").lower()) == "waiting" else "open"
    state = run.known.also.get("ticket stage", {}).get(run.external(row.raw("status")))
    if state is not None:
        return state
    if row.raw("status"):
        return row.choice("status", CASE_STATUS, "closed" if has_closed else "open")
    return "closed" if has_closed else "open"


def survey(row: Row, run: Run, external_id: str) -> Draft | None:
    kind = row.choice(
        "kind", {"nps": "nps", "netpromoterscore": "nps", "csat": "csat", "customersatisfaction": "csat"}, "csat"
    )
    score, when = row.number("score"), row.moment("at")
    most = 10 if kind == "nps" else 5
    if score is None or not 0 <= score <= most:
        raise BadValue("score", f"an answer to {kind.upper()} goes up to {most}")
    if when is None:
        raise BadValue("at", "the day of the answer is missing")
    who = run.contacts(row)
    at = run.account(row) or (Ref(who[0][0].account_id) if who and who[0][0].account_id else None)
    values: Values = {
        "kind": kind, "score": round(score), "comment": row.prose("comment"), "at": when, "account_id": at.id if at else None,
        "contact_id": who[0][0].id if who else None,
    }  # fmt: skip
    put(values, row, "owner_id", run.owner(row), "owner")
    return Draft(row.line, external_id, values)
