"""``rapport field`` and what a shell answers about the fields it defined."""

import pytest

from tests.cli_shell import ACCOUNT, REP, Shell, sample_home, shell

__all__ = ["sample_home", "shell"]  # fixtures

ADMIN = "ines.field@halvern.example"


@pytest.fixture
def admin(shell: Shell) -> str:
    shell.json("people", "add", ADMIN, "--role", "admin")
    return ADMIN


def test_fields_are_added_listed_changed_and_removed(shell: Shell, admin: str) -> None:
    added = shell.json(
        "field", "add", "account", "Uptime promise", "--kind", "choice", "--choice", "Gold", "--choice", "Silver",
        "--as", admin,
    )  # fmt: skip
    assert added == [
        {
            "entity": "account", "name": "uptime_promise", "label": "Uptime promise", "kind": "choice",
            "choices": ["Gold", "Silver"], "position": 2, "removed": False, "values": 0,
        }
    ]  # fmt: skip
    assert added[0] in shell.json("field", "list")
    assert [each["name"] for each in shell.json("field", "list", "deal")] == ["go_live"]
    (changed,) = shell.json(
        "field", "change", "account", "uptime_promise", "--label", "Uptime", "--choice", "Bronze", "--as", admin
    )
    assert (changed["label"], changed["choices"]) == ("Uptime", ["Gold", "Silver", "Bronze"])

    proposal = shell.ask(f"set uptime to gold on {ACCOUNT}")["proposals"][0]
    assert [(each["field"], each["old"], each["new"]) for each in proposal["changes"]] == [
        ("custom.uptime_promise", None, "Gold")
    ]
    (done,) = shell.json("confirm", proposal["id"], "--as", REP)
    assert "**Gold**" in shell.ask(f"what is the uptime of {ACCOUNT}?")["text"]
    assert "1 account with Uptime Gold" in shell.ask("accounts with uptime gold")["text"]
    shell.json("undo", done["change"], "--as", REP)
    assert "nothing is recorded" in shell.ask(f"what is the uptime of {ACCOUNT}?")["text"]

    (removed,) = shell.json("field", "remove", "account", "uptime_promise", "--purge", "--as", admin)
    assert (removed["removed"], removed["values"]) == (True, 0)
    assert "uptime_promise" not in {each["name"] for each in shell.json("field", "list")}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "account", "Mood"), "--as EMAIL of an administrator"),
        (("add", "account", "Mood", "--as", REP), "Only an administrator defines fields"),
        (("add", "account", "--as", REP), "Say on what and which"),
        (("add", "planet", "Mood", "--as", REP), "invalid choice"),
        (("change", "account", "mood", "--label", "X", "--as", ADMIN), "There are: renewal_risk, licensed_seats"),
    ],
)
def test_what_cannot_be_defined_is_answered_with_what_can(
    shell: Shell, admin: str, arguments: tuple[str, ...], said: str
) -> None:
    done = shell("field", *arguments)
    assert done.code in (1, 2)
    assert said in done.words


def test_the_sample_company_answers_about_its_own_fields(shell: Shell) -> None:
    assert "**High**" in shell.ask(f"what is the renewal risk of {ACCOUNT}?")["text"]
    assert "Meridian renewal" in shell.ask("deals with renewal risk high")["text"]
    shown = shell.ask("average licensed seats by industry")
    assert shown["text"].startswith("**Average licensed seats")
    assert shown["cards"][0]["type"] == "table"
