"""What a question asks of the company's own documents: its words of substance, and how documents spell them.

Shared by what decides that a question is for those documents and by the tool that answers it.
"""

import math
import re
from collections.abc import Collection, Sequence

from knowledge import words

_GENERAL = frozenset({
    "policy", "policies", "rule", "rules", "document", "documents", "playbook", "sheet", "company", "customer", "customers",
    "client", "clients", "prospect", "somebody", "someone", "want", "wants", "wanted", "like", "need", "needs", "allowed",
    "possible", "okay", "ok", "thing", "things", "anything", "happen", "happens", "kind", "many", "much", "way", "case",
    "now", "us", "work", "works", "use", "used", "using", "make", "makes", "may", "must", "also", "really", "actually", "mean",
})  # fmt: skip
"""What is said of any such document, or in any question, and so tells nothing of what is asked."""
_SAME_WORDS: dict[str, tuple[str, ...]] = {
    "cost": ("price",), "costs": ("price",), "charge": ("price",), "expensive": ("price",), "sso": ("single sign-on",),
    "refund": ("refunded", "returned"), "residency": ("hosted",), "servers": ("servers", "hosted"), "discounts": ("discount",),
    "discountable": ("discount",), "discounted": ("discount",), "rebate": ("discount",), "reduction": ("discount",),
    "uptime": ("availability",), "sla": ("availability", "support"), "gdpr": ("data protection",), "extend": ("extended",),
    "commission": ("commission", "percent"), "invoice": ("invoices",), "argue": ("against",), "beat": ("against",),
    "points": ("against",), "cancel": ("cancelled",), "notice": ("notice", "cancelled"),
    "terminate": ("cancelled",), "explosive": ("explosive", "atex"), "seats": ("seat",),
    "approve": ("approves", "approval"), "approval": ("approves",), "minimum": ("minimum",), "offline": ("offline",),
}  # fmt: skip
"""What people ask for, by the words that documents use for it; added to the question, never taken away."""
_DISCOUNT = re.compile(
    r"\b\d+(?:[.,]\d+)? ?(?:%|percent|per cent)(?! ?(?:sure|certain|of)\b)|\b(?:knock|take|money|something|anything|a bit) off\b"
    r"|\bfor free\b|\bfree of charge\b|\bat no (?:charge|cost)\b|\b(?:throw in|give away|thrown in|on the house)\b"
    r"|\b(?:lower|reduce|cut|drop) (?:the |our )?price\b|\bcheaper offer\b|\bgo down (?:to|by|on price)\b",
    re.IGNORECASE,
)
"""A discount that is not called one."""
_OF_DISCOUNT = frozenset({
    "percent", "per cent", "off", "give", "knock", "grant", "go", "deal", "offer", "price", "sign", "signs", "own", "shave",
    "free", "charge", "throw", "thrown",
})  # fmt: skip
"""Words around a discount that say nothing more."""
_PRICED = re.compile(r"\bhow much (?:is|are|does|do|would|for)\b", re.IGNORECASE)


def asked_terms(query: str) -> tuple[str, ...]:
    """The words of a question that say what it is about; all of its words where none does."""
    every = words.query_terms(query)
    return tuple(filter(_tells, every)) or every


def _tells(term: str) -> bool:
    return not (term.isdigit() or term.casefold() in _GENERAL)


def spellings(term: str) -> tuple[str, ...]:
    """A word and what documents say for it."""
    return (term, *_SAME_WORDS.get(term.casefold(), ()))


def matters(query: str) -> list[tuple[str, ...]]:
    """What a question is about, each as the words for it, of which one is enough."""
    found = [spellings(term) for term in asked_terms(query)]
    if _DISCOUNT.search(query):
        found = [one for one in found if not all(word.isdigit() or word in _OF_DISCOUNT for word in one[0].casefold().split())]
        if not any("discount" in one for one in found):
            found.append(("discount",))
    return found or [spellings(term) for term in words.query_terms(query)]


def looked_for(query: str) -> str:
    """The words to search our documents for: what the question is about, as it was written and as documents put it."""
    return " ".join(dict.fromkeys(word for one in matters(query) for word in one)) + (" price" if _PRICED.search(query) else "")


def specific(query: str) -> bool:
    """Whether a question has words that say what it is about."""
    return _DISCOUNT.search(query) is not None or any(_tells(term) for term in words.query_terms(query))


def rarities(papers: Sequence[Collection[str]], query: str) -> list[float]:
    """How much each matter of a question weighs: the rarer it is in our documents the more, unknown ones most."""
    return [math.log(1 + len(papers) / (1 + sum(_said(one, paper) for paper in papers))) for one in matters(query)]


def _said(matter: Sequence[str], paper: Collection[str]) -> bool:
    return any(stem in paper for each in matter for stem in words.content_words(each))


def held(papers: Sequence[Collection[str]], query: str) -> tuple[float, int]:
    """How much of what is asked the passage that says most of it says, from 0 to 1 with rare words counting more, and how
    many of the words. ``papers`` are the stems of each passage."""
    if not papers or not specific(query):
        return 0.0, 0
    asked, weights = matters(query), rarities(papers, query)
    best, count = 0.0, 0
    for paper in papers:
        said = [_said(one, paper) for one in asked]
        share = sum(weight for weight, is_said in zip(weights, said, strict=True) if is_said) / sum(weights)
        if (share, sum(said)) > (best, count):
            best, count = share, sum(said)
    return best, count
