"""Everything meetings offer the rest of the bot: log a file, file one that had to be asked about, run the webhook's jobs."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.errors import BadInput
from bot.meetings.intake import Intake
from bot.meetings.meeting import Meeting
from bot.meetings.sources import read_meeting
from bot.meetings.webhook import SentMeeting
from bot.questions import Answer
from crm_store import jobs
from crm_store.access import Scope
from crm_store.jobs import Claim
from crm_store.people import Caller
from crm_store.store import Store

Deliver = Callable[[str, Answer, str], None]
"""Posts an answer to the person with an e-mail address; the key is the same when the same answer is delivered again."""
_FILE = re.compile(
    r"^\s*file (?:the )?meeting ([0-9a-f]{12}) (?:under|for|with|at) (.{1,200}?)\s*[.!]?\s*$", re.IGNORECASE
)
_HELD = "meeting_held"
_ANSWER = "answer"
_SYSTEM = Scope.system("meetings")


@dataclass
class MeetingDesk:
    """``deliver`` is set by a front end that can post; without one, what a webhook's meeting proposes waits for its person."""

    store: Store
    intake: Intake
    caller_for_email: Callable[[str], Caller]
    clock: Callable[[], datetime]
    deliver: Deliver | None = field(default=None)

    def log_file(
        self,
        caller: Caller,
        filename: str,
        content: bytes,
        at: datetime,
        *,
        account: str | None,
        thread: str,
        origin: str,
    ) -> Answer:
        """:raises BadInput: when the file cannot be read, or ``account`` names nothing the caller may see."""
        meeting = read_meeting(filename, content, at, caller.zone)
        held = {"filename": filename, "content": base64.b64encode(content).decode(), "at": at.isoformat()}
        return self._log(caller, meeting, account, thread, origin, at, held)

    def filed(self, caller: Caller, text: str, thread: str, origin: str, now: datetime) -> Answer | None:
        """The answer to "File meeting ‹digest› under ‹account›"; None when the text says something else.

        :raises BadInput: when no such meeting waits for this person.
        """
        match = _FILE.match(text)
        if match is None:
            return None
        with self.store.read(_SYSTEM) as session:
            held = jobs.payload_of(session, _held_key(caller, match[1].lower()))
        if held is None:
            raise BadInput(f"No meeting {match[1]} waits for you. Drop its transcript or notes again.")
        account = match[2].strip("“”\"' ")
        if "sent" in held:
            meeting = SentMeeting.model_validate(held["sent"], strict=False).meeting(caller.zone)
        else:
            at = datetime.fromisoformat(str(held["at"]))
            meeting = read_meeting(str(held["filename"]), base64.b64decode(str(held["content"])), at, caller.zone)
        return self._log(caller, meeting, account, thread, origin, now, held)

    def run_job(self, held: Claim) -> None:
        """Log a meeting that the webhook accepted, as its host; safe to run again, and then it says the same."""
        sent = SentMeeting.model_validate(held.payload, strict=False)
        caller = self.caller_for_email(sent.host_email)
        if _ANSWER in held.progress:
            answer = Answer.model_validate(held.progress[_ANSWER])
        else:
            answer = self._log_sent(caller, sent, held)
            with self.store.write(_SYSTEM) as session:
                jobs.progress(session, held, {_ANSWER: answer.model_dump(mode="json")})
        if self.deliver is not None:
            self.deliver(caller.email, answer, held.key)

    def _log_sent(self, caller: Caller, sent: SentMeeting, held: Claim) -> Answer:
        try:
            return self._log(
                caller,
                sent.meeting(caller.zone),
                sent.account,
                f"meeting:{sent.id}",
                "webhook",
                self.clock(),
                {"sent": held.payload},
            )
        except BadInput as error:
            return Answer(text=f"A meeting was sent to me that I could not log: {error}", understood=False)

    def _log(
        self,
        caller: Caller,
        meeting: Meeting,
        account: str | None,
        thread: str,
        origin: str,
        now: datetime,
        held: dict[str, Any],
    ) -> Answer:
        answer = self.intake.log(caller, meeting, account=account, thread=thread, origin=origin, now=now)
        if answer.question is not None:
            with self.store.write(_SYSTEM) as session:
                jobs.keep(session, _HELD, _held_key(caller, meeting.digest[:12]), held, now=now)
        return answer


def _held_key(caller: Caller, short: str) -> str:
    return f"{_HELD}:{caller.person_id}:{short}"
