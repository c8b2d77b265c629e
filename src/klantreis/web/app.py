"""The web application: pages, their twins, static files, health and what to show when it goes wrong."""

from __future__ import annotations

from importlib.resources import files

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from klantreis.errors import (
    AccessError,
    ConflictError,
    InputError,
    KlantreisError,
    NotFoundError,
    WorkspaceError,
    message,
)
from klantreis.web.answers import Answers
from klantreis.web.gate import ANYBODY, Rules, gate, sign_in_address
from klantreis.web.limits import Limits
from klantreis.web.pages import PAGES
from klantreis.web.routes import add_action, add_download, add_page, render
from klantreis.web.security import SecurityHeaders
from klantreis.web.signing_in import add_signing_in
from klantreis.web.warming import warmed
from klantreis.words import LOCALES
from klantreis.workspace import Workspace

__all__ = ["create_app"]

STATUS = (
    (NotFoundError, 404),
    (AccessError, 403),
    (ConflictError, 409),
    (WorkspaceError, 409),
    (InputError, 400),
    (KlantreisError, 500),
)


def create_app(
    workspace: Workspace, *, locale_default: str = "nl", is_open: bool = False
) -> FastAPI:
    """Make the application for one workspace.

    Args:
        workspace: opened; each new publication shows at the next request.
        locale_default: language for who states none, `nl` or `en`.
        is_open: whoever reaches it is its owner, without signing in; the caller sees to it that
            only this machine reaches it.

    Returns:
        An ASGI application.

    Raises:
        InputError: we do not speak the default language.
    """
    if locale_default not in LOCALES:
        allowed = ", ".join(LOCALES)
        raise InputError(message("Unknown language", got=repr(locale_default), allowed=allowed))
    # No interactive API pages: they would load scripts from elsewhere. The schema itself stays.
    app = FastAPI(
        title="Klantreis",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=warmed,
        dependencies=[Depends(gate)],
    )
    app.state.workspace = workspace
    app.state.is_open = is_open
    app.state.rules = Rules()
    app.state.limits = Limits()
    app.state.locale_default = locale_default
    app.state.answers = Answers()
    app.add_middleware(SecurityHeaders)
    static = str(files("klantreis.web").joinpath("static"))
    app.mount("/static", StaticFiles(directory=static), name="static")
    _add_own_routes(app)
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


def _add_own_routes(app: FastAPI) -> None:
    app.state.rules.put("healthz", ANYBODY)
    app.get("/healthz", name="healthz", include_in_schema=False)(_health)
    app.state.rules.put("openapi", "viewer")
    app.get("/openapi.json", name="openapi", include_in_schema=False)(_schema)
    add_signing_in(app)


def _schema(request: Request) -> JSONResponse:
    return JSONResponse(request.app.openapi())


def _health(request: Request) -> JSONResponse:
    published = request.app.state.workspace.published
    return JSONResponse(
        {"status": "ok", "publication": published.publication_id if published else None}
    )


def _refuse(request: Request, error: Exception) -> Response:
    status = _status(error)
    headers = getattr(error, "headers", None)
    if status == 401 and _wants_page(request):
        return RedirectResponse(sign_in_address(request), 303)
    if request.url.path.endswith(".json"):
        return JSONResponse({"error": _explained(error)}, status, headers)
    refused = render(request, "error.html", {"status": status, "why": _explained(error)}, status)
    refused.headers.update(headers or {})
    return refused


def _wants_page(request: Request) -> bool:
    is_program = request.url.path.endswith(".json") or "authorization" in request.headers
    return request.method in ("GET", "HEAD") and not is_program


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
