"""No secret and nobody's words in a log: not in a message, not in a traceback, not in what a library says of its input."""

import io
import logging
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from bot.agent.memory import Memory
from bot.conversations import recall, remember
from bot.errors import BadInput
from bot.redaction import RedactingFormatter, redact, trace
from bot.settings import Settings
from bot.slack.failures import sentence
from bot.slack.inbound import work_of
from crm_store import conversations
from crm_store.access import Scope
from crm_store.people import caller_for
from crm_store.store import Store
from tests import builders

CANARY = "Zebulon Quixworth is ill, call zq@acme.example after May"
SYSTEM = Scope.system("test")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the command line would write to standard error at its most talkative."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(RedactingFormatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def failed_over(words: str) -> Exception:
    """An error with a cause and a context, all of which quote ``words``."""
    try:
        try:
            try:
                raise KeyError(words)
            except KeyError:
                raise LookupError(words) from None
        except LookupError as cause:
            raise RuntimeError(f"cannot use {words}") from cause
    except RuntimeError as error:
        return error


def test_an_error_that_nobody_foresaw_is_logged_with_its_place_and_reference_and_without_its_words(log: io.StringIO) -> None:
    told = sentence(failed_over(CANARY), "Answering")
    reference = told.rpartition("R-")[2].rstrip(".")
    said = log.getvalue()
    assert f"Answering failed (R-{reference})" in said
    assert "in failed_over" in said
    assert said.index("builtins.LookupError") < said.index("builtins.RuntimeError")
    assert "Zebulon" not in said


def test_a_refusal_is_logged_by_its_kind_alone(log: io.StringIO) -> None:
    assert sentence(BadInput(CANARY), "Answering") == CANARY
    assert log.getvalue() == "INFO bot.slack.failures: Answering was refused (BadInput)\n"


def test_what_slack_sent_in_an_unknown_form_is_not_quoted_by_the_error() -> None:
    place = {"kind": "dm", "team": "T", "channel": "C", "user": "U"}
    for payload in (
        {"type": "asking", "key": "k", "place": place, "at": "2026-01-01T00:00:00Z", "text": CANARY, "new": 1},
        {"type": "asking", "key": "k", "place": CANARY, "at": CANARY, "text": [CANARY]},
    ):
        with pytest.raises(ValidationError) as refused:
            work_of(payload)
        assert "Zebulon" not in str(refused.value)


def test_a_memory_in_an_unknown_form_is_told_and_not_quoted(sqlite_store: Store, log: io.StringIO) -> None:
    with sqlite_store.write(SYSTEM) as session:
        ada = builders.person(session, "Ada Winter")
    with sqlite_store.read(SYSTEM) as session:
        caller = caller_for(session, ada.email)
    remember(sqlite_store, caller, "t", "?", "!", Memory(), builders.NOW)
    with sqlite_store.write(caller.scope) as session:
        unknown = {"subjects": [{"kind": "contact", "id": "c", "full_name": CANARY}]}
        conversations.add_turn(session, caller.person_id, "t", "?", "!", unknown, builders.NOW)
    assert recall(sqlite_store, caller, "t").memory == Memory()
    assert "starting afresh" in log.getvalue()
    assert "Zebulon" not in log.getvalue()


def test_a_mistake_in_the_code_and_an_error_of_the_system_say_what_they_are() -> None:
    assert trace(AttributeError("'NoneType' object has no attribute 'id'")).endswith("no attribute 'id'")
    assert trace(FileNotFoundError(2, "No such file or directory", CANARY)).endswith("FileNotFoundError: No such file or directory")


@pytest.mark.parametrize(
    "said",
    [
        "api_key=hush-hush", "x-api-key: hush-hush", "https://hooks.slack.com/commands/T1/123/hush-hush", "Authorization: Bearer hush-hush",
        "RAPPORT_WEBHOOK_SECRET=hush-hush", "postgresql+psycopg://u:pa/hush-hush@h/db", "postgresql://h/db?password=hush-hush&x=1",
        "AIzaSyD-hush-hush", "xoxe.xoxp-1-hush-hush", "https://u:p@hush-hush@h/", "TOKEN=hush-hush",
    ],
)  # fmt: skip
def test_every_spelling_of_a_secret_is_taken_out(said: str) -> None:
    assert "hush" not in redact(said)


def test_the_secrets_that_are_set_are_taken_out_whatever_they_look_like() -> None:
    settings = Settings.from_environment(
        {
            "RAPPORT_WEBHOOK_SECRET": "correct horse", "SLACK_SIGNING_SECRET": "8f742231b10e",
            "RAPPORT_DATABASE_URL": "postgresql+psycopg://u:battery%20staple@h/db",
        }
    )  # fmt: skip
    form = RedactingFormatter("%(message)s", settings.secrets)
    said = "signed with correct horse and 8f742231b10e for battery staple or battery%20staple"
    record = logging.LogRecord("x", logging.INFO, __file__, 1, said, (), None)
    assert form.format(record) == "signed with ‹secret› and ‹secret› for ‹secret› or ‹secret›"
