"""An audience as a file: a list of customers, or hashed for an advertising platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from klantreis.web.download import Download, DownloadedFile
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["DOWNLOADS"]

CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class RuleQuery:
    """Which customers."""

    rule: Annotated[str, Query(max_length=4000)]


@dataclass(frozen=True)
class ListQuery:
    """Which customers, for which platform."""

    rule: Annotated[str, Query(max_length=4000)]
    platform: Annotated[str, Query(max_length=20)]


def listed(workspace: Workspace, query: RuleQuery, words: Translator) -> DownloadedFile:
    """The customers of a rule, with who may be mailed."""
    return DownloadedFile("audience.csv", CSV, workspace.audiences.listed(query.rule))


def hashed_list(workspace: Workspace, query: ListQuery, words: Translator) -> DownloadedFile:
    """The customers of a rule who may be mailed, with hashed identifiers."""
    content = workspace.audiences.hashed(query.rule, query.platform)
    return DownloadedFile(f"audience-{query.platform}.csv", CSV, content)


DOWNLOADS = (
    Download("audiences_csv", "/audiences/customers.csv", RuleQuery, listed, role="editor"),
    Download("audiences_hashed", "/audiences/hashed.csv", ListQuery, hashed_list, role="editor"),
)
