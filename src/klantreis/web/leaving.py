"""Notices that a reader has gone: what only they waited for is no longer worked out.

Who types in the rule editor asks for a count at every pause, and their browser lets go of the one
before. Left alone, that count would go on and share the cores with the one they wait for.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from klantreis.workspace import Asker

__all__ = ["Leaving"]

AGAIN_SECONDS = 0.05


class Leaving:
    """ASGI middleware around all pages; what somebody sends is always finished."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        asker, heard = Asker(), asyncio.Queue[Message]()
        listening = asyncio.create_task(_listen(receive, heard, asker))
        try:
            with asker.asks():
                await self.app(scope, heard.get, send)
        finally:
            listening.cancel()


async def _listen(receive: Receive, heard: asyncio.Queue[Message], asker: Asker) -> None:
    """Hand over what comes in, until the reader is gone."""
    while True:
        message = await receive()
        heard.put_nowait(message)
        if message["type"] == "http.disconnect":
            break
    while True:
        asker.leaves()
        await asyncio.sleep(AGAIN_SECONDS)
