"""Finds what a text names among everything its reader may see, in milliseconds at 200,000 names.

Names are hashed by their words. A sentence costs one look-up a word; only a word that is neither in a name nor
ordinary English is compared with others for spelling, and only with words of about its length. Ordinary words are
names only where they stand like one ("with Will", not "will you").
"""

from collections.abc import Callable, Sequence
from heapq import nsmallest

from crm_store.names.finding import Finder
from crm_store.names.forms import How, Kind, Match, Mention
from crm_store.names.postings import gone
from crm_store.names.words import FILLERS, LEGAL_FORMS, Word, is_common, words_of

_MOST = 20
_KIND_ORDER: dict[str, float] = {
    "account": 0.0, "contact": -0.002, "person": -0.004, "deal": -0.01, "competitor": -0.03, "product": -0.02,
    "team": -0.03, "stage": -0.05, "pipeline": -0.05,
}  # fmt: skip
_VERBS = frozenset(
    [
        "said",
        "says",
        "wants",
        "wanted",
        "asked",
        "called",
        "is",
        "was",
        "has",
        "left",
        "just",
        "told",
        "confirmed",
        "mentioned",
        "needs",
        "replied",
        "emailed",
        "agreed",
        "thinks",
    ]
)
_FUNCTION = frozenset(
    [
        "in",
        "on",
        "at",
        "by",
        "for",
        "to",
        "from",
        "with",
        "of",
        "and",
        "or",
        "the",
        "a",
        "an",
        "as",
        "about",
        "is",
        "it",
        "we",
        "i",
        "they",
        "my",
        "our",
        "your",
        "up",
        "out",
    ]
)
_STILL_NAMED: frozenset[Kind] = frozenset({"account", "contact", "deal", "person", "product", "competitor"})


class Names(Finder):
    """Everything its reader may see, by name."""

    def mentions(self, sentence: str, is_word: Callable[[str], bool] = is_common) -> list[Mention]:
        """Everything the sentence names, from left to right, none overlapping another. What ``is_word`` knows is spelt as
        meant, and so is never taken for a misspelt name."""
        words = words_of(sentence)
        shouted = sum(word.capital for word in words) > max(3, len(words) * 0.6)
        found = self._addresses(sentence)
        at = 0
        while at < len(words):
            word = words[at]
            covering = next((one for one in found if one.start <= word.start < one.end), None)
            if covering is not None:
                at += 1
                continue
            stop, matches = self._longest(words, at, shouted, sentence, is_word)
            if matches:
                start, end = word.start, words[stop - 1].end
                found.append(Mention(start, end, sentence[start:end], tuple(matches)))
                at = stop
            else:
                at += 1
        return sorted(found, key=lambda mention: mention.start)

    def _addresses(self, sentence: str) -> list[Mention]:
        found: list[Mention] = []
        start = 0
        for piece in sentence.split():
            start = sentence.index(piece, start)
            bare = piece.strip("<>()[],;:!?'\"").rstrip(".")
            key = (
                bare.lower()
                .removesuffix("'s")
                .removesuffix("’s")
                .removeprefix("https://")
                .removeprefix("http://")
                .removeprefix("www.")
                .rstrip("/")
            )
            if "." in key and key in self._also:
                matches = tuple(
                    Match(self._names[at], 1.0, "email" if "@" in key else "domain") for at in self._also[key]
                )
                at = start + piece.index(bare)
                found.append(Mention(at, at + len(bare), bare, matches))
            start += len(piece)
        return found

    def _longest(
        self, words: Sequence[Word], at: int, shouted: bool, sentence: str, is_word: Callable[[str], bool]
    ) -> tuple[int, list[Match]]:
        """The longest run of words from ``at`` that some name holds, and the names that hold it."""
        word = words[at]
        if (
            word.key in LEGAL_FORMS
            or word.key in FILLERS
            or (word.key in _FUNCTION and not (word.capital and at > 0))
            or (word.key.isdigit() and len(word.key) < 3)
        ):
            return at, []
        ordinary = is_common(word.key)
        first = self._variants(word.key, spelling=not ordinary and not is_word(word.key))
        if not first:
            return at, []
        held: dict[int, float] = {}
        for variant, quality in first.items():
            for name in self._posted.get(variant, ()):
                kind = self._names[name].kind
                if kind in _STILL_NAMED and (kind in ("contact", "person") or not 0.9 < quality < 1):
                    held[name] = max(held.get(name, 0.0), quality)
        stop = at + 1
        while stop < len(words) and held and not _apart(sentence[words[stop - 1].end : words[stop].start]):
            key = words[stop].key
            after = self._variants(key, spelling=not is_word(key)) if key not in LEGAL_FORMS else {key: 1.0}
            kept = {
                name: total + max(found)
                for name, total in held.items()
                if (found := [value for variant, value in after.items() if variant in self._words[name]])
            }
            if not kept:
                break
            held, stop = kept, stop + 1
        count = stop - at
        if (
            count == 1 and not word.capital and is_word(word.key)
        ):  # "storage" says nothing of a deal that has it in its name
            held = {
                name: quality for name, quality in held.items()
                if self._names[name].kind not in ("deal", "product") or self._words[name][0] == word.key
            }  # fmt: skip
            if not held:
                return at, []
        if ordinary and not self._stands_as_name(words, at, stop, shouted):
            return at, []
        if count > 1 and stop < len(words) + 1 and words[stop - 1].key in ("and", "of", "for", "on", "at"):
            stop -= 1
            count -= 1
        return stop, self._ranked(held, count, {word.key for word in words[at:stop]})

    def _ranked(self, held: dict[int, float], count: int, keys: set[str]) -> list[Match]:
        """The best of the names that hold ``count`` words."""
        matches = []
        for name, total in held.items():
            quality = min(1.0, total / max(count, 1))
            whole = quality == 1 and keys == set(self._words[name])
            score = (1.0 if whole else 0.86 * quality) + _KIND_ORDER[self._names[name].kind] - gone(self._names[name])
            how: How = "exact" if whole else "part" if quality == 1 else "nickname" if quality >= 0.9 else "typo"
            matches.append(Match(self._names[name], round(score, 4), how))
        return nsmallest(_MOST, matches, key=lambda match: (-match.score, match.name.text, match.name.id))

    def _stands_as_name(self, words: Sequence[Word], at: int, stop: int, shouted: bool) -> bool:
        """Whether an ordinary word is meant as a name where it stands."""
        word = words[at]
        if stop - at > 1 and not all(is_common(one.key) for one in words[at:stop]):
            return True
        if word.capital and not shouted and at > 0:
            return True
        if stop - at > 1:
            return stop - at > 2 or (all(one.capital for one in words[at:stop]) and not shouted)
        people = any(
            self._names[name].kind in ("contact", "person") and self._words[name][0] == word.key
            for name in self._posted.get(word.key, ())[:200]
        )
        if not people:
            return False
        after = words[at + 1].key if at + 1 < len(words) else ""
        if at == 0:
            return word.capital and not shouted and after in _VERBS
        return words[at - 1].key in ("with", "w", "from", "tell", "told", "asked") and after not in (
            "be",
            "the",
            "a",
            "his",
            "her",
            "their",
        )


def _apart(between: str) -> bool:
    return any(letter in between for letter in ",;:.!?\n()")
