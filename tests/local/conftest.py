"""Workspaces for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.local import LocalChannel, LocalWorkspace
from tests.local.bench import PEOPLE, Bench, echo, open_bench


@pytest.fixture(params=["socket", "http"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """The echoing app, over each transport in turn."""
    bench = open_bench(tmp_path, echo, request.param)
    yield bench
    bench.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The echoing app over Socket Mode."""
    found = open_bench(tmp_path, echo)
    yield found
    found.close()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalWorkspace, WebClient]]:
    """A workspace without an app, for calls of the Web API alone."""
    channels = (
        LocalChannel("sales", tuple(p.email for p in PEOPLE[:2])),
        LocalChannel("random", (PEOPLE[0].email,), bot=False),
        LocalChannel("board", (PEOPLE[1].email,), is_private=True, bot=False),
    )
    with LocalWorkspace(tmp_path_factory.mktemp("quiet"), PEOPLE, channels=channels, trigger_seconds=60.0) as workspace:
        yield workspace, WebClient(token=workspace.bot_token, base_url=workspace.api_url)
