"""What the commands answer and do, and what they print as processes of their own."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crm_store.models import Change, Interaction
from tests.cli_shell import (
    ACCOUNT,
    ANSWER,
    CHAMPION,
    OTHER_REP,
    REP,
    TODAY,
    Shell,
    bare,
    refused,
    sample_home,
    shell,
    surroundings,
)

__all__ = ["bare", "sample_home", "shell"]  # fixtures


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
