"""Signed HTTP: the same answers over the other transport, and nothing for whoever cannot sign."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot.app import Rapport
from bot.errors import Misconfigured
from bot.jobs import Worker
from bot.local.workspace import LocalWorkspace
from bot.settings import Settings
from bot.slack.app import SlackTokens, build, web_client
from bot.slack.http import serve_http
from bot.slack.manifest import manifest
from bot.slack.serve import serve_socket, tokens_of
from crm_store.access import Scope
from tests import builders
from tests.local.driver import Actor
from tests.slack.company import REP, Company
from tests.slack.conftest import PEOPLE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_signed_event_is_answered_and_an_unsigned_one_is_refused(company: Company, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events"
    with LocalWorkspace(tmp_path / "workspace", PEOPLE, transport="http", events_url=url) as workspace:
        tokens = SlackTokens(workspace.bot_token, "", workspace.signing_secret, workspace.api_url)
        slack = build(company, tokens)
        worker = Worker(company.store, slack.handlers, company.clock)
        worker.start()
        try:
            with serve_http(slack, tokens, port):
                rep = Actor(workspace.base_url, REP)
                assert "You said: hello" in rep.wait_for_reply(rep.say("hello")).full_text
                forged = urllib.request.Request(url, data=b'{"type":"event_callback"}', method="POST")
                with pytest.raises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(forged, timeout=5)
                assert refused.value.code == 401
        finally:
            worker.stop()


def test_the_command_serves_a_workspace_that_posts_to_it_and_needs_no_app_token(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    home.mkdir()
    with Rapport(Settings(home=home)) as rapport:
        rapport.open(create=True)
        with rapport.store.write(Scope.system("test")) as session:
            builders.person(session, "Ada Winter", email=REP)
    url = f"http://127.0.0.1:{port}/slack/events"
    with LocalWorkspace(tmp_path / "workspace", PEOPLE, transport="http", events_url=url) as workspace:
        ours = ("RAPPORT_", "SLACK_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
            "RAPPORT_HOME": str(home), "SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": workspace.api_url, "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        command = [sys.executable, "-m", "bot.cli", "serve", "--transport", "http", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(f"Listening for Slack at {url}.")
            rep = Actor(workspace.base_url, REP)
            assert rep.wait_for_reply(rep.say("what are my tasks?"), timeout=60).full_text
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_the_manifest_for_http_names_the_address_wherever_slack_posts() -> None:
    url = "https://rapport.company.example/slack/events"
    made = manifest(url=url)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"]["request_url"] == url
    assert [each["url"] for each in made["features"]["slash_commands"]] == [url]
    assert url not in json.dumps(manifest())


def test_http_without_a_signing_secret_is_refused(company: Company, tmp_path: Path) -> None:
    with LocalWorkspace(tmp_path / "workspace", PEOPLE) as workspace:
        tokens = SlackTokens(workspace.bot_token, api_url=workspace.api_url)
        with pytest.raises(Misconfigured, match="SLACK_SIGNING_SECRET"):
            serve_http(build(company, tokens), tokens, free_port())


def test_a_missing_or_refused_token_is_named(company: Company, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="SLACK_BOT_TOKEN"):
        web_client(SlackTokens("xapp-not-a-bot-token"))
    with pytest.raises(Misconfigured, match="SLACK_BOT_TOKEN"):
        tokens_of(company.settings)
    with LocalWorkspace(tmp_path / "workspace", PEOPLE) as workspace:
        with pytest.raises(Misconfigured, match="SLACK_BOT_TOKEN"):
            build(company, SlackTokens("xoxb-wrong", api_url=workspace.api_url))
        tokens = SlackTokens(workspace.bot_token, "xapp-wrong", api_url=workspace.api_url)
        with pytest.raises(Misconfigured, match="SLACK_APP_TOKEN"), serve_socket(build(company, tokens), tokens, 2):
            pass
