"""How a draft is worked on: each change is a version more; the last ones can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from klantreis.errors import ConflictError, InputError, NotFoundError, message
from klantreis.state import Draft, Drafts
from klantreis.workspace.past import REDO, UNDO, Past, past

__all__ = ["Drafting", "History", "now"]

TRIES = 8


@dataclass(frozen=True)
class History:
    """What was done to a draft.

    Attributes:
        number: of the newest version; 0 when nobody has written in it yet.
        can_undo, can_redo: whether there is something to take back, or to do again.
        versions: all, oldest first, without contents: who, when and what.
    """

    number: int
    can_undo: bool
    can_redo: bool
    versions: tuple[Draft, ...]


class Drafting:
    """One draft, as people work on it together.

    Args:
        drafts: of the state.
        name: of the draft.
        closing: codes of changes that stand for ever, with everything before them.
    """

    def __init__(self, drafts: Drafts, name: str, *, closing: Collection[str] = ()) -> None:
        self._drafts = drafts
        self._name = name
        self._closing = closing

    @property
    def newest(self) -> Draft:
        """The draft as it is now; an empty one with number 0 when nobody has written in it."""
        return self._drafts.newest(self._name)

    @property
    def content(self) -> Mapping[str, Any]:
        """What stands in it now."""
        return self.newest.content

    def content_of(self, number: int) -> Mapping[str, Any]:
        """What stood in a version; nothing in version 0.

        Raises:
            NotFoundError: there is no such version.
        """
        if number == 0:
            return {}
        found = self._drafts.version(self._name, number)
        if found is None:
            raise NotFoundError(
                message("There is no such version", where=self._name, got=str(number))
            )
        return found.content

    def history(self) -> History:
        """Who changed what, and whether the last change can be taken back."""
        versions = self._drafts.versions(self._name)
        way = self._past(versions)
        number = versions[-1].number if versions else 0
        return History(number, way.earlier is not None, way.later is not None, versions)

    def change(
        self,
        make: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        what: str,
        about: str,
        by: str,
    ) -> None:
        """Make one change of the newest content; as `rewrite`."""
        self.rewrite(lambda draft, _: make(draft.content), what, about, by)

    def rewrite(
        self,
        make: Callable[[Draft, datetime], Mapping[str, Any]],
        what: str,
        about: str,
        by: str,
    ) -> None:
        """Make one change of the newest version; who was just ahead with another is no bother.

        Args:
            make: from the newest version and the moment (UTC) to the changed content; refuses by
                raising. Nothing is written when the content stays the same.
            what: code of the change.
            about: what it was done to.
            by: who.

        Raises:
            ConflictError: others kept being ahead.
        """
        for attempt in range(TRIES):
            newest, at = self.newest, now()
            content = make(newest, at)
            if content == newest.content:
                return
            try:
                self._drafts.write(
                    self._name, content, after=newest.number, change=what, about=about, by=by, at=at
                )
                return
            except ConflictError:
                if attempt == TRIES - 1:
                    raise

    def add(self, content: Mapping[str, Any], what: str, about: str, by: str) -> None:
        """Add a version, also when it says the same as the last one.

        Raises:
            ConflictError: someone else was just ahead.
        """
        self._drafts.write(
            self._name,
            content,
            after=self.newest.number,
            change=what,
            about=about,
            by=by,
            at=now(),
        )

    def undo(self, *, seen: int, by: str) -> None:
        """Take the last change back.

        Args:
            seen: number of the version that the reader has seen.
            by: who.

        Raises:
            ConflictError: someone else made a change after that version.
            InputError: there is nothing to take back.
        """
        goal = self._past(self._drafts.versions(self._name)).earlier
        self._show(goal, UNDO, seen, by)

    def redo(self, *, seen: int, by: str) -> None:
        """Do again what was taken back last; as `undo`."""
        goal = self._past(self._drafts.versions(self._name)).later
        self._show(goal, REDO, seen, by)

    def _show(self, goal: int | None, what: str, seen: int, by: str) -> None:
        if goal is None:
            raise InputError(message("There is nothing to take back", where=self._name))
        self._drafts.write(
            self._name,
            self.content_of(goal),
            after=seen,
            change=what,
            shows=goal,
            by=by,
            at=now(),
        )

    def _past(self, versions: tuple[Draft, ...]) -> Past:
        return past(((one.change, one.shows) for one in versions), closing=self._closing)


def now() -> datetime:
    """The moment, in UTC without a zone, as the state keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)
