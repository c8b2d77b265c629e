"""How the page of one file is found."""

from __future__ import annotations

from klantreis.web.pages.source_file.context import SourceFilePage, SourceFileQuery
from klantreis.web.problems import received
from klantreis.workspace import Workspace

__all__ = ["source_file"]


def source_file(workspace: Workspace, query: SourceFileQuery) -> SourceFilePage:
    """Answer the page of a file."""
    file = workspace.files.one(query.source_name, query.file_id)
    going = workspace.files.going(query.source_name, query.file_id)
    elsewhere = [table.elsewhere for table in going.tables]
    waiting = workspace.files.waiting()
    return SourceFilePage(
        file=file,
        going=going,
        rows=sum(table.rows for table in going.tables),
        elsewhere=None if None in elsewhere else sum(count or 0 for count in elsewhere),
        merged=sum(table.merged for table in going.tables),
        other_waits=sum(
            (one.source, one.file_id) != (file.source, file.file_id) for one in waiting
        ),
        problem=received(query.problem) if query.problem else (),
    )
