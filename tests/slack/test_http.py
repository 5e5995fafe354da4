"""Signed HTTP: the same answers over the other transport, and nothing for whoever cannot sign."""

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.jobs import Worker
from bot.local.driver import Actor
from bot.local.workspace import LocalWorkspace
from bot.slack.app import SlackTokens, build, web_client
from bot.slack.serve import serve_http, serve_socket, tokens_of
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
