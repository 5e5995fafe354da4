"""``rapport ask``: one question, or many from standard input in one process."""

import argparse
import logging
import sys
from datetime import UTC, date, datetime, time
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rich.console import Console

from bot.app import Rapport, now
from bot.errors import KNOWN, BadInput, shown
from bot.printing import as_object, print_answer, print_json
from bot.questions import Answer, Question
from bot.settings import Settings
from crm_store.people import Caller

_log = logging.getLogger(__name__)


class _Line(BaseModel):
    """One question on standard input."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    text: str
    as_: str | None = Field(None, alias="as")
    today: date | None = None
    thread: str | None = None


def ask(settings: Settings, given: argparse.Namespace) -> int:
    """Answer one question, or every line of standard input in one process; 1 when nothing that was asked could be answered.
    Of many lines each says itself in ``refused`` whether it could."""
    lines = [given.text] if given.text is not None else sys.stdin
    answered, failures = 0, 0
    with Rapport(settings) as rapport:
        rapport.open(hold_index=True)
        callers: dict[str, Caller] = {}
        session_thread = given.thread or f"cli-{uuid4().hex}"
        for number, line in enumerate(lines, 1):
            if given.text is None and not line.strip():
                continue
            try:
                asked = _line(line, number) if given.text is None else _Line(text=line)
                who = asked.as_ or given.as_
                if not who:
                    raise BadInput('Say who is asking: --as EMAIL, or "as" in the line.')
                if who not in callers:
                    callers[who] = rapport.caller_for_email(who)
                caller = callers[who]
                at = moment(asked.today or given.today, caller)
                answer = rapport.answer(Question(asked.text, caller, at, asked.thread or session_thread, origin="cli"))
                answered += 1
            except Exception as error:  # one question that fails must not keep the others from their answers
                failures += 1
                answer = _failed(error)
            if given.json:
                print_json(as_object(answer))
            elif failures and given.text is not None:
                print(f"rapport: {answer.text}", file=sys.stderr)
            else:
                print_answer(answer, Console())
    return 1 if failures and not answered else 0


def _failed(error: Exception) -> Answer:
    reference = uuid4().hex[:8]
    if not isinstance(error, KNOWN):
        _log.error("A question failed (%s)", reference, exc_info=error)
    said = shown(error, reference)
    return Answer(text=said, understood=False, refused=said)


def _line(line: str, number: int) -> _Line:
    text = line.strip()
    if not text.startswith("{"):
        return _Line(text=text)
    try:
        return _Line.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the object"
        raise BadInput(
            f"Line {number}: {where}: {problem['msg']}. Give text, and optionally as, today, thread."
        ) from None


def moment(today: date | None, caller: Caller) -> datetime:
    """Now, or the same time of day on another day."""
    current = now()
    if today is None:
        return current
    return datetime.combine(today, time(17, 0), caller.zone).astimezone(UTC)
