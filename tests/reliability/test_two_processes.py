"""The command line works beside a running ``rapport local``, on the same home, both reading and writing."""

import json
from pathlib import Path

import pytest

from bot.app import Rapport
from tests.e2e.running import local_service
from tests.local.driver import Actor
from tests.reliability.conftest import REP, found_company, settings_for


@pytest.mark.timeout(400)
def test_the_command_line_works_while_the_bot_runs(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Rapport(settings_for(home)) as rapport:
        found_company(rapport)
    with local_service(home, "--empty") as service:
        asked = service.ask("Log a call with Oskar Wendt: he will send the umbrella figures", REP)
        assert asked.returncode == 0, asked.stderr
        (proposal,) = json.loads(asked.stdout)["proposals"]
        confirmed = service.run("confirm", proposal["id"], "--as", REP, "--json")
        assert confirmed.returncode == 0, confirmed.stderr
        rep = Actor(service.url, REP)
        reply = rep.wait_for_reply(rep.say("When did we last talk to Oskar Wendt?"), timeout=60)
        assert "umbrella figures" in reply.full_text
        undone = service.run("undo", json.loads(confirmed.stdout)["change"], "--as", REP)
        assert undone.returncode == 0, undone.stderr
        reply = rep.wait_for_reply(rep.say("When did we last talk to Oskar Wendt?"), timeout=60)
        assert "umbrella figures" not in reply.full_text
        doctor = service.run("doctor")
        assert "held by a running rapport" in doctor.stdout
