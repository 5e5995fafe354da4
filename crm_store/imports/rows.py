"""One row of a file, read field by field: what it gives, in which column, and what became of values that did not fit."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from rapidfuzz import fuzz, process

from crm_store.currencies import decimals
from crm_store.imports import values
from crm_store.imports.columns import key
from crm_store.imports.dates import day, moment
from crm_store.imports.numbers import amount, number
from crm_store.imports.sheet import Sheet

CLOSE = 86  # of 100: a letter or two wrong in a word of ten
_Value = TypeVar("_Value")


class BadValue(ValueError):
    """This row cannot be brought in: ``field`` holds something that is not fit for it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


class Row:
    """``line`` is the first physical line of the row in its file, ``cells`` what the file has there."""

    __slots__ = ("_found", "cells", "line", "sheet")

    def __init__(self, sheet: Sheet, line: int, cells: list[str]) -> None:
        self.sheet, self.line, self.cells = sheet, line, cells
        self._found = sheet.found(cells)

    def given(self, *fields: str) -> bool:
        """Whether the file has a column, or the mapping a value, for one of these."""
        return not self.sheet.given.isdisjoint(fields)

    def raw(self, field: str) -> str:
        """The first value that any of the field's columns has, in our words where a mapping translates it, or nothing."""
        return self._found.get(field, "")

    def all(self, field: str) -> list[str]:
        """Every value of the field's columns, lists taken apart at semicolons."""
        first = self._found.get(field)
        if first is None:
            return []
        places = self.sheet.places.get(field, ())
        if len(places) < 2 and ";" not in first:
            return [first]
        cells = [cell for index in places if (cell := self.cells[index])] or [first]
        parts = (part.strip() for cell in cells for part in cell.split(";"))
        return list(dict.fromkeys(part for part in parts if part and not values.is_empty(part)))

    def decide(self, field: str, taken: str, why: str, given: str | None = None) -> None:
        column = self.sheet.column(field, self.cells)
        self.sheet.decide(self.line, column, self.raw(field) if given is None else given, taken, why)

    def text(self, field: str, most: int) -> str | None:
        """One line of at most ``most`` characters; a longer one is cut, and said so."""
        given = self._found.get(field)
        if given is None:
            return None
        text = " ".join(given.replace("\x00", "").split())
        if len(text) > most:
            self.decide(field, text[: most - 1] + "…", f"only {most} characters fit")
            text = text[: most - 1] + "…"
        return text or None

    def prose(self, field: str) -> str | None:
        given = self._found.get(field)
        return values.plain_text(given) or None if given else None

    def flag(self, field: str) -> bool | None:
        return self.soft(field, values.flag)

    def moment(self, field: str) -> datetime | None:
        return self._must(field, lambda cell: moment(cell, self.sheet.habits(field)))

    def day(self, field: str) -> date | None:
        return self._must(field, lambda cell: day(cell, self.sheet.habits(field)))

    def number(self, field: str) -> Decimal | None:
        return self._must(field, lambda cell: number(cell, self.sheet.habits(field)))

    def money(self, field: str, currency: str) -> tuple[int | None, str]:
        """(minor units, currency): the currency column's if there is one, else one written beside the number, else the
        given one."""
        found = self._must(field, lambda cell: amount(cell, self.sheet.habits(field)))
        code = (self.raw("currency") or (found[1] if found else None) or currency).upper()
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise BadValue("currency", f"“{code[:20]}” is no currency code such as EUR")
        return (None if found is None else round(found[0].scaleb(decimals(code)))), code

    def soft(self, field: str, read: Callable[[str], _Value | None]) -> _Value | None:
        """A value that the row can do without: what does not fit is left empty, and said so."""
        cell = self._found.get(field)
        if not cell:
            return None
        try:
            return read(cell)
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
        cell = self._found.get(field)
        if not cell:
            return None
        try:
            return read(cell)
        except (ValueError, OverflowError, OSError) as error:
            raise BadValue(field, str(error)) from None
