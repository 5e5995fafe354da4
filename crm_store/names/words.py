"""Words as the name index compares them, and the ones that are ordinary English before they are a name."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_PLAIN = re.compile(r"[A-Za-z0-9 ]*")
"""A text whose words are their own keys: most names are such, and hundreds of thousands are read at once."""
_POSSESSIVE = re.compile(r"['’]s?$")
_SPECIAL = str.maketrans(
    {"ø": "o", "Ø": "o", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "ł": "l", "Ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)

LEGAL_FORMS = frozenset(
    [
        "inc",
        "incorporated",
        "llc",
        "ltd",
        "limited",
        "plc",
        "corp",
        "corporation",
        "co",
        "company",
        "gmbh",
        "ag",
        "kg",
        "se",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "ab",
        "as",
        "oy",
        "aps",
        "a/s",
        "pty",
        "lp",
        "llp",
        "kk",
        "the",
    ]
)
FILLERS = frozenset(
    [
        "deal",
        "deals",
        "account",
        "accounts",
        "opportunity",
        "opp",
        "company",
        "customer",
        "contact",
        "stage",
        "project",
        "the",
        "a",
        "an",
        "our",
        "their",
        "my",
        "this",
        "that",
    ]
)
"""Words around a name that say what it is and are no part of it."""


@dataclass(frozen=True, slots=True)
class Word:
    """``key`` is how the word is compared; ``start`` to ``end`` is where it stands, a possessive ending left out."""

    key: str
    start: int
    end: int
    capital: bool


def fold(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def words_of(text: str) -> list[Word]:
    """The words of a text in order. "&" is read as "and"."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        own = _POSSESSIVE.sub("", raw) or raw
        key = fold(own).replace("'", "").replace("’", "")
        found.append(Word(key, match.start(), match.start() + len(own), own[:1].isupper()))
    for at, letter in enumerate(text):
        if letter == "&":
            found.append(Word("and", at, at + 1, False))
    found.sort(key=lambda word: word.start)
    return found


def keys_of(text: str) -> tuple[str, ...]:
    """The keys of :func:`words_of`, in order."""
    if not _PLAIN.fullmatch(text):
        return tuple(word.key for word in words_of(text))
    return tuple(text.lower().split())


@functools.cache
def common_words() -> frozenset[str]:
    """Ordinary English words and the shop talk of selling, in their base forms."""
    return frozenset((Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split())


def is_common(key: str) -> bool:
    """Whether a lower-case word is ordinary English, regular inflections included."""
    known = common_words()
    if key in known or key.isdigit() or len(key) < 2:
        return True
    for ending, stems in _ENDINGS:
        if key.endswith(ending) and len(key) > len(ending) + 2:
            base = key[: -len(ending)]
            if any(base + stem in known for stem in stems) or (base[-1:] == base[-2:-1] and base[:-1] in known):
                return True
    return False


_ENDINGS = (
    ("ies", ("y",)), ("ied", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ed", ("", "e")), ("ing", ("", "e")), ("er", ("", "e")),
    ("est", ("", "e")), ("ly", ("", "le")), ("ment", ("",)), ("ness", ("",)), ("able", ("", "e")), ("ion", ("", "e")), ("ers", ("", "e")),
    ("ings", ("", "e")),
)  # fmt: skip
