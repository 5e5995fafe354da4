"""A chat completions server that follows a script: it streams as the real one does and fails in every way one can.

It stands for an edge we do not own, and refuses what the real one refuses: tool results that answer no call.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Calls = list[tuple[str, dict[str, Any] | str]]


@dataclass(frozen=True)
class Said:
    """One reply. ``status`` other than 200 fails; ``cut`` closes the connection before the end; ``wait`` holds every piece back
    until the server closes; ``drip`` sends that many seconds apart without an end; ``raw`` is sent as the only piece."""

    text: str = ""
    calls: Calls = field(default_factory=list)
    finish: str | None = None
    status: int = 200
    message: str = "scripted"
    headers: tuple[tuple[str, str], ...] = ()
    refusal: str | None = None
    cut: bool = False
    wait: bool = False
    drip: float = 0
    raw: bytes = b""


Reply = Callable[[dict[str, Any]], Said]


class Provider:
    """``reply`` gets each request's body; ``asked`` keeps them, ``keys`` what they were signed with."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.reply: Reply = lambda body: Said("nothing scripted")
        self.closing = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                provider.asked.append(body)
                provider.keys.append(self.headers["Authorization"])
                said = provider.reply(body) if _answers_its_calls(body) else Said(status=400)
                try:
                    self._fail(said) if said.status != 200 else self._stream(said)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def _fail(self, said: Said) -> None:
                data = json.dumps({"error": {"message": said.message}}).encode()
                self.send_response(said.status)
                for name, value in (*said.headers, ("Content-Length", str(len(data)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def _stream(self, said: Said) -> None:
                if said.wait:
                    provider.closing.wait(120)
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                if said.raw:
                    self.wfile.write(said.raw)
                    return
                while said.drip and not provider.closing.wait(said.drip):
                    self._send({"content": "and "}, None)
                for delta in _deltas(said):
                    self._send(delta, None)
                if said.cut:
                    return
                self._send({}, said.finish or ("tool_calls" if said.calls else "stop"))
                self.wfile.write(b"data: [DONE]\n\n")

            def _send(self, delta: dict[str, Any], finish: str | None) -> None:
                chunk = {
                    "id": "c", "object": "chat.completion.chunk", "created": 0, "model": "test",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
                }  # fmt: skip
                self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
                self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                """Tests print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self._serving = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._serving.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def _answers_its_calls(body: dict[str, Any]) -> bool:
    called = {call["id"] for message in body["messages"] for call in message.get("tool_calls") or []}
    return {message["tool_call_id"] for message in body["messages"] if message["role"] == "tool"} <= called


def _deltas(said: Said) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    for at in range(0, len(said.text), 7):
        yield {"content": said.text[at : at + 7]}
    if said.refusal:
        yield {"refusal": said.refusal}
    for at, (name, args) in enumerate(said.calls):
        written = args if isinstance(args, str) else json.dumps(args)
        yield {"tool_calls": [{"index": at, "id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": ""}}]}
        yield {"tool_calls": [{"index": at, "function": {"arguments": written}}]}


def after_tools(calls: Calls, text: str) -> Reply:
    """Call these tools first, then say this."""
    return lambda body: Said(text) if body["messages"][-1]["role"] == "tool" else Said(calls=calls)
