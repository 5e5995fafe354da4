"""Which words of a text carry meaning, and when two spellings are the same word.

People write "SOC 2", "SOC2" and "soc-2", "follow up" and "followup", "renewal" and "renewing". Comparing here is
done on stems of the letter and digit runs of a text, neighbours joined where that is a known habit, so that
those are equal and "SOC 2" is still not "SOC 20".
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest

_UNIT = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?", re.UNICODE)
_PHRASE = re.compile(r"[\"“«]([^\"”»\n]{2,80})[\"”»]|\b([^\W\d_]{1,4}(?:&[^\W\d_]{1,4})+)\b")
"""What belongs together as written: words in quotation marks, and names such as R&D."""
_COUNTING = frozenset(("top", "first", "last", "latest", "next", "past", "recent"))

STOPWORDS = frozenset(
    re.findall(
        r"\w+",
        """a about after again all also am an and any anybody anyone anything are as at be because been before being
        both but by can could did do does doing down during each few for from further get got had has have
        having he her here hers him his how i if in into is it its itself just like let ll me more most my
        no nor not now of off on once only or other our ours out over own please re s same shall she should
        so some somebody someone something such t than that the their theirs them then there these they this
        those through to too under until up us ve very was we were what when where which while who whom
        whose why will with would you your yours ever yet top last latest next first recent recently""",
    )
)
_ASKING = frozenset(
    re.findall(
        r"\w+",
        """ask asked asking bring brought come comment discuss discussed find give hear heard know look mention
        mentioned mentions raise raised said say says search show talk talked tell told word""",
    )
)
_CURRENCIES = frozenset(("eur", "usd", "gbp", "chf", "sek", "nok", "dkk", "pln", "czk", "jpy", "cad", "aud", "inr"))
_DERIVED = (
    ("izations", 4, ""), ("ization", 4, ""), ("isation", 4, ""), ("ations", 4, ""), ("ation", 4, ""), ("ions", 5, ""),
    ("ion", 5, ""), ("ators", 4, ""), ("ator", 4, ""), ("ating", 4, ""), ("ings", 3, ""), ("ing", 3, ""),
    ("als", 5, ""), ("al", 5, ""), ("ates", 4, ""), ("ated", 4, ""), ("ate", 4, ""), ("ed", 3, ""), ("ly", 4, ""),
)  # fmt: skip
_VOWEL = re.compile(r"[aeiouy]")
_EAT = re.compile(r"eat(?:ing|ed|es|ors?|e)$")
"""Words such as repeated end in -eat and not in -ate."""


def fold(text: str) -> str:
    """Lower case without accents: "Müller" and "MULLER" fold to the same text."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The part of a folded English word that its forms share: renew, renewed, renewal -> renew."""
    word = re.sub(r"['’](?:s|t|re|ve|ll|d|m)?$", "", word)
    if len(word) < 4 or not word.isalpha() or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix, shortest, replacement in _DERIVED:
        root = word[: -len(suffix)]
        fits = word.endswith(suffix) and len(root) >= shortest and _VOWEL.search(root)
        if fits and not (suffix.startswith("at") and _EAT.search(word)):
            word = root + replacement
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def units(text: str) -> list[str]:
    """Stems of the letter and digit runs of `text`, in order: "SOC2 reviews" -> soc, 2, review."""
    return [_unit(match.group()) for match in _UNIT.finditer(fold(text))]


def _unit(raw: str) -> str:
    return re.sub(r"[,](?=\d{3}\b)", "", raw) if raw[0].isdigit() else stem(raw)


