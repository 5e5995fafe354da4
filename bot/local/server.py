"""The HTTP server: loopback only, in a thread of its own."""

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute

from bot.local.errors import WorkspaceError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
START_SECONDS = 15.0
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on a loopback address; anything else is refused."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise WorkspaceError(f"The local workspace has no sign-in, so it listens on 127.0.0.1 only, not on {host}.")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise WorkspaceError(f"Port {port} is taken ({error.strerror}). Choose another with --port.") from error
    listening.listen(256)
    return listening


class Guard:
    """The outermost layer: only loopback host names, no foreign origins, and a way to drop a connection."""

    def __init__(self, app: Starlette, port: int) -> None:
        self._app = app
        # The SDK's Socket Mode client names the host without its port.
        self._hosts = {name for host in ("127.0.0.1", "localhost") for name in (host, f"{host}:{port}")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
            host, origin = headers.get("host", ""), headers.get("origin")
            foreign = origin is not None and origin.partition("://")[2] not in self._hosts
            # A foreign page may neither act nor, by rebinding a name, read.
            if host not in self._hosts or (foreign and scope.get("method") not in SAFE_METHODS):
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                    return
                await PlainTextResponse("This server answers its own page only.", 403)(scope, receive, send)
                return
            if scope["type"] == "http":
                scope["local.drop"] = _dropper(send)
        await self._app(scope, receive, send)


def _dropper(send: Send) -> Callable[[], None]:
    """Cuts the connection under the answer: uvicorn's `send` is a method of the request's cycle."""

    def drop() -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()

    return drop


class Server:
    """Serves the routes in a background thread, with a background task beside them."""

    def __init__(
        self,
        routes: Sequence[BaseRoute],
        listening: socket.socket,
        background: Callable[[asyncio.AbstractEventLoop], Awaitable[None]],
    ) -> None:
        port = listening.getsockname()[1]
        self._listening = listening
        self._background = background
        app = Starlette(routes=list(routes), lifespan=self._lifespan)
        config = uvicorn.Config(
            Guard(app, port),
            log_level="error",
            access_log=False,
            http="h11",
            ws="websockets-sansio",
            lifespan="on",
            timeout_graceful_shutdown=1,
            ws_max_size=1 << 24,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="local-workspace", daemon=True)
        self._ready = threading.Event()

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        task = asyncio.ensure_future(self._background(asyncio.get_running_loop()))
        self._ready.set()
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _run(self) -> None:
        self._server.run(sockets=[self._listening])

    def start(self) -> None:
        """Serve; returns once requests are answered."""
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise WorkspaceError("The local workspace did not start within 15 seconds.")

    def stop(self) -> None:
        """Stop serving; open connections are closed."""
        self._server.should_exit = True
        self._thread.join(10)
