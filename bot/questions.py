"""What goes in at the front door and what comes out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from bot.cards import Asked, Card, Citation, Figure, ProposalView
from crm_store.people import Caller


@dataclass(frozen=True)
class Question:
    """One message of one person. ``now`` is aware; ``thread`` ties follow-ups together; ``say`` is called with a
    short present-tense status ("Reading Meridian's history…") while the answer is made, and ``hear``, when there is one,
    with each sentence of a hosted model's answer as it comes, checked; what the answer says at the end counts. ``key`` is that
    of the accepted event which asks: an earlier attempt at it may have died half-way, and its writes are not made twice."""

    text: str
    caller: Caller
    now: datetime
    thread: str
    origin: str = "slack"
    say: Callable[[str], None] = lambda status: None
    hear: Callable[[str], None] | None = None
    key: str = ""

    @property
    def today(self) -> date:
        """The day it is for the person who asks."""
        return self.now.astimezone(self.caller.zone).date()


class Answer(BaseModel):
    """A reply. ``text`` is Markdown whose marks ``[1]``, ``[2]`` count ``citations`` from one."""

    model_config = ConfigDict(frozen=True)

    text: str
    citations: tuple[Citation, ...] = ()
    cards: tuple[Card, ...] = ()
    figures: tuple[Figure, ...] = ()
    proposals: tuple[ProposalView, ...] = ()
    question: Asked | None = None
    understood: bool = True
    refused: str | None = None
    ms: int = 0
