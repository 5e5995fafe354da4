"""Sentence forms that leave no doubt about what is asked, tried in order before the classifier.

They are matched against the masked text, in which names, times and amounts are words in capitals.
"""

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mood = Literal["command", "question", "conditional", "negated"]

X = r"(?:(?:the|our|my|this|that) )?(?:ACCOUNT|DEAL|CONTACT|PERSON|PRODUCT|RIVAL)(?:'s)?"
WHO = r"(?:CONTACT|PERSON|ADDRESS|her|him|them|she|he|they)"
DEALISH = r"(?:it|this|that|(?:the|this|that|my|our|their) [\w' -]{0,40}?(?:deal|renewal|one|pilot|expansion)|(?:the )?(?:DEAL|ACCOUNT|CONTACT)(?:'s)?(?: [\w-]+){0,3}?)"
CHANNEL = r"(?:(?:tele)?phone ?call|telephone|(?:tele)?phone conversation|video ?call|video conference|conference call|call|ring|zoom|teams call|meeting|visit|demo|lunch|dinner|coffee|breakfast|workshop|site visit|sync|catch[- ]?up|email|message|note|chat|conversation|dm|linkedin message|whatsapp|sms|text|text message|voicemail|event|webinar|discussion|intro|check-in|qbr(?: meeting| call)?|business review|kick-?off(?: meeting| call)?|stand-?up|appointment)"
PAST_TALK = r"(?:called|telephoned|facetimed|phoned|rang|reached(?! out)|hung up|saw|ran into|bumped into|(?:dropped|popped|stopped|swung) (?:by|in|round|over)(?: at| to see)?|had(?= (?:CONTACT|ACCOUNT|her|him|them) on (?:the )?(?:phone|line|zoom|teams|blower|whatsapp|chat|video|facetime|skype|a call))|no (?:luck|joy) (?:with(?= (?:CONTACT|ACCOUNT)\b)|reaching|calling|ringing|getting hold of)|(?:shot|fired|dropped|flicked|forwarded|pinged|slipped)(?: off| over)?(?= (?:(?:CONTACT|ACCOUNT|her|him|them) )?(?:an?|another|the|over) (?:[a-z]+ )?(?:email|mail|message|note|text|line|sms|whatsapp|dm)\b)|replied(?= to\b)|could not (?:reach|get hold of)|sat down with|(?:did|spent)(?= LENGTH (?:with|at)\b)|met(?: up)?|spoke|talked|chatted|emailed|messaged|texted|visited|pinged|whatsapped|caught up|had (?:a |an |another |my |our |lunch|coffee|dinner|breakfast)|left (?:a |an )?(?:voicemail|message)|sent|demoed|presented|heard|tried(?= (?:CONTACT|ACCOUNT|her|him|them)\b)|tried (?:calling|phoning|ringing|reaching|to (?:call|phone|ring|reach))|got (?:off|an?|word)|just got)"

SALES = r"(?=.*\b(?:deals?|pipeline|revenue|bookings?|booked|sales|sales cycle|sells?|sold|won|win|wins|lost|lose|loss|losses|closed?|closing|customers?|accounts?|contacts?|cases|tickets|calls?|meetings?|emails?|interactions|orders|opportunit\w+|renewals?|forecast|stages?|reps?|prospects?|partners?|subscriptions?|visits|demos|activit\w+|quarter|conversion|PERSON|ACCOUNT|complaints|nps|csat|contracts?|signed|bring in|brought in)\b)"

TRADE = r"\b(?:book of business|my (?:book|patch)\b|easy money|low[- ]hanging|gimmes?|up-?sell\w*|cross-?sell\w*|renew\w*|slip\w*|q[1-4]|quarter|negotiation|discovery|verbal|commit|best case|upside|churn\w*|logos?|whales?|pain|compelling event|pull in|gone (?:quiet|dark|cold|silent)|ghosted|to-?dos?|pipe|funnel|probability|seats|licen[cs]es?|champions?|quotes?|credit notes?|pilot|leads?|discounts?|stakeholders?|redlines?|procurement)\b"
"""What sellers say among themselves; such words are seldom about anything else."""

