"""What a conversation remembers from turn to turn, so that "log a call with her" and "the second one" mean something."""

from pydantic import BaseModel, ConfigDict

from bot.agent.turn import Found, OpenCall
from bot.cards import Option

_MOST_SUBJECTS = 12


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
    that are still open: a "yes" some turns later confirms nothing. ``change_id`` is the last one that was applied."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    subjects: tuple[Said, ...] = ()
    shown: tuple[Said, ...] = ()
    just_shown: bool = False
    open_call: Made | None = None
    options: tuple[Option, ...] = ()
    calls: tuple[Made, ...] = ()
    proposal_ids: tuple[str, ...] = ()
    change_id: str | None = None

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
        kept = [one for one in self.subjects if one not in fresh]
        waiting = asked or next((result.open_call for result in found if result.open_call is not None), None)
        options = options or next((result.question.options for result in found if result.question is not None), ())
        shown = _listed(found, fresh)
        views = [proposal for result in found for proposal in result.proposals]
        applied = [view.change_id for view in views if view.change_id is not None]
        return Memory(
            subjects=tuple(dict.fromkeys([*fresh, *kept]))[:_MOST_SUBJECTS],
            shown=shown or self.shown,
            just_shown=bool(shown),
            open_call=Made(tool=waiting.tool, args=dict(waiting.args), missing=waiting.missing) if waiting else None,
            options=options,
            calls=calls or self.calls,
            proposal_ids=tuple(view.id for view in views if view.status == "open"),
            change_id=change_id or (applied[-1] if applied else self.change_id),
        )


def _listed(found: tuple[Found, ...], fresh: list[Said]) -> tuple[Said, ...]:
    """What was shown as a list: what a tool says its lines are about, or else the things of one kind that it named several of."""
    lines = [Said(kind=one.kind, id=one.id, name=one.name) for result in found for one in result.listed]
    if lines:
        return tuple(lines)
    alike = next(([one for one in fresh if one.kind == first.kind] for first in fresh), [])
    return tuple(dict.fromkeys(alike)) if len(set(alike)) > 1 else ()
