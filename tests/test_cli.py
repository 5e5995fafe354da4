"""Every command by its own door: what it prints, what it returns, and what it says to input it cannot use."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.app import Rapport
from bot.cli import main
from bot.settings import Settings
from crm_store.access import Scope
from crm_store.models import Account, Change, Interaction, Proposal

REP = "jonas.brandt@halvern.example"
OTHER_REP = "tom.akkerman@halvern.example"
ACCOUNT = "Meridian Pantry Foods"
CHAMPION = "Mara Lindqvist"
TODAY = "2026-11-24"
EVERYTHING = Scope.system("test")
ANSWER = {"text", "citations", "cards", "figures", "proposals", "question", "understood", "refused", "ms"}
UNREACHABLE = "postgresql+psycopg://rapport:hush-hush@127.0.0.1:1/none"


@contextmanager
def surroundings(**variables: str) -> Iterator[None]:
    """Rapport's variables, and no others of its, for as long as the block runs."""
    ours = ("RAPPORT_", "SLACK_")
    kept = {name: value for name, value in os.environ.items() if name.startswith(ours)}
    for name in kept:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            os.environ.pop(name, None)
        os.environ.update(kept)


@dataclass(frozen=True)
class Said:
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All of it, on one line."""
        return " ".join((self.out + self.err).split())

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Shell:
    """Runs commands in this process on one home."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, said: str = "", **variables: str) -> Said:
        self.capsys.readouterr()
        before = sys.stdin
        sys.stdin = io.StringIO(said)
        try:
            with surroundings(**({"RAPPORT_HOME": str(self.home)} | variables)):
                try:
                    code = main(arguments)
                except SystemExit as stop:  # how argparse refuses words that it does not know
                    code = int(str(stop.code))
        finally:
            sys.stdin = before
        return Said(code, *self.capsys.readouterr())

    def json(self, *arguments: str, said: str = "") -> list[dict[str, Any]]:
        """The objects of a command that must succeed."""
        done = self(*arguments, "--json", said=said)
        assert done.code == 0, done.words
        return done.objects

    def ask(self, text: str, email: str = REP, *more: str) -> dict[str, Any]:
        (answer,) = self.json("ask", text, "--as", email, "--today", TODAY, *more)
        return answer

    def rows(self, *models: Any) -> list[int]:
        """How many rows each table holds."""
        with Rapport(Settings.from_environment({"RAPPORT_HOME": str(self.home)})) as rapport:
            rapport.open()
            with rapport.store.read(EVERYTHING) as session:
                return [session.query(model).count() for model in models]


@pytest.fixture(scope="module")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company, with the passages of one account indexed."""
    home = tmp_path_factory.mktemp("home")
    with Rapport(Settings.from_environment({"RAPPORT_HOME": str(home)})) as rapport:
        rapport.open(create=True, hold_index=True)
        rapport.load_sample(date.fromisoformat(TODAY))
        with rapport.store.read(EVERYTHING) as session:
            account = session.query(Account).filter_by(name=ACCOUNT).one()
            newest = session.query(Interaction).filter_by(account_id=account.id).order_by(Interaction.at.desc())
            notes = [row.id for row in newest.limit(20)]
        for note in notes:
            rapport.indexer.index_row("interaction", note)
    return home


@pytest.fixture
def shell(sample_home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(sample_home, capsys)


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A home in which nothing was ever done."""
    return Shell(tmp_path / "bare", capsys)


def refused(said: Said, *words: str) -> None:
    """It failed with a sentence that holds these words, and showed no insides."""
    assert said.code == 1, said.words
    for word in words:
        assert word in said.words
    _no_insides(said.words)


def _no_insides(words: str) -> None:
    for inside in ("Traceback", "sqlalchemy", "pydantic", "errors.pydantic.dev", "Errno", "object at 0x"):
        assert inside not in words


# What a question is answered with


def test_an_answer_has_the_documented_shape(shell: Shell) -> None:
    answer = shell.ask(f"What is the latest on {ACCOUNT}?")
    assert set(answer) == ANSWER
    assert answer["understood"] is True
    assert answer["refused"] is None
    assert answer["citations"]
    for citation in answer["citations"]:
        assert set(citation) == {"id", "kind", "title", "quote", "speaker", "at", "url"}
    for figure in answer["figures"]:
        assert {"label", "value", "unit"} <= set(figure)
    assert answer["cards"]
    assert all(card["type"] for card in answer["cards"])
    assert isinstance(answer["ms"], int)
    assert f"[{len(answer['citations']) + 1}]" not in answer["text"]


