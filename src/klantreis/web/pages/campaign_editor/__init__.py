"""One campaign as fields: trigger, steps and letters, for whom TOML is not a language."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.campaign_editor.actions import ACTIONS
from klantreis.web.pages.campaign_editor.context import EditorPage, EditorQuery
from klantreis.web.pages.campaign_editor.view import campaign_editor

__all__ = ["PAGE"]

PAGE = Page(
    "campaign_editor",
    "/campaigns/{name}/edit",
    EditorQuery,
    EditorPage,
    campaign_editor,
    is_kept=False,
    actions=ACTIONS,
)
