"""What goes in: a call, a mail, a note, a case, as who said what and when."""

import re
from dataclasses import dataclass
from datetime import datetime

CONVERSATIONS = frozenset({"call", "meeting", "chat", "social", "event"})
"""Kinds whose body is turns of several speakers; every other kind is prose by one author."""

_TURN = re.compile(r"^(?P<speaker>[^\W\d_][^:\n]{0,48}?)[ \t]*:[ \t]+(?P<words>\S.*)$")
_MAX_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one person said at one moment; `speaker` and `at` are None when the source does not say."""

    speaker: str | None
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One source of the record.

    `id` is stable for the life of the source, `at` is aware UTC. `header` is the context that every chunk
    carries into its embedding and the lexical index, e.g. "Meridian Foods · renewal · call · 19 Nov 2026":
    without it a passage such as "they agreed" matches nothing.
    """

    id: str
    kind: str
    title: str
    at: datetime
    header: str
    body: tuple[Utterance, ...]

    @property
    def is_conversation(self) -> bool:
        """Whether the body is turns (several speakers, or a spoken kind with more than one utterance)."""
        speakers = {utterance.speaker for utterance in self.body if utterance.speaker}
        return len(speakers) > 1 or (self.kind in CONVERSATIONS and len(self.body) > 1)

    @classmethod
    def from_text(
        cls, *, id: str, kind: str, title: str, at: datetime, header: str, text: str, author: str | None = None
    ) -> "Document":
        """A document from plain text.

        For spoken kinds, lines such as "Ana: we need it by May" become turns when at least two lines look like
        that; otherwise the whole text is one utterance by `author`.
        """
        turns = _turns(text, at) if kind in CONVERSATIONS else ()
        body = turns or ((Utterance(author, at, text),) if text.strip() else ())
        return cls(id=id, kind=kind, title=title, at=at, header=header, body=body)


def _turns(text: str, at: datetime) -> tuple[Utterance, ...]:
    turns: list[tuple[str | None, list[str]]] = []
    named = 0
    for line in text.splitlines():
        match = _TURN.match(line.strip())
        if match and _is_name(match["speaker"]):
            turns.append((match["speaker"], [match["words"]]))
            named += 1
        elif turns:
            turns[-1][1].append(line)
        else:
            turns.append((None, [line]))
    if named < 2:
        return ()
    return tuple(
        Utterance(speaker, at, said) for speaker, lines in turns if (said := "\n".join(lines).strip())
    )


def _is_name(label: str) -> bool:
    """Names are a few words that start with capitals: "Next steps for May" is not one."""
    words = label.split()
    return len(words) <= _MAX_NAME_WORDS and all(word[0].isupper() or word[0] == "(" for word in words)
