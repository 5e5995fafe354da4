"""What rows were before: property histories, field histories and snapshots become the record's field history."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.changes.rows import history_form
from crm_store.currencies import decimals
from crm_store.imports.columns import key
from crm_store.imports.customers import ACCOUNT_KINDS, LIFECYCLE
from crm_store.imports.dates import day
from crm_store.imports.deals import FORECAST
from crm_store.imports.journal import Journal
from crm_store.imports.known import stable_id
from crm_store.imports.numbers import number
from crm_store.imports.report import Progress
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Line, Run
from crm_store.imports.service import CASE_STATUS, PRIORITY
from crm_store.imports.sheet import Sheet
from crm_store.imports.writing import BATCH, Begin, Values, add_missing
from crm_store.listed import among
from crm_store.models import Account, Case, Contact, Deal, FieldHistory

_OWNERS = dict.fromkeys(("owner", "ownerid", "hubspotownerid"), "owner_id")
_FORECASTS = ("forecastcategory", "forecastcategoryname", "hsmanualforecastcategory")
# Entity -> what exports call a field whose history is kept -> its column.
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "deal": {
        **dict.fromkeys(("dealstage", "stage", "stagename"), "stage_id"), **dict.fromkeys(_FORECASTS, "forecast_category"), **_OWNERS,
        **dict.fromkeys(("currency", "dealcurrencycode", "currencyisocode"), "currency"), "amount": "amount_minor",
        "closedate": "close_date",
    },
    "contact": {"lifecycle": "lifecycle", "lifecyclestage": "lifecycle", **_OWNERS},
    "account": {"type": "kind", "kind": "kind", **_OWNERS},
    "case": {
        **dict.fromkeys(("status", "hspipelinestage"), "status"), **dict.fromkeys(("priority", "hsticketpriority"), "priority"), **_OWNERS,
    },
}  # fmt: skip
# Entity -> the fields of a file whose every row is a whole state.
_SNAPSHOT: Mapping[str, Mapping[str, str]] = {
    "deal": {
        "stage": "stage_id", "amount": "amount_minor", "close_date": "close_date", "owner": "owner_id", "forecast": "forecast_category",
    },
    "account": {"owner": "owner_id", "kind": "kind"},
    "contact": {"owner": "owner_id"},
    "case": {"owner": "owner_id", "status": "status"},
}  # fmt: skip
KINDS = {"deal history": "deal", "stage history": "deal", "contact history": "contact", "account history": "account",
         "case history": "case"}  # fmt: skip
"""Kind of file -> entity whose history it tells."""
_MODELS: Mapping[str, Any] = {"deal": Deal, "contact": Contact, "account": Account, "case": Case}


class Event(NamedTuple):
    """One value that a field of a row took on, as the file's ``column`` (by our name) has it; ``old`` is what it says was
    there before."""

    row: str
    field: str
    value: str
    at: datetime
    line: int
    column: str
    old: str = ""


class _Past(NamedTuple):
    id: str
    account_id: str | None
    owner_id: str | None
    created_at: datetime
    pipeline_id: str = ""
    currency: str = ""


def read_lines(sheet: Sheet, run: Run) -> None:
    """Read what a file tells before the rows it is about are read, so that no history is made up for the fields it tells of."""
    entity = KINDS[sheet.kind.name]
    lines = [_line(sheet, entity, run, line, cells) for line, cells in sheet.rows()]
    if entity == "deal":
        for each in lines:
            run.history_given.setdefault(each.row, set()).update(field for field, _, _ in each.told)
    run.lines[sheet.file.name] = lines


def _line(sheet: Sheet, entity: str, run: Run, line: int, cells: list[str]) -> Line:
    if len(cells) != len(sheet.file.headers):
        return Line(
            line, "", bad=BadValue("", f"has {len(cells)} cells where the header has {len(sheet.file.headers)}")
        )
    row = Row(sheet, line, cells)
    given, told = run.external(row.raw(entity)), tuple(_values(row, entity))
    try:
        at = row.moment("at")
    except BadValue as error:
        return Line(line, given, told, bad=error)
    return Line(line, given, told, at, row.raw("old"), BadValue("at", "the time is missing") if at is None else None)


def read_history(
    sheets: list[Sheet], entity: str, run: Run, begin: Begin, journal: Journal, progress: Progress
) -> None:
    """Bring in all histories of an entity at once, since what came before a value may stand in another file."""
    of: dict[tuple[str, str], list[tuple[Event, Sheet]]] = {}
    for sheet in sheets:
        for event in _events(sheet, entity, run):
            of.setdefault((event.row, event.field), []).append((event, sheet))
    keys = sorted(of)
    journal.mark()  # so far it was only read, and will be again when this import goes on
    for start in range(journal.reached(f"history {entity}"), len(keys), BATCH):
        with begin() as session:
            run.session = session
            part = keys[start : start + BATCH]
            past = _past(session, entity, run, {row for row, _ in part})
            rows: list[Values] = []
            owners: dict[str, Sheet] = {}
            for name in part:
                if name[0] in past:
                    events = sorted(of[name], key=lambda each: each[0].at)
                    for row, sheet in _chain(entity, name, events, past[name[0]], run):
                        rows.append(row)
                        owners[row["id"]] = sheet
            fresh = add_missing(session, FieldHistory, rows, all_new=not run.known.has_history)
            for row_id, sheet in owners.items():
                if row_id in fresh:
                    sheet.tally.created += 1
                else:
                    sheet.tally.unchanged += 1
            if entity == "case":
                statuses = {past[row].id: sorted((each for each, _ in of[row, field]), key=lambda each: each.at)
                            for row, field in part if field == "status" and row in past}  # fmt: skip
                _first_responses(session, statuses)
            journal.record(session, f"history {entity}", start + len(part))
        progress(f"Importing the history of {entity}s", start + len(part), len(keys))
        journal.check_stop()


def _values(row: Row, entity: str) -> Iterator[tuple[str, str, str]]:
    """(column of the record, value, field of the file) of what a row tells."""
    if row.sheet.kind.name == "stage history":
        yield "stage_id", row.raw("value"), "value"
    elif row.raw("field"):
        field = _FIELDS[entity].get(key(row.raw("field")))
        if field:
            yield field, row.raw("value"), "value"
    elif not row.given("field"):
        for given, field in _SNAPSHOT[entity].items():
            if row.raw(given):
                yield field, row.raw(given), given


def _events(sheet: Sheet, entity: str, run: Run) -> Iterator[Event]:
    unread = 0
    there = run.known.index(entity).by_id
    for line, given, told, at, old, bad in run.lines.pop(sheet.file.name):
        sheet.tally.rows += 1
        if bad is not None and not bad.field:
            sheet.refuse(line, "", bad.reason)
        elif not told:
            unread += 1
            sheet.tally.skipped += 1
        elif given not in there:
            sheet.refuse(line, sheet.column(entity), f"the {entity} {given[:60]} is not in the record")
        elif bad is not None:
            sheet.refuse(line, sheet.column(bad.field), bad.reason)
        else:
            assert at is not None, "a line without a time is bad"
            for field, value, column in told:
                yield Event(given, field, value, at, line, column, old if column == "value" else "")
    if unread:
        sheet.decide(0, sheet.column("field"), f"{unread} rows", "", "are about fields whose history is not kept")


def _past(session: Session, entity: str, run: Run, wanted: set[str]) -> dict[str, _Past]:
    model = _MODELS[entity]
    refs = {row: run.known.index(entity).by_id[row] for row in wanted}
    columns = [model.id, model.created_at]
    if entity == "deal":
        columns += [model.pipeline_id, model.currency]
    asked = select(*columns).where(among(model.id, {ref.id for ref in refs.values()}))
    rows = {row.id: row for row in session.execute(asked)}
    return {
        name: _Past(
            ref.id, ref.account_id, ref.owner_id, rows[ref.id].created_at,
            *((rows[ref.id].pipeline_id, rows[ref.id].currency or run.currency) if entity == "deal" else ()),
        )
        for name, ref in refs.items()
        if ref.id in rows
    }  # fmt: skip


def _chain(
    entity: str, name: tuple[str, str], events: list[tuple[Event, Sheet]], past: _Past, run: Run
) -> Iterator[tuple[Values, Sheet]]:
    """One row a change, each with what was there before. The first value known, or what the file says was there before it,
    is taken to hold since the row was made."""
    first, sheet = events[0]
    if first.old and first.at > past.created_at:
        events = [(first._replace(value=first.old, at=past.created_at, old=""), sheet), *events]
    before: str | None = None
    for place, (event, sheet) in enumerate(events):
        try:
            value = _stored(entity, event, sheet, past, run)
        except ValueError as error:
            sheet.refuse(event.line, sheet.column(event.column), str(error))
            continue
        if place and value == before:
            sheet.tally.unchanged += 1
            continue
        at = min(event.at, past.created_at) if place == 0 else event.at
        yield {
            "id": stable_id(run.source, "history", entity, *name, event.at.isoformat(), value or ""), "entity": entity,
            "entity_id": past.id, "field": name[1], "old": before, "new": value, "at": at, "by_id": None, "change_id": None,
            "account_id": past.account_id, "owner_id": past.owner_id,
        }, sheet  # fmt: skip
        before = value


def _stored(entity: str, event: Event, sheet: Sheet, past: _Past, run: Run) -> str | None:
    """:raises ValueError: when the value is none that the field can have."""
    if not event.value:
        return None
    match entity, event.field:
        case _, "stage_id":
            step = run.stages.of_history(run.here, sheet, event.line, event.column, event.value, past.pipeline_id)
            return step.id
        case _, "owner_id":
            person = run.known.people.find(event.value, run.source)
            if person is None:
                raise ValueError(f"nobody “{event.value[:60]}” is known")
            return person.id
        case _, "amount_minor":
            amount: Decimal | None = number(event.value, sheet.habits("value"))
            return None if amount is None else str(round(amount.scaleb(decimals(past.currency))))
        case _, "close_date":
            return history_form(day(event.value, sheet.habits("value")))
        case _, "forecast_category":
            return FORECAST.get(key(event.value), "pipeline")
        case "contact", "lifecycle":
            return LIFECYCLE.get(key(event.value), "lead")
        case "account", "kind":
            return ACCOUNT_KINDS.get(key(event.value), "prospect")
        case "case", "status":
            return run.known.also.get("ticket stage", {}).get(run.external(event.value)) or CASE_STATUS.get(
                key(event.value), "open"
            )
        case "case", "priority":
            return PRIORITY.get(key(event.value), "normal")
    return event.value[:3].upper()


def _first_responses(session: Session, of: Mapping[str, list[Event]]) -> None:
    """Where no file says when a case was first answered, it was when its status first changed after it was opened. ``of``
    are the statuses of each case by its id."""
    first: dict[str, datetime] = {}
    for row_id, events in of.items():
        later = events if events[0].old else events[1:]
        if later:
            first[row_id] = later[0].at
    for start in range(0, len(first), 500):
        part = dict(list(first.items())[start : start + 500])
        lacking = select(Case.id).where(Case.id.in_(part), Case.first_response_at.is_(None), Case.version == 1)
        found = [{"id": id_, "first_response_at": part[id_]} for id_ in session.scalars(lacking)]
        if found:
            session.execute(update(Case), found)
