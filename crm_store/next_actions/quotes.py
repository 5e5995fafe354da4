"""The words behind a reason: each interaction's sentence that says it, read through the reader's own scope."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Interaction
from crm_store.next_actions.candidate import Candidate, SourceRef, Suggestion

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")
_GREETING = re.compile(r"^\S+(?: \S+){0,4},?$")
_WORD = re.compile(r"\w{3,}")
MOST_CHARACTERS = 240


def quoted(session: Session, suggestions: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The suggestions with the quotes of their interactions; a source that is gone or may not be seen is left out."""
    wanted = {
        ref.id
        for one in suggestions
        for candidate in (one.candidate, *one.also)
        for ref in candidate.evidence
        if ref.kind == "interaction"
    }
    rows = session.execute(
        select(Interaction.id, Interaction.subject, Interaction.body, Interaction.outcome).where(
            Interaction.id.in_(sorted(wanted))
        )
    )
    texts = {row.id: (row.body or row.outcome or "", row.subject) for row in rows}

    def filled(candidate: Candidate) -> Candidate:
        return replace(candidate, evidence=_filled(candidate.evidence, texts))

    return tuple(
        replace(one, candidate=filled(one.candidate), also=tuple(filled(candidate) for candidate in one.also))
        for one in suggestions
    )


def _filled(evidence: Sequence[SourceRef], texts: dict[str, tuple[str, str]]) -> tuple[SourceRef, ...]:
    found = []
    for ref in evidence:
        if ref.kind != "interaction":
            found.append(ref)
        elif ref.id in texts:
            body, subject = texts[ref.id]
            found.append(replace(ref, quote=best_sentence(body, ref.hint) or subject))
    return tuple(found)


def best_sentence(text: str, hint: str) -> str:
    """The sentence of ``text`` that shares most words with ``hint``, the first one after a greeting without a hint;
    verbatim, at most :data:`MOST_CHARACTERS` characters, empty for an empty text."""
    sentences = [found.group().strip() for found in _SENTENCE.finditer(text) if found.group().strip()]
    if not sentences:
        return ""
    if not hint:
        sentences = [one for one in sentences if not _GREETING.match(one)] or sentences
    wanted = {word.casefold()[:6] for word in _WORD.findall(hint)}
    best = max(
        range(len(sentences)),
        key=lambda place: (len(wanted & {word.casefold()[:6] for word in _WORD.findall(sentences[place])}), -place),
    )
    return _clipped(sentences[best])


def _clipped(sentence: str) -> str:
    if len(sentence) <= MOST_CHARACTERS:
        return sentence
    piece = sentence[:MOST_CHARACTERS]
    return piece[: piece.rfind(" ")] if " " in piece else piece
