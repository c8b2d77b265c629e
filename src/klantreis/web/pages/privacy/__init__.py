"""What a customer allows, everything about them in one file, and erasing them."""

from __future__ import annotations

from klantreis.web.download import Download, DownloadedFile
from klantreis.web.page import Page
from klantreis.web.pages.privacy.actions import ACTIONS
from klantreis.web.pages.privacy.context import Privacy, PrivacyQuery
from klantreis.web.pages.privacy.view import privacy
from klantreis.words import Translator
from klantreis.workspace import Workspace

__all__ = ["PAGE"]


def _access(workspace: Workspace, query: PrivacyQuery, words: Translator) -> DownloadedFile:
    """Everything about one customer."""
    content = workspace.privacy.access(query.customer_id, language=words.language)
    return DownloadedFile(f"customer-{query.customer_id}.zip", "application/zip", content)


PAGE = Page(
    "privacy",
    "/customers/{customer_id}/privacy",
    PrivacyQuery,
    Privacy,
    privacy,
    is_kept=False,
    actions=ACTIONS,
    downloads=(
        Download(
            "privacy_access", "/customers/{customer_id}/access.zip", PrivacyQuery, _access, "editor"
        ),
    ),
)
