"""What every tool is handed: who asks, what they may read, and what day it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from bot.cards import Asked, Card, Citation, Figure, ProposalView
from bot.recall import Recall
from bot.settings import Settings
from crm_store.access import ScopedSession
from crm_store.names import NameCache, Names
from crm_store.people import Caller
from crm_store.store import Store


@dataclass(frozen=True)
class Turn:
    """The context of one turn, passed to every tool by the agent's runtime and never by the model."""

    caller: Caller
    store: Store
    recall: Recall
    settings: Settings
    now: datetime
    thread: str
    message: str
    origin: str = "slack"
    say: Callable[[str], None] = lambda status: None
    hear: Callable[[str], None] | None = None
    name_cache: NameCache = field(default_factory=NameCache)
    key: str = ""
    begun: Callable[[ScopedSession], None] = lambda session: None
    """Called in the transaction of a decision, so that another attempt at the message decides about the same again."""
    numbers: Iterator[int] = field(default_factory=count)
    """Number what the turn proposes."""

    def dedupe_key(self) -> str | None:
        """What the next proposal of the turn is known by when the message is worked on again; None where it never is."""
        return f"message:{self.key}:{next(self.numbers)}"[:200] if self.key else None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.caller.zone).date()

    def read(self) -> AbstractContextManager[ScopedSession]:
        """A session that reads what the caller may see."""
        return self.store.read(self.caller.scope)

    def names(self, session: ScopedSession) -> Names:
        """Everything the caller may call by name, from a cache that follows the record."""
        return self.name_cache.names(session)


@dataclass(frozen=True)
class Subject:
    """Something the conversation is now about, so that a follow-up can say "her" or "that deal"."""

    kind: str  # account | contact | deal | person | interaction | task | proposal | case
    id: str
    name: str


@dataclass(frozen=True)
class Found:
    """A tool's artifact. ``text`` is the finished Markdown for a reader; marks ``[1]`` count this tool's own
    citations from one and are renumbered when several tools answer together."""

    text: str
    citations: tuple[Citation, ...] = ()
    cards: tuple[Card, ...] = ()
    figures: tuple[Figure, ...] = ()
    proposals: tuple[ProposalView, ...] = ()
    question: Asked | None = None
    subjects: tuple[Subject, ...] = ()
    listed: tuple[Subject, ...] = ()
    """What each line of a list is about, in its order, where ``subjects`` do not already say so."""
    understood: bool = True
    refused: str | None = None
    open_call: "OpenCall | None" = None


@dataclass(frozen=True)
class OpenCall:
    """A tool call that waits for an answer: which argument is missing, and the other arguments so far."""

    tool: str
    args: dict[str, object] = field(default_factory=dict)
    missing: str = ""