def test_a_proposal_tells_every_field_with_its_evidence(shell: Shell) -> None:
    answer = shell.ask(f"Log a call with {CHAMPION}: she asked for a training day, next step send dates by Friday")
    (proposal,) = answer["proposals"]
    assert {"id", "summary", "changes"} <= set(proposal)
    for change in proposal["changes"]:
        assert {"entity", "id", "field", "old", "new", "evidence"} <= set(change)
    by_field = {(change["entity"], change["field"]): change for change in proposal["changes"]}
    assert by_field["interaction", "channel"]["new"] == "call"
    assert "training day" in str(by_field["interaction", "body"]["new"])
    assert all(change["evidence"] for change in proposal["changes"])


def test_a_question_without_an_answer_is_an_object_too(shell: Shell) -> None:
    answer = shell.ask("colourless green ideas sleep furiously")
    assert set(answer) == ANSWER
    assert answer["understood"] is False


def test_lines_on_standard_input_may_be_words_or_objects(shell: Shell) -> None:
    lines = [
        f"What is the latest on {ACCOUNT}?",
        "",
        json.dumps({"text": "and who is the champion there?"}),
        json.dumps({"text": "my tasks", "as": OTHER_REP, "today": "2026-11-30", "thread": "another"}),
    ]
    first, second, third = shell.json("ask", "--as", REP, "--today", TODAY, said="\n".join(lines))
    assert ACCOUNT in first["text"]
    assert CHAMPION in json.dumps(second, ensure_ascii=False)
    assert all(set(answer) == ANSWER for answer in (first, second, third))


def test_a_bad_line_on_standard_input_is_refused_and_the_others_are_answered(shell: Shell) -> None:
    lines = ['{"text": "my tasks", "colour": "red"}', '{"text": 7', "my tasks", '{"text": "x", "as": "no@x.example"}']
    answers = shell.json("ask", "--as", REP, "--today", TODAY, said="\n".join(lines))
    assert [answer["refused"] is None for answer in answers] == [False, False, True, False]
    assert "colour" in answers[0]["refused"]
    assert "Line 2" in answers[1]["refused"]
    assert "no@x.example" in answers[3]["refused"]


def test_when_no_line_on_standard_input_could_be_answered_the_command_fails(shell: Shell) -> None:
    done = shell("ask", "--json", said='my tasks\n{"text": "x", "as": "no@x.example"}\n')
    assert done.code == 1
    assert [answer["refused"] is None for answer in done.objects] == [False, False]
    assert shell("ask", "--as", REP, "--json", said="\n").code == 0


# What may not be seen


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on {}?",
        "what did we promise {}",
        "prepare me for {}",
        "who is who at {}",
        "show me the timeline of {}",
        "how many open deals does {} have?",
        "when did we last talk to {}?",
        "log a call with {}: all is well",
        "move the deal of {} to Negotiation",
        "create a task to visit {} on Friday",
        "what did {} buy?",
        "has anyone mentioned {}?",
    ],
)
def test_a_hidden_account_and_one_that_does_not_exist_get_the_same_words(shell: Shell, question: str) -> None:
    hidden, missing = "Meridian Pantry Foods", "Marigold Pantry Works"
    answers = [shell.ask(question.format(name), OTHER_REP) for name in (hidden, missing)]
    told = [_without(name, answer) for answer, name in zip(answers, (hidden, missing), strict=True)]
    assert told[0] == told[1]
    assert CHAMPION not in told[0]


def _without(name: str, answer: dict[str, Any]) -> str:
    """The answer as one text in which the account is NAME, every new id is ID and no time was taken."""
    text = json.dumps(answer | {"ms": 0}, ensure_ascii=False)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    return text.replace(name, "NAME").replace(name.split()[0], "NAME")


def test_a_search_finds_nothing_of_a_hidden_account(shell: Shell) -> None:
    seen = json.dumps(shell.ask("has anyone mentioned Corvane?"))
    unseen = json.dumps(shell.ask("has anyone mentioned Corvane?", OTHER_REP))
    assert "Meridian" in seen
    assert "Meridian" not in unseen
    assert "Anton Riedel" not in unseen


