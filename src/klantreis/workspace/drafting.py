"""How a draft is changed: the newest version is read, changed and written; a race is run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from klantreis.errors import ConflictError
from klantreis.state import Drafts

__all__ = ["change", "now"]

TRIES = 8


def change(
    drafts: Drafts,
    name: str,
    make: Callable[[Mapping[str, Any]], dict[str, Any]],
    *,
    what: str,
    about: str,
    by: str,
) -> None:
    """Make one change of the newest version of a draft.

    Args:
        drafts: of the state.
        name: of the draft.
        make: from the content to the changed content; refuses by raising.
        what: code of the change.
        about: what it was done to.
        by: who.

    Raises:
        ConflictError: others kept being ahead.
    """
    for attempt in range(TRIES):
        newest = drafts.newest(name)
        content = make(newest.content)
        if content == newest.content:
            return
        try:
            drafts.write(
                name, content, after=newest.number, change=what, about=about, by=by, at=now()
            )
            return
        except ConflictError:
            if attempt == TRIES - 1:
                raise


def now() -> datetime:
    """The moment, in UTC without a zone, as the state keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)
