"""One request of a message with everything that reading it needs."""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.agent.embedded.grammar import Mood, mood_of
from bot.agent.embedded.linking import Linker
from bot.agent.embedded.normalise import without_courtesies
from bot.agent.embedded.segments import time_last
from bot.agent.embedded.sentence import MarkKind, Sentence
from bot.agent.memory import Memory
from crm_store.people import Caller

ANCHORS: tuple[MarkKind, ...] = ("ACCOUNT", "CONTACT", "DEAL", "PERSON", "RIVAL", "PRODUCT")
_POLITE = re.compile(r"(?:can|could|would|will) you|mind|possible|able to|any chance|can i|^(?:can|could) (?:the |our |my )?$")
_POINTS_BACK = re.compile(r"\b(?:it|that|this|her|him|she|he|they|them|their|there|deal|renewal)\b")


@dataclass(frozen=True)
class Request:
    """``core`` is the request without courtesies; ``bare`` its masked text without the marks at its ends."""

    core: Sentence
    mood: Mood
    linker: Linker
    caller: Caller
    today: date

    @property
    def bare(self) -> str:
        return self.core.masked.strip(" .!?,")

    @property
    def memory(self) -> Memory:
        return self.linker.memory

    @property
    def named(self) -> bool:
        """Whether something of the record, or somebody of ours, is named."""
        return bool(self.core.of(*ANCHORS))

    @property
    def points_back(self) -> bool:
        return _POINTS_BACK.search(self.bare) is not None

    def of(self, core: Sentence) -> "Request":
        """The same request with other words for it."""
        return replace(self, core=core)


def read_request(said: Sentence, linker: Linker, caller: Caller, today: date) -> Request:
    """One request as it was said -> the request itself."""
    skipped = without_courtesies(said.masked)
    core = time_last(said.cut(skipped) if skipped else said)
    return Request(core, mood_of(core.masked, bool(_POLITE.search(said.masked[:skipped]))), linker, caller, today)
