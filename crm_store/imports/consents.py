"""The consent ledger: what a source says of who may be written to or called, as lines that nothing ever changes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.base import new_id
from crm_store.imports.bulk import insert_rows
from crm_store.imports.known import Ref, stable_id
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Run, Said
from crm_store.imports.writing import Draft, Values
from crm_store.models import Consent

_CHANNELS = {"email": "email", "mail": "email", "phone": "phone", "call": "phone", "telephone": "phone", "sms": "sms", "text": "sms",
             "whatsapp": "sms", "social": "social", "post": "post", "letter": "post", "directmail": "post"}  # fmt: skip
_PURPOSES = {"marketing": "marketing", "newsletter": "marketing", "sales": "marketing", "service": "service", "support": "service",
             "transactional": "service"}  # fmt: skip
_STATUS = {"granted": "granted", "optin": "granted", "optedin": "granted", "subscribed": "granted", "yes": "granted", "given": "granted",
           "withdrawn": "withdrawn", "optout": "withdrawn", "optedout": "withdrawn", "unsubscribed": "withdrawn", "no": "withdrawn",
           "notoptedin": "withdrawn", "bounced": "withdrawn", "spamreport": "withdrawn"}  # fmt: skip
# Field of a file of contacts -> (channel, what a yes says).
_FLAGS = {"opted_out": ("email", "withdrawn"), "do_not_call": ("phone", "withdrawn"), "do_not_text": ("sms", "withdrawn"),
          "opted_in": ("email", "granted")}  # fmt: skip


def note(row: Row, run: Run, external_id: str) -> None:
    """Remember what a contact's row says, until the contact is written. A refusal counts more than a consent."""
    at = row.soft("opted_at", lambda cell: row.moment("opted_at")) or run.now
    told: dict[str, Said] = {}
    for field, (channel, status) in _FLAGS.items():
        if row.flag(field) and channel not in told:
            source = f"{run.source} import, {row.sheet.column(field)}"[:200]
            told[channel] = Said(external_id, channel, status, at, source)
    if row.raw("legal_basis") and "consent" in row.raw("legal_basis").lower() and "email" not in told:
        source = f"{run.source} import, {row.raw('legal_basis')}"[:200]
        told["email"] = Said(external_id, "email", "granted", at, source)
    run.said.extend(told.values())


def write(session: Session, run: Run, drafts: list[Draft]) -> None:
    """A line for everything said of the contacts of a batch that the newest imported line does not say already."""
    said, run.said = run.said, []
    of = {draft.external_id: draft for draft in drafts}
    said = [each for each in said if each.external_id in of]
    ids = sorted({str(of[each.external_id].row_id) for each in said})
    newest: dict[tuple[str, str], str] = {}
    for start in range(0, len(ids), 500):
        lines = (
            select(Consent.contact_id, Consent.channel, Consent.status)
            .where(Consent.contact_id.in_(ids[start : start + 500]), Consent.source.startswith(f"{run.source} import"))
            .order_by(Consent.at, Consent.id)
        )
        for contact_id, channel, status in session.execute(lines):
            newest[(contact_id, channel)] = status
    rows: list[Values] = []
    for each in said:
        draft = of[each.external_id]
        if newest.get((str(draft.row_id), each.channel)) != each.status:
            values = draft.initial | draft.values
            rows.append({
                "id": new_id(), "contact_id": draft.row_id, "channel": each.channel, "purpose": "marketing", "status": each.status,
                "at": each.at, "source": each.source, "account_id": values.get("account_id"),
                "owner_id": values.get("owner_id")})  # fmt: skip
    insert_rows(session, Consent, rows)


def consent(row: Row, run: Run, external_id: str) -> Draft | None:
    """A line of a file of consents. What it says makes its id: another word of the same person is another line."""
    who = run.contacts(row)
    if not who:
        raise BadValue("contact", "the contact is not in the record")
    when = row.moment("at")
    if when is None:
        raise BadValue("at", "the time is missing")
    status = row.choice("status", _STATUS, "")
    if not status:
        raise BadValue("status", "says neither granted nor withdrawn")
    contact: Ref = who[0][0]
    values: Values = {
        "contact_id": contact.id, "channel": row.choice("channel", _CHANNELS, "email"),
        "purpose": row.choice("purpose", _PURPOSES, "marketing"), "status": status, "at": when,
        "source": row.text("source", 200) or f"{run.source} import, {row.sheet.file.name}"[:200],
    }  # fmt: skip
    row_id = stable_id(
        run.source, "consent", contact.id, values["channel"], values["purpose"], status, when.isoformat()
    )
    return Draft(
        row.line, external_id, values, {"account_id": contact.account_id, "owner_id": contact.owner_id}, row_id=row_id
    )
