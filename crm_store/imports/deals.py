"""Deals, who plays which part in them, what is on them, and how their fields came to be what they are."""

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.changes.rows import history_form
from crm_store.imports.bulk import insert_rows
from crm_store.imports.commerce import line
from crm_store.imports.known import Ref
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Run, put
from crm_store.imports.writing import Draft, Values
from crm_store.models import Account, ContactRole, DealContact, FieldHistory

TRACKED = ("stage_id", "amount_minor", "currency", "close_date", "owner_id", "forecast_category")
FORECAST = {
    "pipeline": "pipeline", "notforecasted": "omitted", "omitted": "omitted", "bestcase": "best_case",
    "commit": "commit",
    "forecast": "commit", "mostlikely": "best_case", "closed": "closed", "closedwon": "closed",
    "dontforecast": "omitted",
}  # fmt: skip
_KINDS = {
    "new": "new", "newbusiness": "new", "newcustomer": "new", "existingbusiness": "expansion",
    "existingcustomerupgrade": "expansion",
    "existingcustomerreplacement": "renewal", "existingcustomerdowngrade": "renewal", "existingcustomer": "expansion",
    "expansion": "expansion", "upsell": "expansion", "crosssell": "expansion", "addon": "expansion",
    "renewal": "renewal",
}  # fmt: skip
_ROLES = {each.replace("_", ""): str(each) for each in ContactRole} | {
    "businessuser": "user", "evaluator": "technical_evaluator", "executivesponsor": "economic_buyer",
    "economicdecisionmaker": "economic_buyer",
    "technicalbuyer": "technical_evaluator", "budgetholder": "economic_buyer", "legalcompliance": "legal",
    "enduser": "user", "purchasing": "procurement",
}  # fmt: skip


def deal(row: Row, run: Run, external_id: str) -> Draft | None:
    amount, currency = row.money("amount", run.currency_of(row))
    close_date, created = row.day("close_date"), row.moment("created_at") or run.now
    # From here on nothing refuses the row, so what it mentions may be made.
    step = run.stages.of_deal(run.here, row)
    at = run.account(row, ("deal company", external_id))
    who = run.contacts(row, ("deal contact", external_id))
    if at is None and not (row.raw("account_id") or row.raw("account")):
        at = next((Ref(ref.account_id, ref.account_id) for ref, _ in who if ref.account_id), None)
    name = row.text("name", 200)
    if name is None:
        name = f"Deal {external_id}"[:200]
        row.decide("name", name, "the row names no deal")
    values: Values = {"name": name, "stage_id": step.id, "pipeline_id": step.pipeline_id, "status": step.status}
    put(values, row, "owner_id", run.owner(row), "owner")
    put(values, row, "amount_minor", amount, "amount")
    if row.given("amount", "currency"):
        values["currency"] = currency
    put(values, row, "close_date", close_date)
    if at is not None:
        values["account_id"] = at.id
    if step.status != "open":
        values["forecast_category"] = "closed"
    elif row.raw("forecast"):
        taken = row.choice("forecast", FORECAST, "pipeline")
        values["forecast_category"] = "pipeline" if taken == "closed" else taken
    put(values, row, "next_step", row.text("next_step", 300))
    for field, most in (("lost_reason", 120), ("competitor", 120), ("source", 80)):
        put(values, row, field, run.word(row, field, row.text(field, most)))
    put(values, row, "next_step_due", row.soft("next_step_due", lambda cell: row.day("next_step_due")))
    put(values, row, "description", row.prose("description"))
    if row.raw("kind"):
        values["kind"] = row.choice("kind", _KINDS, "new")
    values["closed_at"] = _closed_at(row, run, step.status, close_date, created)
    entered = row.soft("stage_entered", lambda cell: row.moment("stage_entered"))
    initial: Values = {
        "account_id": None, "owner_id": None, "currency": currency, "amount_minor": None, "close_date": None, "kind": "new",
        "forecast_category": "pipeline", "created_at": created, "stage_entered_at": entered or values["closed_at"] or created,
    }  # fmt: skip
    draft = Draft(row.line, external_id, values, initial, {"stage_id": "stage", "owner_id": "owner", "amount_minor": "amount",
                  "account_id": "account_id", "forecast_category": "forecast"})  # fmt: skip
    draft.without_history = frozenset(run.history_given.get(external_id, ()))
    full = initial | values
    for field in TRACKED:
        # A closed deal was open before; without its history nobody knows in which stage, so nothing is said of that.
        unknown = step.status != "open" and field in ("stage_id", "forecast_category")
        if not unknown and full.get(field) is not None and field not in draft.without_history:
            draft.children.append((FieldHistory, "entity_id", {
                "entity": "deal", "field": field, "old": None, "new": history_form(full[field]), "at": created, "by_id": None,
                "change_id": None}))  # fmt: skip
    run.known.links.setdefault("parts", {})[external_id] = [(ref.id, role) for ref, role in who]
    return draft


