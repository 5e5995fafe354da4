"""Short forms of English first names: what people type for someone whose record says it in full."""

import functools
from pathlib import Path


@functools.cache
def _families() -> dict[str, frozenset[str]]:
    """Each form to every other form that one person may go by."""
    found: dict[str, set[str]] = {}
    for line in (Path(__file__).parent / "nicknames.txt").read_text(encoding="utf-8").splitlines():
        full, *short = line.split()
        for form in short:
            found.setdefault(form, set()).add(full)
            found.setdefault(full, set()).add(form)
    return {form: frozenset(others) for form, others in found.items()}


def is_first_name(key: str) -> bool:
    """Whether a lower-case word is a first name of the table, and so spelt as meant."""
    return key in _families()


def other_forms(first_name: str) -> frozenset[str]:
    """The full names of a short form and the short forms of a full name, all in lower case."""
    return _families().get(first_name, frozenset())
