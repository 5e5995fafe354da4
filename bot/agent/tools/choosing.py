"""Which rows a change of many touches: conditions on any field of the reports, and the one proposal that lists them all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from bot import proposals, wording
from bot.agent.tools.managers import settings_of
from bot.agent.turn import Found, Subject, Turn
from bot.cards import ProposalCard
from bot.errors import BadInput
from crm_store.access import ScopedSession
from crm_store.changes import Draft
from crm_store.errors import Invalid, NotVisible
from crm_store.names import winners
from crm_store.reports import AllOf, Condition, Filter, ReportSpec, drill_down
from crm_store.reports.spec import SubjectName

MOST_ROWS = 100
"""So many rows are changed at once: a person can still read them all before they confirm."""
_MOST_FITTING = 1_000
MOST_LISTED = 20_000
"""So many rows of a list are looked through for conditions of the report language; they are handed on by their ids."""
_MOST_LINES = 5
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Where = Sequence[Mapping[str, object]]
_CONDITIONS = TypeAdapter(list[Condition])


@dataclass(frozen=True)
class Line:
    """One row that would be touched: its draft and how it reads in the answer."""

    draft: Draft
    words: str


def conditions_of(where: Where | None) -> list[Condition]:
    """:raises BadInput: when a condition is not ``{"field": …, "op": …, "value": …}``."""
    try:
        return _CONDITIONS.validate_python(list(where or ()))
    except ValidationError as error:
        raise BadInput(f"That condition cannot be used: {error.errors()[0]['msg']}.") from None


def condition_words(where: Sequence[Condition], equal: str = "is") -> str:
    """The conditions as a reader says them: ``industry is retail``, or ``industry retail`` with an empty ``equal``."""
    said = {"eq": equal, "in": equal, "ne": "is not", "lt": "under", "le": "up to", "gt": "over", "ge": "from", "contains": "contains"}
    parts = []
    for one in where:
        field = wording.words(one.field)
        if one.op == "is_empty":
            parts.append(f"with no {field}" if one.value is not False else f"with a {field}")
        elif one.said:
            parts.append(one.said)
        elif isinstance(one.value, bool):
            parts.append(field if one.value is (one.op == "eq") else f"not {field}")
        else:
            several = one.value if isinstance(one.value, tuple) else (one.value,)
            value = (" or " if one.op == "in" else " and ").join(str(each) for each in several)
            said_of = {**said, "lt": "before", "le": "by", "gt": "after", "ge": "since"} if _DAY.fullmatch(value) else said
            parts.append(" ".join(part for part in (field, said_of.get(one.op, wording.words(one.op)), wording.words(value)) if part))
    return ", ".join(parts)


def fitting(
    session: ScopedSession,
    turn: Turn,
    subject: SubjectName,
    owner_ids: frozenset[str] | None,
    where: Sequence[Condition],
    *,
    most: int = _MOST_FITTING,
) -> frozenset[str] | None:
    """The ids of the rows that meet every condition; None when there is none to meet.

    :raises BadInput: for a field or value that does not fit, or more rows than can be looked through.
    """
    if not where:
        return None
    parts: list[Filter] = list(where)
    if owner_ids is not None:
        parts.append(Condition(field="owner", op="in", value=tuple(sorted(owner_ids))))
    spec = ReportSpec(subject=subject, measures=("count",), filter=AllOf(all_of=tuple(parts)))
    try:
        found = drill_down(session, spec, turn.today, settings_of(turn), (), most)
    except Invalid as error:
        raise BadInput(str(error)) from None
    if len(found) >= most:
        raise BadInput(f"More than {most - 1:,} rows meet that. Narrow it down by whose they are, a stage, an amount or a date.")
    return frozenset(found)


def excluded_ids(session: ScopedSession, turn: Turn, excluding: Sequence[str] | None) -> frozenset[str]:
    """The accounts and deals that are left out, as ids.

    :raises BadInput: when one of them names nothing, so that nothing is changed that was to be spared.
    """
    names = turn.names(session)
    found: set[str] = set()
    for text in excluding or ():
        held = names.get(text)
        ids = {held.id} if held is not None else set()
        for kind in ("account", "deal"):
            ids |= {match.name.id for match in winners(names.find(kind, text))} if held is None else set()
        if not ids:
            raise BadInput(f"I can't find “{text}”, which is to be left out, so nothing is proposed.")
        found |= ids
    return frozenset(found)


def proposed_for_all(
    turn: Turn, lines: Sequence[Line], total: int, what: str, noun: str, change: str, sums: str, left_out: str = ""
) -> Found:
    """One proposal that lists every row, or the sentence that says why there is none. ``what`` says which rows they are
    (``open deals untouched for 90 days``), ``change`` what would become of them."""
    if total > MOST_ROWS:
        return Found(
            f"That would touch **{total:,} {noun}s** ({what}). I change at most {MOST_ROWS} at once, so that you can read them "
            "all before you confirm. Narrow it down, for example by a stage, an amount, a date or whose they are.",
        )
    if not lines:
        if total:
            return Found(f"**All of them say so already** ({what}), so nothing would change.{left_out}")
        return Found(f"**Nothing fits** ({what}), so nothing would change.{left_out}")
    count = wording.plural(len(lines), noun)
    head = f"**Change {f'these {count}' if len(lines) > 1 else f'this {noun}'}?** {change}, for {what}{f', {sums} in all' if sums else ''}."
    shown = [f"- {line.words}" for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(f"- and {len(lines) - _MOST_LINES} more, all listed below")
    already = total - len(lines)
    if already:
        shown.append(f"{already:,} more already {'says' if already == 1 else 'say'} so and would not be touched.")
    summary = f"{count}: {change[:1].lower()}{change[1:]}"
    try:
        view = proposals.propose(turn, [line.draft for line in lines], summary)
    except (Invalid, NotVisible) as error:
        return Found(str(error))
    subjects = (Subject("proposal", view.id, view.summary),)
    return Found(
        "\n".join([head, *shown]) + left_out, cards=(ProposalCard(proposal=view),), proposals=(view,), subjects=subjects
    )


def period_words(since: date | None, until: date | None, verb: str, turn: Turn) -> str:
    """``closing 1 Nov to 30 Nov``, or nothing."""
    if since and until:
        first, last = wording.day(since, turn.today), wording.day(until, turn.today)
        return f"{verb} {first}" if first == last else f"{verb} {first} to {last}"
    if since:
        return f"{verb} from {wording.day(since, turn.today)}"
    return f"{verb} by {wording.day(until, turn.today)}" if until else ""
