"""The order in which files are read, and the loop that all of them go through."""

from collections.abc import Iterator
from hashlib import sha256

from crm_store.imports import activities, history, links, people
from crm_store.imports.known import NAMED, fold
from crm_store.imports.report import Progress
from crm_store.imports.rows import BadValue, Row, Sheet
from crm_store.imports.run import Run
from crm_store.imports.steps import ACTIVITIES, FIRST, INTERACTION, STEPS, TASK, Step
from crm_store.imports.writing import BATCH, Begin, Draft, save


def read_all(sheets: list[Sheet], run: Run, begin: Begin, progress: Progress) -> None:
    """Every file in an order in which what rows point at comes before them."""
    for sheet in sheets:
        if sheet.kind.name in links.KINDS:
            links.read_links(sheet, run)
        elif sheet.kind.name in history.KINDS:
            history.fields_given(sheet, run)
    run.has_accounts = any(sheet.kind.name == "account" for sheet in sheets)
    people.note_users([each for each in sheets if each.kind.name == "user"], run)
    seen: dict[str, set[str]] = {}
    for step in FIRST:
        _read_step(step, sheets, run, begin, progress, seen)
    _read_stages(sheets, run, begin)
    for step in STEPS:
        _read_step(step, sheets, run, begin, progress, seen)
        if "deal" in step.kinds:
            history.read_history([each for each in sheets if each.kind.name in history.KINDS], run, begin, BATCH)
    for sheet in sheets:
        links.check_links(sheet, run, seen)


def _read_stages(sheets: list[Sheet], run: Run, begin: Begin) -> None:
    with begin() as session:
        run.session = session
        for name in ("pipeline", "stage"):
            for sheet in (each for each in sheets if each.kind.name == name):
                for row in rows(sheet):
                    if _is_gone(row, keeps_deleted=False):
                        continue
                    try:
                        done = run.stages.read_stage(session, row) if name == "stage" else (
                            "created" if run.stages.read_pipeline(session, row) else "unchanged")  # fmt: skip
                        setattr(sheet.tally, done, getattr(sheet.tally, done) + 1)
                    except BadValue as error:
                        sheet.refuse(row.line, sheet.column(error.field, row.cells), error.reason)


def _read_step(
    step: Step, sheets: list[Sheet], run: Run, begin: Begin, progress: Progress, seen: dict[str, set[str]]
) -> None:
    mine = [sheet for sheet in sheets if sheet.kind.name in step.kinds]
    # Owners before users: HubSpot's users only complete the owners that they belong to.
    mine.sort(key=lambda each: (not each.places.get("user_id"), each.file.name))
    for sheet in mine:
        lines: dict[str, int] = {}
        label, total = f"Importing {sheet.file.name}", max(1, sheet.file.lines - sheet.file.start)
        batch: list[Row] = []
        for row in rows(sheet):
            batch.append(row)
            if len(batch) == BATCH:
                _write(step, sheet, batch, run, begin, lines)
                batch = []
                progress(label, min(row.line, total), total)
        if batch:
            _write(step, sheet, batch, run, begin, lines)
        progress(label, total, total)
        if step.seen_as:
            seen.setdefault(step.seen_as, set()).update(lines)


def _write(step: Step, sheet: Sheet, batch: list[Row], run: Run, begin: Begin, lines: dict[str, int]) -> None:
    """One batch, one transaction: each row is read and checked on its own before anything is written."""
    with begin() as session:
        run.session = session
        ready: dict[str, list[Draft]] = {}
        steps = {"": step, "interaction": INTERACTION, "task": TASK}
        for row in batch:
            if _is_gone(row, keeps_deleted=step.keeps_deleted):
                continue
            kind = "" if step.kinds != ACTIVITIES else "task" if activities.is_task(row) else "interaction"
            try:
                external_id = _id_of(row, run, step, lines)
                draft = steps[kind].reader(row, run, external_id)
            except BadValue as error:
                sheet.refuse(row.line, sheet.column(error.field, row.cells), error.reason)
                continue
            lines[external_id] = row.line
            if draft is not None:
                ready.setdefault(kind, []).append(draft)
        for kind, drafts in ready.items():
            saved = save(session, sheet, steps[kind].target, drafts, run.source, run.now)
            if step.keep is not None:
                for draft in saved:
                    step.keep(run, draft)
            if step.after is not None:
                step.after(session, run, saved)
        run.write_members(session)


def rows(sheet: Sheet) -> Iterator[Row]:
    """The rows that have as many cells as the header; the others are reported."""
    width = len(sheet.file.headers)
    for line, cells in sheet.read():
        sheet.tally.rows += 1
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) != width:
            hint = "; is a quote or a separator missing?" if len(cells) > width or "\n" in cells[-1] else ""
            sheet.refuse(line, "", f"has {len(cells)} cells where the header has {width}{hint}")
            continue
        yield Row(sheet, line, cells)


def _is_gone(row: Row, *, keeps_deleted: bool) -> bool:
    """Whether the source marks a row as deleted, or as an earlier state of one that comes again."""
    if not keeps_deleted and row.flag("deleted"):
        row.sheet.tally.skipped += 1
        row.sheet.decide(
            row.line,
            row.sheet.column("deleted", row.cells),
            row.raw("deleted"),
            "",
            "deleted at the source, so left out",
        )
        return True
    if row.raw("current") and row.flag("current") is False:
        row.sheet.tally.skipped += 1
        row.sheet.decide(
            row.line, row.sheet.column("current"), row.raw("current"), "", "an earlier state of a row, so left out"
        )
        return True
    return False


def _id_of(row: Row, run: Run, step: Step, lines: dict[str, int]) -> str:
    """The row's external id; in a file without ids it is made of what tells rows apart.

    :raises BadValue: when the id is missing or came before.
    """
    if row.given("id"):
        external_id = run.external(row.raw("id"))
        if not external_id:
            raise BadValue("id", "the id is missing")
    else:
        told = [fold(row.raw(field)) for field in step.natural]
        if not any(told):
            raise BadValue(step.natural[0], "there is neither an id nor a name to tell the row by")
        external_id = NAMED + (
            " ".join(filter(None, told))
            if sum(map(len, told)) < 100
            else sha256("\x1f".join(told).encode()).hexdigest()
        )
        if not lines:
            columns = ", ".join(row.sheet.column(each) for each in step.natural if row.given(each))
            row.sheet.decide(0, "", "", "", f"there is no id column; rows are told apart by {columns}")
    before = lines.get(external_id)
    if before is not None:
        raise BadValue(
            "id" if row.given("id") else step.natural[0], f"is the same as in line {before}; the first one counts"
        )
    return external_id
