"""No request may be larger than a file that may be brought in: it is refused while it comes in."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimit"]

FORM_BYTES = 2**20  # of the fields around a file


class BodyLimit:
    """ASGI middleware that stops reading a request that is too large.

    Args:
        app: what it stands before.
        file_bytes: tells the largest file that is allowed now.
    """

    def __init__(self, app: ASGIApp, file_bytes: Callable[[], int]) -> None:
        self.app = app
        self.file_bytes = file_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        size, largest = 0, self.file_bytes() + FORM_BYTES

        async def receive_some() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > largest:
                raise HTTPException(413, "The file is larger than `upload_megabytes` allows")
            return message

        await self.app(scope, receive_some, send)
