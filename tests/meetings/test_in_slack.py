"""Meetings through the real bot: a file dropped in Slack, and one that the webhook takes, in a local workspace."""

import json
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import Rapport
from bot.local.people import LocalPerson
from bot.local.workspace import LocalWorkspace
from bot.loopback import LoopbackServer
from bot.meetings.webhook import PATH, signature
from bot.running import local_workspace
from bot.settings import Settings
from crm_store.queries.interactions import InteractionFilter, interactions
from tests.local.driver import Actor
from tests.meetings.company import SYSTEM, Company, company, vtt

SECRET = "a long secret"
TEXT = vtt(
    "Rena Falk: Good morning.",
    "Ida Sund: I will send you the shift plan by Monday &lt;!channel&gt;.",
    "Rena Falk: I'll send you the layout study by Friday.",
)


@dataclass
class Office:
    rapport: Rapport
    firm: Company
    workspace: LocalWorkspace
    url: str

    @property
    def rena(self) -> Actor:
        return Actor(self.workspace.base_url, self.firm.rep.email)

    def said(self) -> str:
        """Everything the bot posted to Rena."""
        return "\n".join(
            message.text + json.dumps(message.blocks, ensure_ascii=False)
            for message in self.rena.messages()
            if message.from_bot
        )

    def wait_for(self, words: str) -> str:
        deadline = time.monotonic() + 30
        while words not in self.said():
            assert time.monotonic() < deadline, f"{words!r} never came: {self.said()[:2000]}"
            time.sleep(0.05)
        return self.said()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    settings = Settings(home=tmp_path / "home", webhook_secret=SECRET, webhook_port=0)
    settings.home.mkdir()
    with Rapport(settings) as rapport:
        rapport.open(create=True)
        firm = company(rapport.store)
        people = [LocalPerson(firm.rep.email, firm.rep.name), LocalPerson(firm.other.email, firm.other.name)]
        with local_workspace(rapport, tmp_path / "workspace", people) as workspace, rapport.webhook() as server:
            assert isinstance(server, LoopbackServer)
            yield Office(rapport, firm, workspace, server.url + PATH)


def test_a_meeting_sent_to_the_webhook_reaches_its_host_with_a_card(office: Office) -> None:
    content = json.dumps(
        {
            "id": "rec-9",
            "title": "Weekly",
            "started_at": "2026-11-19T09:00:00Z",
            "host_email": office.firm.rep.email,
            "transcript": TEXT,
        }
    ).encode()
    stamp = str(int(time.time()))
    headers = {"X-Rapport-Timestamp": stamp, "X-Rapport-Signature": signature(SECRET, stamp, content)}
    with urllib.request.urlopen(urllib.request.Request(office.url, content, headers), timeout=20) as answer:
        assert answer.status == 202
    said = office.wait_for("shift plan")
    assert "Kestrel Foods" in said
    assert "<!channel>" not in said


def test_a_transcript_dropped_in_slack_is_logged_and_its_rest_proposed(office: Office) -> None:
    office.rena.say("", files=[("weekly.vtt", TEXT.encode())])
    said = office.wait_for("layout study")
    assert "Undo" in said
    assert "<!channel>" not in said
    with office.rapport.store.read(SYSTEM) as session:
        found = interactions(session, InteractionFilter(channel="meeting"), limit=9)
    assert [row.account for row in found.rows] == ["Kestrel Foods"]
