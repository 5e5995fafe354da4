"""A suggested action as its line: what, why, and the sources its reason rests on."""

import re
from typing import cast, get_args

from bot.cards import Citation, CitationKind, SuggestionLine
from crm_store.next_actions import Candidate, SourceRef, Suggestion

_ALIKE = 0.6
_WORD = re.compile(r"\w{3,}")
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
    """Why, in a sentence or two; a further action that is the same one under another name is not told twice."""
    return " ".join((candidate.why, *(_further(candidate, other) for other in also if not _same(candidate, other))))


def _further(first: Candidate, other: Candidate) -> str:
    title = other.title if other.title[:2].isupper() else f"{other.title[:1].lower()}{other.title[1:]}"
    return f"Also {title}." if other.rule == first.rule else f"Also {title}: {other.why}"


def _same(first: Candidate, other: Candidate) -> bool:
    """Whether doing the first does the other: a next step in the words of the promise that was made."""
    wanted = {word.casefold() for word in _WORD.findall(other.title.split(": ")[0])}
    shared = wanted & {word.casefold() for word in _WORD.findall(first.title)}
    return bool(wanted) and len(shared) >= _ALIKE * len(wanted)


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
