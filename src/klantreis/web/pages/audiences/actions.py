"""Saving an audience under a name, and deleting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from klantreis.errors import ConflictError, InputError, RuleError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.rendering import address
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]


@dataclass(frozen=True)
class Saving:
    """An audience as it was written."""

    rule: Annotated[str, Form(max_length=4000)]
    name: Annotated[str, Form(max_length=200)]
    description: Annotated[str, Form(max_length=200)] = ""


@dataclass(frozen=True)
class OfAudience:
    """Which audience."""

    name: Annotated[str, Form(max_length=200)]


def save(workspace: Workspace, form: Saving, actor: Actor) -> str:
    """Keep a rule under a name; what is wrong is shown on the page, with what was written."""
    rule = form.rule.replace("\r\n", "\n")
    refused = ""
    try:
        workspace.audiences.save(form.name, rule, description=form.description, by=actor.name)
    except RuleError:
        refused = "rule"
    except InputError:
        taken = {one.name.casefold() for one in workspace.audiences.saved()}
        refused = "taken" if form.name.strip().casefold() in taken else "name"
    if not refused:
        return address("/audiences", name=form.name.strip()) + "#saved"
    told = "" if refused == "rule" else refused
    return address(
        "/audiences", rule=rule, name=form.name, description=form.description, refused=told
    )


def remove(workspace: Workspace, form: OfAudience, actor: Actor) -> str:
    """Delete an audience that nothing asks for."""
    try:
        workspace.audiences.remove(form.name)
    except ConflictError:
        return address("/audiences", name=form.name, refused="in_use") + "#saved"
    return "/audiences#saved"


ACTIONS = (
    Action("audiences_save", "/audiences/save", Saving, save),
    Action("audiences_remove", "/audiences/remove", OfAudience, remove),
)
