"""What was decided, which amounts and days were named, rivals and objections; each by the sentence that says so."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.agent.embedded.reading.money import read_money
from bot.agent.tools.cues import CARES
from bot.meetings.extraction.due import due_in
from bot.meetings.extraction.statements import Statement, assents, refuses, reply_to

_DECIDED = re.compile(
    r"\b(?:(?:it|that|this)(?: i|['’])s decided|we (?:have )?(?:decided|agreed)|i (?:have )?decided|decision(?: for now"
    r"| is)?\b(?=\s*:)|agreed(?=:)|we(?:['’]ll| will)? (?:go|move) (?:on |forward |ahead )?with|let(?:['’]s| us) go with"
    r"|we(?:['’]ll| will| are going to) go ahead|green light|(?:is|are|was|were|has been|have been|got) (?:approved|agreed"
    r"|confirmed|decided|signed off)"
    r"|you(?:['’]ve| have) (?:got )?(?:our|my) (?:approval|ok|go)|we(?:['’]ll| will| are going to) sign\b|you have a deal"
    r"|it(?:['’]s| is) a deal|we chose|we have chosen|we(?:['’]re| are) dropping)\b",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"\?$|\w['’]d\b|\b(?:if|unless|would|could|might|maybe|perhaps|not|n['’]t|never|no decision|until|before we|last (?:year"
    r"|time)|years? ago|at (?:my|our) (?:old|last|previous)|as soon as|once|in case|whether)\b|n['’]t\b",
    re.IGNORECASE,
)
_AGREED_SUM = re.compile(
    r"\b(?:agreed? (?:on|to|at)|settle[ds]? (?:on|at|for)|sign(?:ed|ing)? (?:for|at)|(?:is|are|has been|have been|was"
    r"|got) (?:approved|agreed|confirmed|fine|accepted)|approved|we accept|i accept"
    r"|go (?:ahead )?(?:with|for)|(?:it|that) (?:fits|works)|final price|order (?:is |goes |will be )?for|the (?:contract"
    r"|order|deal|price) (?:is|will be|stays at|comes to))\b",
    re.IGNORECASE,
)
_PRICED = re.compile(
    r"\b(?:pric\w+|cost\w*|contract|offer\w*|quote|for the (?:first |next )?year|per year|a year|annual\w*|licen[cs]es?"
    r"|seats?|users?|renewal|subscription|in total|altogether|package|fee)\b",
    re.IGNORECASE,
)
_NOT_OUR_PRICE = re.compile(
    r"\b(?:sav\w+|each time|costs? (?:us|you|them)|loss|lose|wast\w+|budget|above|below|over|under|up to|between"
    r"|anybody else|last year|square)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(?:we(?:['’]ll| will| can| are going to|['’]re going to)? (?:sign|order|place the order|close|buy|commit)"
    r"|(?:the )?(?:signature|order|contract|purchase order|po|signing)(?: date)? (?:is|will be|comes|goes|moves|moved"
    r"|has moved|is planned|is set|happens|slips)"
    r"|(?:sign|order)(?:ing)? (?:it |this |that )?(?:by|on|before|in)|close date|closing date)\b",
    re.IGNORECASE,
)
_MILESTONE = re.compile(
    r"\b(?:go[- ]?live|kick[- ]?off|rollout|launch|trial|pilot|budget|board|committee|renew\w*|contract|order|offer|sign\w*"
    r"|deadline|audit|start\w*|deliver\w*|decision|decide\w*|stop|shutdown|quarter)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:vendor|competitor|supplier|provider|company|firm|alternative|offer from|quote from|compar\w+ (?:you |us "
    r"|it )?(?:with|to)|talking to|spoken to|looking at|evaluating|demo (?:from|of|with)|switch(?:ing)? to|shortlisted)"
    r" (?:called |named |like |is |from )?(?P<name>[A-Z][\w&.-]+(?: [A-Z][\w&.-]+)?)"
)
_PRICED_RIVAL = re.compile(
    r"(?P<name>[A-Z][\w&.-]+) (?:(?:is|are|was|were) (?:at|cheaper)|(?:offers?|asks?|quoted?|wants?) (?:us )?(?:for )?(?:\d"
    r"|[€$£]|[a-z]+ty\b|[a-z]+teen\b))"
)
_CALLED_FIRMLY = re.compile(
    r"\b(?:vendor|competitor|supplier|provider|alternative|offer from|quote from)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sum:
    """``agreed`` says that the other side said so, or said yes to it; ``quotes`` hold the sum first, the yes after it."""

    amount_minor: int
    currency: str | None
    agreed: bool
    approximate: bool
    quotes: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that bears on the deal. ``kind`` close: they said that they sign or order then."""

    day: date
    kind: Literal["close", "milestone"]
    quote: Statement


