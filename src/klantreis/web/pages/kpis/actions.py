"""What a person can change on the page of KPIs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from klantreis.errors import InputError, NotFoundError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.history import Turning, turned
from klantreis.web.refusal import back_to
from klantreis.workspace import EVERYONE, Workspace

__all__ = ["ACTIONS"]

Word = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True)
class Choosing:
    """A measure with its levels as typed, shares in per cent; of a persona, or of everybody."""

    measure: Word
    target: Word = ""
    alarm: Word = ""
    persona: Word = ""


@dataclass(frozen=True)
class Naming:
    """A measure."""

    measure: Word


def choose(workspace: Workspace, form: Choosing, actor: Actor) -> str:
    """Choose a measure, or give it other levels."""
    try:
        is_share = workspace.kpis.take(form.measure).meaning.unit == "share"
        target, alarm = (_number(text, is_share=is_share) for text in (form.target, form.alarm))
        workspace.kpis.choose(
            form.measure,
            target=target,
            alarm=alarm,
            persona_id=form.persona or EVERYONE,
            by=actor.name,
        )
    except (InputError, NotFoundError, ValueError):
        return back_to("/kpis", "", "target", form, persona=form.persona)
    return back_to("/kpis", form.measure, "", form, persona=form.persona)


def drop(workspace: Workspace, form: Naming, actor: Actor) -> str:
    """Do not follow a measure any more."""
    workspace.kpis.drop(form.measure, by=actor.name)
    return "/kpis"


def aim(workspace: Workspace, form: Naming, actor: Actor) -> str:
    """Make a measure the end goal."""
    try:
        workspace.kpis.aim(form.measure, by=actor.name)
    except NotFoundError:
        return "/kpis?refused=target"
    return "/kpis"


def undo(workspace: Workspace, form: Turning, actor: Actor) -> str:
    """Take the last change back."""
    refused = turned(lambda: workspace.kpis.undo(seen=form.seen, by=actor.name))
    return back_to("/kpis", "history", refused, form)


def redo(workspace: Workspace, form: Turning, actor: Actor) -> str:
    """Do again what was taken back."""
    refused = turned(lambda: workspace.kpis.redo(seen=form.seen, by=actor.name))
    return back_to("/kpis", "history", refused, form)


def _number(text: str, *, is_share: bool) -> float | None:
    """A number as Dutch and English readers type it; nothing for nothing.

    Raises:
        ValueError: it is no number.
    """
    typed = text.strip().removesuffix("%").strip().removeprefix("€").replace(" ", "")
    if not typed:
        return None
    if "," in typed:
        typed = typed.replace(".", "").replace(",", ".")
    return float(typed) / (100 if is_share else 1)


ACTIONS = (
    Action("kpis_choose", "/kpis", Choosing, choose),
    Action("kpis_drop", "/kpis/off", Naming, drop),
    Action("kpis_aim", "/kpis/goal", Naming, aim),
    Action("kpis_undo", "/kpis/undo", Turning, undo),
    Action("kpis_redo", "/kpis/redo", Turning, redo),
)
