"""What a customer holds against buying, and whether it was answered. Pure.

An objection is what they say, or our note of it. It is answered by what we say next in the same conversation, or by a later
word on the same matter: ours, or theirs that they accept it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.agent.tools.evidence import stated
from bot.agent.tools.gist import Sentence, sentences_of
from crm_store.queries.interactions import InteractionFacts
from knowledge import words

State = Literal["open", "answered", "settled"]

_OBJECTION = re.compile(
    r"^objections?\b(?! left)|\b(?:object(?:s|ed|ion)\b(?! left)|push(?:es|ed)? back|not convinced|sceptical|skeptical"
    r"|(?:has|have|had|with) (?:some |her |his |their )?doubts)"
    r"|\b(?:too|looks?|seems?|is|are|very|rather) (?:expensive|pricey|dear|high for|long for|slow|risky|complicated)\b"
    r"|\b(?:above|over|more than|higher than|beyond) what (?:we|they|he|she|i) (?:have |had |has )?"
    r"(?:planned|budgeted|expected|in mind|can (?:pay|spend|afford|sign))\b"
    r"|\b(?:half|a third of|twice|double) (?:of )?(?:our|your|the) price\b"
    r"|\b(?:lower|cheaper|less) (?:than you|without|by \w+)|\b(?:is|are|offers?|offered) [^.]{0,30}\b(?:lower|cheaper|\d+ ?% less)\b"
    r"|\b(?:cannot|can't|can not|could not|will not|won't|would not) (?:defend|justify|accept|sign|pass|approve|live with|go above"
    r"|trust|pay|use|wait)\b"
    r"|\b(?:worr(?:y|ies|ied)|concern(?:s|ed)?|afraid|fears?|hesitat\w+|reluctant|reservations?|nervous)\b"
    r"|\b(?:no|not enough|without) (?:budget|capacity|resources|people for)\b|\bno time\b"
    r"|\b(?:deviates?|redlines?|is the open point|lacks?|does not (?:have|support|cover|work|fit))\b"
    r"|\bset the condition\b|\bor no (?:trial|deal|contract|signature)\b|\bbefore (?:we |they |she |he )?sign(?:s|ing)?\b"
    r"|\b(?:ask(?:s|ed)?|want(?:s|ed)?|demand(?:s|ed)?|request(?:s|ed)?|push(?:es|ed)?) (?:us )?(?:for )?(?:a |another |about )?"
    r"(?:\d+ ?%|discount|rebate|(?:lower|better) price|price cut)|\b(?:\d+ ?%|percent) off\b|\bwants? proof\b"
    r"|\b(?:disappointed|unhappy|angry|annoyed|fed up|frustrated) (?:with|about|by|that|at|because)\b"
    r"|\b(?:furious|tired of)\b|\bwill (?:not|only) (?:talk|sign|decide|order|buy|release|approve|move)\b"
    r"|\b(?:third|second|fourth|last) time (?:i|we) (?:explain|ask|say|tell|write)\b|\b(?:explained|asked|told|reported) the same\b"
    r"|\b(?:insists?|demands?) (?:on|that)\b|\bmade it a condition\b|\bclose to the line\b",
    re.IGNORECASE,
)
_NO_OBJECTION = re.compile(
    r"\b(?:no|without|any) (?:more |further )?(?:objections?|concerns?|doubts?|worries|reservations?)(?: left)?\b|\bnot worried\b"
    r"|\bno longer (?:worried|concerned)\b",
    re.IGNORECASE,
)
_ACCEPTED = re.compile(
    r"\b(?:accepts?|accepted|agreed|agrees|is fine|was fine|fine with|happy with|that works|convinced|satisfied|solved|settled"
    r"|passed|approved|no objections? left|makes sense|good enough|withdr\w+|dropped)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^(?:we |i )?(?:explained|told|offered|showed|sent|proposed|answered|agreed|pointed out|waived|confirmed|promised|said)\b"
    r"|\b(?:we|i) (?:can|could|will|have|offer|would|waive|include|confirm|sent|suggest)\b|\bas discussed\b|\brevised\b|\bwaived\b"
    r"|\bincluded\b|\bfalls by\b|\bhere (?:is|are)\b|\bshort answer\b|\bthat exists\b",
    re.IGNORECASE,
)
_NOT_ONE = re.compile(r"^requirement\b|\bis said to be\b|^(?:i |we )?promised\b", re.IGNORECASE)


def _matter(*words_of: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{one})\b" for one in words_of), re.IGNORECASE)


_MATTERS: dict[str, re.Pattern[str]] = {
    "price": _matter(
        r"pric\w+|expensive|cheaper|lower|cost\w*|budget|discount|fee|rate|pay|spend|eur|usd|gbp|thousand", r"\d+ ?%?(?= less)"
    ),
    "security": _matter(
        r"security|soc ?2|iso ?27\d+|gdpr|hosting|hosted|penetration|encrypt\w*|single sign-on|sso|log-?ins?",
        r"data (?:protection|processing|centre|center|residency)",
    ),
    "contract": _matter(
        r"contract|terms|liability|clause|legal|lawyers?|redlines?|exit|penalty|notice period|agreement|confidentiality"
    ),
    "time": _matter(r"time|capacity|resources|late|delay\w*|summer|season|later|wait|weeks?|months?|date"),
    "product": _matter(
        r"interface|integration|erp|offline|module|feature|export|tablets?|screens?|release|support|cover|signal|tool|rules?"
    ),
    "trust": _matter(r"references?|proof|trial|pilot|report|risk\w*|trust|facts|figures"),
}
_SHORT = 25
"""A shorter sentence ("One concern.") announces what its speaker says next."""
_LATER = timedelta(days=45)
"""So long after it a word on the same kind of matter may be about something else."""
_FEWEST = 2
"""So many words of substance in common, and two sentences are about the same thing whatever its kind."""


@dataclass(frozen=True, slots=True)
class Objection:
    """``said`` is theirs or our note of it; ``reply`` what answered it: ours (answered) or their acceptance (settled)."""

    said: Sentence
    reply: Sentence | None
    state: State


def objections(sources: Iterable[InteractionFacts]) -> tuple[Objection, ...]:
    """The objections in these interactions, newest first, each with what became of it; one of each interaction and matter."""
    ordered = sorted(sources, key=lambda one: one.at)
    told = [(source, sentences_of(source)) for source in ordered]
    found: list[Objection] = []
    for place, (_, said) in enumerate(told):
        told_of: set[str] = set()
        for at, sentence in enumerate(said):
            if not objects(sentence) or not (kinds := matters(sentence.text) or {"other"}) - told_of:
                continue
            told_of |= kinds
            if len(sentence.text) < _SHORT and at + 1 < len(said) and said[at + 1].speaker == sentence.speaker:
                sentence = said[at + 1]
            later = [one for _, each in told[place + 1 :] for one in each]
            found.append(_with_reply(sentence, said[at + 1 : at + 4], later))
    return tuple(reversed(found))


def objects(sentence: Sentence) -> bool:
    """Whether the sentence says what they hold against it."""
    text = stated(sentence.text)
    if not text or (sentence.ours and (sentence.direct or _ANSWER.match(text))):
        return False
    return _OBJECTION.search(text) is not None and not (_NO_OBJECTION.search(text) or _NOT_ONE.search(text))


def _with_reply(objection: Sentence, after: Sequence[Sentence], later: Sequence[Sentence]) -> Objection:
    for one in after:  # what follows in the same conversation answers what was just said
        if _answers_at_once(one):
            settled = _accepted(objection, later)
            return Objection(objection, settled or one, "settled" if settled else "answered")
    answer: Sentence | None = None
    for one in later:
        if _ends(objection, one):
            return Objection(objection, answer or one, "settled")
        if answer is None and one.ours and _ANSWER.search(one.text) and _same(objection, one) and _of_one_deal(objection, one):
            answer = one
    return Objection(objection, answer, "answered" if answer else "open")


def _answers_at_once(one: Sentence) -> bool:
    if not one.ours or one.text.endswith("?") or _NOT_ONE.search(one.text):
        return False
    return len(one.text) >= _SHORT if one.direct else _ANSWER.search(one.text) is not None


def _accepted(objection: Sentence, later: Sequence[Sentence]) -> Sentence | None:
    return next((one for one in later if _ends(objection, one)), None)


def _ends(objection: Sentence, one: Sentence) -> bool:
    """Whether a later word of theirs, or a note of it, says that it stands no more."""
    if one.text.endswith("?") or (one.ours and one.direct):
        return False
    if _NO_OBJECTION.search(one.text) and re.search(r"\bleft\b|\bno (?:more|further)\b|\bno longer\b", one.text):
        return True
    return bool(_ACCEPTED.search(one.text)) and not objects(one) and _same(objection, one) and _of_one_deal(objection, one)


def _of_one_deal(one: Sentence, other: Sentence) -> bool:
    """Not where what we said later was on another deal."""
    deals = {one.source.deal_id, other.source.deal_id} - {None}
    return len(deals) < 2


def _same(one: Sentence, other: Sentence) -> bool:
    if matters(one.text) & matters(other.text) and other.source.at - one.source.at <= _LATER:
        return True
    shared = set(words.content_words(one.text)) & set(words.content_words(other.text))
    names = {part.casefold() for name in (*one.source.theirs, *one.source.ours) for part in name.split()}
    return len(shared - names) >= _FEWEST


def matters(text: str) -> set[str]:
    """What an objection, or a question for one, is about: price, security, contract, time, product, trust."""
    return {matter for matter, cue in _MATTERS.items() if cue.search(text)}
