"""Hand-written sentences for routine talk, by phase of the relation and voice; slots in braces are filled when used."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_FAMILIES = {
    "process": ("food",),
    "fresh": ("wine", "horticulture"),
    "regulated": ("pharma", "medical"),
    "moving": ("logistics", "retail"),
    "overhaul": ("rail", "shipbuilding", "mining", "energy", "public"),
    "making": (
        "machinery", "aerospace", "electronics", "wood", "packaging", "textiles", "plastics", "paper", "materials",
    ),
    "office": ("research", "consulting"),
}  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """How an industry speaks of its place, its goods, its trouble and its busy time."""

    site: str
    goods: str
    trouble: str
    peak: str
    family: str


@cache
def _sections(name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    current = ""
    for line in (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            current = line.strip("[]")
        elif line and not line.startswith("#") and (current or name != "industries"):
            found.setdefault(current, []).append(line)
        elif line and not line.startswith("#"):
            found.setdefault("", []).append(line)
    return {key: tuple(lines) for key, lines in found.items()}


@cache
def sentences(phase: str, voice: str) -> tuple[str, ...]:
    """The sentences of ``phase`` in ``voice`` (call, in, out; promise: with the task's title after a bar)."""
    if voice == "promise":
        return _sections(phase).get("promise", ()) if phase in ("selling", "serving") else ()
    key = f"{phase}.{voice}"
    found = next((part[key] for part in map(_sections, ("selling", "serving", "light", "closing")) if key in part), ())
    return tuple(map(_inside_a_mail, found)) if voice in ("in", "out") else found


def _inside_a_mail(line: str) -> str:
    """The sentence as it stands after a comma or a colon; a slot or an "I" keeps its capital."""
    return line if line.startswith(("I ", "{", "SOC")) else line[0].lower() + line[1:]


@cache
def trade(industry: str) -> Trade:
    """How ``industry`` speaks."""
    for line in _sections("industries")[""]:
        name, rest = line.split(": ", 1)
        if name == industry:
            site, goods, trouble, peak = rest.split(" / ")
            family = next(family for family, members in _FAMILIES.items() if industry in members)
            return Trade(site, goods, trouble, peak, family)
    raise KeyError(industry)


def trade_sentences(industry: str) -> tuple[str, ...]:
    """What people in ``industry`` tell us of their work."""
    return _sections("industries")[trade(industry).family]