def test_another_persons_proposal_is_as_unknown_as_none(shell: Shell) -> None:
    (proposal,) = shell.ask(f"Log a call with {CHAMPION}: she likes it")["proposals"]
    theirs = shell("confirm", proposal["id"], "--as", OTHER_REP)
    refused(theirs)
    assert theirs.words == shell("confirm", "nonsense", "--as", OTHER_REP).words


# What is written


def test_confirming_twice_makes_one_change_and_undo_takes_it_back(shell: Shell) -> None:
    before = shell.rows(Interaction, Change)
    (proposal,) = shell.ask(f"Log a call with {CHAMPION}: she wants a quiet test weekend")["proposals"]
    assert shell.rows(Interaction, Change) == before
    (first,) = shell.json("confirm", proposal["id"], "--as", REP)
    (second,) = shell.json("confirm", proposal["id"], "--as", REP)
    assert first["change"] == second["change"]
    assert shell.rows(Interaction, Change) == [count + 1 for count in before]
    assert "quiet test weekend" in json.dumps(shell.ask(f"when did we last talk to {CHAMPION}?"))
    shell.json("undo", first["change"], "--as", REP)
    assert shell.rows(Interaction)[0] == before[0]
    assert "quiet test weekend" not in json.dumps(shell.ask(f"when did we last talk to {CHAMPION}?"))
    again = shell("undo", first["change"], "--as", REP)
    assert "undone" in again.words.lower()
    assert shell.rows(Interaction)[0] == before[0]


def test_a_rejected_proposal_cannot_be_confirmed(shell: Shell) -> None:
    before = shell.rows(Interaction)
    (proposal,) = shell.ask(f"Log a call with {CHAMPION}: she is on holiday")["proposals"]
    shell.json("reject", proposal["id"], "--as", REP)
    refused(shell("confirm", proposal["id"], "--as", REP))
    assert shell.rows(Interaction) == before


# Input that cannot be used


@pytest.mark.parametrize(
    "command",
    [("ask", "my tasks"), ("confirm", "x"), ("reject", "x"), ("undo", "x"), ("report", "-"), ("meeting", "log", __file__)],
)
def test_somebody_unknown_is_told_whom_to_ask(shell: Shell, command: tuple[str, ...]) -> None:
    refused(shell(*command, "--as", "nobody@x.example", said="{}"), "nobody@x.example", "administrator")


def test_nobody_in_particular_cannot_ask(shell: Shell) -> None:
    refused(shell("ask", "my tasks"), "--as EMAIL")


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "my tasks", "--as", REP),
        ("confirm", "x", "--as", REP),
        ("undo", "x", "--as", REP),
        ("report", "-", "--as", REP),
        ("index", "check"),
        ("index", "rebuild"),
    ],
)
def test_without_a_record_one_is_told_how_to_get_one(bare: Shell, command: tuple[str, ...]) -> None:
    refused(bare(*command, said="{}"), "rapport local", "RAPPORT_HOME")
    assert not list(bare.home.glob("*.db"))


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_message_is_met_with_advice(shell: Shell, text: str) -> None:
    answer = shell.ask(text)
    assert answer["understood"] is False
    assert "empty" in answer["text"]


def test_forty_thousand_characters_are_refused_before_anything_is_done(shell: Shell) -> None:
    before = shell.rows(Proposal, Interaction)
    said = shell("ask", "Log a call. " + "word " * 8_000, "--as", REP)
    refused(said, "characters", "file")
    assert len(said.words) < 500
    assert shell.rows(Proposal, Interaction) == before


def test_strange_characters_are_words_like_others(shell: Shell) -> None:
    for text in ("\x00\x07", "🤷‍♀️", "'; DROP TABLE account; --", "[red]" * 20, "{}", "%s %d", "ﷺ" * 50):
        assert shell.ask(text)["text"]
    assert shell.rows(Account)[0] > 10


@pytest.mark.parametrize("command", ["confirm", "reject", "undo"])
@pytest.mark.parametrize("identifier", ["nonsense", "", "0" * 36, "x" * 5_000])
def test_an_unknown_id_is_answered_with_a_sentence(shell: Shell, command: str, identifier: str) -> None:
    refused(shell(command, identifier, "--as", REP))


@pytest.mark.parametrize("source", ["hubspot", "salesforce", "csv"])
@pytest.mark.parametrize(
    "content", [b"", b"just words\n", b"\x00\xff\xfe" * 500, b"PK\x03\x04" + bytes(400), b"%PDF-1.7\n%\xe2\xe3"]
)
def test_a_file_that_is_no_export_is_refused_and_nothing_is_written(
    bare: Shell, tmp_path: Path, source: str, content: bytes
) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(content)
    said = bare("import", str(path), "--from", source)
    assert said.code == 1, said.words
    assert "leads.csv" in said.words
    _no_insides(said.words)
    assert bare.rows(Account) == [0]


