"""What a person can change on the card of a persona."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Path

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]

Code = Annotated[str, Path(max_length=100)]


@dataclass(frozen=True)
class Writing:
    """Another text in a field; an empty one puts the draft back."""

    persona_id: Code
    field: Annotated[str, Form(max_length=60)]
    language: Annotated[str, Form(max_length=2)]
    text: Annotated[str, Form(max_length=2000)] = ""


@dataclass(frozen=True)
class ChoosingFace:
    """Another face."""

    persona_id: Code
    number: Annotated[int, Form()]


@dataclass(frozen=True)
class Restoring:
    """Back to what stood there before a change."""

    persona_id: Code
    edit_id: Annotated[int, Form()]


def choose_face(workspace: Workspace, form: ChoosingFace, actor: Actor) -> str:
    """Give the persona another face."""
    workspace.personas.choose_face(form.persona_id, form.number, by=actor.name)
    return f"/personas/{quote(form.persona_id)}"


def write(workspace: Workspace, form: Writing, actor: Actor) -> str:
    """Rewrite a text of the card."""
    workspace.personas.edit(
        form.persona_id, form.field, form.text, language=form.language, by=actor.name
    )
    return f"/personas/{quote(form.persona_id)}"


def restore(workspace: Workspace, form: Restoring, actor: Actor) -> str:
    """Put an earlier text back."""
    workspace.personas.restore(form.persona_id, form.edit_id, by=actor.name)
    return f"/personas/{quote(form.persona_id)}"


ACTIONS = (
    Action("persona_face", "/personas/{persona_id}/face", ChoosingFace, choose_face),
    Action("persona_write", "/personas/{persona_id}/write", Writing, write),
    Action("persona_restore", "/personas/{persona_id}/restore", Restoring, restore),
)
