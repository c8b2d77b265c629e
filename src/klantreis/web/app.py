"""The web application: pages, their twins, static files, health and what to show when it goes wrong."""

from __future__ import annotations

from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from klantreis.errors import InputError, KlantreisError, NotFoundError, WorkspaceError, message
from klantreis.web.answers import Answers
from klantreis.web.pages import PAGES
from klantreis.web.routes import add_action, add_download, add_page, render
from klantreis.web.security import SecurityHeaders
from klantreis.web.warming import warmed
from klantreis.words import LOCALES
from klantreis.workspace import Workspace

__all__ = ["create_app"]

STATUS = ((NotFoundError, 404), (WorkspaceError, 409), (InputError, 400), (KlantreisError, 500))


def create_app(workspace: Workspace, *, locale_default: str = "nl") -> FastAPI:
    """Make the application for one workspace.

    Args:
        workspace: opened; each new publication shows at the next request.
        locale_default: language for who states none, `nl` or `en`.

    Returns:
        An ASGI application.

    Raises:
        InputError: we do not speak the default language.
    """
    if locale_default not in LOCALES:
        allowed = ", ".join(LOCALES)
        raise InputError(message("Unknown language", got=repr(locale_default), allowed=allowed))
    # No interactive API pages: they would load scripts from elsewhere. The schema itself stays.
    app = FastAPI(title="Klantreis", docs_url=None, redoc_url=None, lifespan=warmed)
    app.state.workspace = workspace
    app.state.locale_default = locale_default
    app.state.answers = Answers()
    app.add_middleware(SecurityHeaders)
    static = str(files("klantreis.web").joinpath("static"))
    app.mount("/static", StaticFiles(directory=static), name="static")
    app.get("/healthz", include_in_schema=False)(_health)
    for page in PAGES:
        # Downloads first: `/personas/3.pdf` would otherwise be taken for a persona's number.
        for download in page.downloads:
            add_download(app, download)
        add_page(app, page)
        for action in page.actions:
            add_action(app, action)
    app.add_exception_handler(KlantreisError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse)
    app.add_exception_handler(HTTPException, _refuse)
    return app


def _health(request: Request) -> JSONResponse:
    published = request.app.state.workspace.published
    return JSONResponse(
        {"status": "ok", "publication": published.publication_id if published else None}
    )


def _refuse(request: Request, error: Exception) -> Response:
    status = _status(error)
    if request.url.path.endswith(".json"):
        return JSONResponse({"error": _explained(error)}, status)
    return render(request, "error.html", {"status": status}, status)


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, RequestValidationError):
        return 422
    return next(status for kind, status in STATUS if isinstance(error, kind))


def _explained(error: Exception) -> str:
    if isinstance(error, HTTPException):
        return str(error.detail)
    if isinstance(error, RequestValidationError):
        problems = (f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        return "; ".join(problems)
    return str(error)
