"""Saying no to marketing mail: one click in the mail program (RFC 8058), or on a page."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from klantreis.web.gate import ANYBODY
from klantreis.web.routes import render
from klantreis.workspace import Workspace

__all__ = ["add_unsubscribing"]

PATH = "/unsubscribe/{token}"


def add_unsubscribing(app: FastAPI) -> None:
    """Register the routes; the address itself is the proof, so nobody signs in and no form token is asked.

    A mail program posts without having seen a page of ours. Looking at the page changes nothing:
    programs that check links would otherwise unsubscribe people.
    """
    for method, name, function in (
        ("GET", "unsubscribe_page", _page),
        ("POST", "unsubscribe", _withdraw),
    ):
        app.state.rules.put(name, ANYBODY)
        app.api_route(PATH, methods=[method], name=name, include_in_schema=False)(function)


def _page(request: Request, token: str) -> Response:
    return render(request, "unsubscribe.html", {"token": token, "is_done": False})


async def _withdraw(request: Request, token: str) -> Response:
    workspace: Workspace = request.app.state.workspace
    form = await request.form()
    is_one_click = form.get("List-Unsubscribe") == "One-Click"
    is_ours = workspace.campaigns.withdraw(token, way="one_click" if is_one_click else "page")
    if is_one_click:
        return PlainTextResponse("Unsubscribed" if is_ours else "Unknown", 200 if is_ours else 404)
    shown = {"token": token, "is_done": is_ours, "is_unknown": not is_ours}
    return render(request, "unsubscribe.html", shown, 200 if is_ours else 404)
