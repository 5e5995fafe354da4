"""What every command says to input, settings and surroundings that it cannot use."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.app import Rapport
from bot.settings import Settings
from crm_store.models import Account, Interaction, Proposal
from tests.cli_shell import ANSWER, REP, TODAY, UNREACHABLE, Shell, bare, no_insides, refused, sample_home, shell

__all__ = ["bare", "sample_home", "shell"]  # fixtures


# Input that cannot be used


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "my tasks"),
        ("confirm", "x"),
        ("reject", "x"),
        ("undo", "x"),
        ("report", "-"),
        ("meeting", "log", __file__),
    ],
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
    no_insides(said.words)
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
    no_insides(said.words)
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
    "command",
    [("ask", "my tasks", "--as", REP), ("db", "upgrade"), ("people", "list"), ("doctor",), ("local", "--port", "0")],
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
    "command",
    [("db", "sample"), ("local", "--port", "0"), ("people", "list"), ("import", ".", "--from", "csv"), ("doctor",)],
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
    no_insides(said.words)


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