def test_an_import_of_nothing_is_refused(bare: Shell, tmp_path: Path) -> None:
    refused(bare("import", str(tmp_path / "nowhere"), "--from", "csv"), "nowhere")
    (tmp_path / "hollow").mkdir()
    refused(bare("import", str(tmp_path / "hollow"), "--from", "csv"), "hollow")


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        ('{"subject": "deals", "measures": ["count"], "group_by": ["shoe_size"]}', "shoe_size"),
        ('{"subject": "deals", "measures": ["count"], "colour": "red"}', "colour"),
        ('{"subject": "unicorns", "measures": ["count"]}', "subject"),
        ('{"subject": "deals", "measures": ["hope"]}', "hope"),
        ("not json", "JSON"),
        ("[]", "report"),
        ("", "JSON"),
    ],
)
def test_a_report_that_cannot_be_run_names_what_is_wrong(shell: Shell, spec: str, word: str) -> None:
    refused(shell("report", "-", "--as", REP, said=spec), word)


def test_a_report_is_an_answer_with_its_result(shell: Shell) -> None:
    spec = '{"subject": "deals", "measures": ["count"], "group_by": ["stage"]}'
    (answer,) = shell.json("report", "-", "--as", REP, "--today", TODAY, said=spec)
    assert set(answer) == ANSWER | {"report"}
    assert answer["figures"]


def test_a_report_file_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    said = shell("report", str(tmp_path / "gone.json"), "--as", REP)
    assert said.code == 1
    assert "gone.json" in said.words
    assert "Traceback" not in said.words


def test_a_transcript_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    refused(shell("meeting", "log", str(tmp_path / "gone.vtt"), "--as", REP), "gone.vtt")
    refused(shell("meeting", "log", str(tmp_path), "--as", REP))


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03" * 100, b"PK\x03\x04" + bytes(400)])
def test_a_file_that_is_no_transcript_is_refused_and_nothing_is_written(
    shell: Shell, tmp_path: Path, content: bytes
) -> None:
    before = shell.rows(Interaction, Proposal)
    path = tmp_path / "call.vtt"
    path.write_bytes(content)
    refused(shell("meeting", "log", str(path), "--as", REP))
    assert shell.rows(Interaction, Proposal) == before


@pytest.mark.parametrize("email", ["notanaddress", "two words@x.example", "@", "a" * 300 + "@x.example"])
def test_an_address_that_is_none_is_refused(bare: Shell, email: str) -> None:
    said = bare("people", "add", email)
    assert said.code == 1, said.words
    _no_insides(said.words)
    assert not bare.json("people", "list")


def test_a_person_who_is_added_can_ask(bare: Shell) -> None:
    bare.json("people", "add", "ana.ruiz@north.example", "--role", "manager", "--team", "North")
    (row,) = bare.json("people", "list")
    assert (row["email"], row["name"], row["role"]) == ("ana.ruiz@north.example", "Ana Ruiz", "manager")
    assert set(bare.ask("my tasks", "ANA.Ruiz@north.example")) == ANSWER


# Surroundings that cannot be used


def test_a_misspelt_setting_is_named(shell: Shell) -> None:
    refused(shell("doctor", RAPPORT_HOEM="/tmp"), "RAPPORT_HOEM", "README")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAPPORT_THREADS", "many"),
        ("RAPPORT_WORKERS", "0"),
        ("RAPPORT_CURRENCY", "euros"),
        ("RAPPORT_VISIBILITY", "none"),
        ("RAPPORT_LOG_LEVEL", "LOUD"),
        ("RAPPORT_WEEK_START", "9"),
    ],
)
def test_a_setting_with_a_value_that_cannot_be_used_is_named(shell: Shell, name: str, value: str) -> None:
    refused(shell("ask", "my tasks", "--as", REP, **{name: value}), name)


@pytest.mark.parametrize(
    "command", [("ask", "my tasks", "--as", REP), ("db", "upgrade"), ("people", "list"), ("doctor",), ("local", "--port", "0")]
)
def test_a_database_that_does_not_answer_is_named_without_its_password(bare: Shell, command: tuple[str, ...]) -> None:
    said = bare(*command, RAPPORT_DATABASE_URL=UNREACHABLE)
    assert said.code == 1
    assert "127.0.0.1:1" in said.words
    assert "hush-hush" not in said.words
    assert "Traceback" not in said.words


