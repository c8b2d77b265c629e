"""How far an erasure is, and the proof that nothing is left."""

from __future__ import annotations

import json
from dataclasses import asdict

from klantreis import __version__
from klantreis.web.download import Download, DownloadedFile
from klantreis.web.page import Page
from klantreis.web.pages.erasure.context import ErasurePage, ErasureQuery
from klantreis.web.pages.erasure.view import erasure
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["PAGE"]


def _proof(workspace: Workspace, query: ErasureQuery, words: Translator) -> DownloadedFile:
    """The proof that somebody was erased."""
    found = workspace.privacy.erasure(query.erasure_id)
    facts = {"shop": workspace.settings.name, "klantreis": __version__, **asdict(found)}
    content = json.dumps(facts, ensure_ascii=False, indent=1, default=str).encode()
    return DownloadedFile(f"erasure-{found.erasure_id}.json", "application/json", content)


PAGE = Page(
    "erasure",
    "/erasures/{erasure_id}",
    ErasureQuery,
    ErasurePage,
    erasure,
    is_kept=False,
    downloads=(
        Download(
            "erasure_proof", "/erasures/{erasure_id}/proof.json", ErasureQuery, _proof, "admin"
        ),
    ),
    role="admin",
)
