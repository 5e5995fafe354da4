"""The families that a request may be of, with how likely each is once what is beside the weights is heard: readers that claim it,
what its mood forbids, what is about something else."""

import re
from dataclasses import replace

from bot.agent.embedded import families, holding, idle_clauses, replies
from bot.agent.embedded.grammar import SALES, TRADE, recognise
from bot.agent.embedded.intents import Weigher
from bot.agent.embedded.plans import Guess, Plan
from bot.agent.embedded.requests import Request
from bot.agent.embedded.signs import claims

CLAIMED = 0.8
"""How likely a family is taken to be that a reader of its own claims."""
SURE_AGAINST, POSSIBLE, HARDLY = 0.6, 0.05, 0.02
"""Where the weights are this sure of another family and think the claimed one less likely than the second, its reader is not followed;
nor is it ever where they think it less likely than the last."""
SURE_OF_CHANGE = 0.5
"""What a customer lets us know is noted, unless it is a change of which both a form and the weights say so from this probability on."""
SURE_OF_SCOPE = 0.6
"""A family likelier than this is not refused where nothing is named."""
FOREIGN_SHARE = 0.8
"""Where nothing is named, what is out of scope needs this share of the likeliest family; ..."""
FOREIGN_ELSEWHERE = 0.3
"""... this, where no word of it is of the trade."""
FOREIGN_NAMED = 0.6
"""The same where something of the record is named or pointed at."""
FOREIGN_OURS = 0.5
"""The same where only one of us, a product or a competitor is named; it has to be likelier than any family, too."""
PARTS = ("more", "reply")
"""Families of what is only understood from the turn before."""
_MENTIONED = re.compile(
    r"^(?:search|look for|dig up)\b(?! me\b)|^find\b.*\b(?:notes|calls|emails|mentions?|meetings|conversations)\b|"
    r"^(?:and )?(?:has|have|did|was|were)\b.*\b(?:mention(?:ed)?|brought up|bring up|come up|came up|raised?|talked about)\b"
)
"""Asks what was said to us, whatever it was about: nothing mentioned is an answer, and no topic is out of scope."""
_SALES = re.compile(f"{SALES}|.*{TRADE}")


def weighed(request: Request, weigher: Weigher) -> list[Guess]:
    """The families that are possible, likeliest first; one that a reader of its own claims before those that are not sure."""
    guesses = [guess for guess in _in_or_out(weigher.guesses(request)) if holding.possible(guess, request)]
    best = guesses[0].probability
    said = set(claims(request))
    if "a value" in said and request.mood == "command":  # "slipped, new close date DATE" asks for no figure
        said = {claim for claim in said if not claim.startswith("figure") and not (claim == "qualify" and request.core.of("MONEY", "DATE"))}
    if "two values" in said:  # which of them holds is asked
        said -= {"a value"}
    if "consent" in said or (guesses[0].family == "record_consent" and best >= SURE_OF_CHANGE):  # whoever tells of it has to find it in the ledger, and not in a note
        said -= {"entry", "news"}
    likely = {guess.family: guess.probability for guess in guesses}
    claimed = {family for claim in said for family, hold in [families.CLAIMED.get(claim, ("", 0.0))] if best < hold and (claim in ("figure by", "still so", "against us") or likely.get(family, 1.0) >= (POSSIBLE if best >= SURE_AGAINST else HARDLY))}
    if "news" in said and guesses[0].family in families.WRITES and best >= SURE_OF_CHANGE and (changed := recognise(request.bare)) is not None and changed.family == guesses[0].family:
        return guesses  # what is let us know is a plain change
    if not claimed:
        return guesses
    known = [guess for guess in guesses if guess.family in claimed]
    first = known[0] if known else Guess(min(claimed), CLAIMED)
    return preferred(first, guesses)


def _in_or_out(guesses: list[Guess]) -> list[Guess]:
    """The guesses of a request that stands alone: what is said around one is out of scope then, as it asks for nothing, and a part
    of a conversation is none."""
    aside = next((guess.probability for guess in guesses if guess.family == idle_clauses.ASIDE), 0.0)
    out = next(guess.probability for guess in guesses if guess.family == "out_of_scope") + aside
    aside *= all(guess.probability <= out for guess in guesses if guess.family not in PARTS)  # neither speaks against a likelier family
    told = [Guess(guess.family, guess.probability + aside * (guess.family == "out_of_scope")) for guess in guesses if guess.family not in (idle_clauses.ASIDE, *PARTS)]
    whole = sum(guess.probability for guess in told)
    return sorted((replace(guess, probability=guess.probability / whole) for guess in told), key=lambda guess: -guess.probability)


def allowed(guesses: list[Guess], request: Request) -> list[Guess]:
    """The guesses without the writes that a request of its mood cannot be; what they were likely goes to the others by their share."""
    kept = [guess for guess in guesses if guess.family not in families.WRITES or holding.may_write(request, guess.family)]
    whole = sum(guess.probability for guess in kept)
    return [Guess(guess.family, guess.probability / whole) for guess in kept] if len(kept) < len(guesses) and whole > 0 else kept


def preferred(first: Guess, guesses: list[Guess]) -> list[Guess]:
    """The guesses with one that something beside the weights speaks for before all others."""
    rest = [Guess(guess.family, guess.probability * (1 - CLAIMED)) for guess in guesses if guess.family != first.family]
    return [Guess(first.family, max(CLAIMED, first.probability)), *rest]


def foreign(request: Request, guesses: list[Guess]) -> Plan | None:
    """The refusal of what is about something else; what names nothing of the record is refused the sooner."""
    if _MENTIONED.search(request.bare):
        return None
    best = next(guess for guess in guesses if guess.family != "out_of_scope").probability
    out = next(guess.probability for guess in guesses if guess.family == "out_of_scope")
    if request.core.of("ACCOUNT", "CONTACT", "DEAL", "STRANGER") or (request.memory.subjects and request.points_back):
        refused = out >= FOREIGN_NAMED
    elif request.core.of("PERSON", "PRODUCT", "RIVAL"):
        refused = out >= max(best, FOREIGN_OURS)
    else:
        refused = best < SURE_OF_SCOPE and out >= (FOREIGN_SHARE if _SALES.match(request.bare) else FOREIGN_ELSEWHERE) * best
    return Plan(say=replies.OUT_OF_SCOPE, understood=False, confidence=out, reason="out of scope") if refused else None
