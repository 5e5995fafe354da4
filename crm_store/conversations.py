"""The turns of a person's conversations, kept so that follow-ups mean something after a restart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import ConversationTurn


@dataclass(frozen=True)
class Turn:
    question: str
    answer: str
    memory: dict[str, Any]


def turns(session: Session, person_id: str, thread: str, most: int) -> list[Turn]:
    """The last turns of a thread, oldest first."""
    statement = (
        select(ConversationTurn)
        .where(ConversationTurn.person_id == person_id, ConversationTurn.thread_id == thread)
        .order_by(ConversationTurn.id.desc())
        .limit(most)
    )
    return [Turn(row.question, row.answer, row.memory) for row in reversed(list(session.scalars(statement)))]


def add_turn(
    session: Session, person_id: str, thread: str, question: str, answer: str, memory: dict[str, Any], now: datetime
) -> None:
    session.add(
        ConversationTurn(
            person_id=person_id, thread_id=thread[:200], at=now, question=question, answer=answer, memory=memory
        )
    )
    session.flush()
