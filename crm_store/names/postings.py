"""The words of every name, and which word a typed one may stand for."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm_store.custom_fields import Definition
from crm_store.names.forms import How, Kind, Match, Name, Trait
from crm_store.names.nicknames import is_first_name, other_forms
from crm_store.names.words import LEGAL_FORMS, is_common, keys_of

_MANY: frozenset[Kind] = frozenset({"account", "contact", "deal"})
"""Kinds of which there may be hundreds of thousands; all names of any other kind are looked through at once."""
_REMEMBERED = 1 << 18
"""How many names' words are remembered: colleagues see the same names, and so hold the same words once."""
GONE = Name("pipeline", "", "")
"""Stands where a name was that is no more."""


class Postings:
    """Names hashed by their words.

    One thread may change them (:meth:`put`, :meth:`drop`) while others read: what they read is replaced, never altered, so
    that they see a name as it was or as it is."""

    def __init__(self, names: Iterable[Name], fields: Iterable[Definition] = ()) -> None:
        self.fields = tuple(fields)
        """The fields that the company added, which are called by their labels."""
        self.traits: frozenset[Trait] = frozenset()
        """What customers are told apart by, so that "in Bavaria" is understood."""
        self.papers: tuple[frozenset[str], ...] = ()
        """The stems of the words of each passage of the company's own documents."""
        self._names: list[Name] = []
        self._by_id: dict[str, Name] = {}
        self._few: dict[str, Name] = {}
        self._places: dict[str, int] = {}
        self._also: dict[str, list[int]] = {}
        self._words: list[tuple[str, ...]] = []
        self._posted: dict[str, list[int]] = {}
        self._deals_of: dict[str, list[int]] = {}
        self._contacts_of: dict[str, list[int]] = {}
        for name in names:
            self._append(name)
        self._sorted = sorted(self._posted)
        self._by_length: dict[int, list[str]] = {}
        for key in self._sorted:
            if _is_spelt(key):
                self._by_length.setdefault(len(key), []).append(key)

    def _append(self, name: Name) -> None:
        place = len(self._names)
        self._names.append(name)
        self._words.append(_core(name.text))
        self._by_id[name.id] = name
        self._places[name.id] = place
        if name.kind not in _MANY:
            self._few[name.id] = name
        for held, key in self._entries(place):
            held.setdefault(key, []).append(place)

    def _entries(self, place: int) -> list[tuple[dict[str, list[int]], str]]:
        """Where the name at ``place`` is found."""
        name = self._names[place]
        found = [(self._posted, key) for key in self._words[place]]
        found += [(self._also, other.lower()) for other in name.also]
        if name.account_id is not None and name.kind in ("deal", "contact"):
            found.append((self._deals_of if name.kind == "deal" else self._contacts_of, name.account_id))
        return found

    def put(self, name: Name) -> None:
        """Add a name, or replace the one with its id."""
        if self._by_id.get(name.id) == name:
            return
        before = self._places.get(name.id)
        place = len(self._names)
        self._names.append(name)
        self._words.append(_core(name.text))
        for held, key in self._entries(place):
            if held is self._posted and key not in held:
                self._learn(key)
            held[key] = [*held.get(key, ()), place]
        self._by_id[name.id] = name
        self._places[name.id] = place
        if name.kind not in _MANY:
            self._few = {**self._few, name.id: name}
        if before is not None:
            self._forget(before)

    def drop(self, id: str) -> None:
        """Forget the name with this id, if there is one."""
        place = self._places.pop(id, None)
        if place is not None:
            del self._by_id[id]
            self._few = {key: name for key, name in self._few.items() if key != id} if id in self._few else self._few
            self._forget(place)

    def _forget(self, place: int) -> None:
        for held, key in self._entries(place):
            kept = [other for other in held[key] if other != place]
            if kept:
                held[key] = kept
            else:
                del held[key]
                if held is self._posted:
                    self._unlearn(key)
        self._names[place] = GONE

    def _learn(self, key: str) -> None:
        self._sorted = _with(self._sorted, key)
        if _is_spelt(key):
            self._by_length[len(key)] = _with(self._by_length.get(len(key), []), key)

    def _unlearn(self, key: str) -> None:
        self._sorted = [other for other in self._sorted if other != key]
        if _is_spelt(key):
            self._by_length[len(key)] = [other for other in self._by_length[len(key)] if other != key]

    @property
    def worn(self) -> bool:
        """Whether so much was changed that building anew is cheaper than carrying it along."""
        return len(self._names) > 1_000 and len(self._names) > 1.25 * len(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, id: str) -> Name | None:
        return self._by_id.get(id)

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is part of a name, or a short form of one."""
        return word in self._posted or any(other in self._posted for other in other_forms(word))

    def of_kind(self, kind: Kind) -> list[Name]:
        there = self._by_id if kind in _MANY else self._few
        return [name for name in list(there.values()) if name.kind == kind]

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


@lru_cache(maxsize=_REMEMBERED)
def _core(text: str) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(keys_of(text)))
    return tuple(key for key in keys if key not in LEGAL_FORMS) or keys


def _is_spelt(key: str) -> bool:
    """Whether a word may be meant by another spelling."""
    return len(key) > 2 and not key.isdigit()


def _with(words: list[str], word: str) -> list[str]:
    grown = words.copy()
    insort(grown, word)
    return grown


def gone(name: Name) -> float:
    """What is over is meant less often than what is going on."""
    return 0.2 if name.kind == "deal" and name.status in ("won", "lost") else 0.07 if name.status == "left" else 0.0
