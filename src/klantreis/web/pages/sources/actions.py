"""Importing what waits, from the page of sources."""

from __future__ import annotations

from dataclasses import dataclass

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.rendering import address
from klantreis.web.waiting import import_waiting
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]

PATH = "/sources"


@dataclass(frozen=True)
class Reading:
    """Nothing has to be said for it."""


def read(workspace: Workspace, form: Reading, actor: Actor) -> str:
    """Import what waits."""
    now = import_waiting(workspace)
    if now.problem and not now.rows:
        return address(PATH, refused="import", got=now.problem)
    told = {"rows": str(now.rows), "aside": now.aside, "again": now.again, "later": now.later}
    return address(PATH, done="read", **told) + "#done"


ACTIONS = (Action("sources_read", f"{PATH}/read", Reading, read),)
