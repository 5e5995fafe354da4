"""The order in which files are read, and the loop that all of them go through."""

from collections.abc import Iterator
from hashlib import sha256

from crm_store.imports import activities, history, links, people
from crm_store.imports.custom import custom_values
from crm_store.imports.journal import Journal
from crm_store.imports.known import NAMED, fold
from crm_store.imports.near import Vocabulary
from crm_store.imports.report import Progress
from crm_store.imports.rows import BadValue, Row
from crm_store.imports.run import Run
from crm_store.imports.sheet import Sheet
from crm_store.imports.steps import ACTIVITIES, FIRST, INTERACTION, STEPS, TASK, Step
from crm_store.imports.writing import BATCH, Begin, Draft, holds_none, save


def read_all(sheets: list[Sheet], run: Run, begin: Begin, journal: Journal, progress: Progress) -> None:
    """Every file in an order in which what rows point at comes before them. What an earlier part of the import did is
    taken over from its journal.

    :raises Stopped: between two batches, when that was asked for.
    """
    for sheet in sheets:
        if sheet.kind.name in links.KINDS:
            links.read_links(sheet, run)
        elif sheet.kind.name in history.KINDS:
            history.read_lines(sheet, run)
    run.has_accounts = any(sheet.kind.name == "account" for sheet in sheets)
    people.note_managers(sheets, run)
    people.note_users([each for each in sheets if each.kind.name == "user"], run)
    _learn_words(sheets, run)
    journal.take_over()
    loader = Loader(sheets, run, begin, journal, progress)
    for step in FIRST:
        loader.read(step)
    loader.read_stages()
    for step in STEPS:
        loader.read(step)
        if step.tells:
            mine = [each for each in sheets if history.KINDS.get(each.kind.name) == step.tells]
            history.read_history(mine, step.tells, run, begin, journal, progress)
    journal.mark()
    for sheet in sheets:
        links.check_links(sheet, run, loader.seen)


_WORDS = {"account": ("industry",), "contact": ("source",), "lead": ("source", "industry"),
          "deal": ("source", "lost_reason", "competitor")}  # fmt: skip
"""Kind of file -> its free columns whose slips can be told by the words that others use."""


def _learn_words(sheets: list[Sheet], run: Run) -> None:
    for sheet in sheets:
        fields = [field for field in _WORDS.get(sheet.kind.name, ()) if sheet.places.get(field)]
        for field, cells in sheet.cells(fields).items():
            run.words.setdefault(field, Vocabulary(run.known.words.get(field, ()))).learn(cells)


