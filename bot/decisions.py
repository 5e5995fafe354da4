"""What becomes of a proposal: confirmed, put aside, edited or taken back, and how that reads."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.cards import ProposalCard, ProposalView
from bot.forgetting import forget_locally, terms_to_forget
from bot.proposals import view
from bot.questions import Answer
from crm_store import changes
from crm_store.access import ScopedSession
from crm_store.changes import Draft
from crm_store.people import Caller
from crm_store.store import Store

Also = Callable[[ScopedSession], None]
"""What else is written in the transaction of a decision."""


def _nothing(session: ScopedSession) -> None:
    """Nothing else."""


def confirm(
    store: Store, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None, origin: str, now: datetime, *, home: Path,
    also: Also = _nothing,
) -> Answer:  # fmt: skip
    """Apply a proposal, or some of its items; a second confirm says the same as the first. ``home`` is where this machine
    may hold more of a person whose data is erased."""
    forgotten = terms_to_forget(store, caller, proposal_id, item_ids)
    with store.write(caller.scope) as session:
        changes.confirm(session, proposal_id, now=now, origin=origin, item_ids=item_ids)
        also(session)
    forget_locally(home, forgotten)
    shown = _view(store, caller, proposal_id, now)
    written = [item for item in shown.items if item.status == "applied"]
    at = f"{(shown.decided_at or now).astimezone(caller.zone):%H:%M}"
    left = sum(item.status == "open" for item in shown.items)
    rest = f" {left} still to decide." if left else ""
    return _answer(f"**Done at {at} by you:** {'; '.join(item.label for item in written)}.{rest}", shown)


def reject(
    store: Store, caller: Caller, proposal_id: str, item_ids: Sequence[str] | None, now: datetime, *, also: Also = _nothing
) -> Answer:
    """Put a proposal, or some of its items, aside."""
    with store.write(caller.scope) as session:
        changes.reject(session, proposal_id, now=now, item_ids=item_ids)
        also(session)
    shown = _view(store, caller, proposal_id, now)
    return _answer("Put aside; nothing was written." if shown.status == "rejected" else "Left out.", shown)


def edit(
    store: Store, caller: Caller, proposal_id: str, values: Mapping[str, Mapping[str, object]], now: datetime
) -> Answer:
    """Change what a proposal would write."""
    with store.write(caller.scope) as session:
        changes.edit(session, proposal_id, values, now)
    return _answer("Changed as you said. Confirm it to write it.", _view(store, caller, proposal_id, now))


def undo(
    store: Store, caller: Caller, change_id: str, origin: str, now: datetime, *, also: Also = _nothing
) -> Answer:
    """Take a change back; a second undo says the same as the first."""
    with store.write(caller.scope) as session:
        summary, _, _ = changes.change_summary(session, change_id)
        changes.undo(session, change_id, now=now, origin=origin)
        also(session)
    return Answer(text=f"**Undone:** {summary.rstrip('.')}. The record is as it was before.")


def complete_task(store: Store, caller: Caller, task_id: str, origin: str, now: datetime, *, key: str = "") -> Answer:
    """Tick a task off, through the write path like everything else. The same ``key`` again says the same again."""
    with store.write(caller.scope) as session:
        proposal_id = changes.propose(
            session,
            person_id=caller.person_id,
            drafts=[Draft("update", "task", {"status": "done"}, task_id, "Task done")],
            summary="Task done",
            origin=origin,
            now=now,
            dedupe_key=f"done:{key}"[:200] if key else None,
        )
        changes.confirm(session, proposal_id, now=now, origin=origin)
    return _answer("**Done.**", _view(store, caller, proposal_id, now))


def _view(store: Store, caller: Caller, proposal_id: str, now: datetime) -> ProposalView:
    with store.read(caller.scope) as session:
        return view(session, proposal_id, caller.zone, now.astimezone(caller.zone).date())


def _answer(text: str, shown: ProposalView) -> Answer:
    return Answer(text=text, cards=(ProposalCard(proposal=shown),), proposals=(shown,))