def content_words(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order and with repeats; function words are left out."""
    return [_unit(raw) for match in _UNIT.finditer(fold(text)) if not _is_function_word(raw := match.group())]


def _is_function_word(raw: str) -> bool:
    return re.split(r"['’]", raw)[0] in STOPWORDS or (len(raw) == 1 and raw.isalpha())


def query_terms(query: str) -> tuple[str, ...]:
    """What a question asks about, as it was written: its content words, once each, in order.

    A quoted phrase is one term, and a word with its number is one ("SOC 2", "phase 3"). Words of asking
    ("anyone mentioned") are left out, unless nothing else remains, and so is how many are asked for ("top 5").
    """
    phrases = [(match.group(1) or match.group(2)).strip() for match in _PHRASE.finditer(query)]
    rest = _PHRASE.sub(" ", query)
    matches = list(_UNIT.finditer(rest))
    terms: list[str] = []
    asking: list[str] = []
    skip = False
    for match, after in zip_longest(matches, matches[1:]):
        if skip:
            skip = False
            continue
        raw = re.sub(r"['’]s$", "", match.group())
        plain = fold(raw)
        if plain not in STOPWORDS and after is not None and _belongs_together(rest, match, after):
            terms.append(rest[match.start() : after.end()])
            skip = True
        elif not _is_function_word(plain) or (raw.isupper() and len(raw) > 1 and not query.isupper()):
            (asking if plain in _ASKING else terms).append(raw)
        skip = skip or (plain in _COUNTING and after is not None and after.group().isdigit())
    return _once([*phrases, *(terms or ([] if phrases else asking))])


def with_spellings(query: str) -> str:
    """The query followed by the other ways its names may be written, for a lexical index that compares whole words.

    "SOC 2" and "follow-up" gain soc2 and followup, "SOC2" gains soc 2.
    """
    extra: list[str] = []
    for match, after in zip_longest(matches := list(_UNIT.finditer(query)), matches[1:]):
        gap = query[match.end() : after.start()] if after is not None else None
        if gap is None or _is_function_word(fold(match.group())):
            continue
        joined = fold(match.group() + after.group())
        if gap == "" and match.group().isalpha():
            extra.append(fold(f"{match.group()} {after.group()}"))
        elif gap == "-" or _belongs_together(query, match, after):
            extra.append(joined)
    return " ".join((query, *dict.fromkeys(extra)))


def _belongs_together(text: str, word: re.Match[str], number: re.Match[str]) -> bool:
    """A word and the number that names it: "SOC 2", "ISO 27001", "Q3", but not "renewals 2026"."""
    between = text[word.end() : number.start()]
    if not word.group().isalpha() or not number.group()[0].isdigit() or between not in ("", " ", "-"):
        return False
    if fold(word.group()) in _CURRENCIES or not (number.group().isdigit() or between == ""):
        return False
    is_year = len(number.group()) == 4 and number.group()[:2] in ("19", "20")
    return between == "" or len(number.group()) <= 2 or (word.group().isupper() and not is_year)


def _once(terms: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for term in terms:
        seen.setdefault("".join(units(term)), term)
    return tuple(term for key, term in seen.items() if key)


def matched_terms(terms: Sequence[str], text: str) -> tuple[str, ...]:
    """Those of `terms` that `text` mentions, whatever the case, hyphens, spaces, accents or ending."""
    text_units = units(text)
    whole = f" {' '.join(text_units)} "
    spellings = set(text_units) | _joined(text)
    return tuple(
        term
        for term in terms
        if (term_units := units(term)) and (f" {' '.join(term_units)} " in whole or "".join(term_units) in spellings)
    )


def mentions(term: str, text: str) -> bool:
    """Whether `text` really contains `term`: "SOC 2", "SOC2" and "soc-2" are one term, "SOC 20" another."""
    return bool(matched_terms((term,), text))


def _joined(text: str) -> set[str]:
    """Pairs of neighbours as the one word they may also be written as: "follow up" -> followup."""
    folded = fold(text)
    found: set[str] = set()
    before: re.Match[str] | None = None
    for match in _UNIT.finditer(folded):
        if before is not None and _may_join(before.group(), match.group(), folded[before.end() : match.start()]):
            both = before.group() + match.group()
            found.add(stem(both) if both.isalpha() else _unit(before.group()) + _unit(match.group()))
        before = match
    return found


def _may_join(first: str, second: str, gap: str) -> bool:
    """A hyphen joins anything; a space joins "check in" but not "in voice", nor two numbers."""
    if first[0].isdigit() and second[0].isdigit():
        return False
    return gap in ("", "-") or (gap == " " and len(first) > 1 and len(second) > 1 and first not in STOPWORDS)
