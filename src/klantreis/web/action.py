"""What an action is: a change that a person makes through a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from klantreis.web.actors import Actor
from klantreis.workspace import Workspace

__all__ = ["Action", "ShownOnce"]


@dataclass(frozen=True)
class ShownOnce:
    """A secret that an action made; it is shown this once and never again.

    Attributes:
        kind: `key`, or `link` for an address on this site.
        name: who or what it is for.
        secret: the key itself, or the path of the link.
        back: where to go on.
    """

    kind: str
    name: str
    secret: str
    back: str


@dataclass(frozen=True)
class Action:
    """One change, sent by a form.

    Attributes:
        name: `<page>_<verb>`, unique.
        path: where the form is sent to, as `/personas/{persona_id}/name`.
        form: dataclass of the path's parts and, marked `Form()`, the form's fields.
        act: makes the change for an actor; returns the address to show next, or a secret that it made.
        role: the least role that may.
    """

    name: str
    path: str
    form: type
    act: Callable[[Workspace, Any, Actor], str | ShownOnce]
    role: str = "editor"
