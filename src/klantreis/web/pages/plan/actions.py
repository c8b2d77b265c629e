"""What a person can change on the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Form

from klantreis.errors import InputError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.history import Turning, turned
from klantreis.web.refusal import back_to, why_refused
from klantreis.workspace import PlannedAction, Workspace

__all__ = ["ACTIONS"]

Word = Annotated[str, Form(max_length=300)]


@dataclass(frozen=True)
class Planning:
    """An action as it is to be; without an id a new one."""

    title: Word
    starts_on: Annotated[date, Form()]
    ends_on: Annotated[date, Form()]
    owner: Word = ""
    status: Word = "idea"
    action_id: Word = ""
    seen: Annotated[int, Form()] = 0
    after: Annotated[tuple[str, ...], Form()] = ()
    opportunity: Word = ""
    measure: Word = ""
    expected: Word = ""


@dataclass(frozen=True)
class Judging:
    """Effort of an opportunity."""

    key: Word
    effort: Annotated[int, Form()]


@dataclass(frozen=True)
class Naming:
    """An action."""

    action_id: Word


@dataclass(frozen=True)
class Moving:
    """An action to another column of the board."""

    action_id: Word
    status: Word


@dataclass(frozen=True)
class Starting:
    """First day of a new cycle."""

    starts_on: Annotated[date, Form()]


def put(workspace: Workspace, form: Planning, actor: Actor) -> str:
    """Put an action on the roadmap, or change it."""

    def made() -> None:
        action = PlannedAction(
            form.action_id,
            form.title.strip(),
            form.owner.strip(),
            form.starts_on,
            form.ends_on,
            form.status,
            form.after,
            form.opportunity,
            form.measure,
            _expected(workspace, form),
        )
        if form.action_id:
            workspace.plan.edit(action, version=form.seen, by=actor.name)
        else:
            workspace.plan.add(action, by=actor.name)

    return _tried(made, form, form.action_id)


def shift(workspace: Workspace, form: Moving, actor: Actor) -> str:
    """Give an action another status."""
    return _tried(
        lambda: workspace.plan.set_status(form.action_id, form.status, by=actor.name), form
    )


def remove(workspace: Workspace, form: Naming, actor: Actor) -> str:
    """Take an action off."""
    return _tried(lambda: workspace.plan.remove(form.action_id, by=actor.name), form)


def judge(workspace: Workspace, form: Judging, actor: Actor) -> str:
    """Say how much effort an opportunity takes."""
    return _tried(lambda: workspace.plan.judge(form.key, form.effort, by=actor.name), form)


def start(workspace: Workspace, form: Starting, actor: Actor) -> str:
    """Freeze this cycle and start the next one."""
    return _tried(lambda: workspace.plan.start_cycle(form.starts_on, by=actor.name), form)


def undo(workspace: Workspace, form: Turning, actor: Actor) -> str:
    """Take the last change of this cycle back."""
    refused = turned(lambda: workspace.plan.undo(seen=form.seen, by=actor.name))
    return back_to("/plan", "history", refused, form)


def redo(workspace: Workspace, form: Turning, actor: Actor) -> str:
    """Do again what was taken back."""
    refused = turned(lambda: workspace.plan.redo(seen=form.seen, by=actor.name))
    return back_to("/plan", "history", refused, form)


def _expected(workspace: Workspace, form: Planning) -> float | None:
    """The expected effect in the unit of its measure; a share is typed in per cent."""
    number = _number(form.expected)
    if not form.measure:
        return number
    is_share = workspace.kpis.take(form.measure).meaning.unit == "share"
    return number / 100 if number is not None and is_share else number


def _number(text: str) -> float | None:
    typed = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        return float(typed) if typed else None
    except ValueError as error:
        raise InputError(f"{text!r} is no number") from error


def _tried(make: Callable[[], object], form: object, action: str = "") -> str:
    refused = why_refused(make, "plan")
    return back_to("/plan", "", refused, form, action=action if refused else "")


ACTIONS = (
    Action("plan_put", "/plan/actions", Planning, put),
    Action("plan_shift", "/plan/actions/status", Moving, shift),
    Action("plan_remove", "/plan/actions/off", Naming, remove),
    Action("plan_judge", "/plan/efforts", Judging, judge),
    Action("plan_start", "/plan/cycles", Starting, start),
    Action("plan_undo", "/plan/undo", Turning, undo),
    Action("plan_redo", "/plan/redo", Turning, redo),
)
