"""Tokens against forged requests: a form only counts when it comes from one of our own pages.

Whoever is signed in has a token that follows from their session, so that no other site, host or
session can know or plant it. Before that (and where nobody has to sign in) the browser holds a
random one in a cookie.
"""

from __future__ import annotations

import hmac
import secrets

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from klantreis.web.actors import secret_of

__all__ = ["FIELD", "HEADER", "keep_token", "refuse_forgery", "token_of"]

COOKIE = "klantreis_csrf"
FIELD = "csrf"
HEADER = "x-csrf-token"


def token_of(request: Request) -> str:
    """The token of this browser; a new one when it has none yet."""
    if not hasattr(request.state, "csrf"):
        request.state.csrf = _held(request) or secrets.token_urlsafe(32)
    token: str = request.state.csrf
    return token


def keep_token(request: Request, response: Response) -> None:
    """Give a browser without a token the one that its page carries."""
    if _held(request) != token_of(request):
        is_safe = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, token_of(request), httponly=True, samesite="strict", secure=is_safe
        )


async def refuse_forgery(request: Request) -> None:
    """Refuse a change that does not carry the token of its browser, in a field or a header.

    Raises:
        HTTPException: 403.
    """
    held = _held(request)
    given = request.headers.get(HEADER) or str((await request.form()).get(FIELD, ""))
    if not held or not secrets.compare_digest(held.encode(), given.encode()):
        raise HTTPException(403, "This form has expired: load the page again and repeat the change")


def _held(request: Request) -> str:
    session = secret_of(request)
    if session:
        return hmac.new(session.encode(), b"klantreis: form", "sha256").hexdigest()
    return request.cookies.get(COOKIE, "")