@pytest.mark.parametrize("url", ["rubbish", "mysql://x/y", "sqlite:////nowhere/at/all.db"])
def test_a_database_address_that_cannot_be_used_is_told(bare: Shell, url: str) -> None:
    said = bare("ask", "my tasks", "--as", REP, RAPPORT_DATABASE_URL=url)
    assert said.code == 1
    assert "RAPPORT_DATABASE_URL" in said.words
    assert "Traceback" not in said.words


@pytest.mark.parametrize(
    "command", [("db", "sample"), ("local", "--port", "0"), ("people", "list"), ("import", ".", "--from", "csv"), ("doctor",)]
)
def test_a_home_that_cannot_be_written_to_is_told(bare: Shell, command: tuple[str, ...]) -> None:
    said = bare(*command, RAPPORT_HOME="/dev/null/home")
    assert said.code == 1
    assert "/dev/null/home" in said.words
    assert "Choose another folder" in said.words
    assert "Traceback" not in said.words


def test_a_home_that_is_no_folder_is_told_when_one_asks(bare: Shell) -> None:
    refused(bare("ask", "my tasks", "--as", REP, RAPPORT_HOME="/dev/null/home"), "/dev/null/home")


def test_serve_without_tokens_says_where_they_come_from(shell: Shell) -> None:
    refused(shell("serve"), "SLACK_BOT_TOKEN")
    refused(shell("serve", SLACK_BOT_TOKEN="wrong"), "SLACK_BOT_TOKEN")
    refused(shell("serve", SLACK_BOT_TOKEN="xoxb-1"), "SLACK_APP_TOKEN")


def test_a_model_that_is_not_there_does_not_cost_the_answer(shell: Shell) -> None:
    said = shell("ask", "my tasks", "--as", REP, "--today", TODAY, "--json", RAPPORT_MODEL="nobody:nothing")
    assert "nobody" in said.words or said.objects[0]["text"]
    _no_insides(said.words)


# The commands that look after it


def test_doctor_says_what_is_missing_and_how_to_mend_it(bare: Shell, shell: Shell) -> None:
    empty = bare("doctor")
    assert empty.code == 1
    assert "rapport local" in empty.words
    good = shell("doctor", "--json")
    assert good.code == 0, good.words
    assert {"what", "ok", "detail", "mend", "optional"} == set(good.objects[0])


def test_the_manifest_is_one_that_slack_takes(shell: Shell) -> None:
    manifest = json.loads(shell("manifest").out)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "assistant:write" in manifest["oauth_config"]["scopes"]["bot"]


def test_the_sample_company_loads_twice_without_doubling(bare: Shell) -> None:
    with Rapport(Settings.from_environment({"RAPPORT_HOME": str(bare.home)})) as rapport:
        rapport.open(create=True)
        rapport.load_sample(date.fromisoformat(TODAY))
        first = bare.rows(Account, Interaction)
        rapport.load_sample(date.fromisoformat(TODAY))
        assert bare.rows(Account, Interaction) == first


# As a process of its own


def run(*arguments: str, home: Path, said: str = "") -> "subprocess.CompletedProcess[str]":
    with surroundings(RAPPORT_HOME=str(home)):
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments], input=said, capture_output=True, text=True, timeout=170
        )


def test_as_a_process_it_prints_only_objects_and_no_chatter(sample_home: Path) -> None:
    done = run("ask", "--as", REP, "--json", home=sample_home, said="my tasks\nmy open deals\n")
    assert done.returncode == 0, done.stderr
    assert [set(json.loads(line)) for line in done.stdout.splitlines()] == [ANSWER, ANSWER]
    assert "Traceback" not in done.stderr


def test_as_a_process_a_failure_is_one_line_on_standard_error(sample_home: Path) -> None:
    done = run("confirm", "nonsense", "--as", REP, home=sample_home)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("rapport: ")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("dance",), ("ask", "hi", "--today", "yesterday"), ("import", "x")])
def test_words_that_no_command_knows_end_with_two(sample_home: Path, words: tuple[str, ...]) -> None:
    done = run(*words, home=sample_home)
    assert done.returncode == 2
    assert "usage: rapport" in done.stderr
