"""The collection application: `POST /v1/track` and its kin, for Segment's own libraries."""

from __future__ import annotations

import asyncio
import base64
import binascii
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from klantreis.collect.calls import KINDS, read_call
from klantreis.collect.live import LiveVisitors
from klantreis.collect.seeking import read_sought
from klantreis.collect.writer import Writer
from klantreis.errors import InputError
from klantreis.workspace import LookupBook, ProfileBook, Workspace, advice

__all__ = ["create_app"]

BODY_BYTES = 500 * 1024
KEY_KNOWN_SECONDS = 30.0
LOOKS_EVERY_SECONDS = 2.0
# A shop's own pages send from their own address; a write key can only write.
FROM_ANY_PAGE = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-allow-methods": "POST",
    "access-control-max-age": "86400",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}


class TooLargeError(Exception):
    """A body beyond the limit."""


def create_app(workspace: Workspace, *, now: Callable[[], datetime] | None = None) -> Starlette:
    """Make the application that collects for one workspace.

    Args:
        workspace: its log keeps the events, its keys say who may send for which source.
        now: tells the moment in UTC, naive; the clock by default.

    Returns:
        An ASGI application. A 200 is sent after the events are on disk.
    """
    collector = _Collector(workspace, now or _utc_now)
    return Starlette(
        routes=[
            *(
                Route(f"/v1/{kind}", partial(collector.collect, kind), methods=["POST", "OPTIONS"])
                for kind in (*KINDS, "batch", "import")
            ),
            Route("/v1/personalise/{visitor_id:path}", collector.personalise),
            Route("/v1/lookup", collector.lookup, methods=["POST"]),
            Route("/klantreis.js", _snippet),
            Route("/healthz", collector.health),
        ],
        lifespan=collector.running,
    )


