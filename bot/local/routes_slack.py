"""Slack's side of the server: /api, the Socket Mode link, uploads, private files and response addresses."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.local.api import ApiReply, call, read_arguments
from bot.local.api_responses import respond
from bot.local.database import Json
from bot.local.delivery import Delivering
from bot.local.errors import SlackRefusal
from bot.local.rates import RateLimiter
from bot.local.state import State


class SlackRoutes:
    """The endpoints the app talks to."""

    def __init__(self, state: State, delivering: Delivering) -> None:
        self._state = state
        self._delivering = delivering
        self._limiter = RateLimiter()

    def routes(self) -> list[BaseRoute]:
        """For the server's routing table."""
        return [
            Route("/api/{method:path}", self.api, methods=["GET", "POST"]),
            WebSocketRoute("/link", self.link),
            Route("/upload/v1/{token}", self.upload, methods=["POST", "PUT"]),
            Route("/files-pri/{name:path}", self.private_file, methods=["GET"]),
            Route("/response/{token}", self.response, methods=["POST"]),
        ]

    async def api(self, request: Request) -> Response:
        """One Web API call."""
        try:
            values = read_arguments(request.headers.get("content-type", ""), await request.body(), request.url.query)
        except SlackRefusal as refusal:
            return JSONResponse(refusal.body())
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        reply: ApiReply = await run_in_threadpool(
            call, self._state, self._limiter, request.path_params["method"], token if scheme == "Bearer" else "", values
        )
        if reply.lost:
            drop: Callable[[], None] = request.scope["local.drop"]
            drop()
        return JSONResponse(reply.body, reply.status, headers=reply.headers)

    async def link(self, socket: WebSocket) -> None:
        """One Socket Mode connection."""
        sockets = self._state.sockets
        if not sockets.take_ticket(socket.query_params.get("ticket", "")):
            await socket.close(code=1008)
            return
        await sockets.greet(socket)
        self._delivering.notify()
        try:
            while True:
                self._delivering.acknowledge(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            sockets.forget(socket)

    async def upload(self, request: Request) -> Response:
        """The bytes of a file: as the body itself, or as one part of a form."""
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with request.form() as form:
                parts = [part for _, part in form.multi_items() if not isinstance(part, str)]
                content = await parts[0].read() if parts else b""
        else:
            content = await request.body()
        try:
            await run_in_threadpool(self._state.files.receive, request.path_params["token"], content)
        except SlackRefusal as refusal:
            return PlainTextResponse(refusal.code, 404)
        return PlainTextResponse(f"OK - {len(content)}")

    async def private_file(self, request: Request) -> Response:
        """A file's bytes for the app's token; everyone else is sent to the sign-in page, as on Slack."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token != self._state.identity.bot_token:
            return RedirectResponse("/", 302)
        identifier = request.path_params["name"].partition("-")[2].partition("/")[0]
        try:
            found = await run_in_threadpool(self._state.files.get, identifier)
        except SlackRefusal:
            return PlainTextResponse("file_not_found", 404)
        return Response(found.content or b"", media_type=found.doc["mimetype"])

    async def response(self, request: Request) -> Response:
        """A `response_url`."""
        try:
            body = await request.json()
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        try:
            await run_in_threadpool(self._respond, request.path_params["token"], body)
        except SlackRefusal as refusal:
            gone = refusal.code in ("expired_url", "used_url")
            return JSONResponse(refusal.body(), 404 if gone else 400)
        return PlainTextResponse("ok")

    def _respond(self, token: str, body: object) -> None:
        if not isinstance(body, dict):
            raise SlackRefusal("invalid_payload")
        values: Json = body
        respond(self._state, self._state.sessions.use_address(token), values)
