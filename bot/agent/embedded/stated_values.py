"""A deal and nothing but its new value, in whatever order: "Meridian to Negotiation", "the value of Meridian is now 70k".

Whether a sentence is one is decided by what is left of it once the deal, its values and the words around them are taken out:
with one word left over it may be about something else, and nothing is proposed.
"""

import re

from bot.agent.embedded import slots
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.sentence import Sentence

_BRIEF = re.compile(
    r"^(?:the |our |my )?(?:ACCOUNT|DEAL)(?: deal| renewal)?\s*(?:->|=>|=|:|,|-|to|into|now|at)?\s*(?:(?:stage|amount|close date|forecast|now|at|in|to)\s+)*(?:((?:[a-z-]+ ?){1,3})|MONEY|DATE)$"
)
_CATEGORY = re.compile(r"\b(?:commit(?:ted|ting)?|best[- ]case|upside|omit(?:ted)?|excluded?)\b|\b(?:back )?(?:in|into|to) (?:the )?pipeline\b|\bcategory:? (?:is |to |now )*pipeline\b|\bforecast (?:as |at |only |is |just |category )*pipeline\b")
_ABOUT_CLOSE = re.compile(r"\b(?:close[sd]?|expect|closing|expected|slip(?:s|ped|ping)?|push(?:ed)?|moved?|due|sign(?:s|ing)?|dated?|re-?dated?|delayed|postponed|down)\b")
_ABOUT_OWNER = re.compile(r"\b(?:owners?|owns?|own|goes|go|belongs?|tak(?:e|es|ing)|took|gets?|gives?|let|put|assigned|responsible)\b")
_AROUND = frozenset(
    ["a", "about", "above", "add", "adjust", "alter", "amend", "becomes", "below", "change", "correct", "cut", "drop", "extend", "extended", "follows", "following", "fix", "lift", "latest", "lower", "move", "must", "needs", "ought", "per", "raise", "read", "reads", "reduce", "revise", "revised", "says", "say", "shift", "show", "shows", "supposed", "switch", "till", "until", "update", "updated", "already", "am", "amount", "expect", "like", "an", "and", "actual", "are", "as", "at", "back", "be", "been", "belongs", "both", "bring", "bumped", "by", "call", "called", "category", "close", "close-date", "closed", "closes", "closing", "come", "count", "current", "currently", "date", "dated", "deal", "delayed", "down", "dropped", "due", "enter", "entered", "entering", "entry", "expected", "fell", "figure", "flag", "for", "forecast", "from", "get", "gets", "getting", "give", "go", "goes", "going", "gone", "grew", "grown", "has", "have", "i", "increased", "into", "is", "it", "its", "in", "just", "keep", "leave", "let", "list", "look", "made", "make", "mark", "me", "moved", "moves", "moving", "my", "new", "now", "number", "of", "off", "on", "or", "our", "out", "over", "own", "owner", "owns", "people's", "please", "postponed", "price", "push", "pushed", "put", "reached", "responsible", "right", "rose", "renewal", "set", "shall", "should", "shrank", "signing", "signs", "sits", "size", "slip", "slipped", "slips", "slot", "stage", "stands", "stays", "stick", "straight", "take", "takes", "taking", "that", "the", "this", "to", "today", "took", "total", "up", "upgraded", "us", "value", "we", "went", "will", "with", "worth", "would"]
)
"""Words that say a deal has a value and not what else it may be about."""


_THEIR_PRICE = re.compile(r"^(?:they|CONTACT|she|he|we) (?:are|is|went|came|got|agreed|settled)(?: now| already)? (?:now )?(?:(?:up|down) )?(?:at|to|on|up|down) (?:about )?MONEY (?:now )?(?:on|for|with|at) (?:the |our |my )?DEAL$")


_HANDED = re.compile(r"^(?:[^,;:.]{1,40}[,;:] )?(?:so |please |just |can you |could you )*(?:give|pass|hand|assign|reassign|transfer|sign|turn)(?: over)? (?:it|(?:that|this|the) (?:deal|one|renewal))(?: (?:on|over|off|across|along))* to PERSON(?: (?:please|instead|now|for me))?$")
""" "Pass that deal on to Tom"."""


def said_briefly(sentence: Sentence, linker: Linker) -> bool:
    """Whether a deal and nothing but its new stage, forecast, amount, owner or close date are said."""
    text = sentence.masked.strip(" .!")
    if _THEIR_PRICE.match(text) or _HANDED.search(text):
        return True
    match = _BRIEF.match(text)
    if match is not None and not sentence.of("DATE"):
        words = (match.group(1) or "").strip()
        if not words:
            return True
        category = slots.forecast_category(words)
        if (category is not None and len(words.split()) <= 2) or _only_stage(words, linker):
            return True
    return _nothing_else(sentence, text, linker)


def _nothing_else(sentence: Sentence, text: str, linker: Linker) -> bool:
    meant = sentence.of("DEAL", "ACCOUNT")
    if len(meant) != 1 or sentence.of("CONTACT", "RIVAL", "PRODUCT", "EVERY", "LENGTH", "ADDRESS", "STRANGER"):
        return False
    if meant[0].kind == "ACCOUNT" and re.search(r"\b(?:deal|renewal) (?:for|at|with) $", text[: meant[0].start]):
        return False  # a deal that is new as likely as not
    values = bool(sentence.of("MONEY")) or (bool(sentence.of("DATE")) and _ABOUT_CLOSE.search(text) is not None)
    if sentence.of("PERSON") and _ABOUT_OWNER.search(text):
        values = True
    elif sentence.of("PERSON"):
        return False
    if re.match(r"^i (?:am |will |shall )?(?:tak(?:e|ing)|own|now own)\b", text):
        values = True
    if slots.target_category(text) is not None:
        values = True
        text = _CATEGORY.sub(" ", text)
    left: list[list[str]] = [[]]
    for word in re.findall(r"[a-z][a-z'-]*|[A-Z]+|[^\sa-z]", text):
        if word.isalpha() and word.islower() and word not in _AROUND:
            left[-1].append(word)
        elif left[-1]:
            left.append([])
    runs = [" ".join(run) for run in left if run]
    if not runs:
        return values
    return all(_only_stage(run, linker) and run not in ("won", "lost") for run in runs)


def _only_stage(words: str, linker: Linker) -> bool:
    """Whether the words are a stage's name and nothing more."""
    found = [one for one in linker.names.find("stage", words) if one.how == "exact"]
    return bool(found) or words in ("won", "lost", "closed won", "closed lost")
