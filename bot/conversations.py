"""What was said in a thread: read before a turn, written after it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import ValidationError

from bot.agent.memory import Memory, Said
from crm_store import conversations, jobs
from crm_store.access import Scope, ScopedSession
from crm_store.changes import latest_change, open_proposals
from crm_store.merged import kept_ids
from crm_store.people import Caller
from crm_store.store import Store

_log = logging.getLogger(__name__)
_SYSTEM = Scope.system("conversations")
_BEGUN = "turn_begun"
LONGEST_THREAD = 200
"""What a thread's key may be long in the record."""
TURNS_TOLD = 4
"""How many earlier turns a hosted model is told; the embedded one needs only the memory."""


@dataclass(frozen=True)
class Conversation:
    """The memory of a thread and its last turns (question, answer), oldest first."""

    memory: Memory
    turns: tuple[tuple[str, str], ...]


def recall(store: Store, caller: Caller, thread: str, key: str = "") -> Conversation:
    """A person's conversation in a thread. What was confirmed or undone by button since is known too. Where an earlier attempt
    at the message of this ``key`` decided something, what waited then still does, so that this one decides the same."""
    begun = _begun(store, key) if key else None
    with store.read(caller.scope) as session:
        turns = conversations.turns(session, caller.person_id, thread, TURNS_TOLD)
        waiting = open_proposals(session, caller.person_id, thread)
        change = latest_change(session, caller.person_id, thread)
        memory = _followed(session, _memory(turns[-1].memory)) if turns else Memory()
    newest = tuple(one for one in memory.proposal_ids if one in waiting)  # a late "yes" confirms nothing
    open_to_decide = begun or {"proposal_ids": newest, "change_id": change}
    return Conversation(
        memory.model_copy(update=open_to_decide),
        tuple((turn.question, turn.answer) for turn in turns),
    )


def keep_begun(session: ScopedSession, key: str, memory: Memory, now: datetime) -> None:
    """Write down, with a decision, what could be decided when the message of this ``key`` came; nothing without a key."""
    if key:
        begun = {"proposal_ids": list(memory.proposal_ids), "change_id": memory.change_id}
        jobs.keep(session, _BEGUN, _begun_key(key), begun, now=now)


def _begun(store: Store, key: str) -> dict[str, object] | None:
    with store.read(_SYSTEM) as session:
        kept = jobs.payload_of(session, _begun_key(key))
    return None if kept is None else {"proposal_ids": tuple(kept["proposal_ids"]), "change_id": kept["change_id"]}


def _begun_key(key: str) -> str:
    return f"{_BEGUN}:{key}"[:200]


def thread_key(thread: str) -> str:
    """The thread as it is stored: itself, or what stands for it where it is too long or holds what no database keeps."""
    if len(thread) <= LONGEST_THREAD and thread.isprintable():
        return thread
    return sha256(thread.encode("utf-8", "surrogatepass")).hexdigest()


def _memory(stored: object) -> Memory:
    """What was remembered; nothing where it was written in another form."""
    try:
        return Memory.model_validate(stored)
    except ValidationError as error:
        _log.warning("An earlier turn was remembered in a form that is not known (%d places); starting afresh", error.error_count())
        return Memory()


def _followed(session: ScopedSession, memory: Memory) -> Memory:
    """The memory in which what was merged since is what it became part of."""
    kept: dict[str, str] = {}
    for kind in ("account", "contact"):
        ids = {one.id for one in (*memory.subjects, *memory.shown) if one.kind == kind}
        kept |= kept_ids(session, kind, ids) if ids else {}
    if not kept:
        return memory

    def followed(said: tuple[Said, ...]) -> tuple[Said, ...]:
        return tuple(one.model_copy(update={"id": kept.get(one.id, one.id)}) for one in said)

    return memory.model_copy(update={"subjects": followed(memory.subjects), "shown": followed(memory.shown)})


def remember(
    store: Store, caller: Caller, thread: str, asked: str, answered: str, memory: Memory, now: datetime
) -> None:
    """Write a turn down."""
    with store.write(caller.scope) as session:
        conversations.add_turn(session, caller.person_id, thread, asked, answered, memory.model_dump(mode="json"), now)
