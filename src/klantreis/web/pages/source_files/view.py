"""How the page of a source's files is found: from the log of imports, as it is now."""

from __future__ import annotations

from klantreis.errors import NotFoundError, message
from klantreis.web.pages.source_files.context import Done, SourceFiles, SourceFilesQuery
from klantreis.web.paging import Paging
from klantreis.web.problems import received
from klantreis.web.waiting import waits
from klantreis.workspace import TakenFile, Workspace

__all__ = ["source_files"]

SIZE = 50


def source_files(workspace: Workspace, query: SourceFilesQuery) -> SourceFiles:
    """Answer the page of a source's files."""
    taken = workspace.files.taken(query.source_name)
    everything, waiting = waits(workspace), waits(workspace, query.source_name)
    if not taken and not waiting.files and not query.done:
        raise NotFoundError(
            message("Unknown source", got=repr(query.source_name), next_step="see /sources")
        )
    fitting = [one for one in taken if _fits(one, query)]
    paging = Paging(query.page, SIZE, len(fitting))
    return SourceFiles(
        source=query.source_name,
        total=len(taken),
        q=query.q,
        only=query.only,
        paging=paging,
        files=tuple(fitting[(query.page - 1) * SIZE : query.page * SIZE]),
        waiting=waiting,
        elsewhere=everything.files - waiting.files,
        can_import=everything.is_small,
        is_published=_is_published(workspace, query.source_name),
        done=_done(query),
    )


def _fits(file: TakenFile, query: SourceFilesQuery) -> bool:
    words = query.q.casefold().split()
    wanted = {
        "": True,
        "waits": bool(file.waits),
        "aside": file.rows_quarantined > 0,
        "again": file.read_again_at is not None,
    }
    return wanted[query.only] and all(word in file.path.casefold() for word in words)


def _is_published(workspace: Workspace, source: str) -> bool:
    return workspace.published is not None and source in workspace.quality.names()


def _done(query: SourceFilesQuery) -> Done | None:
    if not query.done:
        return None
    return Done(
        query.done,
        query.file,
        query.rows,
        query.aside,
        query.again,
        query.later,
        query.moved,
        received(query.problem) if query.problem else (),
    )
