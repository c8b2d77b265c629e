"""The files of one source that were taken in, and what waits."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.source_files.actions import ACTIONS
from klantreis.web.pages.source_files.context import SourceFiles, SourceFilesQuery
from klantreis.web.pages.source_files.view import source_files

__all__ = ["PAGE"]

PAGE = Page(
    "source_files",
    "/sources/{source_name}/files",
    SourceFilesQuery,
    SourceFiles,
    source_files,
    is_kept=False,
    actions=ACTIONS,
    needs_tables=False,
)
