"""Making ready before the first reader comes: templates read, kept answers computed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Thread

from fastapi import FastAPI

from klantreis.errors import KlantreisError
from klantreis.web.erasing import finish_in_background
from klantreis.web.pages import PAGES
from klantreis.web.rendering import environment
from klantreis.web.routes import answer
from klantreis.words import LOCALES

__all__ = ["warmed"]


@asynccontextmanager
async def warmed(app: FastAPI) -> AsyncIterator[None]:
    """Warm up beside the serving; stop together with it."""
    finish_in_background(app.state.workspace)
    thread = Thread(target=_warm, args=(app,), daemon=True)
    thread.start()
    yield
    thread.join()


def _warm(app: FastAPI) -> None:
    workspace = app.state.workspace
    for language in LOCALES:
        for page in PAGES:
            environment(language, workspace.settings.time_zone).get_template(
                f"{page.name}/template.html"
            )
    # A page that cannot be made says why when it is asked for.
    with suppress(KlantreisError):
        for page in PAGES:
            if page.is_kept and "{" not in page.path:
                answer(workspace, app.state.answers, page, page.query())
