"""Accounts, contacts and leads."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from crm_store.imports import consents, leads
from crm_store.imports.known import Ref
from crm_store.imports.people import email, full_name
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Conversion, Run, put
from crm_store.imports.writing import Draft, Values
from crm_store.models import FieldHistory

ACCOUNT_KINDS = {
    "prospect": "prospect", "prospectcustomer": "prospect", "analyst": "influencer", "press": "influencer",
    "influencer": "influencer",
    "customer": "customer", "customerdirect": "customer", "customerchannel": "customer", "client": "customer",
    "partner": "partner",
    "channelpartnerreseller": "partner", "reseller": "partner", "installationpartner": "partner",
    "technologypartner": "partner",
    "integrator": "partner", "investor": "influencer", "former": "former", "formercustomer": "former",
    "churned": "former",
    "vendor": "partner", "competitor": "influencer", "other": "prospect",
}  # fmt: skip
LIFECYCLE = {
    "subscriber": "lead", "lead": "lead", "other": "lead", "marketingqualifiedlead": "qualified",
    "salesqualifiedlead": "qualified",
    "qualified": "qualified", "opportunity": "opportunity", "customer": "customer", "evangelist": "advocate",
    "advocate": "advocate",
}  # fmt: skip
_LEAD_STATUS = {
    "open": "lead", "opennotcontacted": "lead", "new": "lead", "working": "lead", "workingcontacted": "lead",
    "contacted": "lead",
    "nurturing": "lead", "closednotconverted": "lead", "unqualified": "lead", "qualified": "qualified",
    "closedconverted": "qualified",
    "converted": "qualified", "closed": "lead",
}  # fmt: skip


def account(row: Row, run: Run, external_id: str) -> Draft | None:
    name = row.text("name", 200)
    domain = row.soft("domain", _domain)
    if not (name or domain):
        raise BadValue("name", "an account needs a name or a domain")
    owner_id = run.owner(row)
    values: Values = {"name": name or domain}
    put(values, row, "owner_id", owner_id, "owner")
    put(values, row, "domain", domain, "domain")
    for field, most in (
        ("phone", 40),
        ("street", 200),
        ("city", 80),
        ("region", 80),
        ("country", 80),
    ):
        put(values, row, field, row.text(field, most))
    put(values, row, "industry", run.word(row, "industry", row.text("industry", 80)))
    put(values, row, "employees", row.soft("employees", _whole))
    put(values, row, "description", row.prose("description"))
    if row.raw("revenue"):
        try:
            values["annual_revenue_minor"], values["currency"] = row.money("revenue", run.currency_of(row))
        except BadValue as error:
            row.decide("revenue", "", error.reason)
    initial: Values = {"kind": "prospect", "created_at": _created(row, run)}
    kind = row.choice("kind", ACCOUNT_KINDS, "prospect") if row.raw("kind") else ""
    if row.raw("lifecycle") and kind in ("", "prospect"):
        kind = (
            "customer" if row.choice("lifecycle", LIFECYCLE, "lead") in ("customer", "advocate") else kind or "prospect"
        )
    if kind and kind != "prospect":  # a deal that was won made a customer of many a prospect
        values["kind"] = kind
    draft = Draft(row.line, external_id, values, initial, {"owner_id": "owner", "annual_revenue_minor": "revenue"})
    mentioned = run.known.accounts.named_only(str(values["name"]))
    if mentioned is not None and external_id not in run.known.accounts.by_id:
        draft.row_id, values["external_id"] = mentioned.id, external_id
    return draft


def keep_account(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    run.known.accounts.add(
        Ref(draft.row_id, draft.row_id, draft.values.get("owner_id")), draft.external_id, draft.values["name"]
    )
    run.known.know_domain(draft.row_id, draft.values.get("domain"), draft.values["name"])
    run.join(draft.row_id, draft.values.get("owner_id"), "owner")


def mention_contact(row: Row, run: Run, external_id: str) -> None:
    """The contacts that were merged into this one at the source."""
    for merged in row.all("merged"):
        run.known.also.setdefault("contact", {})[run.external(merged)] = external_id


def mention_lead(row: Row, run: Run, external_id: str) -> None:
    """The contact that a lead became."""
    if row.flag("converted") and row.raw("contact"):
        run.known.also.setdefault("contact", {})[external_id] = row.raw("contact")


def contact(row: Row, run: Run, external_id: str) -> Draft | None:
    at = run.account(row, ("contact company", external_id))
    lifecycle = row.choice("lifecycle", LIFECYCLE, "lead") if row.given("lifecycle") else None
    values = _person(row, run)
    if at is not None:
        values["account_id"] = at.id
    if lifecycle and row.raw("lifecycle"):
        values["lifecycle"] = lifecycle
    if row.raw("source"):  # where the file is silent, the lead that became this contact may say it
        values["source"] = run.word(row, "source", row.text("source", 80))
    put(values, row, "born_on", row.soft("born_on", lambda cell: row.day("born_on")))
    put(values, row, "left_on", row.day("left_on"))
    initial = {
        "account_id": None,
        "lifecycle": "qualified" if run.source == "salesforce" else "lead",
        "created_at": _created(row, run),
    }
    consents.note(row, run, external_id)
    return Draft(row.line, external_id, values, initial, {"owner_id": "owner", "account_id": "account_id"})


def lead(row: Row, run: Run, external_id: str) -> Draft | None:
    """A lead is a contact of stage lead. Of one that was converted only what became of it is told, where its contact is in
    the record."""
    became, converted = row.raw("contact"), row.flag("converted") is True
    found = run.known.contacts.find(became, run.source) if converted and became else None
    lifecycle = "opportunity" if row.raw("opportunity") else "qualified"
    created = _created(row, run)
    converted_at = row.soft("converted_at", lambda cell: row.moment("converted_at"))
    source = run.word(row, "source", row.text("source", 80))
    if found is not None:
        row.decide("contact", became, "this lead became a contact, which is in the record")
        run.conversions.append(
            Conversion(external_id, found, source, lifecycle, created, max(converted_at or created, created))
        )
        row.sheet.tally.skipped += 1
        return None
    values = _person(row, run)
    values["lifecycle"] = lifecycle if converted else row.choice("status", _LEAD_STATUS, "lead")
    put(values, row, "source", source)
    at = run.account(row)
    if at is not None:
        values["account_id"] = at.id
    told = {"company": row.raw("company"), "industry": row.raw("industry"), "status": row.raw("status")}
    initial = {"account_id": None, "created_at": created, "custom": {name: text for name, text in told.items() if text}}
    draft = Draft(row.line, external_id, values, initial, {"owner_id": "owner", "lifecycle": "status"})
    consents.note(row, run, external_id)
    if converted:
        steps = ((None, "lead", created), ("lead", lifecycle, max(converted_at or created, created)))
        for old, new, when in steps:
            draft.children.append((FieldHistory, "entity_id", {
                "entity": "contact", "field": "lifecycle", "old": old, "new": new, "at": when, "by_id": None,
                "change_id": None}))  # fmt: skip
    return draft


def after_leads(session: Session, run: Run, drafts: list[Draft]) -> None:
    consents.write(session, run, drafts)
    leads.write(session, run, drafts)


def keep_contact(run: Run, draft: Draft) -> None:
    assert draft.row_id is not None
    values = draft.values
    ref = Ref(draft.row_id, values.get("account_id"), values.get("owner_id"))
    run.known.contacts.add(ref, draft.external_id, values["name"], values.get("email"))


def _person(row: Row, run: Run) -> Values:
    address = email(row)
    name = full_name(row)
    if not (name or address):
        raise BadValue("name", "has neither a name nor an e-mail address")
    values: Values = {"name": name or str(address)}
    put(values, row, "owner_id", run.owner(row), "owner")
    put(values, row, "email", address)
    put(values, row, "phone", row.text("phone", 40))
    put(values, row, "title", row.text("title", 120))
    put(values, row, "description", row.prose("description"))
    if row.raw("do_not_contact"):
        values["do_not_contact"] = bool(row.flag("do_not_contact"))
    return values


def _created(row: Row, run: Run) -> datetime:
    return row.soft("created_at", lambda cell: row.moment("created_at")) or run.now


def _whole(cell: str) -> int:
    text = re.sub(r"[.,'\s]", "", re.sub(r"[.,]0+$", "", cell))
    if not text.isdigit() or len(text) > 9:
        raise ValueError("is no whole number")
    return int(text)


def _domain(cell: str) -> str:
    text = re.sub(r"^https?://", "", cell.strip().lower()).split("/")[0].removeprefix("www.")
    if not re.fullmatch(r"[^\s@]+\.[^\s@.]{2,}", text) or len(text) > 200:
        raise ValueError("is no web address")
    return text
