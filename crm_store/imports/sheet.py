"""A file with the columns of its kind: which cell is which field, and how each column writes what it holds."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

from crm_store.imports.columns import Kind, key
from crm_store.imports.dates import day_or_month_first, is_serial
from crm_store.imports.files import CsvFile
from crm_store.imports.mapping import FileMapping
from crm_store.imports.numbers import comma_or_point
from crm_store.imports.report import CannotImport, Decision, Notes, Problem, Tally
from crm_store.imports.values import NOTHING, Habits, is_empty

SAMPLE = 2_000
CUSTOM = "custom."
_BOOKKEEPING = re.compile(
    r"_fivetran_|system_?modstamp|last_?(modified|viewed|referenced)|portal_?id$|photo_?url$|created_?by_?id$"
)
DATES = ("at", "created_at", "close_date", "due", "ordered_on", "starts_on", "ends_on", "opened_at", "closed_at", "done_at",
         "born_on", "left_on", "next_step_due", "ends", "on", "first_response_at", "stage_entered", "opted_at",
         "converted_at")  # fmt: skip
NUMBERS = ("amount", "price", "unit", "revenue", "quantity", "budget", "rate", "seats", "employees", "probability")


class Sheet:
    """:raises CannotImport: when a mapping names a column or field that there is not."""

    def __init__(self, file: CsvFile, kind: Kind, notes: Notes, said: FileMapping, custom: Mapping[str, str]) -> None:
        """``custom`` are the company's own fields of this kind of row: how a header may write them -> name."""
        self.file, self.kind, self.notes, self.said = file, kind, notes, said
        self.tally = Tally(file.name, kind.name)
        self.fixed = {_field(kind, name): value for name, value in said.fixed.items()}
        self.words = {
            _field(kind, name): {each.strip().casefold(): ours for each, ours in words.items()}
            for name, words in said.words.items()
        }
        told = self._told()
        found: dict[str, list[int]] = {}
        for index, header in enumerate(file.headers):
            if header and index not in told:
                found.setdefault(key(header), []).append(index)
        places = {
            field: [index for spelling in spellings for index in found.get(spelling, ())]
            for field, spellings in kind.columns.items()
        }
        for index, fields in told.items():
            for field in fields:
                places.setdefault(field, []).append(index)
        used = {index for indices in places.values() for index in indices}
        for spelling, name in custom.items():
            free = [index for index in found.get(spelling, ()) if index not in used]
            if free:
                places.setdefault(CUSTOM + name, []).extend(free)
        self.places = {field: tuple(dict.fromkeys(self._in_order(field, indices))) for field, indices in places.items()}
        self.given = frozenset(field for field, indices in self.places.items() if indices) | self.fixed.keys()
        # The best column of a field last, so that it wins.
        self._pairs = [(field, index) for field, indices in self.places.items() for index in reversed(indices)]
        self.ignored = {index for index, fields in told.items() if not fields}
        self.custom = tuple(field for field in self.places if field.startswith(CUSTOM) and self.places[field])
        zone = ZoneInfo(said.timezone) if said.timezone else UTC
        self._habit = Habits(zone=zone)
        self._habits: dict[str, Habits] = {}
        self._broken = False

    def _told(self) -> dict[int, list[str]]:
        """The columns of which the mapping says what they are."""
        told: dict[int, list[str]] = {}
        exact = {header: index for index, header in enumerate(self.file.headers)}
        loose = {key(header): index for index, header in enumerate(self.file.headers)}
        for header, names in self.said.columns.items():
            index = exact.get(header, loose.get(key(header)))
            if index is None:
                raise CannotImport(f"The mapping names the column “{header}”, which {self.file.name} does not have.")
            told[index] = [_field(self.kind, name.strip()) for name in names.split(",") if name.strip()]
        return told

    def _in_order(self, field: str, indices: list[int]) -> list[int]:
        """The better spelling of a field first; one that only a mapping knows is the best."""
        spellings = list(self.kind.columns.get(field, ()))
        keys = {index: key(self.file.headers[index]) for index in indices}
        return sorted(indices, key=lambda index: spellings.index(keys[index]) if keys[index] in spellings else -1)

    def habits(self, field: str) -> Habits:
        """How a field's columns write dates and numbers."""
        return self._habits.get(field, self._habit)

    def found(self, cells: Sequence[str]) -> dict[str, str]:
        """What a row gives: field -> value, without those that are empty."""
        found = {field: cell for field, index in self._pairs if (cell := cells[index].strip()) not in NOTHING}
        if self.fixed:
            found = self.fixed | found
        for field, words in self.words.items():
            if field in found:
                found[field] = words.get(found[field].casefold(), found[field])
        return found

    def rows(self) -> Iterator[tuple[int, list[str]]]:
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

    def learn(self) -> None:
        """Find each column's way with dates and numbers: by its first rows where they show it, else by the whole column."""
        dates = [field for field in (*DATES, *self.custom) if self.places.get(field)]
        numbers = [field for field in (*NUMBERS, *self.custom) if self.places.get(field)]
        if not (dates or numbers):
            return
        sample = self.cells([*dates, *numbers], SAMPLE)
        self._learn_dates(dates, sample)
        self._learn_numbers(numbers, sample)

    def cells(self, fields: Sequence[str], limit: int | None = None) -> dict[str, list[str]]:
        """What the columns of these fields hold in the first rows, or in all."""
        found: dict[str, list[str]] = {field: [] for field in fields}
        if not found:
            return found
        for count, (_, cells) in enumerate(self.rows()):
            if limit is not None and count >= limit:
                break
            for field, column in found.items():
                column += [cells[index] for index in self.places[field] if index < len(cells) and cells[index]]
        return found

    def _learn_dates(self, fields: Sequence[str], sample: Mapping[str, list[str]]) -> None:
        if self.said.dates is not None:
            form = self.said.dates if "%" in self.said.dates else ""
            said = replace(self._habit, day_first=self.said.dates == "day first", form=form)
            self._habits.update(dict.fromkeys(fields, said))
            return
        shown = {field: day_or_month_first(sample[field]) for field in fields}
        unsure = [field for field, (day, month, _, of) in shown.items() if of and day == month]
        if unsure and self.file.lines > SAMPLE:
            shown |= {field: day_or_month_first(cells) for field, cells in self.cells(unsure).items()}
        days, months = sum(each[0] for each in shown.values()), sum(each[1] for each in shown.values())
        for field, (day, month, dotted, slashed) in shown.items():
            first = day > month or (
                day == month and (days > months or (days == months and self._european(dotted == slashed > 0)))
            )
            self._habits[field] = replace(self._habit, day_first=first)
            if slashed and day == month:
                why = (
                    "as the other dates of this file" if days != months
                    else "every date of this column could be read either way; say in a mapping which it is"
                )  # fmt: skip
                self.decide(0, self.column(field), "", f"{'day' if first else 'month'} first", why)
        for field in fields:
            if field not in self.custom and any(is_serial(cell.strip()) for cell in sample[field][:50]):
                self.decide(0, self.column(field), "", "Excel's day numbers", "read as days since 1900")

    def _european(self, dotted: bool) -> bool:
        return dotted or self.file.delimiter == ";"

    def _learn_numbers(self, fields: Sequence[str], sample: Mapping[str, list[str]]) -> None:
        if self.said.decimals is not None:
            for field in fields:
                self._habits[field] = replace(self.habits(field), decimal_comma=self.said.decimals == "comma")
            return
        shown = {field: comma_or_point(sample[field]) for field in fields}
        unsure = [field for field, (comma, point, either) in shown.items() if comma == point and either]
        if unsure and self.file.lines > SAMPLE:
            shown |= {field: comma_or_point(cells) for field, cells in self.cells(unsure).items()}
        commas, points = sum(each[0] for each in shown.values()), sum(each[1] for each in shown.values())
        for field, (comma, point, either) in shown.items():
            european = commas > points or (commas == points and self.file.delimiter == ";")
            self._habits[field] = replace(
                self.habits(field), decimal_comma=comma > point or (comma == point and european)
            )
            if either and comma == point and commas == points:
                cell = next((each for each in sample[field] if "," in each or "." in each), "")
                mark = "comma" if european else "point"
                why = "numbers such as this could be read either way in this file; say in a mapping which it is"
                self.decide(0, self.column(field), cell, f"a decimal {mark}", why)

    def unused(self) -> list[str]:
        """The columns that no field reads, but for the bookkeeping of who exported them."""
        used = {index for indices in self.places.values() for index in indices} | self.ignored
        return [
            header
            for index, header in enumerate(self.file.headers)
            if header and index not in used and not _BOOKKEEPING.match(header.casefold())
        ]

    def mapped(self) -> FileMapping:
        """The mapping that says what was found: of every column its fields, beside what was said before."""
        of: dict[str, list[str]] = {header: [] for header in self.file.headers if header}
        for field, indices in self.places.items():
            for index in indices:
                of[self.file.headers[index]].append(field if field.startswith(CUSTOM) else field.replace("_", " "))
        columns = {header: ", ".join(fields) for header, fields in of.items()}
        return self.said.model_copy(update={"holds": self.kind.name, "columns": columns})

    def decide(self, line: int, column: str, given: str, taken: str, why: str) -> None:
        self.notes.decide(Decision(self.file.name, line, column, given[:200], taken, why))

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.tally.skipped += 1
        self.notes.problems.append(Problem(self.file.name, line, column, reason))

    def column(self, field: str, cells: Sequence[str] | None = None) -> str:
        """The header that a field was read from; its first one when no cell has a value."""
        indices = self.places.get(field, ())
        for index in indices:
            if cells is not None and index < len(cells) and not is_empty(cells[index]):
                return self.file.headers[index]
        return self.file.headers[indices[0]] if indices else field


def _field(kind: Kind, name: str) -> str:
    """A field by its name in a mapping.

    :raises CannotImport: when rows of that kind have none such.
    """
    if name.startswith(CUSTOM):
        return name
    wanted = key(name)
    for field in kind.columns:
        if wanted == key(field):
            return field
    for field, spellings in kind.columns.items():
        if wanted in spellings:
            return field
    known = ", ".join(field.replace("_", " ") for field in kind.columns)
    raise CannotImport(
        f"The mapping names the field “{name}”, which a {kind.name} does not have; these are: {known}, custom.NAME."
    )
