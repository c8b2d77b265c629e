"""A table with pseudonyms, as a file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Query

from klantreis.web.download import Download, DownloadedFile
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["DOWNLOADS"]


@dataclass(frozen=True)
class PseudonymousQuery:
    """Which table, and for whom."""

    table: Annotated[str, Query(max_length=60)]
    recipient: Annotated[str, Query(min_length=1, max_length=100)]


def _pseudonymous(
    workspace: Workspace, query: PseudonymousQuery, words: Translator
) -> DownloadedFile:
    """A table with pseudonyms for others."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        workspace.pseudonyms.export(
            query.table,
            file,
            recipient=query.recipient,
            format="csv",
            is_dutch=words.language == "nl",
        )
        return DownloadedFile(
            f"{query.table}-pseudonymous.csv", "text/csv; charset=utf-8", file.read_bytes()
        )


DOWNLOADS = (
    Download("trust_export", "/trust/pseudonymous.csv", PseudonymousQuery, _pseudonymous, "admin"),
)
