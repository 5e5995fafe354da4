"""What was proposed and what became of it, and which field was changed by whom."""

from sqlalchemy import case, false, func, true
from sqlalchemy.orm import aliased

from crm_store.models import Change, ChangeLine, FieldHistory, Proposal, ProposalItem
from crm_store.reports.catalogue import (
    Each,
    Field,
    Join,
    Quantity,
    Ratio,
    Subject,
    account_fields,
    account_joins,
    person_fields,
    person_joins,
)
from crm_store.reports.sql import minutes_between

_UNDO = aliased(Change, name="report_undo")

_APPLIED, _REJECTED = ProposalItem.status == "applied", ProposalItem.status == "rejected"
_UNDONE = case((_UNDO.id.is_not(None), true()), else_=false())
PROPOSALS = Subject(
    name="proposals",
    noun="proposed change",
    model=ProposalItem,
    day="created",
    day_words={"created": "proposed", "decided": "decided"},
    joins={
        "proposal": Join(Proposal, Proposal.id == ProposalItem.proposal_id),
        **person_joins(ProposalItem.person_id),
        "line": Join(ChangeLine, ChangeLine.item_id == ProposalItem.id),
        "undo": Join(_UNDO, _UNDO.undo_of == ChangeLine.change_id, after="line"),
    },
    fields=(
        *person_fields(ProposalItem.person_id, "person"),
        Field("status", "choice", ProposalItem.status),
        Field("action", "choice", ProposalItem.action),
        Field("entity", "choice", ProposalItem.entity),
        Field("label", "text", ProposalItem.label),
        Field("origin", "choice", Proposal.origin, needs=("proposal",)),
        Field("undone", "flag", _UNDONE, needs=("undo",)),
        Field("created", "moment", Proposal.created_at, needs=("proposal",)),
        Field("decided", "moment", Proposal.decided_at, needs=("proposal",)),
    ),
    quantities=(
        Quantity(
            "time_to_decide",
            "minutes",
            minutes_between(Proposal.created_at, Proposal.decided_at),
            "time to decide",
            ("proposal",),
            meaning="from the proposal to its decision",
        ),
    ),
    ratios=(
        Ratio(
            "confirmed_rate",
            "percent",
            case((_APPLIED, 1), else_=0),
            case((_APPLIED | _REJECTED, 1), else_=0),
            "confirmed rate",
            meaning="of the proposed changes that were decided, those confirmed",
        ),
        Ratio(
            "undo_rate",
            "percent",
            case((_UNDO.id.is_not(None), 1), else_=0),
            case((_APPLIED, 1), else_=0),
            "undo rate",
            ("undo",),
            lower_is_better=True,
            meaning="of the confirmed changes, those undone",
        ),
        Each("rows", ProposalItem.entity_id, "records it was about"),
    ),
)
"""One row for each record that a proposal would create, change or delete. ``status`` is open, applied (confirmed),
rejected or replaced (edited before it was confirmed)."""


_FIELD = func.replace(func.replace(func.replace(FieldHistory.field, "_minor", ""), "_id", ""), "_", " ")
"""How a field is called: stage for stage_id, lost reason for lost_reason."""
CHANGES = Subject(
    name="changes",
    noun="change of a field",
    plural="changes of a field",
    model=FieldHistory,
    day="at",
    day_words={"at": "made"},
    joins={
        **person_joins(FieldHistory.by_id),
        **account_joins(FieldHistory),
        "change": Join(Change, Change.id == FieldHistory.change_id),
        "undo": Join(_UNDO, _UNDO.undo_of == FieldHistory.change_id),
    },
    fields=(
        *person_fields(FieldHistory.by_id, "person who made it"),
        *account_fields(FieldHistory),
        Field("entity", "choice", FieldHistory.entity),
        Field("field", "text", FieldHistory.field, label=_FIELD),
        Field("row", "text", FieldHistory.entity_id),
        Field("old", "text", FieldHistory.old),
        Field("new", "text", FieldHistory.new),
        Field("origin", "choice", Change.origin, needs=("change",)),
        Field(
            "is_undo", "flag", case((Change.undo_of.is_not(None), true()), else_=false()), "an undo", needs=("change",)
        ),
        Field("undone", "flag", _UNDONE, needs=("undo",)),
        Field("at", "moment", FieldHistory.at),
    ),
    ratios=(
        Each("rows", FieldHistory.entity_id, "records changed"),
        Each("people", FieldHistory.by_id, "people who changed something"),
        Each("accounts", FieldHistory.account_id, "accounts with changes"),
    ),
)
"""Every recorded change of a tracked field, and its first value (``old`` is empty then). ``origin`` is known for changes
that were confirmed here by someone whose changes the reader may see; imported history has none."""
