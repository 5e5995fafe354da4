"""The one catcher: a person reads what to do and a reference, the log has the trace without secrets."""

import logging
import secrets
import traceback

from bot.errors import KNOWN, shown
from bot.redaction import redact

LOG = logging.getLogger(__name__)


def sentence(error: BaseException, doing: str) -> str:
    """What to tell the person; an error nobody foresaw is logged under the reference they are given."""
    reference = f"R-{secrets.token_hex(4)}"
    if isinstance(error, KNOWN):
        LOG.info("%s was refused: %s", doing, redact(str(error)))
    else:
        trace = "".join(traceback.format_exception(error))
        LOG.error("%s failed (%s)\n%s", doing, reference, redact(trace))
    return shown(error, reference)
