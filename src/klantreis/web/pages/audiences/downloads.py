"""An audience as a file for an advertising platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from klantreis.web.download import Download, DownloadedFile
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["DOWNLOADS"]


@dataclass(frozen=True)
class ListQuery:
    """Which customers, for which platform."""

    rule: Annotated[str, Query(max_length=4000)]
    platform: Annotated[str, Query(max_length=20)]


def hashed_list(workspace: Workspace, query: ListQuery, words: Translator) -> DownloadedFile:
    """The customers of a rule who may be mailed, with hashed identifiers."""
    content = workspace.audiences.hashed(query.rule, query.platform)
    return DownloadedFile(f"audience-{query.platform}.csv", "text/csv; charset=utf-8", content)


DOWNLOADS = (
    Download("audiences_hashed", "/audiences/hashed.csv", ListQuery, hashed_list, role="editor"),
)
