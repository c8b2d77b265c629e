"""Which language a reader gets: what the address says, what was chosen before, what the browser asks."""

from __future__ import annotations

from fastapi import Request

from klantreis.words import LOCALES

__all__ = ["COOKIE", "language_of"]

COOKIE = "klantreis_language"


def language_of(request: Request, default: str) -> str:
    """The language for an answer to this request."""
    for wish in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wish in LOCALES:
            return str(wish)
    return _accepted(request.headers.get("accept-language", "")) or default


def _accepted(header: str) -> str:
    """The best language of an Accept-Language header that we speak.

    >>> _accepted("de, en-GB;q=0.8, nl;q=0.9")
    'nl'
    """
    wishes = []
    for part in header.split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((float(weight or 1), name.split("-")[0].lower()))
        except ValueError:
            continue
    wishes.sort(key=lambda wish: -wish[0])
    return next((name for weight, name in wishes if name in LOCALES and weight > 0), "")
