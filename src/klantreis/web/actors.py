"""Who asks: their name, and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from klantreis.workspace import ROLES, Workspace

__all__ = ["NOBODY", "OWNER", "ROLES", "Actor", "actor_of", "address_of", "cookie_of", "secret_of"]

COOKIE = "klantreis_session"


@dataclass(frozen=True)
class Actor:
    """A person at the pages, or the key of a program; without a role when nobody signed in."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether they may do what asks for this role.

        >>> Actor("Ann", "editor").may("viewer"), Actor("Ann", "editor").may("admin")
        (True, False)
        >>> NOBODY.may("viewer")
        False
        """
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)


# Whoever reaches a workspace that is open on this machine only.
OWNER = Actor("owner", "admin")
NOBODY = Actor("", "")


def actor_of(request: Request) -> Actor:
    """Who makes this request; the owner where nobody has to sign in."""
    if not hasattr(request.state, "actor"):
        request.state.actor = OWNER if request.app.state.is_open else _found(request)
    actor: Actor = request.state.actor
    return actor


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def cookie_of(request: Request) -> str:
    """Name of the cookie with the secret; over https no other host can plant it (`__Host-`)."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def secret_of(request: Request) -> str:
    """The secret of a browser that signed in; empty when it did not."""
    return request.cookies.get(cookie_of(request), "")


def _found(request: Request) -> Actor:
    workspace: Workspace = request.app.state.workspace
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and key:
        known = workspace.keys.check(key.strip(), "read")
        return Actor(f"key:{known.name}", "viewer") if known else NOBODY
    secret = secret_of(request)
    user = workspace.accounts.who(secret) if secret else None
    return Actor(user.name, user.role) if user else NOBODY
