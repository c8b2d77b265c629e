"""Bringing everything up to date, from any page that has the button."""

from __future__ import annotations

from dataclasses import dataclass

from klantreis.errors import WorkspaceBusyError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.rendering import address
from klantreis.workspace import Workspace, start_updating

__all__ = ["ACTIONS"]

PATH = "/update"


@dataclass(frozen=True)
class Starting:
    """Nothing has to be said for it."""


@dataclass(frozen=True)
class Stopping:
    """Nothing has to be said for it."""


def start(workspace: Workspace, form: Starting, actor: Actor) -> str:
    """Start it; when one is at work already, show that one."""
    try:
        start_updating(workspace, by=actor.name)
    except WorkspaceBusyError:
        return address(PATH, refused="busy")
    return PATH


def stop(workspace: Workspace, form: Stopping, actor: Actor) -> str:
    """Ask the one at work to stop; when none is, show how the last one ended."""
    workspace.updates.stop()
    return PATH


ACTIONS = (
    Action("update_start", f"{PATH}/start", Starting, start),
    Action("update_stop", f"{PATH}/stop", Stopping, stop),
)