class Loader:
    """The loop that the rows of all steps go through. ``seen`` are the ids that came in, by what association tables call
    them."""

    def __init__(self, sheets: list[Sheet], run: Run, begin: Begin, journal: Journal, progress: Progress) -> None:
        self.sheets, self.run, self.begin, self.journal, self.progress = sheets, run, begin, journal, progress
        self.seen: dict[str, set[str]] = {}
        self._all_new: dict[tuple[str, str], bool] = {}  # by file and table, as it was before the file

    def read_stages(self) -> None:
        run, done = self.run, self.journal.reached("stages")
        with self.begin() as session:
            run.session = session
            for name in ("pipeline", "stage"):
                for sheet in (each for each in self.sheets if each.kind.name == name):
                    for row in rows(sheet):
                        if _is_gone(row, keeps_deleted=False):
                            continue
                        try:
                            did = run.stages.read_stage(session, row) if name == "stage" else (
                                "created" if run.stages.read_pipeline(session, row) else "unchanged")  # fmt: skip
                            setattr(sheet.tally, did, getattr(sheet.tally, did) + 1)
                        except BadValue as error:
                            sheet.refuse(row.line, sheet.column(error.field, row.cells), error.reason)
            if done:
                self.journal.forget()
            else:
                self.journal.record(session, "stages", 1)
        self.journal.check_stop()

    def read(self, step: Step) -> None:
        mine = [sheet for sheet in self.sheets if sheet.kind.name in step.kinds]
        # Owners before users: HubSpot's users only complete the owners that they belong to.
        mine.sort(key=lambda each: (not each.places.get("user_id"), each.file.name))
        for sheet in mine:
            lines = self._read_sheet(step, sheet)
            if step.seen_as:
                self.seen.setdefault(step.seen_as, set()).update(lines)

    def _read_sheet(self, step: Step, sheet: Sheet) -> dict[str, int]:
        lines: dict[str, int] = {}
        label, total = f"Importing {sheet.file.name}", max(1, sheet.file.lines - sheet.file.start)
        own_ids = _own_ids(step, sheet, self.run)
        reached = self.journal.reached(_key(sheet))
        if reached:
            self._replay(step, sheet, reached, lines, own_ids)
        batch: list[Row] = []
        for row in rows(sheet, after=reached):
            batch.append(row)
            if len(batch) == BATCH:
                self._write(step, sheet, batch, lines, own_ids)
                self.progress(label, min(row.line, total), total)
                self.journal.check_stop()
                batch = []
        if batch:
            self._write(step, sheet, batch, lines, own_ids)
        self.progress(label, total, total)
        self.journal.check_stop()
        return lines

    def _replay(self, step: Step, sheet: Sheet, reached: int, lines: dict[str, int], own_ids: set[str]) -> None:
        """Learn again what later rows need to know of those that an earlier part of this import wrote."""
        refused = {each.line for each in sheet.notes.problems if each.file == sheet.file.name}
        batch: list[Row] = []
        for row in rows(sheet):
            if row.line > reached:
                break
            if row.line in refused or _is_gone(row, keeps_deleted=step.keeps_deleted):
                continue
            if step.replays:
                batch.append(row)
                continue
            external_id = _id_of(row, self.run, step, {})
            lines[external_id] = row.line
            if step.mention is not None:
                step.mention(row, self.run, external_id)
        if batch:
            self._write(step, sheet, batch, lines, own_ids, recorded=False)
        self.journal.forget()

    def _write(
        self,
        step: Step,
        sheet: Sheet,
        batch: list[Row],
        lines: dict[str, int],
        own_ids: set[str],
        *,
        recorded: bool = True,
    ) -> None:
        """One batch, one transaction: each row is read and checked on its own before anything is written."""
        run = self.run
        with self.begin() as session:
            run.session = session
            for kind, drafts in self._drafts(step, sheet, batch, lines, own_ids).items():
                target = _STEPS.get(kind, step).target
                place = (sheet.file.name, target.entity)
                if place not in self._all_new:
                    self._all_new[place] = holds_none(session, target, run.source)
                all_new = self._all_new[place]  # a file has each id once
                saved = save(session, sheet, target, drafts, run.source, run.now, all_new=all_new)
                if step.keep is not None:
                    for draft in saved:
                        step.keep(run, draft)
                if step.after is not None:
                    step.after(session, run, saved)
            run.write_members(session)
            if recorded:
                self.journal.record(session, _key(sheet), batch[-1].line)

    def _drafts(
        self, step: Step, sheet: Sheet, batch: list[Row], lines: dict[str, int], own_ids: set[str]
    ) -> dict[str, list[Draft]]:
        run = self.run
        ready: dict[str, list[Draft]] = {}
        merged = run.known.merged.get(step.target.entity, {})
        for row in batch:
            if _is_gone(row, keeps_deleted=step.keeps_deleted):
                continue
            kind = "" if step.kinds != ACTIVITIES else "task" if activities.is_task(row) else "interaction"
            try:
                external_id = _id_of(row, run, step, lines)
                if step.mention is not None:
                    step.mention(row, run, external_id)
                kept = merged.get(external_id)
                if kept is not None and kept.external_id in own_ids:
                    row.decide("id", "", f"was merged into {kept.external_id}, whose own row is in this file")
                    sheet.tally.skipped += 1
                    continue
                draft = _STEPS.get(kind, step).reader(row, run, external_id)
            except BadValue as error:
                sheet.refuse(row.line, sheet.column(error.field, row.cells), error.reason)
                continue
            lines[external_id] = row.line
            if draft is not None:
                if sheet.custom:
                    draft.custom = custom_values(
                        row, run.custom, str(draft.values.get("currency") or run.currency_of(row))
                    )
                if kept is not None:
                    draft.row_id = kept.row_id
                ready.setdefault(kind, []).append(draft)
        return ready


_STEPS = {"interaction": INTERACTION, "task": TASK}


def _key(sheet: Sheet) -> str:
    return f"file {sheet.file.name}"


def _own_ids(step: Step, sheet: Sheet, run: Run) -> set[str]:
    """The ids in a file, where some of its rows may have been merged into others."""
    if not run.known.merged.get(step.target.entity):
        return set()
    return {
        run.external(cells[index])
        for _, cells in sheet.rows()
        for index in sheet.places["id"][:1]
        if index < len(cells)
    }


def rows(sheet: Sheet, after: int = 0) -> Iterator[Row]:
    """The rows after that line that have as many cells as the header; the others are reported."""
    width = len(sheet.file.headers)
    for line, cells in sheet.rows():
        if line <= after:
            continue
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
    if not row.given("deleted", "current"):
        return False
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
