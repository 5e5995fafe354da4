"""The workspace has no sign-in, so nobody but this machine's own page and app may reach it."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.local import LocalWorkspace, WorkspaceError
from tests.local.bench import PEOPLE
from tests.local.driver import Actor

Quiet = tuple[LocalWorkspace, WebClient]


def status(url: str, body: bytes | None = None, **headers: str) -> int:
    request = urllib.request.Request(url, body, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::"])
def test_it_listens_on_loopback_only(tmp_path: Path, host: str) -> None:
    with pytest.raises(WorkspaceError, match=r"127\.0\.0\.1 only"):
        LocalWorkspace(tmp_path, PEOPLE, host=host)


def test_a_taken_port_is_named(quiet: Quiet, tmp_path: Path) -> None:
    port = int(quiet[0].base_url.rstrip("/").rpartition(":")[2])
    with pytest.raises(WorkspaceError, match=f"Port {port} is taken"):
        LocalWorkspace(tmp_path, PEOPLE, port=port)


def test_a_foreign_page_can_neither_act_nor_read(quiet: Quiet) -> None:
    base = quiet[0].base_url
    say = json.dumps({"as": PEOPLE[0].email, "channel": "C1", "text": "x"}).encode()
    url = f"{base}local/say"
    assert status(url, say, Content_Type="application/json", Origin="https://evil.example") == 403
    assert status(url, say, Content_Type="application/json", Origin="null") == 403
    assert status(url, say, Content_Type="text/plain") == 415
    assert status(f"{base}local/people", Host="evil.example") == 403
    assert status(f"{base}local/people", Host="127.0.0.1:1") == 403
    assert status(f"{base}api/auth.test", b"", Origin="https://evil.example") == 403
    assert status(f"{base}local/people") == 200
    own = base.rstrip("/")
    assert status(url, say, Content_Type="application/json", Origin=own) == 400


def test_the_page_forbids_foreign_scripts(quiet: Quiet) -> None:
    with urllib.request.urlopen(quiet[0].base_url) as response:
        policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_an_uploaded_page_is_handed_out_as_a_download(quiet: Quiet) -> None:
    ana = Actor(quiet[0].base_url, PEOPLE[0].email)
    for name in ("evil.html", "evil.svg"):
        identifier = ana.upload(name, b"<script>alert(1)</script>")
        with urllib.request.urlopen(f"{quiet[0].base_url}local/files/{identifier}") as response:
            assert response.headers["Content-Disposition"].startswith("attachment")
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../workspace.py", "..%2fworkspace.py", "%2e%2e%2fworkspace.py"])
def test_the_page_s_folder_cannot_be_left(quiet: Quiet, name: str) -> None:
    assert status(f"{quiet[0].base_url}page/{name}") == 404


@pytest.mark.parametrize(
    ("text", "said"), [("", "Write something"), ("  \n", "Write something"), ("x" * 40_001, "40000")]
)
def test_what_cannot_be_sent_is_said(quiet: Quiet, text: str, said: str) -> None:
    with pytest.raises(WorkspaceError, match=said):
        Actor(quiet[0].base_url, PEOPLE[0].email).say(text)


def test_nobody_speaks_where_they_are_not_a_member(quiet: Quiet) -> None:
    stella, ana = Actor(quiet[0].base_url, "stella@buyer.example"), Actor(quiet[0].base_url, PEOPLE[0].email)
    with pytest.raises(WorkspaceError, match="not in this conversation"):
        stella.say("hello", channel=ana.channel("sales"))
    with pytest.raises(WorkspaceError, match="not in this conversation"):
        stella.messages(ana.dm())
    with pytest.raises(WorkspaceError, match="Nobody here"):
        Actor(quiet[0].base_url, "nobody@north.example")


def test_a_source_is_shown_as_the_person_who_looks_may_see_it(tmp_path: Path) -> None:
    def source(email: str, path: str) -> str:
        if email != PEOPLE[0].email:
            raise WorkspaceError("There is no such source that you can see.")
        return f"<p>The words of {path}</p>"

    with LocalWorkspace(tmp_path, PEOPLE, source_html=source) as workspace:
        url = f"{workspace.base_url}source/interaction/7"
        with urllib.request.urlopen(f"{url}?as={PEOPLE[0].email}") as response:
            assert response.read() == b"<p>The words of interaction/7</p>"
            assert "script-src" not in response.headers["Content-Security-Policy"]
        assert status(f"{url}?as={PEOPLE[1].email}") == 404
