"""What the page of users and keys shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["ShownKey", "ShownUser", "UsersAndKeys"]


@dataclass(frozen=True)
class ShownUser:
    """A person who may use the pages.

    Attributes:
        name: what they sign in with.
        role: `viewer`, `editor` or `admin`.
        has_password: whether they used their link.
        is_active: false when shut out.
        signed_in: in how many browsers they are signed in now.
        created_at: since when they are a user (UTC).
    """

    name: str
    role: str
    has_password: bool
    is_active: bool
    signed_in: int
    created_at: datetime


@dataclass(frozen=True)
class ShownKey:
    """A key of a program, without its secret.

    Attributes:
        key_id: its number, no secret.
        name: what it is for, in its maker's words.
        purpose: `read`, `metrics` or `collect`.
        source: folder below `exports/` that it collects for.
        made_by, made_at: by whom and when (UTC).
        used_at: last use (UTC), to the minute; none when never.
        is_revoked: whether it was taken out of use.
    """

    key_id: str
    name: str
    purpose: str
    source: str
    made_by: str
    made_at: datetime
    used_at: datetime | None
    is_revoked: bool


@dataclass(frozen=True)
class UsersAndKeys:
    """The whole page.

    Attributes:
        users: by name.
        keys: newest first.
        roles, purposes: codes to choose from.
    """

    users: tuple[ShownUser, ...]
    keys: tuple[ShownKey, ...]
    roles: tuple[str, ...]
    purposes: tuple[str, ...]
