"""What the page of one file shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Query

from klantreis.workspace import Going, TakenFile

__all__ = ["SourceFilePage", "SourceFileQuery"]


@dataclass(frozen=True)
class SourceFileQuery:
    """The source, the file as the table `imports` knows it, and why a change was refused."""

    source_name: Annotated[str, Path(max_length=200)]
    file_id: Annotated[str, Path(max_length=40)]
    problem: Annotated[str, Query(max_length=2_000)] = ""


@dataclass(frozen=True)
class SourceFilePage:
    """The whole page.

    Attributes:
        file: what it gave when it was read.
        going: what taking it back would do.
        rows: that would go, over all tables, with what was put aside.
        elsewhere: of them rows that another file gave too, and that stay; None when that was not
            counted, because there are too many rows to look through.
        merged: rows of which it is known after the next import only whether they stay, because
            files that were read together with it may tell of them too.
        other_waits: other files that an import would read along.
        problem: parts of the message why a change was refused; none when none was.
    """

    file: TakenFile
    going: Going
    rows: int
    elsewhere: int | None
    merged: int
    other_waits: int
    problem: tuple[str, ...]
