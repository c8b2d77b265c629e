"""The list of who made a move, as CSV."""

from __future__ import annotations

from klantreis.web.download import Download, DownloadedFile
from klantreis.web.pages.segment_moves.context import MovesQuery
from klantreis.web.pages.segment_moves.view import NOT_YET, asked_days
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["DOWNLOADS"]


def _listed(workspace: Workspace, query: MovesQuery, words: Translator) -> DownloadedFile:
    since, until = asked_days(workspace, query)
    source = "" if query.source == NOT_YET else query.source
    members = workspace.segments.movers(since, until, source, query.target)
    content = workspace.audiences.listed_members(members)
    return DownloadedFile(f"{query.source}-{query.target}.csv", "text/csv", content)


DOWNLOADS = (
    Download("segment_moves_csv", "/segments/moves.csv", MovesQuery, _listed, role="editor"),
)
