"""The signed webhook: any recorder can post a meeting here, once it is told the secret.

``POST /meetings`` with the JSON of :class:`SentMeeting` and two headers: ``X-Rapport-Timestamp``, seconds since 1970, and
``X-Rapport-Signature``, ``v1=`` and the hex HMAC-SHA256 of ``v1:‹timestamp›:‹body›`` under ``RAPPORT_WEBHOOK_SECRET``. A meeting
is one durable row before the 202 that answers it; posting it again changes nothing.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

import uvicorn
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.errors import KNOWN, BadInput, Unavailable
from bot.meetings.meeting import Attendee, Meeting, Turn
from bot.meetings.sources import made_meeting, read_meeting
from crm_store import jobs
from crm_store.access import Scope
from crm_store.people import Visibility, caller_for
from crm_store.store import Store

JOB_KIND = "meeting"
PATH = "/meetings"
MOST_BYTES = 4_000_000
TOLERANCE_S = 300
_START_S = 10.0
_SYSTEM = Scope.system("meeting webhook")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SentAttendee(_Strict):
    name: str = Field(min_length=1, max_length=160)
    email: str | None = Field(None, max_length=254)


class SentTurn(_Strict):
    """``offset_s`` counts seconds from the start."""

    speaker: str | None = Field(None, max_length=160)
    offset_s: int | None = Field(None, ge=0, le=1_000_000)
    text: str = Field(max_length=50_000)


class SentMeeting(_Strict):
    """A meeting as a recorder posts it. ``id`` is the recorder's own and keeps it from being logged twice; ``host_email`` is
    the person of ours it is logged as. Exactly one of ``transcript`` (WebVTT or SRT), ``turns`` and ``notes``."""

    id: str = Field(min_length=1, max_length=120)
    title: str = Field("", max_length=200)
    started_at: AwareDatetime
    duration_s: int | None = Field(None, ge=0, le=1_000_000)
    host_email: str = Field(min_length=3, max_length=254)
    account: str | None = Field(None, max_length=200)
    attendees: list[SentAttendee] = Field(default_factory=list, max_length=200)
    transcript: str | None = None
    turns: list[SentTurn] | None = Field(None, max_length=20_000)
    notes: str | None = None

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        given = [name for name in ("transcript", "turns", "notes") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("give exactly one of transcript, turns and notes")
        return self

    def meeting(self, zone: ZoneInfo) -> Meeting:
        """:raises BadInput: when its text holds nothing that can be read."""
        listed = [Attendee(one.name, one.email.lower() if one.email else None) for one in self.attendees]
        if self.turns:
            turns = [Turn(one.speaker or None, one.offset_s, " ".join(one.text.split())) for one in self.turns]
            if not any(turn.text for turn in turns):
                raise BadInput(f"{self.id} holds no spoken words: all its turns are empty.")
            return made_meeting(self.title, self.started_at, turns, listed, self.id, self.duration_s, self.account)
        name, text = ("transcript.vtt", self.transcript) if self.transcript else ("notes.txt", self.notes)
        read = read_meeting(name, (text or "").encode(), self.started_at, zone)
        return made_meeting(self.title or read.title, self.started_at, read.turns, [*listed, *read.attendees], self.id,
                            self.duration_s or read.duration_s, self.account or read.account)  # fmt: skip


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What the header must say."""
    return "v1=" + hmac.new(secret.encode(), f"v1:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def app(
    store: Store,
    secret: str | None,
    visibility: Visibility,
    clock: Callable[[], datetime],
    accepted: Callable[[], None],
) -> Starlette:
    """The web application. ``accepted`` is called after a meeting was written down, to wake a worker."""

    async def receive(request: Request) -> Response:
        if not secret:
            return _no(404, "The meeting webhook is closed. Set RAPPORT_WEBHOOK_SECRET to open it.")
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > MOST_BYTES:
            return _too_large()
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                return _too_large()
        stamp, given = request.headers.get("x-rapport-timestamp", ""), request.headers.get("x-rapport-signature", "")
        if not hmac.compare_digest(given.encode(), signature(secret, stamp, body).encode()):
            return _no(
                401,
                "The signature does not fit. Sign v1:TIMESTAMP:BODY with HMAC-SHA256 and send it as X-Rapport-Signature: v1=HEX.",
            )
        if (
            not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12)
            or abs(clock().timestamp() - int(stamp)) > TOLERANCE_S
        ):
            return _no(
                401,
                "The timestamp is more than five minutes off. Send X-Rapport-Timestamp in seconds since 1970 and check the clock.",
            )
        return await run_in_threadpool(_accept, store, body, visibility, clock(), accepted)

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])])


def _accept(store: Store, body: bytes, visibility: Visibility, now: datetime, accepted: Callable[[], None]) -> Response:
    try:
        sent = SentMeeting.model_validate_json(body)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'body'}: {one['msg']}" for one in error.errors()[:5]
        )
        return _no(422, f"The meeting cannot be used: {problems}.")
    try:
        with store.write(_SYSTEM) as session:
            caller_for(session, sent.host_email, visibility)
            fresh = jobs.enqueue(session, JOB_KIND, f"meeting:webhook:{sent.id}", sent.model_dump(mode="json"), now=now)
    except KNOWN as error:
        return _no(422, str(error))
    if fresh:
        accepted()
    return JSONResponse({"id": sent.id, "status": "accepted" if fresh else "received before"}, status_code=202)


def _too_large() -> Response:
    return _no(413, f"A meeting may have up to {MOST_BYTES // 1_000_000} MB.")


def _no(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)


class WebhookServer:
    """Serves the webhook at ``http://host:port/meetings`` while the context is open; ``port`` 0 takes any free one."""

    def __init__(self, web: Starlette, port: int, host: str = "127.0.0.1") -> None:
        self._server = uvicorn.Server(uvicorn.Config(web, host=host, port=port, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, name="meeting-webhook", daemon=True)
        self._port = port

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise Unavailable(
                    f"Port {self._port} for the meeting webhook cannot be opened. Set RAPPORT_WEBHOOK_PORT to another one."
                )
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def url(self) -> str:
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}{PATH}"
