"""The signed webhook: any recorder can post a meeting here, once it is told the secret.

``POST /meetings`` with the JSON of :class:`SentMeeting` and two headers: ``X-Rapport-Timestamp``, seconds since 1970, and
``X-Rapport-Signature``, ``v1=`` and the hex HMAC-SHA256 of ``v1:‹timestamp›:‹body›`` under ``RAPPORT_WEBHOOK_SECRET``. A meeting
is one durable row before the 202 that answers it; posting it again changes nothing. A 503 asks to post it again later.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.errors import BadInput
from bot.loopback import LoopbackServer, body_up_to
from bot.meetings.meeting import Attendee, Meeting, Turn
from bot.meetings.sources import made_meeting, read_meeting
from crm_store import jobs
from crm_store.access import Scope
from crm_store.errors import StoreUnavailable, UnknownPerson
from crm_store.people import Visibility, caller_for
from crm_store.store import Store

JOB_KIND = "meeting"
PATH = "/meetings"
MOST_BYTES = 4_000_000
TOLERANCE_S = 300
_LATER_S = 60
"""After so many seconds a recorder may try again."""
_log = logging.getLogger(__name__)
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
        body = await body_up_to(request, MOST_BYTES)
        if body is None:
            return _no(413, f"A meeting may have up to {MOST_BYTES // 1_000_000} MB.")
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
    except UnknownPerson as error:
        return _no(422, str(error))
    except StoreUnavailable as error:
        _log.error("A meeting was not written down and its recorder was asked to send it again: %s", error)
        again = {"Retry-After": str(_LATER_S)}
        return _no(503, "The meeting could not be written down just now. Send it again in a minute.", again)
    if fresh:
        accepted()
    return JSONResponse({"id": sent.id, "status": "accepted" if fresh else "received before"}, status_code=202)


def _no(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": sentence}, status_code=status, headers=headers)


def serve(web: Starlette, port: int) -> LoopbackServer:
    """Serves the webhook at ``http://127.0.0.1:port/meetings`` while the context is open."""
    refused = f"Port {port} for the meeting webhook cannot be opened. Set RAPPORT_WEBHOOK_PORT to another one."
    return LoopbackServer(web, port, name="meeting-webhook", refused=refused)
