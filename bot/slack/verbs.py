"""What a button does: its action id is ``verb:where``, its value one identifier, its block id the subject."""

from enum import StrEnum


class Verb(StrEnum):
    ASK = "ask"
    SOURCE = "source"
    CONFIRM = "confirm"
    CONFIRM_ITEM = "confirm_item"
    REJECT = "reject"
    REJECT_ITEM = "reject_item"
    EDIT = "edit"
    UNDO = "undo"
    DONE = "done"
    DO_IT = "do_it"
    SNOOZE = "snooze"
    NOT_USEFUL = "not_useful"
    WHY = "why"
    SHARE = "share"
    OPEN_LINK = "open_link"


NEEDS_A_MODAL = (Verb.SOURCE, Verb.EDIT, Verb.WHY)


def action(verb: Verb, *where: str) -> str:
    """The action id of a button; ``where`` makes it unique in its message."""
    return f"{verb}:{'.'.join(where)}"[:255]


def verb_of(action_id: str) -> Verb | None:
    """The verb of an action id; None when it is not one of ours."""
    name = action_id.partition(":")[0]
    return next((verb for verb in Verb if verb == name), None)
