"""Which sentence of an interaction tells a busy reader most: amounts, dates, decisions, risks, promises, objections.

Sentences are verbatim. Scoring is by general cues (:mod:`bot.agent.tools.cues`) and is pure: the same text gives the
same sentence.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.agent.tools.cues import CARES, CUES, PLEASANTRY, QUOTED_MAIL
from crm_store.queries.interactions import InteractionFacts
from knowledge import sentences, words
from knowledge.documents import Document

_SHORTEST, _LONGEST = 25, 240
_SIGNATURE = 60
_BRIEF, _BOTH = 70, 165
"""A sentence of at most so many characters is told with the next one, where both have no more."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an interaction. ``ours`` says who speaks: True one of us, False one of them, None unknown;
    ``direct`` whether it is their own words (a transcript's turn, a mail) and not somebody's note of them."""

    text: str
    speaker: str | None
    ours: bool | None
    direct: bool
    source: InteractionFacts
    score: float = 0.0


def sentences_of(source: InteractionFacts) -> tuple[Sentence, ...]:
    """The sentences of an interaction in order, with who says each."""
    found: list[Sentence] = []
    for speaker, text, direct in _speeches(source):
        ours = _is_ours(speaker, source)
        found += [Sentence(one, speaker, ours, direct, source) for one in sentences.sentences(text) if not _signs(one, speaker)]
    return tuple(found)


def with_next(sentence: Sentence) -> Sentence:
    """A short sentence with what its speaker says right after it, as it stands in the source; a longer one as it is."""
    if len(sentence.text) > _BRIEF:
        return sentence
    said = sentences_of(sentence.source)
    at = next((at for at, one in enumerate(said[:-1]) if (one.text, one.speaker) == (sentence.text, sentence.speaker)), None)
    if at is None or said[at + 1].speaker != sentence.speaker:
        return sentence
    both = f"{sentence.text} {said[at + 1].text}"
    whole = sentence.source.body if not sentence.source.turns else "\n".join(turn.text for turn in sentence.source.turns)
    return replace(sentence, text=both) if len(both) <= _BOTH and both in whole else sentence


def informative(
    sources: Iterable[InteractionFacts],
    *,
    focus: str | None = None,
    competitors: Sequence[str] = (),
    per_source: int = 1,
    passed_over: Collection[tuple[str, str]] = (),
) -> tuple[Sentence, ...]:
    """The most telling sentences, at most ``per_source`` of each interaction, scored, in the order of ``sources``.

    With a ``focus`` only sentences that mention some of its terms are taken, the fullest mention first. The
    (interaction, sentence) pairs ``passed_over`` are not taken.
    """
    terms = words.query_terms(focus) if focus else ()
    found: list[Sentence] = []
    for source in sources:
        scored = [scored_sentence(one, terms, competitors) for one in sentences_of(source)]
        wanted = [one for one in scored if one.score > 0 and (source.id, one.text) not in passed_over]
        wanted.sort(key=lambda one: -one.score)
        found += wanted[:per_source]
    return tuple(found)


def scored_sentence(sentence: Sentence, terms: Sequence[str] = (), competitors: Sequence[str] = ()) -> Sentence:
    """The sentence with its score; 0 where it says nothing, or not what ``terms`` ask for."""
    score = worth(sentence.text, competitors)
    if sentence.ours is False:
        score *= 1.25  # their own words weigh more than ours
    if terms:
        matched = words.matched_terms(terms, sentence.text)
        score = (score + 0.5) * len(matched) / len(terms) + 3.0 * len(matched) if matched else 0.0
    return replace(sentence, score=score)


def worth(text: str, competitors: Sequence[str] = ()) -> float:
    """How much a sentence tells, from 0; by its cues, less for greetings, questions, and the very short or long."""
    score = sum(weight for weight, cue in CUES if cue.search(text))
    if any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in competitors):
        score += 3.0
    if PLEASANTRY.match(text):
        return score * 0.2
    if text.endswith("?"):
        score *= 0.6
    if len(text) < _SHORTEST:
        return score * 0.3
    return score * 0.7 if len(text) > _LONGEST else max(score, 0.1)


def matters_to_them(sources: Iterable[InteractionFacts], competitors: Sequence[str] = ()) -> list[Sentence]:
    """What the other side wants, fears or objects to, the newest first: their own words, then our notes of them."""
    found: list[Sentence] = []
    for source in sources:
        best: Sentence | None = None
        for sentence in sentences_of(source):
            if (sentence.ours and sentence.direct) or not CARES.search(sentence.text):
                continue
            scored = scored_sentence(sentence, competitors=competitors)
            if best is None or scored.score > best.score:
                best = scored
        if best is not None and best.score >= 2.5:
            found.append(best)
    return found


def gist(source: InteractionFacts) -> str:
    """One line for a timeline: the outcome when there is one, else the most telling sentence, else the subject."""
    if source.outcome:
        return source.outcome
    best = informative((source,))
    return best[0].text if best else source.subject


def _speeches(source: InteractionFacts) -> Iterable[tuple[str | None, str, bool]]:
    if source.turns:
        for turn in source.turns:
            yield turn.speaker, turn.text, True
        return
    text = source.body
    if source.channel == "email" and (quoted := QUOTED_MAIL.search(text)) and quoted.start() > 0:
        text = text[: quoted.start()]
    author, direct = author_of(source)
    document = Document.from_text(
        id=source.id, kind=source.channel, title=source.subject, at=source.at, header="", text=text, author=author
    )
    for utterance in document.body:
        yield utterance.speaker or author, utterance.text, direct or len(document.body) > 1


def author_of(source: InteractionFacts) -> tuple[str | None, bool]:
    """Who wrote the text, and whether it is what was said to the other side (a mail, a message) or a note of it."""
    written = source.channel in ("email", "chat", "social")
    sender = next((one.name for one in source.participants if one.part == "sender"), None)
    if written and sender:
        return sender, True
    if written and source.direction == "inbound":
        return (source.theirs[0] if source.theirs else None), True
    return (source.owner or (source.ours[0] if source.ours else None)), written and source.direction == "outbound"


def _signs(text: str, speaker: str | None) -> bool:
    """Whether it is only the name below a mail, with a title or without."""
    if speaker is None or len(text) > _SIGNATURE:
        return False
    first, whole, said = speaker.split()[0].casefold(), speaker.casefold(), text.casefold()
    return said == first or (said.startswith((f"{first}\n", whole)) and not re.search(r"[.!?]$", said))


def _is_ours(speaker: str | None, source: InteractionFacts) -> bool | None:
    if speaker is None:
        return None
    said_by = speaker.casefold()
    for names, ours in ((source.ours, True), (source.theirs, False)):
        for name in names:
            known = name.casefold()
            if known == said_by or known in said_by or said_by == known.split()[0]:
                return ours
    return None
