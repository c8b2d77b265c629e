"""Each page at its address, as HTML and as its `.json` twin, from one view."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from klantreis.errors import WorkspaceError, message
from klantreis.web.action import Action, ShownOnce
from klantreis.web.actors import actor_of, address_of
from klantreis.web.answers import Answers
from klantreis.web.download import Download, DownloadedFile
from klantreis.web.forgery import keep_token, refuse_forgery, token_of
from klantreis.web.gate import Rules
from klantreis.web.language import COOKIE, language_of
from klantreis.web.page import Moved, Page
from klantreis.web.rendering import environment
from klantreis.words import LOCALES, translator
from klantreis.workspace import Update, Workspace

__all__ = ["add_action", "add_download", "add_page", "answer", "note", "render"]


def answer(workspace: Workspace, answers: Answers, page: Page, query: Any) -> Any:
    """A page's context, kept for the publication where the page allows it.

    Raises:
        WorkspaceError: nothing was published yet.
    """
    if not page.needs_tables:
        return page.view(workspace, query)
    published = workspace.published
    if published is None:
        raise WorkspaceError(message("There is nothing to show yet", next_step="klantreis run"))
    if not page.is_kept:
        return page.view(workspace, query)
    question = (page.name, query)
    kept = answers.get(published.publication_id, question, lambda: page.view(workspace, query))
    return page.renewed(workspace, kept) if page.renewed else kept


def add_page(app: FastAPI, page: Page) -> None:
    """Register a page and its twin."""
    workspace: Workspace = app.state.workspace
    answers: Answers = app.state.answers

    def as_html(request: Request, query: Any = Depends(page.query)) -> Response:  # noqa: B008
        if page.needs_tables and workspace.published is None:
            taken = workspace.state.imported_files()
            sources = sorted({file.source for file in taken})
            return render(request, "empty.html", {"taken": len(taken), "sources": sources})
        context = answer(workspace, answers, page, query)
        if isinstance(context, Moved):
            return RedirectResponse(_again(page.path, context, request), 308)
        words = translator(_language(request), workspace.settings.time_zone)
        content = {"page": context, "drawings": page.drawings(context, words)}
        return render(request, f"{page.name}/template.html", content)

    def as_json(request: Request, query: Any = Depends(page.query)) -> Any:  # noqa: B008
        context = answer(workspace, answers, page, query)
        if isinstance(context, Moved):
            return RedirectResponse(_again(page.twin, context, request), 308)
        return context

    rules: Rules = app.state.rules
    rules.put(page.name, page.role)
    rules.put(f"{page.name}_json", page.role)
    # The twin first: `/customers/12.json` would otherwise be taken for a customer's number.
    app.get(page.twin, name=f"{page.name}_json", response_model=page.context)(as_json)
    app.get(page.path, name=page.name, response_class=HTMLResponse, include_in_schema=False)(
        as_html
    )


def add_action(app: FastAPI, action: Action) -> None:
    """Register an action: refused when forged or beyond the role, else made and its page shown."""
    workspace: Workspace = app.state.workspace

    def act(request: Request, form: Any = Depends(action.form)) -> Response:  # noqa: B008
        made = action.act(workspace, form, actor_of(request))
        note(request, action.name)
        if isinstance(made, ShownOnce):
            return render(request, "shown_once.html", {"made": made})
        return RedirectResponse(made, 303)

    app.state.rules.put(action.name, action.role)
    app.post(
        action.path,
        name=action.name,
        include_in_schema=False,
        dependencies=[Depends(refuse_forgery)],
    )(act)


def add_download(app: FastAPI, download: Download) -> None:
    """Register a download."""
    workspace: Workspace = app.state.workspace

    def hand_out(request: Request, query: Any = Depends(download.query)) -> Response:  # noqa: B008
        words = translator(_language(request), workspace.settings.time_zone)
        file: DownloadedFile = download.make(workspace, query, words)
        if download.is_noted:
            note(request, download.name)
        disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
        headers = {"content-disposition": disposition}
        return Response(file.content, media_type=file.media_type, headers=headers)

    app.state.rules.put(download.name, download.role)
    app.get(download.path, name=download.name, include_in_schema=False)(hand_out)


def note(request: Request, action: str, *, actor: str = "", subject: str = "") -> None:
    """Write a line in the audit log: who did this, to what, and from where."""
    workspace: Workspace = request.app.state.workspace
    workspace.note(
        actor or actor_of(request).name,
        action,
        subject or request.url.path,
        address=address_of(request),
    )


def render(
    request: Request, template: str, content: dict[str, Any], status: int = 200
) -> HTMLResponse:
    """Render a template with what every page shows around its content."""
    workspace: Workspace = request.app.state.workspace
    language = _language(request)
    templates = environment(language, workspace.settings.time_zone)
    html = templates.get_template(template).render(
        **content,
        shop=workspace.settings.name,
        folder=workspace.folder.name,
        published=workspace.published,
        path=request.url.path,
        switches={other: _switched(request, other) for other in LOCALES},
        twin=_twin(request),
        actor=actor_of(request),
        csrf=token_of(request),
        is_open=request.app.state.is_open,
        updating=_updating(workspace),
        settings_problem=workspace.settings_problem,
        base=str(request.base_url).rstrip("/"),
    )
    response = HTMLResponse(html, status, headers={"content-language": language})
    if request.query_params.get("lang") in LOCALES:
        response.set_cookie(COOKIE, language, max_age=31_536_000, httponly=True, samesite="lax")
    keep_token(request, response)
    return response


def _updating(workspace: Workspace) -> Update | None:
    """What brings everything up to date now; None when nothing does."""
    last = workspace.updates.last
    return last if last and last.is_at_work else None


def _language(request: Request) -> str:
    return language_of(request, request.app.state.locale_default)


def _switched(request: Request, language: str) -> str:
    """This very page in another language."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', language)])}"


def _twin(request: Request) -> str:
    path = request.url.path.rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{path or '/overview'}.json{query}"


def _again(path: str, moved: Moved, request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return path.format(**moved.path) + query
