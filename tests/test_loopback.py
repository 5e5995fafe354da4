"""What listens on loopback: it takes no more of a body than it allows, and says when its port is taken."""

import asyncio
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from bot.errors import Unavailable
from bot.loopback import LoopbackServer, body_up_to


class Sender:
    """Somebody who sends pieces for as long as they are taken, and says how many bytes it will be if ``declared``."""

    def __init__(self, pieces: list[bytes], declared: int | None = None) -> None:
        self.left: Iterator[bytes] = iter(pieces)
        self.taken = 0
        self.headers = [] if declared is None else [(b"content-length", str(declared).encode())]

    async def receive(self) -> Message:
        piece = next(self.left, None)
        self.taken += piece is not None
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    def body(self, most: int) -> bytes | None:
        reading = body_up_to(Request({"type": "http", "headers": self.headers}, self.receive), most)
        with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep a loop in this thread
            return apart.submit(asyncio.run, reading).result()


def test_a_body_is_read_whole_up_to_its_limit() -> None:
    assert Sender([b"ab", b"cd"]).body(4) == b"abcd"


def test_a_body_that_hides_its_length_is_dropped_as_soon_as_it_is_too_long() -> None:
    endless = Sender([b"abc"] * 1_000)
    assert endless.body(4) is None
    assert endless.taken == 2


def test_a_body_that_says_it_is_too_long_is_not_read_at_all() -> None:
    honest = Sender([b"abc"], declared=5)
    assert honest.body(4) is None
    assert honest.taken == 0


def _answering() -> Starlette:
    async def ok(_: Request) -> Response:
        return Response("ok")

    return Starlette(routes=[Route("/", ok)])


def test_it_serves_this_machine_alone_until_the_block_ends() -> None:
    with LoopbackServer(_answering(), 0, name="test", refused="taken") as server:
        url = server.url
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=20) as answer:
            assert answer.read() == b"ok"
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=20)


def test_a_taken_port_is_said_in_the_words_it_was_given() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = LoopbackServer(_answering(), taken.getsockname()[1], name="test", refused="Choose another port.")
        with pytest.raises(Unavailable, match="Choose another port"), server:
            pass
