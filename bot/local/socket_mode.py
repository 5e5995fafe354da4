"""Socket Mode: the WebSocket connections of the app, and one-time addresses to open them."""

import json
import secrets
import threading

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.local.database import Json
from bot.local.identity import Identity


class Sockets:
    """The open connections; deliveries go round-robin over them, as Slack spreads them."""

    def __init__(self, identity: Identity) -> None:
        self._me = identity
        self._tickets: set[str] = set()
        self._lock = threading.Lock()
        self._open: list[WebSocket] = []
        self._next = 0

    def new_ticket(self) -> str:
        """A ticket that opens one connection."""
        ticket = secrets.token_urlsafe(16)
        with self._lock:
            self._tickets.add(ticket)
        return ticket

    def take_ticket(self, ticket: str) -> bool:
        """Whether the ticket is good; spent when it is."""
        with self._lock:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
                return True
            return False

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    async def greet(self, socket: WebSocket) -> None:
        """Accept the connection and say hello."""
        await socket.accept()
        self._open.append(socket)
        await socket.send_text(
            json.dumps(
                {
                    "type": "hello",
                    "num_connections": self.count,
                    "connection_info": {"app_id": self._me.app_id},
                    "debug_info": {"host": "local-workspace", "build_number": 1, "approximate_connection_time": 18060},
                }
            )
        )

    def forget(self, socket: WebSocket) -> None:
        """The connection is gone."""
        if socket in self._open:
            self._open.remove(socket)

    async def send(self, envelope: Json) -> bool:
        """Send over one open connection; False when there is none."""
        while self._open:
            self._next = (self._next + 1) % len(self._open)
            socket = self._open[self._next]
            try:
                await socket.send_text(json.dumps(envelope))
            except (WebSocketDisconnect, RuntimeError, OSError):
                self.forget(socket)
                continue
            return True
        return False

    async def disconnect_all(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to reconnect, then close it."""
        for socket in list(self._open):
            self.forget(socket)
            try:
                await socket.send_text(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {}}))
                await socket.close()
            except (WebSocketDisconnect, RuntimeError, OSError):
                continue
