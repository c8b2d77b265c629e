"""Deciding who is who, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Form

from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.rendering import address
from klantreis.workspace import Workspace

__all__ = ["ACTIONS"]

Record = Annotated[str, Form(max_length=500)]
Note = Annotated[str, Form(max_length=500)]
Number = Annotated[int, Form()]


@dataclass(frozen=True)
class Deciding:
    """What two records are, and where to go on: the next pair, or the page that tells why."""

    left: Record
    right: Record
    verdict: Annotated[Literal["same", "different", "unsure"], Form()]
    note: Note = ""
    skip: Annotated[int, Form(ge=0)] = 0
    back: Annotated[Literal["", "why"], Form()] = ""


@dataclass(frozen=True)
class Undoing:
    """Which decision is taken back; 0 for the last."""

    decision_id: Number = 0
    skip: Annotated[int, Form(ge=0)] = 0


@dataclass(frozen=True)
class TakingApart:
    """Which number that went over into another gets its records back."""

    old_customer_id: Number
    note: Note = ""


@dataclass(frozen=True)
class TakingOut:
    """Which record of a customer is someone else."""

    customer_id: Number
    person_id: Record
    note: Note = ""


def decide(workspace: Workspace, form: Deciding, actor: Actor) -> str:
    """Decide of two records."""
    workspace.identity.decide(form.left, form.right, form.verdict, note=form.note, by=actor.name)
    if form.back:
        return address("/identity/why", left=form.left, right=form.right)
    return address("/identity", skip=form.skip) + "#doubt"


def undo(workspace: Workspace, form: Undoing, actor: Actor) -> str:
    """Take a decision back."""
    workspace.identity.undo(form.decision_id or None, by=actor.name)
    part = "decided" if form.decision_id else "doubt"
    return address("/identity", skip=form.skip) + f"#{part}"


def take_apart(workspace: Workspace, form: TakingApart, actor: Actor) -> str:
    """Undo a merge."""
    workspace.identity.take_apart(form.old_customer_id, note=form.note, by=actor.name)
    return "/identity#decided"


def take_out(workspace: Workspace, form: TakingOut, actor: Actor) -> str:
    """Decide that a record of a customer is someone else."""
    workspace.identity.take_out(form.customer_id, [form.person_id], note=form.note, by=actor.name)
    return "/identity#decided"


ACTIONS = (
    Action("identity_decide", "/identity/decide", Deciding, decide),
    Action("identity_undo", "/identity/undo", Undoing, undo),
    Action("identity_take_apart", "/identity/take-apart", TakingApart, take_apart),
    Action("identity_take_out", "/identity/take-out", TakingOut, take_out),
)
