"""Watches over every request: counts and times it, and keeps what went wrong free of personal data."""

from __future__ import annotations

import logging
import time
import traceback

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from klantreis.web.metrics import Metrics
from klantreis.web.routes import render

__all__ = ["Watching", "place_of"]

LOG = logging.getLogger("klantreis.web")


class Watching:
    """ASGI middleware around all pages.

    Args:
        metrics: where requests are counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            # Messages of errors quote values, and values are customers' data: only the place is told.
            LOG.error("%s at %s", type(error).__name__, place_of(error))
            if not status:
                request = Request(scope, receive)
                page = render(request, "error.html", {"status": 500, "why": ""}, 500)
                await page(scope, receive, send_and_note)
        finally:
            route = getattr(scope.get("route"), "path", "")
            self.metrics.count(route, scope["method"], status, time.perf_counter() - begun)


def place_of(error: BaseException) -> str:
    """Where an error arose, from the outside in, without what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:]
    )
