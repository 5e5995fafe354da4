"""What listens on this machine for requests from outside, behind the company's own proxy: one server, one limit on bodies."""

import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request

from bot.errors import Unavailable

_START_S = 10.0


async def body_up_to(request: Request, most: int) -> bytes | None:
    """The body of a request, or None as soon as it is known to be longer than ``most`` bytes; no more than that is kept."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > most:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            return None
    return bytes(body)


class LoopbackServer:
    """Serves ``web`` at ``http://host:port`` in a thread of its own while the context is open; ``port`` 0 takes any free one.
    ``refused`` is what to do where the port cannot be opened.

    :raises Unavailable: says so when the context is entered.
    """

    def __init__(self, web: Starlette, port: int, *, name: str, refused: str, host: str = "127.0.0.1") -> None:
        self._server = uvicorn.Server(uvicorn.Config(web, host=host, port=port, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._refused = refused

    def _run(self) -> None:
        with suppress(SystemExit):  # how uvicorn ends where the port is taken, which __enter__ tells
            self._server.run()

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise Unavailable(self._refused)
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def url(self) -> str:
        """Without a path."""
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"