@dataclass(frozen=True, slots=True)
class Rival:
    """``firm`` says that the sentence itself calls it one."""

    name: str
    firm: bool
    quote: Statement


def decisions(all_said: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Sentences that settle something, or stand under a heading that says so."""
    return tuple(one for one in all_said if decides(one))


def decides(said: Statement) -> bool:
    """Whether a sentence settles something."""
    if said.section == "decisions":
        return True
    return (
        said.section == ""
        and len(said.text.split()) > 4
        and bool(_DECIDED.search(said.text))
        and not _HYPOTHETICAL.search(said.text)
    )


def sums(all_said: tuple[Statement, ...], currency: str | None) -> tuple[Sum, ...]:
    """The prices that were named, in order; goals, savings and budgets' limits are none."""
    found: list[Sum] = []
    for one in all_said:
        priced = bool(_PRICED.search(one.text)) or any(
            _PRICED.search(each.text) for each in all_said if each.turn == one.turn and each.place == one.place
        )
        readings = read_money(one.text, currency) or (read_money(f"price {one.text}", currency) if priced else [])
        if not readings or _NOT_OUR_PRICE.search(one.text):
            continue
        agreed_here = bool(_AGREED_SUM.search(one.text)) and not _HYPOTHETICAL.search(one.text)
        answer = reply_to(one, all_said)
        yes = (
            answer is not None
            and answer.side == "them"
            and assents(answer.text)
            and not refuses(answer.text)
            and not _HYPOTHETICAL.search(answer.text)
        )
        if not (agreed_here or (priced and one.side != "them")):
            continue
        for reading in readings[-1:]:
            settled = len(readings) == 1 and (
                (agreed_here and (one.side == "them" or yes or one.section == "decisions"))
                or (one.side == "us" and yes and answer is not None and bool(_AGREED_SUM.search(answer.text)))
            )
            quotes = (one, answer) if yes and answer is not None and one.side == "us" else (one,)
            found.append(Sum(reading.amount_minor, reading.currency or currency, settled, reading.approximate, quotes))
    return tuple(found)


def days(all_said: tuple[Statement, ...], at: datetime) -> tuple[NamedDay, ...]:
    """Days ahead that bear on the deal, in order."""
    found: list[NamedDay] = []
    for one in all_said:
        if one.text.endswith("?"):
            continue
        due = due_in(one.text, at)
        if due is None:
            continue
        if (
            _CLOSING.search(one.text)
            and not _HYPOTHETICAL.search(one.text)
            and (one.side == "them" or one.section == "decisions")
        ):
            found.append(NamedDay(due.day, "close", one))
        elif _MILESTONE.search(one.text):
            found.append(NamedDay(due.day, "milestone", one))
    return tuple(found)


def rivals(all_said: tuple[Statement, ...], known: frozenset[str], not_rivals: frozenset[str]) -> tuple[Rival, ...]:
    """Competitors by name: those the record knows, and those a sentence calls one."""
    found: dict[str, Rival] = {}
    for one in all_said:
        for name in known:
            if re.search(rf"\b{re.escape(name)}\b", one.text):
                found.setdefault(name.lower(), Rival(name, True, one))
        match = _CALLED.search(one.text) or (_PRICED_RIVAL.search(one.text) if one.side == "them" else None)
        if match and not one.text.endswith("?"):
            name = match["name"].rstrip(".")
            if name.lower() not in found and not any(name.lower() in each for each in not_rivals):
                found[name.lower()] = Rival(name, bool(_CALLED_FIRMLY.search(match.group())), one)
    return tuple(found.values())


def objections(all_said: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """What the other side fears, needs or objects to, in their own words."""
    return tuple(
        one
        for one in all_said
        if one.side == "them" and not one.text.endswith("?") and len(one.text.split()) > 5 and CARES.search(one.text)
    )
