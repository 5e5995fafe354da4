"""What understanding a message comes to: the calls to make, or what to say or ask instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards import Asked

WRITING = frozenset(
    {"log_interaction", "update_deal", "create_task", "update_task", "update_contact", "set_role", "create_contact", "create_deal", "create_account", "complete_task",
     "change_deals", "change_tasks", "change_accounts", "record_consent", "merge_records", "erase_person", "export_person"}
)  # fmt: skip
"""Tools whose calls change the record, or hand it out whole: never taken up again with another argument."""


@dataclass(frozen=True)
class Call:
    """One tool call as a hosted model would make it. ``args`` are JSON values; what is not said is left out."""

    tool: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Guess:
    """A family that a request may be of, and how likely it is."""

    family: str
    probability: float


@dataclass(frozen=True)
class Plan:
    """``calls`` in order; or ``say`` as the whole reply; or ``question`` to ask back. ``say`` beside calls is put before
    what they find. ``confidence`` is 0 to 1; ``reason`` says which reading was taken, for people who look into it."""

    calls: tuple[Call, ...] = ()
    say: str | None = None
    question: Asked | None = None
    understood: bool = True
    confidence: float = 1.0
    reason: str = ""
    waiting: Call | None = None
    """The call that goes on once the question is answered; ``missing`` names its open argument."""
    missing: str = ""
