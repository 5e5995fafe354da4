"""What deals were before: property histories, field histories and snapshots become the record's field history."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.changes.rows import history_form
from crm_store.currencies import decimals
from crm_store.imports import values
from crm_store.imports.columns import key
from crm_store.imports.deals import FORECAST
from crm_store.imports.known import Ref, stable_id
from crm_store.imports.rows import BadValue, Row, Sheet
from crm_store.imports.run import Run
from crm_store.imports.writing import Begin, Values, add_missing
from crm_store.models import Deal, FieldHistory

KINDS = ("deal history", "stage history")
_FIELDS = {
    "dealstage": "stage_id", "stage": "stage_id", "stagename": "stage_id", "amount": "amount_minor", "closedate": "close_date",
    "ownerid": "owner_id", "hubspotownerid": "owner_id", "owner": "owner_id", "forecastcategory": "forecast_category",
    "forecastcategoryname": "forecast_category", "hsmanualforecastcategory": "forecast_category", "currency": "currency",
    "dealcurrencycode": "currency", "currencyisocode": "currency",
}  # fmt: skip
_SNAPSHOT = {
    "stage": "stage_id",
    "amount": "amount_minor",
    "close_date": "close_date",
    "owner": "owner_id",
    "forecast": "forecast_category",
}


class Event(NamedTuple):
    """One value that a field of a deal took on, as the file writes it."""

    deal: str
    field: str
    value: str
    at: datetime
    line: int
    column: str


def fields_given(sheet: Sheet, run: Run) -> None:
    """Note which fields of which deals have a history here, so that none is made up for them."""
    for line, cells in sheet.read():
        if len(cells) == len(sheet.file.headers):
            row = Row(sheet, line, cells)
            deal = run.external(row.raw("deal"))
            run.history_given.update(f"{deal}/{field}" for field, _, _ in _values(row))


def read_history(sheets: list[Sheet], run: Run, begin: Begin, batch: int) -> None:
    """Bring in all histories at once, since what came before a value may stand in another file."""
    of: dict[tuple[str, str], list[tuple[Event, Sheet]]] = {}
    for sheet in sheets:
        for event in _events(sheet, run):
            of.setdefault((event.deal, event.field), []).append((event, sheet))
    keys = sorted(of)
    for start in range(0, len(keys), batch):
        with begin() as session:
            run.session = session
            part = keys[start : start + batch]
            deals = _deals(session, run, [deal for deal, _ in part])
            rows: list[Values] = []
            owners: dict[str, Sheet] = {}
            for name in part:
                for row, sheet in _chain(name, sorted(of[name], key=lambda each: each[0].at), deals.get(name[0]), run):
                    rows.append(row)
                    owners[row["id"]] = sheet
            there = add_missing(session, FieldHistory, rows)
            for sheet in set(owners.values()):
                mine = [row for row in rows if owners[row["id"]] is sheet]
                fresh = min(len(mine), there)
                sheet.tally.created += fresh
                sheet.tally.unchanged += len(mine) - fresh
                there -= fresh


def _values(row: Row) -> Iterator[tuple[str, str, str]]:
    """(column of the record, value, field of the file) of what a row tells."""
    if row.sheet.kind.name == "stage history":
        yield "stage_id", row.raw("value"), "value"
    elif row.raw("field"):
        field = _FIELDS.get(key(row.raw("field")))
        if field:
            yield field, row.raw("value"), "value"
    else:
        for given, field in _SNAPSHOT.items():
            if row.raw(given):
                yield field, row.raw(given), given


def _events(sheet: Sheet, run: Run) -> Iterator[Event]:
    unread = 0
    for line, cells in sheet.read():
        sheet.tally.rows += 1
        if len(cells) != len(sheet.file.headers):
            sheet.refuse(line, "", f"has {len(cells)} cells where the header has {len(sheet.file.headers)}")
            continue
        row = Row(sheet, line, cells)
        deal = run.external(row.raw("deal"))
        told = list(_values(row))
        if not told:
            unread += 1
            sheet.tally.skipped += 1
            continue
        if run.known.deals.by_id.get(deal) is None:
            sheet.refuse(line, sheet.column("deal"), f"the deal {deal[:60]} is not in the record")
            continue
        try:
            at = row.moment("at")
            if at is None:
                raise BadValue("at", "the time is missing")
        except BadValue as error:
            sheet.refuse(line, sheet.column(error.field), error.reason)
            continue
        for field, value, given in told:
            yield Event(deal, field, value, at, line, sheet.column(given))
    if unread:
        sheet.decide(0, sheet.column("field"), f"{unread} rows", "", "are about fields whose history is not kept")


class _Past(NamedTuple):
    ref: Ref
    pipeline_id: str
    currency: str
    created_at: datetime


def _deals(session: Session, run: Run, wanted: list[str]) -> dict[str, _Past]:
    refs = {deal: run.known.deals.by_id[deal] for deal in wanted}
    ids = list({ref.id for ref in refs.values()})
    rows = {}
    for start in range(0, len(ids), 500):
        columns = select(Deal.id, Deal.pipeline_id, Deal.currency, Deal.created_at)
        for row in session.execute(columns.where(Deal.id.in_(ids[start : start + 500]))):
            rows[row.id] = row
    return {
        deal: _Past(ref, rows[ref.id].pipeline_id, rows[ref.id].currency or run.currency, rows[ref.id].created_at)
        for deal, ref in refs.items()
        if ref.id in rows
    }


def _chain(
    name: tuple[str, str], events: list[tuple[Event, Sheet]], deal: _Past | None, run: Run
) -> Iterator[tuple[Values, Sheet]]:
    """One row a change, each with what was there before. The first value known is taken to hold since the deal was made."""
    if deal is None:
        return
    before: str | None = None
    for place, (event, sheet) in enumerate(events):
        try:
            value = _stored(event, sheet, deal, run)
        except ValueError as error:
            sheet.refuse(event.line, event.column, str(error))
            continue
        if place and value == before:
            sheet.tally.unchanged += 1
            continue
        at = min(event.at, deal.created_at) if place == 0 else event.at
        yield {
            "id": stable_id(run.source, "history", *name, event.at.isoformat(), value or ""), "entity": "deal", "entity_id": deal.ref.id,
            "field": name[1], "old": before, "new": value, "at": at, "by_id": None, "change_id": None,
            "account_id": deal.ref.account_id, "owner_id": deal.ref.owner_id,
        }, sheet  # fmt: skip
        before = value


def _stored(event: Event, sheet: Sheet, deal: _Past, run: Run) -> str | None:
    """:raises ValueError: when the value is none that the field can have."""
    if not event.value:
        return None
    match event.field:
        case "stage_id":
            step = run.stages.find(event.value, deal.pipeline_id)
            if step is None:
                raise ValueError(f"no stage “{event.value[:60]}” is known in the deal's pipeline")
            return step.id
        case "owner_id":
            person = run.known.people.find(event.value, run.source)
            if person is None:
                raise ValueError(f"nobody “{event.value[:60]}” is known")
            return person.id
        case "amount_minor":
            number: Decimal | None = values.number(event.value, sheet.habits)
            return None if number is None else str(round(number.scaleb(decimals(deal.currency))))
        case "close_date":
            return history_form(values.day(event.value, sheet.habits))
        case "forecast_category":
            return FORECAST.get(key(event.value), "pipeline")
    return event.value[:3].upper()
