"""Promises in what was said: "I'll send…", "you'll have it by…", and in a note "promised to…", "they will…".

Who promises follows from who speaks: a first person in a mail or a transcript is its speaker; in one of our own notes
it is us, and a third person is the other side.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.agent.tools.cues import DATE
from bot.agent.tools.gist import Sentence, sentences_of
from crm_store.queries.interactions import InteractionFacts
from crm_store.queries.tasks import TaskFacts
from knowledge import words

By = Literal["us", "them"]

_DOING = (
    r"(?:send|share|get|give|provide|deliver|prepare|call|come back|get back|return|follow up|arrange|set up|schedule"
    r"|book|organi[sz]e|check|confirm|look into|find out|bring|update|draft|write|forward|introduce|fix|ship|ask|chase"
    r"|speak|talk|put together|make sure|let (?:you|him|her|them) (?:know|have)|have (?:it|this|that|the|an?)|sign"
    r"|review|answer|reply"
    r"|respond|clarify|pass|credit|refund|replace|install|extend|match|cover|include|work (?:out|up)|go through)"
)
_FIRST = re.compile(
    r"\b(?:i|we)(?:['’]ll| will| shall| can| am going to|['’]m going to| are going to|['’]re going to)"
    rf" (?:also |then |just |definitely |personally |both )?{_DOING}\b"
    r"|\b(?:i|we) (?:send|confirm|return|deliver|sign|answer|reply|decide) [^.?]*"
    r"\b(?:by|on|before|until) (?:\d|the \d|tomorrow|(?:mon|tues|wednes|thurs|fri)day)"
    r"|\b(?:i|we) (?:promise|commit to|owe you|undertake to)\b"
    rf"|\blet me {_DOING}\b"
    r"|\byou(?:'ll|’ll| will| shall) (?:have|get|receive|hear from|see)\b"
    r"|\b(?:will|is to|are to) be (?:with you|in your inbox|sent to you|delivered) (?:by|on|before|tomorrow|next)\b",
    re.IGNORECASE,
)
_NOTE_OURS = re.compile(
    rf"\b(?:i|we) (?:have )?(?:promised|agreed to|offered to|committed to|owe|need to {_DOING}|am to|are to"
    r"|said (?:i|we)(?:['’]d| would))\b"
    rf"|^(?:promised|agreed to {_DOING}|will {_DOING}|told (?:him|her|them) (?:i|we)(?:'d|’d| would))\b",
    re.IGNORECASE,
)
_NOTE_THEIRS = re.compile(
    r"\b(?:he|she|they|who|[A-Z][\w’'-]+)(?:['’]ll| will| is going to| are going to| promised to| agreed to"
    rf"| offered to| has promised to) (?:also |then )?{_DOING}\b"
)
_NOT = re.compile(
    r"\b(?:won't|won’t|cannot|can't|can’t|not (?:going to|be able)|will not|never|if (?:i|we|you|they))\b",
    re.IGNORECASE,
)
_SHORTEST = 36
"""Shorter ones without a day ("Let me check that.") say too little to hold anybody to."""
_DAY = re.compile(r"\b(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri)day|(?:this|next) week)\b", re.IGNORECASE)
_THIRD_US = re.compile(r"^(?:i|we|you|it|that|this|there|what|which)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A sentence that promises something, and which side does."""

    sentence: Sentence
    by: By

    @property
    def dated(self) -> bool:
        return DATE.search(self.sentence.text) is not None


def commitments(sources: Iterable[InteractionFacts]) -> tuple[Commitment, ...]:
    """What was promised in these interactions, in their order."""
    return tuple(
        Commitment(sentence, by)
        for source in sources
        for sentence in sentences_of(source)
        if (by := promised_by(sentence))
    )


def promised_by(sentence: Sentence) -> By | None:
    """Which side the sentence commits, or None when it promises nothing."""
    text = sentence.text
    vague = len(text) < _SHORTEST and not (DATE.search(text) or _DAY.search(text))
    if vague or text.rstrip().endswith("?") or _NOT.search(text):
        return None
    if _FIRST.search(text):
        if sentence.ours is None:
            return None if sentence.direct else "us"
        return "us" if sentence.ours else "them"
    if sentence.direct:
        return None
    if _NOTE_OURS.search(text):
        return "us"
    match = _NOTE_THEIRS.search(text)
    if match and not _THIRD_US.match(match.group()):
        named = match.group().split()[0].rstrip("'’l").casefold()
        ours = {part.casefold() for name in sentence.source.ours for part in name.split()}
        return "us" if named in ours else "them"
    return None


def source_sentence(task: TaskFacts, source: InteractionFacts) -> Sentence | None:
    """The sentence of its source that a promise was made in: the one that shares most words with its title."""
    terms = words.query_terms(task.title)
    names = {part.casefold() for name in (*source.theirs, *source.ours) for part in name.split()}
    telling = [term for term in terms if term.casefold() not in names]
    found = sentences_of(source)
    scored = [
        (len(words.matched_terms(terms, one.text)) + (1.5 if promised_by(one) == "us" else 0.0), -position, one)
        for position, one in enumerate(found)
        if words.matched_terms(telling, one.text)  # who it is for does not tell what was promised
    ]
    best = max(scored, key=lambda each: each[:2], default=None)
    if best is None or best[0] < max(1.0, len(terms) / 2):
        return None
    return best[2]


def untracked(found: Sequence[Commitment], tracked: Sequence[Sentence]) -> list[Commitment]:
    """The commitments no task stands for yet: those of other sentences than the ``tracked`` ones."""
    known = {(one.source.id, one.text) for one in tracked}
    return [one for one in found if (one.sentence.source.id, one.sentence.text) not in known]
