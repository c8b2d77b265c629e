"""The web application: pages, their twins, static files, health and what to show when it goes wrong."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from importlib.resources import files

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from klantreis.errors import (
    AbandonedError,
    AccessError,
    ConflictError,
    InputError,
    KlantreisError,
    NotFoundError,
    WorkspaceError,
    message,
)
from klantreis.web.actors import address_of
from klantreis.web.answers import Answers
from klantreis.web.body_limits import BodyLimit
from klantreis.web.gate import ANYBODY, Rules, gate, sign_in_address
from klantreis.web.leaving import Leaving
from klantreis.web.limits import Limits
from klantreis.web.metrics import Metrics, metrics_text
from klantreis.web.pages import PAGES
from klantreis.web.routes import add_action, add_download, add_page, render
from klantreis.web.security import SecurityHeaders
from klantreis.web.signing_in import add_signing_in
from klantreis.web.unsubscribing import add_unsubscribing
from klantreis.web.warming import warmed
from klantreis.web.watching import Watching, place_of
from klantreis.words import LOCALES
from klantreis.workspace import Workspace

__all__ = ["create_app"]

LOG = logging.getLogger("klantreis.web")
LOOPBACK = ("127.0.0.1", "::1")
STATUS = (
    (NotFoundError, 404),
    (AbandonedError, 499),
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
        dependencies=[Depends(_follow_settings), Depends(gate)],
    )
    app.state.workspace = workspace
    app.state.is_open = is_open
    app.state.rules = Rules()
    app.state.limits = Limits()
    app.state.locale_default = locale_default
    app.state.answers = Answers()
    app.state.metrics = Metrics()
    app.add_middleware(Leaving)
    app.add_middleware(BodyLimit, file_bytes=lambda: workspace.settings.upload_megabytes * 2**20)
    app.add_middleware(Watching, metrics=app.state.metrics)
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


def _follow_settings(request: Request) -> None:
    """Notice that `klantreis.toml` was changed; what is kept of before goes."""
    workspace: Workspace = request.app.state.workspace
    if not workspace.follow_settings():
        return
    if workspace.settings_problem:
        LOG.error("The settings of before hold: %s", workspace.settings_problem)
        return
    request.app.state.answers.forget()
    LOG.info("klantreis.toml was read again")


def _add_own_routes(app: FastAPI) -> None:
    app.state.rules.put("healthz", ANYBODY)
    app.get("/healthz", name="healthz", include_in_schema=False)(_health)
    app.state.rules.put("metrics", ANYBODY)
    app.get("/metrics", name="metrics", include_in_schema=False)(_metrics)
    app.state.rules.put("openapi", "viewer")
    app.get("/openapi.json", name="openapi", include_in_schema=False)(_schema)
    add_signing_in(app)
    add_unsubscribing(app)


def _schema(request: Request) -> JSONResponse:
    return JSONResponse(request.app.openapi())


def _health(request: Request) -> JSONResponse:
    """Alive, and ready when the state can be read and something is published."""
    workspace: Workspace = request.app.state.workspace
    try:
        published = workspace.published
    except Exception as error:  # whatever it is, a monitor is to know that it is not well
        LOG.error("not ready: %s at %s", type(error).__name__, place_of(error))
        return JSONResponse({"status": "failing", "is_ready": False, "publication": None}, 503)
    facts = {
        "status": "ok",
        "is_ready": published is not None,
        "publication": published.publication_id if published else None,
    }
    if published:
        facts["published_at"] = published.published_at.isoformat()
        facts["as_of"] = published.as_of.isoformat()
    return JSONResponse(facts)


def _metrics(request: Request) -> PlainTextResponse:
    """For this machine, and for who has a key for it."""
    workspace: Workspace = request.app.state.workspace
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    is_known = kind.lower() == "bearer" and workspace.keys.check(key.strip(), "metrics")
    if not is_known and address_of(request) not in LOOPBACK:
        raise HTTPException(401, "A key for metrics is needed", {"www-authenticate": "Bearer"})
    now = datetime.now(UTC).replace(tzinfo=None)
    text = metrics_text(workspace, request.app.state.metrics, now=now)
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


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
    is_twin = request.url.path.endswith((".json", "/metrics"))
    is_program = is_twin or "authorization" in request.headers
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