class _Collector:
    def __init__(self, workspace: Workspace, now: Callable[[], datetime]) -> None:
        self._workspace = workspace
        self._now = now
        self._writer: Writer | None = None
        self._known: dict[tuple[str, str], tuple[float, str]] = {}
        self._visitors = LiveVisitors()
        self._book: ProfileBook | None = None
        self._lookup_book: LookupBook | None = None

    @asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        self._writer = Writer(self._workspace.collecting.log, self._visitors.follow)
        await run_in_threadpool(self._catch_up)
        following = asyncio.create_task(self._follow_publications())
        yield
        following.cancel()
        await run_in_threadpool(self._writer.close)
        self._writer = None

    async def health(self, _: Request) -> Response:
        waiting = self._writer.waiting if self._writer else None
        return JSONResponse({"status": "ok", "calls_waiting": waiting})

    async def collect(self, kind: str, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(headers=FROM_ANY_PAGE)
        try:
            body = await _body(request)
        except TooLargeError:
            return _refused(413, f"the body is larger than {BODY_BYTES:,} bytes")
        except (OSError, EOFError, zlib.error) as error:
            return _refused(400, f"the body cannot be unpacked: {error}")
        source = await self._source(request, body)
        if source is None:
            return _refused(401, "the write key is lacking, wrong or withdrawn")
        try:
            call = read_call(
                "batch" if kind == "import" else kind, body, source=source, received_at=self._now()
            )
        except InputError as error:
            return _refused(400, str(error))
        assert self._writer is not None
        await asyncio.wrap_future(self._writer.write(call.events))
        refused = [msgspec.to_builtins(refusal) for refusal in call.refused]
        if refused and len(refused) == len(call.events):
            return _answer(400, {"success": False, "refused": refused})
        return _answer(200, {"success": True} | ({"refused": refused} if refused else {}))

    async def personalise(self, request: Request) -> Response:
        """Persona, phase, segments, next best action and five products for a visitor."""
        secret = _key_in_header(request.headers.get("authorization", ""))
        if await self._source_of(secret, "read") is None:
            return _refused(401, "a key with purpose read is needed")
        if self._book is None:
            return _refused(503, "there is no run yet to personalise by")
        visitor_id = request.path_params["visitor_id"]
        told = advice(visitor_id, self._book, self._visitors.find(visitor_id))
        return Response(msgspec.json.encode(told), media_type="application/json")

    async def lookup(self, request: Request) -> Response:
        """Which customer a record is, with what it rests on."""
        secret = _key_in_header(request.headers.get("authorization", ""))
        if await self._source_of(secret, "read") is None:
            return _refused(401, "a key with purpose read is needed")
        try:
            sought = read_sought(await _body(request))
        except TooLargeError:
            return _refused(413, f"the body is larger than {BODY_BYTES:,} bytes")
        except (OSError, EOFError, zlib.error) as error:
            return _refused(400, f"the body cannot be unpacked: {error}")
        except InputError as error:
            return _refused(400, str(error))
        if self._lookup_book is None:
            return _refused(503, "there is no run yet to look records up in")
        found = self._lookup_book.find(sought)
        return Response(msgspec.json.encode(found), media_type="application/json")

    def _catch_up(self) -> None:
        """Follow again what was collected before this start."""
        for _, event in self._workspace.collecting.log.since(0):
            self._visitors.follow(event)

    async def _follow_publications(self) -> None:
        """Open what answers rest on of each new publication; the old one answers until then."""
        while True:
            published = await run_in_threadpool(lambda: self._workspace.published)
            if published and (
                self._book is None or self._book.publication_id != published.publication_id
            ):
                self._book = await run_in_threadpool(self._workspace.profiles.open)
                self._lookup_book = await run_in_threadpool(self._workspace.lookups.open)
            await asyncio.sleep(LOOKS_EVERY_SECONDS)

    async def _source(self, request: Request, body: bytes) -> str | None:
        """The source of the key that a call carries: in its header, else in its body."""
        secret = _key_in_header(request.headers.get("authorization", "")) or _key_in_body(body)
        return await self._source_of(secret, "collect")

    async def _source_of(self, secret: str, purpose: str) -> str | None:
        if not secret:
            return None
        until, source = self._known.get((secret, purpose), (0.0, ""))
        moment = asyncio.get_running_loop().time()
        if moment < until:
            return source
        key = await run_in_threadpool(self._workspace.keys.check, secret, purpose)
        if key is None:
            self._known.pop((secret, purpose), None)
            return None
        # A withdrawn key is refused half a minute later at most.
        self._known[secret, purpose] = (moment + KEY_KNOWN_SECONDS, key.source)
        return key.source


async def _body(request: Request) -> bytes:
    packed = bytearray()
    async for chunk in request.stream():
        packed += chunk
        if len(packed) > BODY_BYTES:
            raise TooLargeError
    if request.headers.get("content-encoding", "").lower() != "gzip":
        return bytes(packed)
    unpacking = zlib.decompressobj(wbits=31)
    body = unpacking.decompress(bytes(packed), BODY_BYTES + 1)
    if len(body) > BODY_BYTES:
        raise TooLargeError
    if not unpacking.eof:
        raise gzip.BadGzipFile("it ends too soon")
    return body


def _key_in_header(header: str) -> str:
    kind, _, value = header.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


class _KeyOnly(msgspec.Struct):
    writeKey: str = ""  # noqa: N815  # the name in Segment's format


def _key_in_body(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_KeyOnly).writeKey
    except msgspec.MsgspecError:
        return ""


async def _snippet(_: Request) -> Response:
    script = files("klantreis.collect").joinpath("static", "klantreis.js").read_bytes()
    headers = FROM_ANY_PAGE | {"cache-control": "public, max-age=3600"}
    return Response(script, media_type="text/javascript; charset=utf-8", headers=headers)


def _refused(status: int, why: str) -> Response:
    return _answer(status, {"success": False, "error": why})


def _answer(status: int, content: object) -> Response:
    return Response(
        msgspec.json.encode(content), status, media_type="application/json", headers=FROM_ANY_PAGE
    )


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
