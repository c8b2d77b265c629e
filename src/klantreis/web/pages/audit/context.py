"""What the page of the audit log shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.paging import PageNumber, Paging

__all__ = ["AuditLog", "AuditQuery", "Line"]

Text = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class AuditQuery:
    """Filters by who and what; empty for all."""

    who: Text = ""
    what: Text = ""
    page: PageNumber = 1


@dataclass(frozen=True)
class Line:
    """Something that was done.

    Attributes:
        at: when (UTC).
        actor: name of the user, `key:<name>` of a program.
        action: code of what was done.
        subject: what it was done to: a path, a user, a table.
        address: where the request came from.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    address: str


@dataclass(frozen=True)
class AuditLog:
    """The whole page.

    Attributes:
        who, what: the filters in use.
        actors, actions: what occurs, to choose from.
        paging: where we are in the filtered list.
        lines: this page of the list, newest first.
    """

    who: str
    what: str
    actors: tuple[str, ...]
    actions: tuple[str, ...]
    paging: Paging
    lines: tuple[Line, ...]
