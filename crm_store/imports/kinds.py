"""What kind of rows a file holds: by its name, or by its columns when the name says nothing."""

import re
from collections.abc import Sequence
from itertools import pairwise

from crm_store.imports.columns import KINDS, Kind, key

BY_NAME = {name: kind for kind in KINDS for name in kind.names}
# What exporters add to a file's name besides what is in it.
_NOISE = {"data", "export", "exports", "hubspot", "salesforce", "crm", "all", "sf", "sfdc", "csv", "extract", "my", "view",
          "report", "tmp", "object", "the"}  # fmt: skip


def detect(stem: str, headers: Sequence[str]) -> Kind | None:
    """The kind of a file by its name without suffix and its column names; None when neither tells."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem)
    words = [
        each
        for each in re.split(r"[^a-z]+", re.sub(r"product_?2", "product", spaced.lower()))
        if each and each not in _NOISE
    ]
    name = " ".join(words)
    keys = {key(each) for each in headers}
    exact = BY_NAME.get(name)
    if exact is not None and (exact.left_out or _fits(exact, keys)):
        return exact
    for kind in KINDS:
        if kind.left_out and any(name.startswith(f"{each} ") for each in kind.names):
            return kind
    shown = [(sum(len(fields) for fields in kind.shows if _has(kind, fields, keys)), kind) for kind in KINDS]
    pairs = {f"{one} {two}" for one, two in pairwise(words)} | set(words)
    named = [(len(each.split()), score, kind) for score, kind in shown if score for each in kind.names if each in pairs]
    if named:
        return max(named, key=lambda each: each[:2])[2]
    score, best = max(shown, key=lambda each: each[0])
    return best if score else None


def _fits(kind: Kind, keys: set[str]) -> bool:
    """Whether the columns could be of that kind: at least two of them are known, or all there are."""
    known = {each for spellings in kind.columns.values() for each in spellings}
    return len(known & keys) >= min(2, len(keys))


def _has(kind: Kind, fields: Sequence[str], keys: set[str]) -> bool:
    return all(not keys.isdisjoint(kind.columns[name]) for name in fields)
