"""The gate: every route says which role it takes; one that says nothing lets nobody in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Request
from starlette.exceptions import HTTPException

from klantreis.web.actors import actor_of

__all__ = ["ANYBODY", "Rules", "gate", "local", "sign_in_address"]

ANYBODY = "anybody"


class Rules:
    """Which role each route takes, by the route's name."""

    def __init__(self) -> None:
        self._roles: dict[str, str] = {}

    def put(self, route: str, role: str) -> None:
        """State the role of a route: one of `ROLES`, or `ANYBODY`."""
        self._roles[route] = role

    @property
    def roles(self) -> Mapping[str, str]:
        return self._roles


def gate(request: Request) -> None:
    """Let in who may; runs before anything else of a route.

    Raises:
        HTTPException: 401 for who did not sign in, 403 for who may not.
    """
    rules: Rules = request.app.state.rules
    role = rules.roles.get(request.scope["route"].name)
    if role is None:
        raise HTTPException(403, "Nobody may: this route states no role")
    if role == ANYBODY:
        return
    actor = actor_of(request)
    if not actor.role:
        raise HTTPException(401, "Sign in first", {"www-authenticate": "Bearer"})
    request.app.state.limits.refuse_flood(request, actor)
    if not actor.may(role):
        raise HTTPException(403, f"This takes the role {role}; yours is {actor.role}")


def sign_in_address(request: Request) -> str:
    """Where to sign in, to come back to this very page."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/sign-in?next={quote(request.url.path + query, safe='')}"


def local(address: str) -> str:
    """An address of our own pages; the first page instead of anything that leads elsewhere.

    >>> local("/customers?q=ann"), local("//evil.example"), local("https://evil.example")
    ('/customers?q=ann', '/', '/')
    """
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_ours and address.isprintable() and "\\" not in address else "/"
