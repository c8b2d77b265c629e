"""How far the loop is, and what comes next."""

from __future__ import annotations

from dataclasses import replace

from klantreis.web.pages.overview.context import Overview, StageShown
from klantreis.web.waiting import since_run
from klantreis.workspace import Workspace, following

__all__ = ["with_loop"]

PLACES = {
    "gather": "/sources",
    "look": "/customers",
    "personas": "/personas",
    "map": "/map",
    "plan": "/plan",
    "campaign": "/campaigns",
    "effect": "/campaigns",
    "cycle": "/report",
}


def with_loop(workspace: Workspace, page: Overview) -> Overview:
    """The overview with the loop, and what came in since the run, as they are now."""
    stages = workspace.loop.stages()
    coming = following(stages)
    return replace(
        page,
        loop=tuple(
            StageShown(
                code=stage.code,
                is_done=stage.is_done,
                is_next=stage == coming,
                count=stage.count,
                href=PLACES[stage.code],
            )
            for stage in stages
        ),
        since=since_run(workspace),
    )
