"""Signed HTTP: the other way Slack reaches the app, for those who cannot keep a socket open."""

import threading
import time
from types import TracebackType
from typing import Self

import uvicorn
from slack_bolt import BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import Misconfigured, Unavailable
from bot.slack.app import SlackApp, SlackTokens

PATH = "/slack/events"
START_SECONDS = 10.0
MOST_BYTES = 2_000_000


def routes(slack: SlackApp, tokens: SlackTokens) -> list[Route]:
    """One route for events, buttons and commands alike; Bolt refuses what is not signed, or signed too long ago.

    :raises Misconfigured: without a signing secret, because anybody could then speak as Slack.
    """
    if not tokens.signing_secret:
        raise Misconfigured(
            "SLACK_SIGNING_SECRET is missing, and without it nobody can tell Slack from a stranger. "
            "Copy it from your Slack app's page, 'Basic Information'."
        )

    async def receive(request: Request) -> Response:
        body = await request.body()
        if len(body) > MOST_BYTES:
            return Response("too large", status_code=413)
        made = BoltRequest(body=body.decode("utf-8", "replace"), query=request.url.query, headers=dict(request.headers))
        answer = await run_in_threadpool(slack.bolt.dispatch, made)
        return Response(answer.body, status_code=answer.status, headers=answer.first_headers_without_set_cookie())

    return [Route(PATH, receive, methods=["POST"])]


class HttpServer:
    """Serves one app at ``http://host:port/slack/events`` while the context is open."""

    def __init__(self, slack: SlackApp, tokens: SlackTokens, port: int, host: str = "127.0.0.1") -> None:
        app = Starlette(routes=routes(slack, tokens))
        self._server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, name="slack-http", daemon=True)
        self._slack = slack

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise Unavailable("The port for Slack's events cannot be opened. Choose another one.")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._slack.close()
