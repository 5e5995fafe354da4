"""The record's errors: one tree, each message a sentence that says what to do."""


class CrmError(Exception):
    """Anything the record refuses; ``str(error)`` is fit to show to the person who asked."""


class NoScope(CrmError):
    """A session was asked to work without a scope, or around it."""


class ReadOnly(CrmError):
    """Something tried to write through a reading session."""


class NestedWrite(CrmError):
    """A thread that is in the middle of a write began another one."""


class NotVisible(CrmError):
    """The row is not there, or this person may not see it: the two are told apart nowhere."""


class NotPermitted(CrmError):
    """This person may see it and may not do that with it."""


class UnknownPerson(CrmError):
    """No active person has this e-mail address."""


class Conflict(CrmError):
    """The row changed since the proposal was made, so nothing was written."""


class Invalid(CrmError):
    """A value does not fit its field."""


class AlreadyDecided(CrmError):
    """The proposal was confirmed, rejected or replaced before."""


class StoreUnavailable(CrmError):
    """The database cannot be reached or is not at this version's schema."""
