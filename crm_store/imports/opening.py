"""From a folder to sheets: which files can be read, what each holds, and what its columns are taken for."""

from collections.abc import Mapping as Pairs
from pathlib import Path

from crm_store.imports.columns import KINDS, Kind
from crm_store.imports.files import CsvFile, find_files, open_csv
from crm_store.imports.kinds import BY_NAME, detect
from crm_store.imports.links import KINDS as LINKS
from crm_store.imports.mapping import FileMapping, Mapping
from crm_store.imports.report import CannotImport, Notes, Problem, Tally
from crm_store.imports.sheet import Sheet

_UNKNOWN = "Neither its name nor its columns tell what it holds; name it after what is in it, such as deals.csv, or say in a mapping."
NOT_ASKED = "the mapping leaves it out"


def open_sheets(path: Path, notes: Notes, mapping: Mapping, custom: Pairs[str, Pairs[str, str]]) -> list[Sheet]:
    """The sheets of all files at ``path`` whose rows have a place in the record. ``custom`` are the company's own fields:
    entity -> how a header may write them -> name.

    :raises CannotImport: when there is nothing that could be read.
    """
    files, others = find_files(path)
    sheets = [sheet for each in files if (sheet := _open(each, path.is_file(), notes, mapping, custom)) is not None]
    for each in others:
        notes.tallies.append(Tally(each.name, "no CSV file"))
    return sheets


def _open(path: Path, alone: bool, notes: Notes, mapping: Mapping, custom: Pairs[str, Pairs[str, str]]) -> Sheet | None:
    said = mapping.of(path.name)
    try:
        file = open_csv(path)
    except CannotImport as error:
        if alone:
            raise
        notes.tallies.append(Tally(path.name, "not read"))
        notes.problems.append(Problem(path.name, 0, "", str(error)))
        return None
    kind = _kind(file, said)
    if kind is None:
        if alone:
            raise CannotImport(f"{path.name} cannot be imported. {_UNKNOWN}")
        notes.tallies.append(Tally(path.name, "unknown"))
        notes.problems.append(Problem(path.name, 0, "", _UNKNOWN))
        return None
    sheet = Sheet(file, kind, notes, FileMapping() if kind.left_out else said, custom.get(kind.entity, {}))
    notes.tallies.append(sheet.tally)
    if kind.left_out:
        count = sum(1 for _ in sheet.rows())
        sheet.tally.rows = sheet.tally.skipped = count
        sheet.decide(0, "", f"{count} rows", "", f"left out: {kind.left_out}")
        return None
    if file.encoding == "cp1252":
        sheet.decide(0, "", "", "Windows-1252", "the file is not UTF-8")
    if file.has_nul:
        sheet.decide(0, "", "NUL", "", "characters that are no text were taken out")
    sheet.learn()
    if (unused := sheet.unused()) and kind.name not in LINKS:
        shown = ", ".join(unused[:12]) + (f" and {len(unused) - 12} more" if len(unused) > 12 else "")
        sheet.decide(0, "", shown, "", "columns without a place in the record")
    return sheet


def _kind(file: CsvFile, said: FileMapping) -> Kind | None:
    if said.holds is None:
        return detect(file.path.stem, file.headers)
    if not said.holds:
        return Kind("left out", (), left_out=NOT_ASKED)
    name = " ".join(said.holds.casefold().replace("_", " ").split())
    kind = next((each for each in KINDS if each.name == name), None) or BY_NAME.get(name)
    if kind is None:
        kinds = ", ".join(each.name for each in KINDS if not each.left_out)
        raise CannotImport(f"The mapping says that {file.name} holds “{said.holds}”; it can hold {kinds}.")
    return kind
