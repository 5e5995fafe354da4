"""One row of a file, read field by field: what it gives, in which column, and what became of values that did not fit."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from rapidfuzz import fuzz, process

from crm_store.currencies import decimals
from crm_store.imports import values
from crm_store.imports.columns import Kind, key
from crm_store.imports.files import CsvFile
from crm_store.imports.report import Decision, Notes, Problem, Tally
from crm_store.imports.values import Habits

CLOSE = 86  # of 100: a letter or two wrong in a word of ten
_BOOKKEEPING = re.compile(
    r"_fivetran_|system_?modstamp|last_?(modified|viewed|referenced)|portal_?id$|photo_?url$|created_?by_?id$"
)
_Value = TypeVar("_Value")
_DATES = ("at", "created_at", "close_date", "due", "ordered_on", "starts_on", "ends_on", "opened_at", "closed_at", "done_at",
          "born_on", "left_on", "next_step_due", "ends")  # fmt: skip
_NUMBERS = ("amount", "price", "unit", "revenue", "quantity", "budget")


class BadValue(ValueError):
    """This row cannot be brought in: ``field`` holds something that is not fit for it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


class Sheet:
    """A file with the columns of its kind: which cell is which field, and how it writes dates and numbers."""

    def __init__(self, file: CsvFile, kind: Kind, notes: Notes) -> None:
        self.file, self.kind, self.notes = file, kind, notes
        self.tally = Tally(file.name, kind.name)
        found: dict[str, list[int]] = {}
        for index, header in enumerate(file.headers):
            if header:
                found.setdefault(key(header), []).append(index)
        self.places = {
            field: [index for spelling in spellings for index in found.get(spelling, ())]
            for field, spellings in kind.columns.items()
        }
        self.habits = Habits()
        self._broken = False

    def read(self) -> Iterator[tuple[int, list[str]]]:
        """The file's rows; where it cannot be read any further, that is reported once."""
        line = self.file.start
        try:
            for line, cells in self.file.rows():
                yield line, cells
        except csv.Error as error:
            if not self._broken:
                self._broken = True
                reason = f"the file cannot be read after this line ({error}); is a quote never closed?"
                self.notes.problems.append(Problem(self.file.name, line, "", reason))

    def learn(self, limit: int = 2_000) -> None:
        """Find the file's way with dates and numbers from its first rows."""
        dates, numbers = [], []
        for count, (_, cells) in enumerate(self.read()):
            if count >= limit:
                break
            dates += [cells[i] for name in _DATES for i in self.places.get(name, ()) if i < len(cells)]
            numbers += [cells[i] for name in _NUMBERS for i in self.places.get(name, ()) if i < len(cells)]
        self.habits = values.habits(dates, numbers, self.file.delimiter)
        if not self.habits.sure:
            order = "day" if self.habits.day_first else "month"
            self.decide(0, "", "", f"{order} first", "dates such as 03/04/2026 could be read either way in this file")

    def unused(self) -> list[str]:
        """The columns that no field reads, but for the bookkeeping of who exported them."""
        used = {index for indices in self.places.values() for index in indices}
        return [
            header
            for index, header in enumerate(self.file.headers)
            if header and index not in used and not _BOOKKEEPING.match(header.casefold())
        ]

    def decide(self, line: int, column: str, given: str, taken: str, why: str) -> None:
        self.notes.decide(Decision(self.file.name, line, column, given[:200], taken, why))

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.tally.skipped += 1
        self.notes.problems.append(Problem(self.file.name, line, column, reason))

    def column(self, field: str, cells: list[str] | None = None) -> str:
        """The header that a field was read from; its first one when no cell has a value."""
        indices = self.places.get(field, ())
        for index in indices:
            if cells is not None and index < len(cells) and not values.is_empty(cells[index]):
                return self.file.headers[index]
        return self.file.headers[indices[0]] if indices else field


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is the first physical line of the row in its file."""

    sheet: Sheet
    line: int
    cells: list[str]

    def given(self, *fields: str) -> bool:
        """Whether the file has a column for one of these."""
        return any(self.sheet.places.get(field) for field in fields)

    def raw(self, field: str) -> str:
        """The first value that any of the field's columns has, or nothing."""
        cells = self.cells
        for index in self.sheet.places.get(field, ()):
            if cells[index] and not values.is_empty(cells[index]):
                return cells[index].strip()
        return ""

    def all(self, field: str) -> list[str]:
        """Every value of the field's columns, lists taken apart at semicolons."""
        cells = [self.cells[index] for index in self.sheet.places.get(field, ()) if self.cells[index]]
        if not cells:
            return []
        parts = (part.strip() for cell in cells for part in cell.split(";"))
        return list(dict.fromkeys(part for part in parts if part and not values.is_empty(part)))

    def decide(self, field: str, taken: str, why: str, given: str | None = None) -> None:
        column = self.sheet.column(field, self.cells)
        self.sheet.decide(self.line, column, self.raw(field) if given is None else given, taken, why)

    def text(self, field: str, most: int) -> str | None:
        """One line of at most ``most`` characters; a longer one is cut, and said so."""
        text = " ".join(self.raw(field).replace("\x00", "").split())
        if len(text) > most:
            self.decide(field, text[: most - 1] + "…", f"only {most} characters fit")
            text = text[: most - 1] + "…"
        return text or None

    def prose(self, field: str) -> str | None:
        return values.plain_text(self.raw(field)) or None

    def flag(self, field: str) -> bool | None:
        return self.soft(field, values.flag)

    def moment(self, field: str) -> datetime | None:
        return self._must(field, lambda cell: values.moment(cell, self.sheet.habits))

    def day(self, field: str) -> date | None:
        return self._must(field, lambda cell: values.day(cell, self.sheet.habits))

    def number(self, field: str) -> Decimal | None:
        return self._must(field, lambda cell: values.number(cell, self.sheet.habits))

    def money(self, field: str, currency: str) -> tuple[int | None, str]:
        """(minor units, currency): the currency column's if there is one, else one written beside the number, else the
        given one."""
        found = self._must(field, lambda cell: values.amount(cell, self.sheet.habits))
        code = (self.raw("currency") or (found[1] if found else None) or currency).upper()
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise BadValue("currency", f"“{code[:20]}” is no currency code such as EUR")
        return (None if found is None else round(found[0].scaleb(decimals(code)))), code

    def soft(self, field: str, read: Callable[[str], _Value | None]) -> _Value | None:
        """A value that the row can do without: what does not fit is left empty, and said so."""
        cell = self.raw(field)
        try:
            return read(cell) if cell else None
        except ValueError as error:
            self.decide(field, "", str(error))
            return None

    def choice(self, field: str, choices: Mapping[str, str], otherwise: str) -> str:
        """The record's word for a picklist value; a misspelt or unknown one is said."""
        cell = self.raw(field)
        if not cell:
            return otherwise
        wanted = key(cell)
        if wanted in choices:
            return choices[wanted]
        close = (
            process.extractOne(wanted, choices.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
            if len(wanted) > 3
            else None
        )
        taken = choices[close[0]] if close else otherwise
        self.decide(field, taken, "read as the closest word there is" if close else "no such word in the record")
        return taken

    def _must(self, field: str, read: Callable[[str], _Value | None]) -> _Value | None:
        cell = self.raw(field)
        try:
            return read(cell) if cell else None
        except (ValueError, OverflowError, OSError) as error:
            raise BadValue(field, str(error)) from None
