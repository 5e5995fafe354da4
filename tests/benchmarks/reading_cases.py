"""The cases of the public set that reading is measured on."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("UTC")
DEFAULT_NOW = datetime(2016, 11, 7, tzinfo=_ZONE)


@dataclass(frozen=True)
class Case:
    """One thing to be found in a text: its place and the values that are right (``start..end`` for ranges)."""

    family: str
    half: Literal["even", "odd"]
    text: str
    now: datetime
    place: tuple[int, int]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    case: Case
    exact: bool
    read: str


def load(folder: Path, name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8-sig"))
    return cases


def half_of(position: int) -> Literal["even", "odd"]:
    return "odd" if position % 2 else "even"


def now_of(case: dict[str, Any]) -> datetime:
    reference = case.get("Context", {}).get("ReferenceDateTime")
    return datetime.fromisoformat(reference).replace(tzinfo=_ZONE) if reference else DEFAULT_NOW
