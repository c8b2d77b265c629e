"""One file that was taken in: what it gave, taking it back, and reading it again."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.source_file.actions import ACTIONS
from klantreis.web.pages.source_file.context import SourceFilePage, SourceFileQuery
from klantreis.web.pages.source_file.view import source_file

__all__ = ["PAGE"]

PAGE = Page(
    "source_file",
    "/sources/{source_name}/files/{file_id}",
    SourceFileQuery,
    SourceFilePage,
    source_file,
    is_kept=False,
    actions=ACTIONS,
    needs_tables=False,
)
