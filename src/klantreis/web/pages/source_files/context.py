"""What the page of a source's files shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Query

from klantreis.web.paging import PageNumber, Paging
from klantreis.web.waiting import Waits
from klantreis.workspace import TakenFile

__all__ = ["Done", "SourceFiles", "SourceFilesQuery"]

Text = Annotated[str, Query(max_length=2_000)]
Count = Annotated[int, Query(ge=0)]


@dataclass(frozen=True)
class SourceFilesQuery:
    """The source; words in the name of a file, only those that wait; what was just done."""

    source_name: Annotated[str, Path(max_length=200)]
    q: Text = ""
    only: Annotated[str, Query(pattern="^(waits|aside|again)?$")] = ""
    page: PageNumber = 1
    done: Annotated[str, Query(pattern="^(taken_back|read)?$")] = ""
    file: Text = ""
    rows: Count = 0
    aside: Count = 0
    again: Count = 0
    later: Count = 0
    moved: Text = ""
    problem: Text = ""


@dataclass(frozen=True)
class Done:
    """What was just done.

    Attributes:
        what: `taken_back` or `read`.
        file: that it was done to; empty for all that waited.
        rows: that went, or that were taken in.
        aside: values that were put aside.
        again: files that were read again at once.
        later: files that the next import reads.
        moved: where the file is now, relative to the workspace; empty when it was not there.
        problem: parts of the message of what went wrong; none when nothing did.
    """

    what: str
    file: str
    rows: int
    aside: int
    again: int
    later: int
    moved: str
    problem: tuple[str, ...]


@dataclass(frozen=True)
class SourceFiles:
    """The whole page.

    Attributes:
        source: folder below `exports/`.
        total: files of it that were taken in.
        q, only: the filters in use: words in the name; `waits`, `aside` (with rows put aside) or
            `again` (read again).
        paging: where we are in the filtered list.
        files: this page of it, the newest first.
        waiting: what the next import would read of this source.
        elsewhere: how many files of other sources wait.
        can_import: whether all that waits can be imported while somebody waits.
        is_published: whether the page of its quality has something to show.
        done: None when nothing was just done.
    """

    source: str
    total: int
    q: str
    only: str
    paging: Paging
    files: tuple[TakenFile, ...]
    waiting: Waits
    elsewhere: int
    can_import: bool
    is_published: bool
    done: Done | None
