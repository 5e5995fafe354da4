"""Opening a CSV file whoever wrote it: encoding, delimiter, header and rows with their line numbers."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crm_store.imports.report import CannotImport

SAMPLE_BYTES = 65_536
LONGEST_CELL = 16 * 1024 * 1024
SUFFIXES = (".csv", ".tsv", ".tab")
_DELIMITERS = ",;\t|"
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3", "a database"),
)
_NOISE = [bytes([each]) for each in range(32) if each not in (9, 10, 13)]  # what no text has, or not much of
_WAY_OUT = "Export the list as CSV (comma separated values, UTF-8) and import that file, or unpack the archive first."


@dataclass(frozen=True)
class CsvFile:
    """``headers`` as written; ``lines`` counts physical lines, the header's included; ``start`` is the header's line;
    ``has_nul`` whether there are NUL characters, which no text has."""

    path: Path
    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    lines: int
    start: int
    has_nul: bool = False

    @property
    def name(self) -> str:
        return self.path.name

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(first physical line, cells) of every row that is not blank.

        :raises csv.Error: when a cell is longer than any text anybody wrote, as after a quote that is never closed.
        """
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as stream:
            lines = (each.replace("\x00", "") for each in stream) if self.has_nul else stream
            reader = csv.reader(lines, delimiter=self.delimiter)
            line = 1
            for cells in reader:
                if line > self.start and any(cells):
                    yield line, cells
                line = reader.line_num + 1


def find_files(path: Path) -> tuple[list[Path], list[Path]]:
    """The CSV files at ``path`` (a folder or one file) and what else lies there, each in order of name.

    :raises CannotImport: when nothing is there, or nothing that could be CSV.
    """
    if path.is_file():
        return [path], []
    if not path.exists():
        raise CannotImport(f"There is nothing at {path}. Give a folder of CSV exports or one CSV file.")
    if not path.is_dir():
        raise CannotImport(f"{path} is neither a file nor a folder. Give a folder of CSV exports or one CSV file.")
    try:
        inside = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
    except OSError as error:
        raise CannotImport(f"{path} cannot be read ({error.strerror}). Check who may read the folder.") from error
    found = [each for each in inside if each.suffix.lower() in SUFFIXES]
    if not found:
        raise CannotImport(f"There is no CSV file in {path}. Put the exported .csv files there, or name one of them.")
    return found, [each for each in inside if each not in found]


def open_csv(path: Path) -> CsvFile:
    """:raises CannotImport: when the file cannot be read or is something else than CSV."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open("rb") as stream:
            sample = stream.read(SAMPLE_BYTES)
        _refuse_what_is_no_csv(path.name, sample)
        encoding, lines, has_nul = _encoding(path, sample)
        delimiter, headers, start = _header(path, encoding)
    except OSError as error:
        raise CannotImport(f"{path.name} cannot be read ({error.strerror}).") from error
    except csv.Error as error:
        raise CannotImport(f"{path.name} is no CSV file ({error}). {_WAY_OUT}") from error
    return CsvFile(path, encoding, delimiter, headers, lines, start, has_nul)


def _refuse_what_is_no_csv(name: str, sample: bytes) -> None:
    if not sample.strip(b"\xef\xbb\xbf \t\r\n"):
        raise CannotImport(f"{name} is empty. Export it again; a CSV file starts with a line of column names.")
    for magic, what in _MAGIC:
        if sample.startswith(magic):
            raise CannotImport(f"{name} is {what}, not a CSV file. {_WAY_OUT}")
    start = sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise CannotImport(f"{name} is a web page or XML, not a CSV file. {_WAY_OUT}")
    if start.startswith((b"{", b"[{", b"[\n")):
        raise CannotImport(f"{name} is JSON, not a CSV file. {_WAY_OUT}")
    noise = sum(sample.count(each) for each in _NOISE)
    if _utf16(sample) is None and noise > len(sample) / 50:
        raise CannotImport(f"{name} is not text, so it is no CSV file. {_WAY_OUT}")


def _utf16(sample: bytes) -> str | None:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = sample[:512]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if len(head) >= 8 and odd > 0.4 * len(head) / 2 and even == 0:
        return "utf-16-le"
    if len(head) >= 8 and even > 0.4 * len(head) / 2 and odd == 0:
        return "utf-16-be"
    return None


def _encoding(path: Path, sample: bytes) -> tuple[str, int, bool]:
    """What the whole file decodes as, how many lines it has, and whether there are NUL characters. What is not UTF-8 comes
    from Windows."""
    wide = _utf16(sample)
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, narrow, ended, has_nul = 0, wide is None, True, False
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            has_nul = has_nul or (wide is None and b"\x00" in block)
            lines += block.count(b"\n") or block.count(b"\r")
            ended = block.rstrip(b"\x00").endswith((b"\n", b"\r"))
            if narrow:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    narrow = False
        if narrow:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                narrow = False
    return wide or ("utf-8-sig" if narrow else "cp1252"), lines + (not ended), has_nul


def _header(path: Path, encoding: str) -> tuple[str, tuple[str, ...], int]:
    """The delimiter, the column names and the line they are on; Excel's ``sep=;`` line is obeyed."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        first = stream.readline(1 << 20)
        start, told = 1, ""
        while first and not first.strip():
            first, start = stream.readline(1 << 20), start + 1
        if first.lower().startswith("sep=") and len(first.strip()) <= 5:
            told = first.rstrip("\r\n")[4:] or "\t"
            first, start = stream.readline(1 << 20), start + 1
    delimiter = told or max(_DELIMITERS, key=lambda each: _outside_quotes(first, each))
    headers = tuple(cell.strip().lstrip("\ufeff") for cell in next(csv.reader([first], delimiter=delimiter), []))
    if not any(headers) or sum(len(each) > 200 for each in headers) > 0:
        raise CannotImport(f"{path.name} does not start with a line of column names. {_WAY_OUT}")
    return delimiter, headers, start


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])
