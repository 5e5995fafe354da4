"""What earlier attempts at an accepted event have made: an answer is made once, however often its delivery is tried."""

import logging

from pydantic import ValidationError

from bot.questions import Answer
from bot.slack.inbound import REPLY
from bot.slack.parts import Parts
from crm_store import jobs
from crm_store.access import Scope
from crm_store.jobs import Claim

LOG = logging.getLogger(__name__)


class Attempt:
    """One attempt at a job, with the answers that it or an earlier one made. They are kept with the job until it is over."""

    def __init__(self, parts: Parts, held: Claim) -> None:
        self._parts, self._held = parts, held
        self._made = dict(held.progress)

    def made(self, key: str) -> Answer | None:
        """The answer of this key, when it was made before; None as well where another version kept it in another form."""
        kept = self._made.get(key)
        try:
            return None if kept is None else Answer.model_validate(kept)
        except ValidationError:
            LOG.warning("The answer to %s was kept in a form that is not known; it is made again", key)
            return None

    def keep(self, key: str, answer: Answer) -> bool:
        """Keep an answer and note that it is about to be posted; False when an earlier attempt had begun to post it.

        :raises LostLease: when another worker has the job by now, and answers.
        """
        self._made[key] = answer.model_dump(mode="json")
        with self._parts.store.write(Scope.system("a reply to Slack")) as session:
            jobs.progress(session, self._held, self._made)
            return jobs.receive(session, REPLY, key, self._parts.clock())
