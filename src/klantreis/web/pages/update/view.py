"""How far bringing everything up to date is, and what waits for it."""

from __future__ import annotations

from datetime import datetime

from klantreis.tables import TABLES
from klantreis.web.pages.update.context import (
    ShownUpdate,
    Stage,
    Uncounted,
    UpdatePage,
    UpdateQuery,
)
from klantreis.web.waiting import since_run, waits
from klantreis.workspace import Update, Workspace
from klantreis.workspace.accounts import utc_now

__all__ = ["update"]

# The rooms in the order in which their tables are made: the map is in `pipeline.py`.
ROOMS = tuple(dict.fromkeys(table.room for table in TABLES.values()))


def update(workspace: Workspace, query: UpdateQuery) -> UpdatePage:
    """Answer the page."""
    last, published = workspace.updates.last, workspace.published
    is_at_work = last is not None and last.is_at_work
    return UpdatePage(
        is_at_work=is_at_work,
        update=_shown(last) if last else None,
        uncounted=None if is_at_work else _uncounted(workspace),
        published_at=published.published_at if published else None,
        refused=query.refused if is_at_work else "",
        is_stopping=is_at_work and workspace.updates.is_stopping,
        times=tuple(f"{moment:%H:%M}" for moment in workspace.settings.update_times),
    )


def _shown(last: Update) -> ShownUpdate:
    now = utc_now() if last.is_at_work else last.told_at
    return ShownUpdate(
        status=last.status,
        by=last.by,
        begun_at=last.begun_at,
        told_at=last.told_at,
        seconds=max((now - last.begun_at).total_seconds(), 0.0),
        last_seconds=last.last_seconds,
        activity=last.activity,
        pieces=last.pieces,
        done=last.done,
        piece=last.piece,
        stages=_stages(last),
        files=last.files,
        rows=last.rows,
        aside=last.aside,
        not_taken=last.not_taken,
        customers=last.customers,
        more=last.customers - last.customers_before if last.customers_before else 0,
        is_new=last.is_new,
        problem=last.problem,
    )


def _stages(last: Update) -> tuple[Stage, ...]:
    """What is done, at work and still to do."""
    codes = (*(("import",) if last.imports else ()), *ROOMS, "publish")
    at = codes.index(_stage(last)) if last.activity else -1
    return tuple(
        Stage(code, "done" if place < at else "now" if place == at else "")
        for place, code in enumerate(codes)
    )


def _stage(last: Update) -> str:
    if last.activity == "import":
        return "import"
    if last.pieces and last.done == last.pieces:
        return "publish"
    return TABLES[last.piece].room if last.piece in TABLES else ROOMS[0]


def _uncounted(workspace: Workspace) -> Uncounted:
    published = workspace.published
    since = published.published_at if published else datetime.min
    return Uncounted(
        waiting=waits(workspace),
        since=since_run(workspace),
        repaired=workspace.repairs.waiting(since),
        decisions=workspace.identity.waiting(since),
        topics=workspace.research.waiting(since),
    )
