"""Who asks: their name, and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

__all__ = ["OWNER", "ROLES", "Actor", "actor_of"]

ROLES = ("viewer", "editor", "admin")  # each may do what those before it may


@dataclass(frozen=True)
class Actor:
    """A person at the pages, or the key of a program."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether they may do what asks for this role.

        >>> Actor("Ann", "editor").may("viewer"), Actor("Ann", "editor").may("admin")
        (True, False)
        """
        return ROLES.index(self.role) >= ROLES.index(role)


# Whoever reaches a workspace that is open on this machine only.
OWNER = Actor("owner", "admin")


def actor_of(request: Request) -> Actor:
    """Who makes this request; the owner where nobody has to sign in."""
    actor: Actor = getattr(request.state, "actor", OWNER)
    return actor
