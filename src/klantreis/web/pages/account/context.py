"""What the page of one's own account shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from klantreis.web.actors import NOBODY, Actor, actor_of

__all__ = ["Account", "AccountQuery", "Device"]


@dataclass(frozen=True)
class AccountQuery:
    """What went wrong with a new password, as a code; `asker` follows from the request."""

    problem: Annotated[str, Query(max_length=20)] = ""
    asker: Annotated[Actor, Depends(actor_of)] = NOBODY


@dataclass(frozen=True)
class Device:
    """A browser in which one is signed in: from which address, since when, last seen (UTC)."""

    address: str
    signed_in_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class Account:
    """The whole page.

    Attributes:
        name: what one signs in with.
        role: `viewer`, `editor` or `admin`.
        problem: code of why a new password was refused; empty when none was.
        devices: where one is signed in, last seen first.
    """

    name: str
    role: str
    problem: str
    devices: tuple[Device, ...]
