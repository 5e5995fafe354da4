"""The people's side of the server: the page, its JSON door, its live updates and files."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.errors import RapportError
from bot.local.arguments import Arguments
from bot.local.database import Json
from bot.local.desk import Desk, Endpoint
from bot.local.errors import SlackRefusal
from bot.local.local_api import READS, WRITES, store_upload

PAGE = Path(__file__).parent / "page"
MEDIA = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
UPLOAD_LIMIT = 50 * 1024 * 1024
WAIT_SECONDS = 25.0
SourceHtml = Callable[[str, str], str]


class PageRoutes:
    """The endpoints the browser and the test driver talk to."""

    def __init__(self, desk: Desk, source_html: SourceHtml | None) -> None:
        self._desk = desk
        self._source_html = source_html

    def routes(self) -> list[BaseRoute]:
        """For the server's routing table."""
        return [
            Route("/", self.page),
            Route("/page/{name}", self.asset),
            Route("/local/events", self.events),
            Route("/local/changes", self.changes),
            Route("/local/upload", self.upload, methods=["POST"]),
            Route("/local/files/{identifier}", self.file),
            Route("/local/{name}", self.read, methods=["GET"]),
            Route("/local/{name}", self.write, methods=["POST"]),
            *([Route("/source/{path:path}", self.source)] if self._source_html else []),
        ]

    async def page(self, _request: Request) -> Response:
        """The page itself."""
        return FileResponse(
            PAGE / "index.html", headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        )

    async def asset(self, request: Request) -> Response:
        """One of the page's own files."""
        path = PAGE / Path(request.path_params["name"]).name
        if not path.is_file():
            return PlainTextResponse("Not found", 404)
        return FileResponse(path, media_type=MEDIA.get(path.suffix), headers={"Cache-Control": "no-cache"})

    async def _answer(self, endpoint: Endpoint | None, values: Json) -> Response:
        if endpoint is None:
            return JSONResponse({"error": "There is no such door."}, 404)
        try:
            return JSONResponse(await run_in_threadpool(endpoint, self._desk, Arguments(values)))
        except RapportError as error:
            code = error.code if isinstance(error, SlackRefusal) else ""
            return JSONResponse({"error": str(error), "code": code}, 400)

    async def read(self, request: Request) -> Response:
        """What a person sees."""
        return await self._answer(READS.get(request.path_params["name"]), dict(request.query_params))

    async def write(self, request: Request) -> Response:
        """What a person does; JSON only, so that no foreign form can do it."""
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "Send JSON."}, 415)
        try:
            values = await request.json()
        except ValueError:
            return JSONResponse({"error": "This is not JSON."}, 400)
        return await self._answer(WRITES.get(request.path_params["name"]), values if isinstance(values, dict) else {})

    async def upload(self, request: Request) -> Response:
        """Keep a file: the body is its bytes, the query names it and its person."""
        content = await request.body()
        if len(content) > UPLOAD_LIMIT:
            return JSONResponse({"error": "A file may have at most 50 MB."}, 413)
        name = Path(request.query_params.get("name") or "file").name

        def keep(desk: Desk, args: Arguments) -> Json:
            return store_upload(desk, args.required("as"), name, content)

        return await self._answer(keep, dict(request.query_params))

    async def file(self, request: Request) -> Response:
        """A file as the page shows it: pictures in place, anything else as a download."""
        try:
            found = await run_in_threadpool(self._desk.state.files.get, request.path_params["identifier"])
        except SlackRefusal:
            return PlainTextResponse("Not found", 404)
        shown = "inline" if found.doc["mimetype"] in INLINE else "attachment"
        name = str(found.doc["name"]).encode("ascii", "replace").decode().replace('"', "'")
        return Response(
            found.content or b"",
            media_type=found.doc["mimetype"],
            headers={
                "Content-Disposition": f'{shown}; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )

    async def source(self, request: Request) -> Response:
        """What a citation links to, as this person may see it."""
        assert self._source_html is not None
        work = partial(self._source_html, request.query_params.get("as", ""), request.path_params["path"])
        try:
            html = await run_in_threadpool(work)
        except RapportError as error:
            return PlainTextResponse(str(error), 404)
        return HTMLResponse(
            html,
            headers={
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline' 'self'; img-src 'self' data:"
            },
        )

    async def changes(self, request: Request) -> Response:
        """Wait until something changed since version `since`, or for `timeout` seconds."""
        since = int(request.query_params.get("since", "0"))
        timeout = min(float(request.query_params.get("timeout", "10")), WAIT_SECONDS)
        return JSONResponse({"version": await self._desk.state.changes.wait(since, timeout)})

    async def events(self, request: Request) -> Response:
        """Server-sent events: the version, each time it grows."""

        async def stream() -> AsyncIterator[str]:
            version = 0
            changes = self._desk.state.changes
            while not changes.closed and not await request.is_disconnected():
                newest = await changes.wait(version, WAIT_SECONDS)
                if newest == version:
                    yield ": still here\n\n"
                    continue
                version = newest
                yield f"data: {json.dumps({'version': version})}\n\n"
                # A stream of words changes many times a second; the page needs no more than this.
                await asyncio.sleep(0.04)

        return StreamingResponse(stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
