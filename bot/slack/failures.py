"""The one catcher: a person reads what to do and a reference, the log has the kind of error and the trace without anybody's words."""

import logging
import secrets

from bot.errors import KNOWN, shown

LOG = logging.getLogger(__name__)


def sentence(error: BaseException, doing: str) -> str:
    """What to tell the person; an error nobody foresaw is logged under the reference they are given."""
    reference = f"R-{secrets.token_hex(4)}"
    if isinstance(error, KNOWN):
        LOG.info("%s was refused (%s)", doing, type(error).__name__)  # its sentence may name customers
    else:
        LOG.error("%s failed (%s)", doing, reference, exc_info=error)
    return shown(error, reference)
