"""Words that stand where an account would and that nothing in the record is called.

They are marked so that the request reaches its tool and the tool can say that there is no such account, in the same words
whether it does not exist or may not be seen. Topics ("anyone mention Kubernetes") are never taken for accounts.
"""

import re

from bot.agent.embedded.sentence import Mark, Sentence, plain_words
from bot.agent.embedded.vocabulary import is_word
from crm_store.names.words import is_common

_SLOT = re.compile(
    r"\b(?:from|at|with|on|for|about|of|to|owns?|latest|updates?|status|history|timeline|news|promised?|owe|has|have|did|does|is|know|prep|"
    r"brief me|tell|meet|meeting|visit|call|ping)\s+(?:the |our |my )?(?=[a-z])"
)
_NEWS = re.compile(
    r"\b(?:updates?|news|latest|anything|heard|word|status|story)(?: new| back)? (?:from|on|at|with) (?:the |our )?$"
)
_FIRST = re.compile(r"^(?:and |the |our )?(?=[a-z])")
_AFTER_FIRST = re.compile(
    r"\s*(?:'s)?\s*(?:$|\b(?:latest|status|updates?|news|timeline|history|deals?|renewal|account|stakeholders|contacts|cases|tickets)\b|\?)"
)
_WORD = re.compile(r"[a-z][\w&'-]*")
_PART = frozenset(["group", "labs", "holding", "holdings", "systems", "industries", "foods", "energy", "media", "gmbh", "inc", "ltd", "ag", "co", "corp", "llc", "bv", "sa", "solutions", "partners", "international", "logistics"])  # fmt: skip
_ENDINGS = ("'s", "s", "es", "ed", "d", "ing", "er", "ers", "est", "iest", "ier", "ly", "able", "ment", "ness")
_BEGINNINGS = ("un", "re", "pre", "non", "multi", "over", "e", "co", "up", "down")
_NOT_OF_A_NAME = frozenset(["lately", "recently", "today", "again", "please", "thanks", "doing", "going", "looking", "anyway", "currently", "stand", "standing", "here", "there", "this", "that", "deal", "deals", "account", "renewal", "customers", "accounts", "clients", "prospects", "companies", "partners", "orders", "cases", "firms", "businesses", "about", "with", "really", "still", "well", "news", "latest", "status", "update", "updates", "timeline", "history", "yesterday", "week", "month", "quarter", "year"])  # fmt: skip
_NOT_NAMES = re.compile(
    r"^(?:q\d|h\d|fy\d*|w/?|[a-z]{1,3}|mon|tues?|weds?|thurs?|fri|pls|thx|asap|eod|eow|eom|eoq|tbd)$"
)


def marked(sentence: Sentence) -> Sentence:
    """The sentence with the first unknown name in a place for an account masked as ACCOUNT, its kind STRANGER."""
    text = sentence.masked
    shouted = sum(word[:1].isupper() for word in sentence.text.split()) > max(2, len(sentence.text.split()) * 0.6)
    starts = [match.end() for match in _SLOT.finditer(text)]
    first = _FIRST.match(text)
    for start in ([first.end()] if first else []) + starts:
        stop = _stop(sentence, start, shouted)
        if stop is None or (start not in starts and not _AFTER_FIRST.match(text[stop:])):
            continue
        if any(mark.start < stop and start < mark.end for mark in sentence.marks):
            continue
        return _with(sentence, start, stop)
    return sentence


def _stop(sentence: Sentence, start: int, shouted: bool) -> int | None:
    """Where the unknown name that begins at ``start`` ends; None when none does."""
    text = sentence.masked
    stop: int | None = None
    capital = False
    at = start
    while (word := _WORD.match(text, at)) is not None:
        typed = sentence.verbatim(word.start(), word.end())
        upper = typed[:1].isupper() and not shouted and (start > 0 or len(text.split()) <= 2)
        rare = _NEWS.search(text[:start]) and len(word.group()) > 4 and not is_common(word.group())
        odd = len(word.group()) > 3 and (rare or not _spelt(word.group())) and not _NOT_NAMES.match(word.group())
        acronym = typed.isupper() and len(typed) < 6
        if stop is None:
            if not odd and not (upper and not acronym and not _says_nothing(word.group(), start)):
                return None
            capital = upper
        elif not (odd or (upper and capital) or word.group() in _PART or _ends_name(text, start, word)):
            break
        stop = word.end() - (2 if word.group().endswith("'s") else 0)
        at = word.end() + 1
        if text[word.end() : at] != " " or stop - start > 40:
            break
    return stop


def _ends_name(text: str, start: int, word: re.Match[str]) -> bool:
    """Whether an ordinary word at the end of the message still belongs to the name before it ("marlowe paints")."""
    rest = text[word.end() :].strip(" ?!.")
    after_verb = re.search(r"\b(?:has|have|did|does|is)\s+$", text[:start])
    return rest == "" and after_verb is None and len(word.group()) > 3 and word.group() not in _NOT_OF_A_NAME


def _says_nothing(word: str, start: int) -> bool:
    """Whether a capital letter says nothing: the first word of a message that English knows."""
    return start == 0 and is_common(word.removesuffix("'s"))


def _spelt(word: str) -> bool:
    """Whether English spells it so, as it stands or without an ending or a beginning."""
    bare = word.replace("'", "").replace("-", "")
    if is_word(word) or is_word(bare) or any(part and is_word(part) for part in word.split("-")[:1] if "-" in word):
        return True
    stems = [bare.removesuffix(ending) for ending in _ENDINGS if bare.endswith(ending)]
    stems += [bare.removeprefix(beginning) for beginning in _BEGINNINGS if bare.startswith(beginning)]
    return any(len(stem) > 2 and (is_word(stem) or is_word(stem + "e") or is_word(stem[:-1])) for stem in stems)


def _with(sentence: Sentence, start: int, stop: int) -> Sentence:
    mask = "ACCOUNT"
    masked = sentence.masked[:start] + mask + sentence.masked[stop:]
    origin = (
        *sentence.origin[:start],
        sentence.origin[start],
        *([sentence.origin[stop - 1]] * (len(mask) - 1)),
        *sentence.origin[stop:],
    )
    moved = len(mask) - (stop - start)
    marks = [Mark("STRANGER", start, start + len(mask), sentence.verbatim(start, stop))]
    for mark in sentence.marks:
        shift = moved if mark.start >= stop else 0
        marks.append(
            Mark(mark.kind, mark.start + shift, mark.end + shift, mark.text, mark.mention, mark.time, mark.money)
        )
    ordered = tuple(sorted(marks, key=lambda mark: mark.start))
    return Sentence(masked, origin, sentence.clean, ordered, plain_words(masked, ordered))
