"""Signed HTTP: the other way Slack reaches the app, for those who cannot keep a socket open."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from slack_bolt import BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import Misconfigured
from bot.loopback import LoopbackServer, body_up_to
from bot.slack.app import SlackApp, SlackTokens

PATH = "/slack/events"
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
        body = await body_up_to(request, MOST_BYTES)
        if body is None:
            return Response("too large", status_code=413)
        made = BoltRequest(body=body.decode("utf-8", "replace"), query=request.url.query, headers=dict(request.headers))
        answer = await run_in_threadpool(slack.bolt.dispatch, made)
        return Response(answer.body, status_code=answer.status, headers=answer.first_headers_without_set_cookie())

    return [Route(PATH, receive, methods=["POST"])]


@contextmanager
def _serving(slack: SlackApp, server: LoopbackServer) -> Iterator[LoopbackServer]:
    """The server until the block ends, and then the end of the app's own threads."""
    with closing(slack), server:
        yield server


def serve_http(slack: SlackApp, tokens: SlackTokens, port: int) -> AbstractContextManager[LoopbackServer]:
    """Listen for Slack's signed requests at ``http://127.0.0.1:port/slack/events``; use it as a context manager.

    :raises Misconfigured: without a signing secret.
    """
    web = Starlette(routes=routes(slack, tokens))
    refused = f"Port {port} for Slack's events cannot be opened. Choose another one with --port."
    return _serving(slack, LoopbackServer(web, port, name="slack-http", refused=refused))