_PARTS = {"X": X, "WHO": WHO, "DEALISH": DEALISH, "CHANNEL": CHANNEL, "PAST_TALK": PAST_TALK, "SALES": SALES}


@functools.cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(family, pattern) of every form in ``forms.txt``, in order; read once, as the file never changes."""
    found: list[tuple[str, re.Pattern[str]]] = []
    family = ""
    for line in (Path(__file__).parent / "forms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and "|" not in line:
            family = line[1:-1]
        elif line and not line.startswith("#"):
            found.append((family, re.compile(re.sub(r"@([A-Z_]+)@", lambda match: _PARTS[match.group(1)], line))))
    return tuple(found)


@dataclass(frozen=True)
class Form:
    """Which sentence form was recognised."""

    family: str
    rule: int


def recognise(text: str) -> Form | None:
    """The first form that a masked request has."""
    text = text.strip(" .!?,")
    for number, (family, pattern) in enumerate(_forms()):
        if pattern.search(text):
            return Form(family, number)
    return None


def forms_of(text: str) -> list[tuple[str, str]]:
    """Every form that a masked request has, as (the name of the form, family), in the order of the file."""
    text = text.strip(" .!?,")
    return [(name, family) for name, family, pattern in _named_forms() if pattern.search(text)]


@functools.cache
def _named_forms() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """The forms with names that stay when others are added: read once."""
    return tuple(
        (hashlib.blake2s(pattern.pattern.encode(), digest_size=4).hexdigest(), family, pattern)
        for family, pattern in _forms()
    )


_CONDITIONAL = re.compile(
    r"^(?:if|unless|once|when(?! (?:did|was|is|are|do|does|will|should|can|have|has|we|i) )|as soon as|in case|assuming|provided|only if|should (?:they|she|he|it|CONTACT|(?:the |our |my )?(?:ACCOUNT|DEAL)) (?=.*,))\b.*,|\b(?:if|unless|only when|as soon as|as long as|so long as|once|provided that|in case) (?:she|he|they|it|i|we|CONTACT|ACCOUNT|the|DEAL|PERSON|legal|no|nobody|nothing|there|their|its|his|her|this|that|our|my)\b"
)
_ASKED_IF = re.compile(
    r"\b(?:ask(?:ed|s|ing)?|check|see|know|knows|wonder(?:s|ed|ing)?|tell me|remember|sure|confirm|find out|let (?:me|us|PERSON) know)(?: \w+){0,3} if (?:she|he|they|it|i|we|CONTACT|ACCOUNT|the|DEAL|PERSON|there|their|its|his|her|this|that|our|my)\b"
)
"""Where "if" is "whether", nothing hangs on it."""
_QUESTION = re.compile(
    r"^(?:and |so |but |ok |also )?(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|do(?! not\b)|does|did(?! (?:it|that|this)\s*[,.;!]| LENGTH\b| an? (?:[a-z]+ )?(?:call|meeting|demo|visit|workshop|session|walkthrough|lunch|training)\b)|has|have|had (?:we|i|they|she|he|you|(?:CONTACT|ACCOUNT)(?! on (?:the )?(?:phone|line|zoom|teams|blower|whatsapp|chat|video|facetime|skype|a call)))|can i|can we|could i|could we|should(?! (?:now |just )?be\b)|shall|may|might|would it|will|am|any|did(?! (?:it|that|this)\s*[,.;!]| LENGTH\b| an? (?:[a-z]+ )?(?:call|meeting|demo|visit|workshop|session|walkthrough|lunch|training)\b))\b"
)
_NAMED_THEN_ASKED = re.compile(
    r"^(?:the |our |my )?(?:DEAL|ACCOUNT|CONTACT)(?: deal| renewal)?\s*[:,-]+\s*(?:is|are|was|were|did|has|have|do(?! not\b)|does|will|can|should|when|what|who|why|how) (?:it|they|we|she|he|i|that|this|anyone|the)\b"
)
_ASKS_WHETHER = re.compile(
    r"^(?:and |so |but )?(?:should(?! (?:now |just )?be\b)|shall|can|could|may|might|would|does|do(?! not\b)|is|did(?! (?:it|that|this)\s*[,.;!]| LENGTH\b| an? (?:[a-z]+ )?(?:call|meeting|demo|visit|workshop|session|walkthrough|lunch|training)\b)|was|will|has|have|are|what if|how about|do you think|is it|why (?:not|do not))\b"
)
_NEGATED = re.compile(
    r"^(?:please )?(?:do not(?! let me forget| forget)|never|i (?:do not|would not) want(?: you)? to|no need to|not yet|stop|you should not|we should not|let us not)\b"
)


_TOLD_TO_DO = re.compile(
    r"^have PERSON (?:call|ring|phone|email|text|message|meet|visit|send|chase|ping|write|prepare|review|update|check|book|follow|fix|finish|draft|set|get|take|look|do|make|talk|speak)\b(?!.*\?$)"
)
""" "Have Tom call her" is no question, though it begins like one."""
_ASKS_AT_THE_END = re.compile(
    r"^(?!log\b|note\b|record\b|remind\b|task\b).*[,;:–-]\s*(?:what|when|who|where|why|how much|which)(?: (?:one|exactly|again))? (?:was|is|were|are|did|does|do|had|has)(?: \w+){1,3}\??$"
    r"|^(?!log\b|note\b|record\b|remind\b|task\b).*[,;–-]\s*(?:which [a-z]+|how (?:many|much|long)(?: [a-z]+)?) (?:was|is|were|are|did|does|do|had|has) (?:we|i|they|she|he|it|ACCOUNT|CONTACT)\b(?: \w+){0,5}\??$"
    r"|^(?!log\b|note\b|record\b|remind\b|task\b)[^:\"]*[,;–-]\s*(?:so |and )?(?:what (?:can|may|should|could|am|are) (?:we|i)|(?:can|may|could|should) (?:we|i)|(?:is|would|was) (?:that|this|it)(?: be)? (?:ok\w*|fine|allowed|possible|alright|acceptable)"
    r"|(?:am i|are we) allowed|do we|who (?:do i|has to|must|signs|approves))\b[^,;]*$"
    r"|^(?!log\b|note\b|record\b|remind\b|task\b).*(?:,| -)? (?:yes or no|y/n|or (?:not|no|nah|nope|what))[?!. ]*$"
)
"""A statement that only leads up to its question: "they mentioned a works council, what was it"."""
_ASKED_WHETHER = re.compile(r"^(?:tell me|let me know|check|see|find out|look up|any idea|do you know|i wonder|not sure) (?:if|whether)\b")
_REPORTED = re.compile(
    r"^(?:CONTACT|ACCOUNT|she|he|they) (?:just |also )?(?:(?:called|emailed|messaged|texted|wrote|replied|told (?:me|us)|said|says|asked|phoned|rang|mentioned)(?: (?:me|us|back))?\s*[:\",]|(?:asked|asks|wants? to know|wondered|wonders)\b)"
)
"""What a customer asked is told, not asked."""


def mood_of(text: str, polite: bool) -> Mood:
    """How a masked request is meant. ``polite``: it began with "can you", so a question mark changes nothing."""
    bare = text.strip()
    if _ASKS_AT_THE_END.search(bare) or _ASKED_WHETHER.match(bare):
        return "question"
    if _CONDITIONAL.search(_ASKED_IF.sub("asked whether", bare)):
        return "conditional"
    if _NEGATED.match(bare):
        return "negated"
    if _REPORTED.match(bare):
        return "command"
    if _TOLD_TO_DO.match(bare):
        return "command"
    if not polite and (_QUESTION.match(bare) or _NAMED_THEN_ASKED.match(bare) or _ASKS_WHETHER.match(bare) or bare.endswith("?")):
        return "question"
    return "command"
