"""What a conversation remembers from turn to turn, so that "log a call with her" and "the second one" mean something."""

from pydantic import BaseModel, ConfigDict

from bot.agent.turn import Found, OpenCall
from bot.cards import Option

_MOST_SUBJECTS = 12
_LISTS = {"list_deals": "deal", "list_accounts": "account", "list_tasks": "task", "account_people": "contact"}
"""Tools that list things of one kind."""
_WHOM = ("deal", "contact", "contacts", "task")
"""Arguments that name one thing; of an account its people and deals are the nearer subjects."""


class Said(BaseModel):
    """A subject as it is stored."""

    model_config = ConfigDict(frozen=True)

    kind: str
    id: str
    name: str


class Made(BaseModel):
    """A tool call as it is stored."""

    model_config = ConfigDict(frozen=True)

    tool: str
    args: dict[str, object] = {}
    missing: str = ""


class Memory(BaseModel):
    """``subjects`` are newest first. ``shown`` is what the last list showed, in its order; ``just_shown``: in the last turn. ``open_call``
    waits for the answer to the last question, whose options are ``options``. ``proposal_ids`` are those of the last turn
    that are still open: a "yes" some turns later confirms nothing. ``change_id`` is the last one that was applied.
    ``nothing_listed``: the last turn was a list with nothing on it, so "all of those" are none."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    subjects: tuple[Said, ...] = ()
    shown: tuple[Said, ...] = ()
    just_shown: bool = False
    open_call: Made | None = None
    options: tuple[Option, ...] = ()
    calls: tuple[Made, ...] = ()
    proposal_ids: tuple[str, ...] = ()
    change_id: str | None = None
    nothing_listed: bool = False

    def newest(self, *kinds: str) -> Said | None:
        return next((subject for subject in self.subjects if subject.kind in kinds), None)

    def after(
        self,
        calls: tuple[Made, ...],
        found: tuple[Found, ...],
        *,
        change_id: str | None = None,
        asked: OpenCall | None = None,
        options: tuple[Option, ...] = (),
    ) -> "Memory":
        """What to remember after a turn that made ``calls`` and got ``found``, in the same order."""
        fresh = [Said(kind=one.kind, id=one.id, name=one.name) for result in found for one in result.subjects]
        asked_of = {value for call in calls for key in _WHOM for value in _each(call.args.get(key))}
        newest = sorted(fresh, key=lambda one: one.id not in asked_of)  # who was asked about is who is talked about
        kept = [one for one in self.subjects if one not in fresh]
        waiting = asked or next((result.open_call for result in found if result.open_call is not None), None)
        options = options or next((result.question.options for result in found if result.question is not None), ())
        shown = _listed(found, fresh) if (list_of := _only_list(calls, found)) is None else list_of
        empty = list_of == ()
        views = [proposal for result in found for proposal in result.proposals]
        applied = [view.change_id for view in views if view.change_id is not None]
        return Memory(
            subjects=tuple(dict.fromkeys([*newest, *kept]))[:_MOST_SUBJECTS],
            shown=() if empty else shown or self.shown,
            just_shown=bool(shown),
            open_call=Made(tool=waiting.tool, args=dict(waiting.args), missing=waiting.missing) if waiting else None,
            options=options,
            calls=calls or self.calls,
            proposal_ids=tuple(view.id for view in views if view.status == "open"),
            change_id=change_id or (applied[-1] if applied else self.change_id),
            nothing_listed=empty,
        )


def _each(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _only_list(calls: tuple[Made, ...], found: tuple[Found, ...]) -> tuple[Said, ...] | None:
    """What the one list of a turn showed, which may be one thing or nothing; None where the turn was no list."""
    lists = [(_LISTS[call.tool], result) for call, result in zip(calls, found, strict=False) if call.tool in _LISTS]
    if len(lists) != 1 or len(found) != 1 or lists[0][1].question is not None or lists[0][1].refused is not None:
        return None
    kind, result = lists[0]
    lines = result.listed or tuple(one for one in result.subjects if one.kind == kind)
    return tuple(dict.fromkeys(Said(kind=one.kind, id=one.id, name=one.name) for one in lines))


def _listed(found: tuple[Found, ...], fresh: list[Said]) -> tuple[Said, ...]:
    """What was shown as a list: what a tool says its lines are about, or else the things of one kind that it named several of."""
    lines = [Said(kind=one.kind, id=one.id, name=one.name) for result in found for one in result.listed]
    if lines:
        return tuple(lines)
    alike = next(([one for one in fresh if one.kind == first.kind] for first in fresh), [])
    return tuple(dict.fromkeys(alike)) if len(set(alike)) > 1 else ()
