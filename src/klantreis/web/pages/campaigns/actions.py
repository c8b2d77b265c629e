"""Making a new campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from klantreis.errors import FieldError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]


@dataclass(frozen=True)
class Making:
    """What a new campaign is called, and which one it begins with."""

    title: Annotated[str, Form(max_length=100)]
    like: Annotated[str, Form(max_length=60)] = ""


def new(workspace: Workspace, form: Making, actor: Actor) -> str:
    """Make it, and show its fields."""
    try:
        name = workspace.campaigns.new(form.title, like=form.like, by=actor.name)
    except FieldError:
        return "/campaigns?refused=true#new"
    return f"/campaigns/{name}/edit"


ACTIONS = (Action("campaigns_new", "/campaigns/new", Making, new),)
