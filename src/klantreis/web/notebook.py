"""The pages' charts in a notebook: the same drawings, in the language of your choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from klantreis.errors import NotFoundError, message
from klantreis.web.page import Moved
from klantreis.web.pages import PAGES
from klantreis.words import translator
from klantreis.workspace import Workspace

__all__ = ["Drawing", "drawings"]


class Drawing(str):
    """An SVG that a notebook shows as a picture."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)


def drawings(
    workspace: Workspace, page: str, *, language: str = "", **query: Any
) -> Mapping[str, Drawing]:
    """The charts of a page, by name.

    Args:
        workspace: an open workspace with a run.
        page: name of a page with charts, as `segments`, `journey` or `portrait`.
        language: `nl` or `en`; empty: the workspace's own.
        query: what the page's address may ask, as `model="see_think_do_care"`.

    Returns:
        SVG texts that a notebook shows as pictures; write one to a file to use it elsewhere.

    Raises:
        NotFoundError: there is no such page.
    """
    found = {candidate.name: candidate for candidate in PAGES}
    if page not in found:
        raise NotFoundError(
            message("Unknown page", got=repr(page), allowed=", ".join(sorted(found)))
        )
    settings = workspace.settings
    context = found[page].view(workspace, found[page].query(**query))
    if isinstance(context, Moved):
        context = found[page].view(workspace, found[page].query(**{**query, **context.path}))
    words = translator(language or settings.locale, settings.time_zone)
    drawn = found[page].drawings(context, words)
    return {name: Drawing(svg) for name, svg in drawn.items()}
