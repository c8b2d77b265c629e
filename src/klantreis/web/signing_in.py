"""Signing in and out, and setting a password by a one-time link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response

from klantreis.errors import AccessError
from klantreis.web.actors import actor_of, address_of, cookie_of, secret_of
from klantreis.web.forgery import refuse_forgery
from klantreis.web.gate import ANYBODY, local
from klantreis.web.rendering import address
from klantreis.web.routes import note, render
from klantreis.workspace import Workspace

__all__ = ["PROBLEMS", "add_signing_in"]

PROBLEMS = ("wrong", "wait", "too_short", "too_long", "common", "differs", "expired")

Short = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=5000)]


def add_signing_in(app: FastAPI) -> None:
    """Register the routes; none of them has a twin, because programs come in with keys."""
    routes: tuple[tuple[str, str, str, str, Callable[..., Response]], ...] = (
        ("GET", "/sign-in", "sign_in_form", ANYBODY, _sign_in_form),
        ("POST", "/sign-in", "sign_in", ANYBODY, _sign_in),
        ("POST", "/sign-out", "sign_out", "viewer", _sign_out),
        ("POST", "/sign-out-everywhere", "sign_out_everywhere", "viewer", _sign_out_everywhere),
        ("GET", "/welcome/{secret}", "password_form", ANYBODY, _password_form),
        ("POST", "/welcome/{secret}", "set_password", ANYBODY, _set_password),
        ("POST", "/account/password", "change_password", "viewer", _change_password),
    )
    for method, path, name, role, function in routes:
        app.state.rules.put(name, role)
        checks = [Depends(refuse_forgery)] if method == "POST" else []
        app.api_route(
            path, methods=[method], name=name, include_in_schema=False, dependencies=checks
        )(function)


def _sign_in_form(
    request: Request, next: str = "/", problem: str = "", seconds: int = 0, done: str = ""
) -> Response:
    if actor_of(request).role:
        return RedirectResponse(local(next), 303)
    shown: dict[str, Any] = {"next": local(next), "seconds": max(seconds, 1), "done": done}
    return render(request, "sign_in.html", shown | {"problem": _known(problem)})


def _sign_in(
    request: Request, name: Short = "", password: Password = "", next: Short = "/"
) -> Response:
    workspace = _workspace(request)
    try:
        secret = workspace.accounts.sign_in(
            name, password, address_of(request), instead_of=secret_of(request)
        )
    except AccessError as error:
        # What was typed as a name may be a password by mistake, so it is not written down.
        note(request, f"sign_in_{error.problem}", actor="-")
        again = address(
            "/sign-in", problem=error.problem, seconds=error.wait_seconds, next=local(next)
        )
        return RedirectResponse(again, 303)
    note(request, "sign_in", actor=name.strip().casefold())
    return _with_secret(request, RedirectResponse(local(next), 303), secret)


def _sign_out(request: Request) -> Response:
    note(request, "sign_out")
    _workspace(request).accounts.sign_out(secret_of(request))
    return _without_secret(request, RedirectResponse("/sign-in?done=out", 303))


def _sign_out_everywhere(request: Request) -> Response:
    note(request, "sign_out_everywhere")
    _workspace(request).accounts.sign_out_everywhere(actor_of(request).name)
    return _without_secret(request, RedirectResponse("/sign-in?done=everywhere", 303))


def _password_form(request: Request, secret: str, problem: str = "") -> Response:
    owner = _workspace(request).accounts.owner_of_link(secret)
    if owner is None:
        return render(request, "link_expired.html", {}, 404)
    shown = {"name": owner.name, "problem": _known(problem), "form": f"/welcome/{secret}"}
    return render(request, "set_password.html", shown)


def _set_password(
    request: Request, secret: str, password: Password = "", again: Password = ""
) -> Response:
    form = f"/welcome/{secret}"
    if password != again:
        return RedirectResponse(address(form, problem="differs"), 303)
    try:
        name = _workspace(request).accounts.use_link(secret, password)
    except AccessError as error:
        return RedirectResponse(address(form, problem=error.problem), 303)
    # The path holds the secret of the link, used or not: it is not written down.
    note(request, "set_password", actor=name, subject=name)
    return RedirectResponse("/sign-in?done=set", 303)


def _change_password(
    request: Request, current: Password = "", password: Password = "", again: Password = ""
) -> Response:
    if password != again:
        return RedirectResponse("/account?problem=differs", 303)
    try:
        _workspace(request).accounts.change_password(actor_of(request).name, current, password)
    except AccessError as error:
        return RedirectResponse(address("/account", problem=error.problem), 303)
    note(request, "change_password")
    return _without_secret(request, RedirectResponse("/sign-in?done=set", 303))


def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


def _known(problem: str) -> str:
    return problem if problem in PROBLEMS else ""


def _with_secret(request: Request, response: Response, secret: str) -> Response:
    is_safe = request.url.scheme == "https"
    response.set_cookie(
        cookie_of(request), secret, httponly=True, samesite="lax", secure=is_safe, path="/"
    )
    return response


def _without_secret(request: Request, response: Response) -> Response:
    is_safe = request.url.scheme == "https"
    response.delete_cookie(
        cookie_of(request), httponly=True, samesite="lax", secure=is_safe, path="/"
    )
    # What the browser still keeps of the pages shows personal data.
    response.headers["clear-site-data"] = '"cache"'
    return response
