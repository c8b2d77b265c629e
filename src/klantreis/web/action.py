"""What an action is: a change that a person makes through a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from klantreis.web.actors import Actor
from klantreis.workspace import Workspace

__all__ = ["Action"]


@dataclass(frozen=True)
class Action:
    """One change, sent by a form.

    Attributes:
        name: `<page>_<verb>`, unique.
        path: where the form is sent to, as `/personas/{persona_id}/name`.
        form: dataclass of the path's parts and, marked `Form()`, the form's fields.
        act: makes the change for an actor; returns the address to show next.
        role: the least role that may.
    """

    name: str
    path: str
    form: type
    act: Callable[[Workspace, Any, Actor], str]
    role: str = "editor"
