"""What can go wrong in front of a person: one tree, each message a sentence that says what to do.

The packages below have trees of their own (:class:`crm_store.errors.CrmError`,
:class:`knowledge.errors.KnowledgeError`); :func:`shown` is the one place that turns any of them into words.
"""

from crm_store.errors import CrmError
from knowledge.errors import KnowledgeError


class RapportError(Exception):
    """Anything the bot refuses; ``str(error)`` is fit to show to the person who asked."""


class BadInput(RapportError):
    """What was given cannot be used; the message says what would be."""


class Misconfigured(RapportError):
    """A setting is missing or wrong; the message names it and says how to mend it."""


class Unavailable(RapportError):
    """Something the answer needs did not respond; trying again later may help."""


class NotAllowed(RapportError):
    """This person may not do that; the message names nothing that they may not see."""


KNOWN = (RapportError, CrmError, KnowledgeError)


def shown(error: BaseException, reference: str) -> str:
    """The sentence a person reads: a known error's own words, or an apology with ``reference`` for the log."""
    if isinstance(error, KNOWN):
        return str(error)
    return f"Something went wrong on my side and nothing was written. Please try again; if it stays, quote {reference}."
