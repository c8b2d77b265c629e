"""Files that could not be taken in, as pages show them, and the renamed columns that are the cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Form

from klantreis.errors import KlantreisError, WorkspaceBusyError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.rendering import address
from klantreis.workspace import Workspace

__all__ = [
    "AT_ONCE_BYTES",
    "LackingColumn",
    "NotTakenIn",
    "RenamedColumn",
    "Renaming",
    "column_actions",
    "not_taken_in",
    "received",
    "renamed_columns",
    "sent",
]

AT_ONCE_BYTES = 20 * 2**20  # more is imported by the command, not while somebody waits
LONGEST_PART = 300
Word = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True)
class LackingColumn:
    """A column that a file lacks, and the one that it may be called now; empty where none is like it."""

    known: str
    likely: str


@dataclass(frozen=True)
class NotTakenIn:
    """A file that the last import could not take in.

    Attributes:
        parts: what, where (empty when it is the file), got, allowed and next step.
        lacking: columns that it lacks; none when that is not why.
        fresh: its columns that nobody knows.
    """

    path: str
    source: str
    parts: tuple[str, ...]
    lacking: tuple[LackingColumn, ...]
    fresh: tuple[str, ...]


@dataclass(frozen=True)
class RenamedColumn:
    """A column that somebody said is called otherwise now; `said_at` in UTC."""

    source: str
    known: str
    now: str
    said_at: datetime
    said_by: str


@dataclass(frozen=True)
class Renaming:
    """Columns of a source, and what each is called now; empty where that was not said.

    Attributes:
        file: that was brought and is looked at; empty when none is.
    """

    source: Word
    known: Annotated[tuple[str, ...], Form()] = ()
    now: Annotated[tuple[str, ...], Form()] = ()
    file: Word = ""

    @property
    def said(self) -> Iterator[tuple[str, str]]:
        """The columns of which it was said."""
        return ((known, now) for known, now in zip(self.known, self.now, strict=False) if now)


@dataclass(frozen=True)
class TakingBack:
    """A column that has its old name again."""

    source: Word
    known: Word


def not_taken_in(workspace: Workspace) -> tuple[NotTakenIn, ...]:
    """The files that the last import could not take in."""
    return tuple(
        NotTakenIn(
            one.path,
            one.source,
            tuple("" if part == one.path else part for part in one.parts),
            tuple(LackingColumn(*pair) for pair in one.lacking.items()),
            one.fresh,
        )
        for one in workspace.columns.problems()
    )


def renamed_columns(workspace: Workspace) -> tuple[RenamedColumn, ...]:
    """The columns that are called otherwise now."""
    return tuple(
        RenamedColumn(one.source, one.known, one.now, one.said_at, one.said_by)
        for one in workspace.columns.names()
    )


def sent(error: KlantreisError) -> str:
    """The parts of a message on their way through an address, a line each."""
    return "\n".join(part.replace("\n", " ")[:LONGEST_PART] for part in error.parts)


def received(told: str) -> tuple[str, ...]:
    """The parts of a message that came through an address; always five."""
    return tuple((told.split("\n") + [""] * 5)[:5])


def column_actions(name: str, path: str) -> tuple[Action, Action]:
    """Accepting that a column was renamed, and taking that back, for a page that lists problems.

    Args:
        name, path: of the page.
    """

    def accept(workspace: Workspace, form: Renaming, actor: Actor) -> str:
        """Accept new names, and take in what waits for them when that is not much."""
        said = tuple(form.said)
        names = ", ".join(now for _, now in said)[:LONGEST_PART]
        try:
            for known, now in said:
                workspace.columns.accept(form.source, known, now, by=actor.name)
            if form.file:
                workspace.sources.of_source(form.file, form.source)
                return address(path, file=form.file)
            if not said or not 0 < workspace.files.waiting_bytes() <= AT_ONCE_BYTES:
                return address(path, renamed=names)
            taken = workspace.import_exports()
        except WorkspaceBusyError:
            return address(path, renamed=names)
        except KlantreisError as error:
            return address(path, file=form.file, refused="choice", got=sent(error))
        return address(path, renamed=names, rows=str(taken.rows))

    def take_back(workspace: Workspace, form: TakingBack, actor: Actor) -> str:
        """Let a column have its old name again."""
        try:
            workspace.columns.take_back(form.source, form.known, by=actor.name)
        except KlantreisError as error:
            return address(path, refused="choice", got=sent(error))
        return path

    return (
        Action(f"{name}_column", f"{path}/column", Renaming, accept),
        Action(f"{name}_column_back", f"{path}/column/back", TakingBack, take_back),
    )
