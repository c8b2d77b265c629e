"""The lookalikes as a list, as CSV."""

from __future__ import annotations

from klantreis.web.download import Download, DownloadedFile
from klantreis.web.pages.segment_lookalikes.context import LookalikesQuery
from klantreis.web.pages.segment_lookalikes.view import asked_group
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["DOWNLOADS"]


def _listed(workspace: Workspace, query: LookalikesQuery, words: Translator) -> DownloadedFile:
    members = workspace.lookalikes.members(asked_group(query, ()), size=query.size)
    content = workspace.audiences.listed_members(members)
    return DownloadedFile("lookalikes.csv", "text/csv", content)


DOWNLOADS = (
    Download(
        "segment_lookalikes_csv",
        "/segments/lookalikes.csv",
        LookalikesQuery,
        _listed,
        role="editor",
    ),
)
