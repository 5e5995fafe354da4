"""What a deal is worth after a change: an amount in full, a step up or down, a share more or less."""

import re
from decimal import Decimal

from bot.agent.embedded.linking import Linker
from bot.agent.embedded.sentence import Mark, Sentence
from bot.agent.embedded.slots import Args

_NOT_THIS = re.compile(r"\b(?:not|instead of|rather than|and not|from|was|used to be|no longer)\s+(?:at )?$")
_LESS = re.compile(r"\b(?:lower|decrease|reduce|cut|drop|dropped|down|knock|take|took|shave|off|less|shrink|shrank|discount|minus|trim|slash)\b")
_SHARE = re.compile(r"\b(\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent\b)")
_SCALED = re.compile(r"^(?:raise|increase|lower|decrease|reduce|cut|drop|bump|adjust|add|knock|take|shave|up|discount|grow|shrink|change|put|trim|slash)\b")
_STEPS = re.compile(r"\b(?:add|knock|take|shave|trim|slash|tack|throw in|deduct|subtract)(?: (?:another|an extra|a further|a|off|on))* $")


def said_amounts(sentence: Sentence) -> list[Mark]:
    """The amounts that the deal shall have or change by: not what it had, nor what it is not."""
    said = [mark for mark in sentence.of("MONEY") if mark.money is not None and not _NOT_THIS.search(sentence.masked[: mark.start])]
    last = said[-1].money if said else None
    same = [mark for mark in said if mark.money is not None and last is not None and mark.money.amount_minor == last.amount_minor]
    return sorted(said, key=lambda mark: mark in same and mark.money is not None and mark.money.currency is not None)


def step_of(text: str, mark: Mark) -> int | None:
    """Whether an amount is to be added (1) or taken off (-1); None when it is the whole amount."""
    before, after = text[: mark.start], text[mark.end :]
    if re.search(r"\b(?:to|at|is|now|=|:) (?:a |an |about |roughly |just )?$", before):
        return None
    by = re.search(r"\bby (?:a |an |another |about |roughly )?$|\b(?:up|down) (?:another )?$", before)
    moved = re.match(r"^(?:add|knock|take|shave)\b", text) or _STEPS.search(before) or re.match(r"\s*(?:more|extra|off|less|on top|bigger|smaller|higher|lower)\b", after)
    if by is None and moved is None:
        return None
    return -1 if _LESS.search(text) else 1


def stepped(sentence: Sentence, linker: Linker, mark: Mark, sign: int) -> Args | None:
    """The amount after a step from the deal's present one; None when that is not known or in another currency."""
    deal = linker.deal(sentence)
    if deal is None or deal.name is None or deal.name.amount_minor is None or mark.money is None:
        return None
    if mark.money.low is not None or mark.money.currency not in (None, deal.name.currency):
        return None
    return _amount(deal.name.amount_minor + sign * mark.money.amount_minor, deal.name.currency)


def scales(text: str) -> bool:
    """Whether a share of the amount is added or taken off ("cut it by 10%")."""
    return _SHARE.search(text) is not None and _SCALED.match(text) is not None


def scaled(sentence: Sentence, linker: Linker) -> Args | None:
    """The amount after that share; None when the present one is not known."""
    share, deal = _SHARE.search(sentence.masked), linker.deal(sentence)
    if share is None or deal is None or deal.name is None or deal.name.amount_minor is None:
        return None
    part = Decimal(share.group(1)) / 100 * (-1 if _LESS.search(sentence.masked) else 1)
    return _amount(int((deal.name.amount_minor * (1 + part)).quantize(Decimal(1))), deal.name.currency)


def _amount(amount: int, currency: str | None) -> Args | None:
    if amount <= 0:
        return None
    return {"amount_minor": amount, **({"currency": currency} if currency else {})}