def _closed_at(row: Row, run: Run, status: str, close_date: Any, created: datetime) -> datetime | None:
    """Exports give a close date at best; a deal is not closed before it was made, nor in the future."""
    if status == "open":
        return None
    told = row.soft("closed_at", lambda cell: row.moment("closed_at"))
    day = datetime.combine(close_date, time(12), UTC) if close_date else created
    return min(max(told or day, created), max(run.now, created))


def keep_deal(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    values = draft.initial | draft.values
    ref = Ref(draft.row_id, values.get("account_id"), values.get("owner_id"), values.get("currency"))
    run.known.deals.add(ref, draft.external_id, values["name"])
    run.join(ref.account_id, ref.owner_id, "deal")


def after_deals(session: Session, run: Run, drafts: list[Draft]) -> None:
    """The parts contacts play in the deals of a batch, and customers where something was won."""
    rows: list[Values] = []
    for draft in drafts:
        values = draft.initial | draft.values
        for contact_id, role in run.known.links.get("parts", {}).pop(draft.external_id, []):
            rows.append({"id": new_id(), "deal_id": draft.row_id, "contact_id": contact_id, "role": _role(role),
                         "account_id": values.get("account_id"), "owner_id": values.get("owner_id")})  # fmt: skip
    before = {draft.row_id for draft in drafts if not draft.is_new}
    pairs = list({(row["deal_id"], row["contact_id"]) for row in rows if row["deal_id"] in before})
    there: set[tuple[str, str]] = set()
    for start in range(0, len(pairs), 250):
        part = select(DealContact.deal_id, DealContact.contact_id).where(
            tuple_(DealContact.deal_id, DealContact.contact_id).in_(pairs[start : start + 250])
        )
        there |= {(row.deal_id, row.contact_id) for row in session.execute(part)}
    fresh = [row for row in rows if (row["deal_id"], row["contact_id"]) not in there]
    if fresh:
        insert_rows(session, DealContact, fresh)
    bought = sorted(
        {str(d.values["account_id"]) for d in drafts if d.values["status"] == "won" and d.values.get("account_id")}
    )
    for start in range(0, len(bought), 500):
        plain = (Account.id.in_(bought[start : start + 500]), Account.kind == "prospect", Account.version == 1)
        session.execute(
            update(Account).where(*plain).values(kind="customer"), execution_options={"synchronize_session": False}
        )


def _role(given: str) -> str:
    words = "".join(each for each in given.casefold() if each.isalnum())
    return _ROLES.get(words, str(ContactRole.OTHER))


def deal_line(row: Row, run: Run, external_id: str) -> Draft | None:
    parent = next((ref for each in row.all("deal") if (ref := run.deal_of(each)) is not None), None)
    if parent is None:
        raise BadValue("deal", "the deal is not in the record")
    return line(row, run, external_id, parent, "deal_id")
