"""An answer only one person saw, kept so that the same words can be shared later."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.kit import Message
from bot.slack.parts import Parts
from bot.slack.places import Place
from crm_store.access import Scope
from crm_store.models import Job

KIND = "slack_share"


@dataclass(frozen=True)
class Kept:
    """What was shown, where, and by whom it may be shared."""

    place: Place
    messages: tuple[Message, ...]


def keep_for_sharing(parts: Parts, share_id: str, place: Place, messages: Sequence[Message]) -> None:
    """Keep an answer under ``share_id``; keeping it twice keeps one. The row is a job that is done: nothing runs it."""
    now = parts.clock()
    payload = {
        "place": place.model_dump(mode="json"),
        "messages": [{"text": message.text, "blocks": list(message.blocks)} for message in messages],
    }
    with parts.store.write(Scope.system("an answer that may be shared")) as session:
        if session.get(Job, share_id) is None:
            session.add(
                Job(
                    id=share_id, kind=KIND, key=f"{KIND}:{share_id}", payload=payload, status="done",
                    run_at=now, created_at=now, finished_at=now,
                )
            )  # fmt: skip


def kept(parts: Parts, share_id: str, user: str) -> Kept | None:
    """What ``user`` was shown under this id; None when there is nothing, or it was shown to somebody else."""
    with parts.store.read(Scope.system("an answer that is shared")) as session:
        row = session.get(Job, share_id)
        if row is None or row.kind != KIND or row.payload["place"]["user"] != user:
            return None
        messages = tuple(Message(str(one["text"]), tuple(one["blocks"])) for one in row.payload["messages"])
        return Kept(Place.model_validate(row.payload["place"]), messages)
