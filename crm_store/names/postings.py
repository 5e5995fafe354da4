"""The words of every name, and which word a typed one may stand for."""

from bisect import bisect_left
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm_store.names.forms import How, Kind, Match, Name
from crm_store.names.nicknames import is_first_name, other_forms
from crm_store.names.words import LEGAL_FORMS, is_common, keys_of


class Postings:
    """Names hashed by their words. Never changes."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = tuple(names)
        self._by_id = {name.id: name for name in self._names}
        self._also: dict[str, list[int]] = {}
        self._words: list[tuple[str, ...]] = []
        self._posted: dict[str, list[int]] = {}
        self._deals_of: dict[str, list[int]] = {}
        self._contacts_of: dict[str, list[int]] = {}
        for at, name in enumerate(self._names):
            keys = tuple(dict.fromkeys(keys_of(name.text)))
            core = tuple(key for key in keys if key not in LEGAL_FORMS) or keys
            self._words.append(core)
            for key in core:
                self._posted.setdefault(key, []).append(at)
            for other in name.also:
                self._also.setdefault(other.lower(), []).append(at)
            if name.account_id is not None and name.kind in ("deal", "contact"):
                of = self._deals_of if name.kind == "deal" else self._contacts_of
                of.setdefault(name.account_id, []).append(at)
        self._sorted = sorted(self._posted)
        self._by_length: dict[int, list[str]] = {}
        for key in self._sorted:
            if len(key) > 2 and not key.isdigit():
                self._by_length.setdefault(len(key), []).append(key)

    def __len__(self) -> int:
        return len(self._names)

    def get(self, id: str) -> Name | None:
        return self._by_id.get(id)

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is part of a name, or a short form of one."""
        return word in self._posted or any(other in self._posted for other in other_forms(word))

    def of_kind(self, kind: Kind) -> list[Name]:
        return [name for name in self._names if name.kind == kind]

    def deals_of(self, account_id: str, status: str | None = None) -> list[Name]:
        found = (self._names[at] for at in self._deals_of.get(account_id, ()))
        return [name for name in found if status is None or name.status == status]

    def contacts_of(self, account_id: str) -> list[Name]:
        return [self._names[at] for at in self._contacts_of.get(account_id, ())]

    def _direct(self, text: str, kind: Kind) -> list[Match]:
        how: How = "email" if "@" in text else "domain"
        found = [Match(self._names[at], 1.0, how) for at in self._also.get(text, ()) if self._names[at].kind == kind]
        if not found and "@" in text and kind == "account":
            found = [
                Match(self._names[at], 0.9, "domain")
                for at in self._also.get(text.partition("@")[2], ())
                if self._names[at].kind == kind
            ]
        return found

    def _variants(self, key: str, *, spelling: bool) -> dict[str, float]:
        """The words of names that a typed word may stand for, each with how surely."""
        found: dict[str, float] = {}
        if key in self._posted:
            found[key] = 1.0
        for other in other_forms(key):
            if other in self._posted:
                found.setdefault(other, 0.93)
        if found or not spelling or len(key) < 4 or key.isdigit() or is_common(key) or is_first_name(key):
            return found
        at = bisect_left(self._sorted, key)
        while at < len(self._sorted) and self._sorted[at].startswith(key) and len(found) < 20:
            found[self._sorted[at]] = 0.85
            at += 1
        allowed = 1 if len(key) < 8 else 2
        pool = [
            word
            for length in range(len(key) - allowed, len(key) + allowed + 1)
            for word in self._by_length.get(length, ())
        ]
        for other, distance, _ in process.extract(key, pool, scorer=OSA.distance, score_cutoff=allowed, limit=5):
            swapped = sorted(other) == sorted(key)
            if (
                len(other) >= 4
                and (swapped or (len(key) > 4 and (other[0] == key[0] or len(key) >= 6)))
                and not (is_common(other) and len(other) < 6)
            ):
                found.setdefault(other, 0.85 - 0.07 * distance)
        return found


def gone(name: Name) -> float:
    """What is over is meant less often than what is going on."""
    return 0.2 if name.kind == "deal" and name.status in ("won", "lost") else 0.07 if name.status == "left" else 0.0
