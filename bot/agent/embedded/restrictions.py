"""Which words that made no difference were meant to restrict a list or a number, and which only carried the question.

"Which accounts belong to Tom" is answered in full though "belong" changed nothing; "accounts with a works council" is not. What
restricts stands in three places: before the noun that is listed ("enterprise deals"), as what is said of it ("deals that need legal
approval"), or behind a preposition ("for outdoor furniture"). A phrase of which any part was understood says how the rest was meant.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

Stretch = tuple[int, int]

_NOUN = re.compile(
    r"\b(?:deals?|opps?|opportunit(?:y|ies)|pipe(?:line)?|accounts?|customers?|clients?|compan(?:y|ies)|prospects?|partners?|renewals?|expansions?|upsells?|tasks?|to-?dos?|"
    r"reminders?|cases?|tickets?|complaints?|orders?|contacts?|calls?|emails?|meetings?|demos?|visits?|interactions?|leads?|subscriptions?|revenue|bookings?|sales(?! (?:cycle|stage|team))|"
    r"wins|losses|win rate|sales cycle|deal size)\b"
)
_HAPPENED = re.compile(r"\b(?:won|lost|win|lose|sold|sell|closed|bought)\b")
_OPENER = re.compile(
    r"[,;:()?!–—]|\. |\b(?:with|without|in|for|from|about|of|by|via|through|under|on|at|near|around|regarding|concerning|involving|like|among|amongst|except|excluding|besides|"
    r"that|which|who|whose|where|because|since|as|so|while|before|after|until|till|if|unless|when|although|though|but|and|or|than|due to|please|to(?= (?:(?:the|our|my|an?) )?[a-z-]+(?<!s)s\b))\b"
)
_RESTRICTS = frozenset(
    ["with", "without", "in", "for", "from", "about", "of", "by", "via", "through", "under", "on", "at", "near", "around", "regarding", "concerning", "involving", "like", "among", "amongst", "except", "excluding", "besides", "that", "which", "who", "whose", "where", "to"]
) | {"due to", ""}
_JOINS = frozenset({"and", "or", "than"})
_OWNED = re.compile(r"^(?:in|on|under|of|at|across|for|with)\s+(?:my|our|his|her|their|your|the team's|PERSON's)\s+(?:own )?[a-z]+$")
_OF_ORDER = re.compile(r"\b(?:first|top|order(?:ed)? (?:by|of)|in order|sort(?:ed)?|rank(?:ed)?|descending|ascending|oldest|newest|longest|biggest)\b")
_OF_SHAPE = re.compile(
    r"^(?:in|as|for|by|with|at|on|of) (?:(?:a|an|the|one|some|each|total|actual|real) )*(?:money|euros?|dollars?|eur|usd|gbp|pounds|cash|units?|figures?|numbers?|percent(?:ages?)?|terms?|detail|short|general|particular|full|brief|"
    r"form|list|table|chart|line|row|sentence|go|glance|moment|minute|sec|second|play|progress|motion|flight|mix|run|least|best|worst|all|average|mean|result|whole|record|file|books|system|crm|radar|hook|front|side|way|sort|kind|type|process)\b"
)
_CARRIES = re.compile(
    r"(?:work|handl|manag|cover|carr|hold|held|belong|log|record|track|enter|rais|submit|fil|sen[dt]|look|assign|sit|deal|pursu|chas|touch|treat|count|exist|remain|list|regist|involv|concern|relat|compar|stack|go|went|bring|brought|make|made|"
    r"open|clos|end|land|bag|sign|achiev|generat|produc|earn|book|win|won|los[et]|pull|rack|bank|crush|nail|hit|ship|beat|better|worse|high|low|exceed|improv|grow|grew|chang|fast|slow|br(?:ea|o)k|split|divid|group|cut|tackl|includ|start|do|com|happen|aris|occur|schedul|plann|due)"
    r"[bdglmnprt]?(?:s|d|e[srd]?|ing|t|n|en)?"
)
""" "… that I work on", "… we brought in", "… better than": says no more than that it is theirs, that it happened or that it is compared."""
_EMPTY = re.compile(r"(?:.*(?<!fami)(?<!month)(?<!week)(?<!year)(?<!quarter)ly|existing|current|actual|pending|various|remaining|individual|respective|present|complete|relevant|whole|own|possible|of|up|down|off|out|often|sometimes|always|average|mean|typical|median|everything|bit|lol|haha|right|thanks|cheers|yet|lots|loads|including|broken|split|divided|grouped|compared|separately|trend|trending|lines?|rows?|bars?)")
"""Words that narrow nothing wherever they stand: of degree, of manner, of what is meant anyway."""
_COMPLEMENT = re.compile(r"^\W*(?:to|by|with|on|at|from|for|in|of|against)? ?(?:me|us|him|her|them|PERSON|ACCOUNT|CONTACT|DEAL|PRODUCT|RIVAL|my\b|our\b)")


_OURS = re.compile(r"\b(?:our|my|your|their|his|her|the team's)\s+(?:[a-z-]+\s+)?$")
"""Before what is asked for where nothing is that could be counted: "our profit margin"."""
_ACTS = re.compile(r"\b(?:i|we|you|they|he|she|us|to|PERSON|CONTACT|will|would|can|could|should|let's|please)\s+$")
"""Before a word that is a verb: "why did we lose deals"."""


@dataclass(frozen=True)
class _Phrase:
    """A stretch of the text that begins with ``opener``; ``after`` tells whether it stands behind the noun that is listed."""

    opener: str
    start: int
    end: int
    after: bool


def restricting(text: str, idle: Iterable[Stretch], heard: Iterable[Stretch]) -> list[Stretch]:
    """The stretches of a masked text that should have narrowed what is listed, from their first idle word to their last.

    ``idle`` are the words that made no difference, ``heard`` the words and names that did.
    """
    left, used = sorted(idle), sorted(heard)
    noun = listed(text)
    found: list[Stretch] = []
    for span in left:
        if _modifies(text, span, left) or (noun is None and _OURS.search(text[: span[0]]) and not _EMPTY.fullmatch(text[span[0] : span[1]])):
            found.append(span)
    restricts = True
    for phrase in _phrases(text, noun[1] if noun else 0):
        if phrase.opener == "" and (noun is None or _only_leads_in(text, phrase)):
            continue
        restricts = restricts if phrase.opener in _JOINS else _may_restrict(phrase)
        words = [span for span in left if phrase.start <= span[0] < phrase.end and span not in found]
        if not words or not restricts or any(phrase.start <= start < phrase.end for start, _ in used):
            continue
        if _says_no_more(text, phrase, words):
            continue
        found.append((words[0][0], words[-1][1]))
    return _joined(sorted(found), text)


def listed(text: str) -> Stretch | None:
    """Where the noun stands that a masked request lists or counts; None without one."""
    noun = _NOUN.search(text) or _HAPPENED.search(text)
    return noun.span() if noun else None


def _only_leads_in(text: str, phrase: _Phrase) -> bool:
    """ "Pipeline hygiene time, which deals …": what is asked comes after it."""
    return text[phrase.end : phrase.end + 1] in tuple(",;:.!") and _NOUN.search(text, phrase.end) is not None


def _phrases(text: str, noun: int) -> list[_Phrase]:
    """The text cut where a preposition, a relative or a mark begins something; what follows the noun begins a phrase too."""
    cuts = [(match.start(), match.group().strip()) for match in _OPENER.finditer(text)]
    if all(start != noun for start, _ in cuts):
        cuts.append((noun, ""))
    cuts.sort()
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    return [_Phrase(opener, start, end, start >= noun) for (start, opener), end in zip(cuts, ends, strict=True)]


def _may_restrict(phrase: _Phrase) -> bool:
    return phrase.after and phrase.start > 0 and phrase.opener in _RESTRICTS


def _modifies(text: str, span: Stretch, left: list[Stretch]) -> bool:
    """Whether a word stands before the noun that is listed, with none but such words between them."""
    word, after = text[span[0] : span[1]], text[span[1] :]
    between = re.match(r"(?:[ -](?!and\b|or\b)[a-z\d-]+)?[ -]", after)
    if re.match(r" per [a-z]", after):
        return not _EMPTY.fullmatch(word) and not _ACTS.search(text[: span[0]])
    noun = re.match(r"[ -]", after) and (_NOUN.match(after, 1) or (between and _NOUN.match(after, between.end()) and (any(start == span[1] + 1 for start, _ in left) or re.match(r" \d", after))))
    verb = span[0] == 0 and (_CARRIES.fullmatch(word) or (not re.match(r" \d", after) and not _NOUN.match(after, 1)))
    verb = verb or _ACTS.search(text[: span[0]]) is not None
    return bool(noun) and not verb and not _EMPTY.fullmatch(word) and not word.endswith("'s")


def _says_no_more(text: str, phrase: _Phrase, words: list[Stretch]) -> bool:
    """Whether a phrase that was not understood asks for nothing: whose it is, in what order, in which unit, or that it happened."""
    said = text[phrase.start : phrase.end].strip(" .,;:!?")
    if _OWNED.match(said) or _OF_ORDER.search(said) or (phrase.opener == "by" and _OF_ORDER.search(text[: phrase.start])) or _OF_SHAPE.match(said):
        return True
    bare = said.removeprefix(phrase.opener).strip()
    plain = [text[start:end] for start, end in words]
    if all(_EMPTY.fullmatch(word) for word in plain):
        return True
    if phrase.opener in ("", "that", "which", "who") and all(_EMPTY.fullmatch(word) or _CARRIES.fullmatch(word) for word in plain):
        return True
    return phrase.opener in ("", "that", "which", "who") and len(words) == 1 and bool(_COMPLEMENT.match(text[phrase.end :])) and bool(bare)


def _joined(found: list[Stretch], text: str) -> list[Stretch]:
    """Neighbours as one stretch."""
    joined: list[Stretch] = []
    for start, end in found:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        elif not joined or start >= joined[-1][1]:
            joined.append((start, end))
    return joined


__all__ = ["Stretch", "listed", "restricting"]
