"""A suggested action as its line: what, why, and the sources its reason rests on."""

from typing import cast, get_args

from bot.cards import Citation, CitationKind, SuggestionLine
from crm_store.next_actions import Candidate, SourceRef, Suggestion

_KINDS = frozenset(get_args(CitationKind))


def cite_ref(ref: SourceRef) -> Citation:
    """A rule's source as a citation."""
    kind = ref.channel or ref.kind
    return Citation(
        id=f"{ref.kind}:{ref.id}",
        kind=cast(CitationKind, kind if kind in _KINDS else "note"),
        title=ref.title,
        quote=ref.quote,
        speaker=ref.speaker,
        at=ref.at,
    )


def reason(candidate: Candidate, also: tuple[Candidate, ...] = ()) -> str:
    """Why, in a sentence or two."""
    return " ".join((candidate.why, *(f"Also: {other.why}" for other in also)))


def suggestion_line(one: Suggestion, about: str, citations: tuple[Citation, ...]) -> SuggestionLine:
    return SuggestionLine(
        id=one.id,
        rule=one.candidate.rule,
        subject=one.candidate.subject,
        title=one.candidate.title,
        why=reason(one.candidate, one.also),
        about=about,
        citations=citations,
        factors=one.factors.named(),
    )
