"""Conditions on any field, in words: "in Germany", "from webinars", "whose industry is retail", "not in commit"."""

import re

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.sentence import Sentence
from bot.agent.embedded.slots import Args
from crm_store.reports import SUBJECTS

_OPERATORS = (
    ("ne", r"(?:is not|isn't|are not|other than|not|!=)"), ("contains", r"(?:contains?|mentions?|includes?|has)"), ("gt", r"(?:(?:is |are )?(?:over|above|more than|greater than|>))"),
    ("lt", r"(?:(?:is |are )?(?:under|below|less than|smaller than|<))"), ("eq", r"(?:is|are|equals?|=|:|of)"),
)  # fmt: skip
_HANDLED = frozenset({"owner", "account", "stage", "amount", "close_date", "forecast_category", "next_step", "name", "status", "last_touch", "created"})
"""Fields whose conditions have words of their own, and arguments to go with them."""


def _names(linker: Linker) -> dict[str, str]:
    """Field names of deals as people say them -> the field; what a company added is called by its label."""
    deals = next(subject for subject in SUBJECTS if subject.name == "deals")
    known = {field.name.replace("_", " "): field.name for field in deals.fields if field.name not in _HANDLED}
    added = {one.label.lower(): one.name for one in linker.names.fields if one.entity in ("account", "deal") and not one.removed}
    return known | added


def put_conditions(args: Args, sentence: Sentence, linker: Linker) -> Sentence:
    """Adds ``where`` for each condition on a named field and returns the sentence without them."""
    where: list[dict[str, object]] = []
    names = _names(linker)
    fields = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    for op, words in _OPERATORS:
        while match := re.search(
            rf"\b(?:where|whose|with|that have|having|if|and)?\s*(?:the |a |an |their )?({fields})\s+{words}\s+(\"[^\"]+\"|(?!PERSON\b)[\w%-]+(?: (?!and\b|to\b|as\b|that\b|closing\b|over\b|in\b)[\w-]+)?)", sentence.masked
        ):
            said = sentence.verbatim(match.start(2), match.end(2)).strip("\"' ")
            where.append({"field": names[match.group(1)], "op": op, "value": _value(said)})
            sentence = sentence.cut(0, match.start()).followed_by(sentence.cut(match.end()))
    empty = re.search(rf"\b(?:without|with no|that have no|missing)\s+(?:an? |any )?({fields})\b", sentence.masked)
    if empty is not None:
        where.append({"field": names[empty.group(1)], "op": "is_empty", "value": True})
        sentence = sentence.cut(0, empty.start()).followed_by(sentence.cut(empty.end()))
    negative = re.search(r"\b(?:that (?:is|are)|which (?:is|are))?\s*(?:not(?: yet)? in|outside|out of)\s+(?:the )?((?:[a-z-]+ ?){1,3})", sentence.masked)
    if negative is not None:
        category, stage = slots.forecast_category(negative.group(1)), slots.known_stage(negative.group(1), linker)
        if category or stage:
            where.append({"field": "forecast_category" if category else "stage", "op": "ne", "value": category or stage})
            taken = negative.start(1) + len(str(category or stage))
            sentence = sentence.cut(0, negative.start()).followed_by(sentence.cut(min(taken, len(sentence.masked))))
    industry = re.search(r"\b(?:in|from) (?:the )?([a-z]+(?: [a-z]+)?) (?:industry|sector|vertical)\b", sentence.masked)
    if industry is not None:
        where.append({"field": "industry", "op": "eq", "value": sentence.verbatim(industry.start(1), industry.end(1))})
        sentence = sentence.cut(0, industry.start()).followed_by(sentence.cut(industry.end()))
    if where:
        args["where"] = where
    return sentence


def _value(said: str) -> object:
    number = re.fullmatch(r"(\d+(?:\.\d+)?)%?", said)
    return said if number is None else float(number.group(1)) if "." in said else int(number.group(1))
