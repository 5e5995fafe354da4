"""What a misspelt word was meant to be: only where one known word is clearly nearer than every other."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from crm_store.imports.columns import key

ALIKE = 88  # of 100: a letter or two wrong in a word of ten
_APART = 4  # how much nearer the best has to be than the second best
_SHORTEST = 5
_OFTEN = 3  # rows from which on a word of a column is no slip
_RARER = 10  # how much rarer a slip is than what was meant


def nearest(given: str, known: Mapping[str, str]) -> str | None:
    """The known word, by key, that ``given`` is a misspelling of. Digits and words of one or two letters have to be the same:
    Sensor 100 is not Sensor 200, and Edition M is not Edition S."""
    wanted = key(given)
    if len(wanted) < _SHORTEST:
        return None
    exact = _exact(given)
    found = process.extract(wanted, list(known), scorer=fuzz.ratio, score_cutoff=ALIKE - _APART, limit=5)
    near = [(known[word], score) for word, score, _ in found if _exact(known[word]) == exact]
    if not near or near[0][1] < ALIKE or (len(near) > 1 and near[0][1] - near[1][1] < _APART):
        return None
    return near[0][0]


def _exact(text: str) -> tuple[str, ...]:
    words = re.findall(r"\w+", text.casefold())
    return tuple(sorted(word for word in words if len(word) <= 2 or any(each.isdigit() for each in word)))


class Vocabulary:
    """The words of a free column: those of the record, and those that several rows of a file have."""

    def __init__(self, there: Iterable[str]) -> None:
        self._spelling = {key(each): each for each in there}
        self._count: Counter[str] = Counter(dict.fromkeys(self._spelling, _OFTEN))
        self._read: dict[str, tuple[str, str]] = {}

    def learn(self, cells: Iterable[str]) -> None:
        spelled = Counter(" ".join(cell.split()) for cell in cells if cell.strip())
        for text, count in spelled.most_common():
            self._count[key(text)] += count
            self._spelling.setdefault(key(text), text)
        self._read.clear()

    def read(self, given: str) -> tuple[str, str]:
        """(the word that is kept, why it is another one than ``given``, or nothing)."""
        found = self._read.get(given)
        if found is None:
            found = self._read[given] = self._decide(given)
        return found

    def _decide(self, given: str) -> tuple[str, str]:
        own = key(given)
        spelling = self._spelling.get(own, given)
        if self._count[own] < _OFTEN:
            often = {
                word: each
                for word, each in self._spelling.items()
                if self._count[word] >= max(_OFTEN, _RARER * self._count[own])
            }
            meant = nearest(given, often)
            if meant is not None and key(meant) != own:
                return meant, f"read as the closest word that is used ({self._count[key(meant)]:,} times)"
        return spelling, "" if spelling == given else "spelled as elsewhere"
