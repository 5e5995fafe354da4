"""What the Slack app needs from the rest of the bot; the composition root satisfies it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.cards import Card, ChartCard, Option, ProposalView
from bot.questions import Answer, Question
from bot.settings import Settings
from bot.sources import OpenedSource
from crm_store.people import Caller
from crm_store.store import Store


class Parts(Protocol):
    """Every method may raise one of :data:`bot.errors.KNOWN`, with a sentence to show.

    ``confirm``, ``reject``, ``edit`` and ``undo`` are idempotent, answer with the proposal's new state in ``cards`` or
    ``proposals``, and check the caller's access themselves.
    """

    @property
    def store(self) -> Store: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def clock(self) -> Callable[[], datetime]:
        """Now, aware."""
        ...

    def wake(self) -> None:
        """A job was enqueued and committed; a worker should look at once."""
        ...

    def caller_for_email(self, email: str) -> Caller: ...

    def answer(self, question: Question) -> Answer: ...

    def proposal(self, caller: Caller, proposal_id: str) -> ProposalView: ...

    def stages(self, caller: Caller, stage_id: str) -> Sequence[Option]:
        """The stages of this stage's pipeline, in order; ``value`` is a stage's id."""
        ...

    def confirm(
        self, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None = None, origin: str = "slack"
    ) -> Answer: ...

    def reject(self, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None = None) -> Answer: ...

    def edit(self, caller: Caller, proposal_id: str, values: dict[str, dict[str, object]]) -> Answer:
        """``values`` maps an item's id to its fields; dates are ISO, ``amount_minor`` is an integer, empty is None."""
        ...

    def undo(self, caller: Caller, change_id: str, origin: str = "slack") -> Answer: ...

    def open_source(self, caller: Caller, citation_id: str) -> OpenedSource: ...

    def suggestion_event(self, caller: Caller, suggestion_id: str, event: str, until: date | None = None) -> None:
        """``event`` is done, snoozed (``until`` a day) or not_useful."""
        ...

    def why(self, caller: Caller, suggestion_id: str) -> Answer:
        """Why the suggestion was made: its reason, its evidence, what it was weighed by."""
        ...

    def complete_task(self, caller: Caller, task_id: str, *, key: str = "") -> Answer:
        """``key`` is that of the press, so that working on it again says the same again."""
        ...

    def home(self, caller: Caller, at: datetime, /) -> Sequence[Card]:
        """What the home tab shows: tasks for today, deals that close soon, next actions."""
        ...

    def chart(self, card: ChartCard) -> bytes | None:
        """A chart card as PNG; None when pictures cannot be drawn here."""
        ...

    def meetings_intake(self, caller: Caller, filename: str, content: bytes, thread: str) -> Answer:
        """A transcript or notes someone dropped: logged, and what it proposes."""
        ...
