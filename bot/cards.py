"""The closed union of typed things that can be shown, and the small types they share.

Tools fill cards, :mod:`bot.slack.blocks` and the command line render them; a card never reads the record itself.
Every amount is an integer in minor units beside its ISO currency; every day is a ``date`` in the reader's zone.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

CitationKind = Literal[
    "call", "meeting", "email", "chat", "social", "event", "note", "case", "survey", "order", "deal", "task", "account",
    "contact", "subscription", "document",
]  # fmt: skip


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(_Shown):
    """A source: ``quote`` is verbatim from it, ``id`` opens it (``rapport ask`` and the page accept it)."""

    id: str
    kind: CitationKind
    title: str
    quote: str
    speaker: str | None = None
    at: datetime
    url: str | None = None


class Figure(_Shown):
    """A number the answer rests on. ``unit`` is an ISO currency (``value`` is then in minor units), or days, deals…"""

    label: str
    value: int | float
    unit: str


class Money(_Shown):
    amount_minor: int
    currency: str


class Option(_Shown):
    """One answer to a question asked back; ``value`` is what choosing it says."""

    label: str
    value: str


class Asked(_Shown):
    """What has to be known before going on. The rest of the request waits in the conversation's memory."""

    text: str
    options: tuple[Option, ...] = ()


class FieldChange(_Shown):
    """One field of one row, in JSON form, with the words to show for it. ``shown`` is False for what follows from the
    other fields and says nothing to a reader. ``kind`` and ``choices`` are those of a field that the company added."""

    field: str
    label: str
    old: object | None
    new: object | None
    old_text: str
    new_text: str
    shown: bool = True
    kind: str = ""
    choices: tuple[str, ...] = ()


class Evidence(_Shown):
    """Why a change is proposed: the person's own message, or a quote with its source."""

    kind: Literal["message", "quote", "import", "rule"]
    text: str
    citation: Citation | None = None


class ProposedItem(_Shown):
    id: str
    action: Literal["create", "update", "delete", "merge", "erase"]
    entity: str
    entity_id: str
    label: str
    changes: tuple[FieldChange, ...]
    evidence: tuple[Evidence, ...] = ()
    status: Literal["open", "applied", "rejected", "replaced"] = "open"
    others: tuple[FieldChange, ...] = ()
    """The row's added fields that the proposal leaves as they are, for the form that edits it."""
    currency: str | None = None

    @property
    def shown(self) -> tuple[FieldChange, ...]:
        """The changes that a card shows."""
        return tuple(change for change in self.changes if change.shown)


class ProposalView(_Shown):
    """A write that waits for Confirm, or what became of it (``change_id`` is set once it was applied)."""

    id: str
    summary: str
    items: tuple[ProposedItem, ...]
    status: Literal["open", "applied", "partly applied", "rejected", "replaced"] = "open"
    change_id: str | None = None
    decided_at: datetime | None = None


class ContactLine(_Shown):
    id: str
    name: str
    title: str | None = None
    account: str | None = None
    roles: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    last_touch: date | None = None


class DealLineView(_Shown):
    id: str
    name: str
    account: str
    owner: str
    stage: str
    amount: Money | None = None
    close_date: date | None = None
    forecast_category: str | None = None
    next_step: str | None = None
    note: str | None = None


class TimelineLine(_Shown):
    id: str
    kind: CitationKind
    at: datetime
    title: str
    gist: str
    who: str


class TaskLine(_Shown):
    id: str
    title: str
    due: date | None
    overdue_days: int = 0
    about: str | None = None
    promise: bool = False
    done: bool = False


class SuggestionLine(_Shown):
    """One next best action. ``id`` is ``rule:subject_id``; ``why`` is its reason in one sentence."""

    id: str
    rule: str
    subject: str
    title: str
    why: str
    about: str
    citations: tuple[Citation, ...] = ()
    factors: tuple[tuple[str, float], ...] = ()


class Section(_Shown):
    """A titled part of a brief; each line is Markdown and may end in citation marks such as ``[2]``."""

    title: str
    lines: tuple[str, ...]


class Column(_Shown):
    title: str
    kind: Literal["text", "number", "money", "date", "percent"] = "text"


class PeopleCard(_Shown):
    type: Literal["people"] = "people"
    title: str
    people: tuple[ContactLine, ...]


class DealsCard(_Shown):
    type: Literal["deals"] = "deals"
    title: str
    deals: tuple[DealLineView, ...]
    more: int = 0


class TimelineCard(_Shown):
    type: Literal["timeline"] = "timeline"
    title: str
    lines: tuple[TimelineLine, ...]
    more: int = 0


class TasksCard(_Shown):
    type: Literal["tasks"] = "tasks"
    title: str
    tasks: tuple[TaskLine, ...]
    more: int = 0


class BriefCard(_Shown):
    type: Literal["brief"] = "brief"
    title: str
    sections: tuple[Section, ...]


class TableCard(_Shown):
    """Rows of cells already in words; ``counted`` says in one sentence what was counted."""

    type: Literal["table"] = "table"
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: str = ""


class ChartCard(_Shown):
    """One legible picture. ``alt`` says in words what it shows; bars are in the order given."""

    type: Literal["chart"] = "chart"
    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    alt: str


class PassagesCard(_Shown):
    type: Literal["passages"] = "passages"
    title: str
    passages: tuple[Citation, ...]


class SuggestionsCard(_Shown):
    type: Literal["suggestions"] = "suggestions"
    title: str
    suggestions: tuple[SuggestionLine, ...]


class ProposalCard(_Shown):
    type: Literal["proposal"] = "proposal"
    proposal: ProposalView


class FollowUpsCard(_Shown):
    """Buttons that ask a next question; ``value`` of each is the message it sends."""

    type: Literal["follow_ups"] = "follow_ups"
    options: tuple[Option, ...]


class NoticeCard(_Shown):
    type: Literal["notice"] = "notice"
    level: Literal["info", "warning", "error"]
    text: str


Card = Annotated[
    PeopleCard | DealsCard | TimelineCard | TasksCard | BriefCard | TableCard | ChartCard | PassagesCard
    | SuggestionsCard | ProposalCard | FollowUpsCard | NoticeCard,
    Field(discriminator="type"),
]  # fmt: skip
