"""A mapping file: what a person says of the files where their names, headers and words say too little.

TOML, one table a file (or a pattern such as ``deals*.csv``), everything optional:

.. code-block:: toml

    currency = "EUR"              # of amounts that name none
    timezone = "Europe/Berlin"    # of times that name none
    dates = "day first"           # or "month first", or a format such as "%d.%m.%Y"
    decimals = "comma"            # or "point"

    [files."Kunden.csv"]
    holds = "account"             # "" leaves the file out
    [files."Kunden.csv".columns]  # header = field; "" leaves the column out
    "Firmenname" = "name"
    "Region Vertrieb" = "custom.sales_region"
    [files."Kunden.csv".fixed]    # field = value for every row
    kind = "customer"
    [files."Kunden.csv".words.industry]  # per field: the file's word = ours
    "Lebensmittel" = "Food"

What a file's own table says goes before what the top says.
"""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crm_store.imports.report import CannotImport


class _Habits(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    timezone: str | None = None
    dates: str | None = None
    decimals: Literal["comma", "point"] | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError(f"{value} is no time zone such as Europe/Berlin") from None
        return value

    @field_validator("dates")
    @classmethod
    def _known_dates(cls, value: str | None) -> str | None:
        if value is not None and value not in ("day first", "month first") and "%" not in value:
            raise ValueError('is neither "day first" nor "month first" nor a format such as %d.%m.%Y')
        return value


class FileMapping(_Habits):
    """What is said of one file; ``holds`` is a kind of rows, and nothing where the file is to be left out."""

    holds: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    fixed: dict[str, str] = Field(default_factory=dict)
    words: dict[str, dict[str, str]] = Field(default_factory=dict)


class Mapping(_Habits):
    """Everything that a mapping file says."""

    files: dict[str, FileMapping] = Field(default_factory=dict)

    def of(self, name: str) -> FileMapping:
        """What is said of the file of this name, its own table first, then the first pattern that fits."""
        found = self.files.get(name) or next(
            (each for pattern, each in self.files.items() if fnmatchcase(name.casefold(), pattern.casefold())),
            FileMapping(),
        )
        common = {field: getattr(self, field) for field in ("currency", "timezone", "dates", "decimals")}
        return found.model_copy(
            update={field: value for field, value in common.items() if getattr(found, field) is None}
        )


def read_mapping(path: Path) -> Mapping:
    """:raises CannotImport: when the file cannot be read or says something that no mapping can."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise CannotImport(f"{path} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotImport(f"{path} is no TOML file ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        raise CannotImport(f"{path}: {place}: {first['msg']}.") from error


def written(mapping: Mapping) -> str:
    """The mapping as a file that :func:`read_mapping` reads back as the same."""
    lines = ["# What an import would take each column for. Change what is wrong and give this file with --map."]
    lines += _habits(mapping)
    for name, each in mapping.files.items():
        lines += ["", f"[files.{_text(name)}]"]
        if each.holds is not None:
            lines.append(f"holds = {_text(each.holds)}")
        lines += _habits(each)
        tables = {"columns": each.columns, "fixed": each.fixed}
        tables |= {f"words.{_text(field)}": words for field, words in each.words.items()}
        for table, pairs in tables.items():
            if pairs:
                lines.append(f"[files.{_text(name)}.{table}]")
                lines += [f"{_text(left)} = {_text(right)}" for left, right in pairs.items()]
    return "\n".join(lines) + "\n"


def _habits(said: _Habits) -> list[str]:
    pairs = {field: getattr(said, field) for field in ("currency", "timezone", "dates", "decimals")}
    return [f"{field} = {_text(value)}" for field, value in pairs.items() if value is not None]


def _text(value: str) -> str:
    """A TOML string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each >= " " and each != "\x7f" else f"\\u{ord(each):04x}" for each in escaped) + '"'
