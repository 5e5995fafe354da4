"""What Slack sent, written down before it is acknowledged, and the kinds of work that follow from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.slack.parts import Parts
from bot.slack.places import Place
from crm_store import jobs
from crm_store.access import Scope

JOB_KIND = "slack_message"
SOURCE = "slack"
REPLY = "slack_reply"


class _Work(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    key: str
    place: Place
    at: datetime


class Asking(_Work):
    """Somebody said something, ``text`` as Slack gives it. ``chosen`` is the label of the button they said it with.
    A ``follow_up`` was said in a channel's thread without a mention, and may be meant for somebody else there."""

    type: Literal["asking"] = "asking"
    text: str
    chosen: str = ""
    follow_up: bool = False


class Pressing(_Work):
    """Somebody pressed a button. ``message_ts`` is the message it is on (None on the home tab)."""

    type: Literal["pressing"] = "pressing"
    verb: str
    value: str
    label: str = ""
    block_id: str = ""
    message_ts: str | None = None
    ephemeral: bool = False
    blocks: list[dict[str, Any]] = []
    text: str = ""


class Editing(_Work):
    """Somebody submitted the form of a proposal."""

    type: Literal["editing"] = "editing"
    proposal_id: str
    values: dict[str, dict[str, Any]]
    message_ts: str | None = None


class Dropping(_Work):
    """Somebody dropped files into the conversation, perhaps with a word."""

    type: Literal["dropping"] = "dropping"
    files: list[str]
    text: str = ""


Work = Annotated[Asking | Pressing | Editing | Dropping, Field(discriminator="type")]
_WORK: TypeAdapter[Work] = TypeAdapter(Work, config=ConfigDict(hide_input_in_errors=True))


def accept(parts: Parts, work: Work) -> bool:
    """Write the event and its job in one transaction; False when this event was accepted before.

    Raises whatever the store raises, so that Slack gets no acknowledgement and delivers the event again.
    """
    now = parts.clock()
    with parts.store.write(Scope.system("an event from Slack")) as session:
        fresh = jobs.receive(session, SOURCE, work.key, now)
        if fresh:
            jobs.enqueue(session, JOB_KIND, f"{SOURCE}:{work.key}", work.model_dump(mode="json"), now=now)
    if fresh:
        parts.wake()
    return fresh


def begins(parts: Parts, key: str) -> bool:
    """Note that the reply of this key is about to be posted; False when an earlier attempt had begun."""
    with parts.store.write(Scope.system("a reply to Slack")) as session:
        return jobs.receive(session, REPLY, key, parts.clock())


def work_of(payload: Mapping[str, Any]) -> Work:
    """A job's payload as the work it describes."""
    return _WORK.validate_python(dict(payload))
