"""Repairing what was put aside: one value, or all that a rule changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from klantreis.errors import InputError, WorkspaceBusyError
from klantreis.web.action import Action
from klantreis.web.actors import Actor
from klantreis.web.problems import sent
from klantreis.web.rendering import address
from klantreis.workspace import Problem, Repaired, Workspace

__all__ = ["ACTIONS"]

PATH = "/sources/quarantine"
Word = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True)
class Repairing:
    """A value of one entry; of an entry without a column the whole row."""

    entry: Annotated[str, Form(max_length=1_000)]
    value: Annotated[str, Form(max_length=4_000)]
    source: Word = ""
    reason: Word = ""
    page: Annotated[int, Form(ge=1)] = 1


@dataclass(frozen=True)
class Replacing:
    """A rule for all values of one reason in one column."""

    source: Word
    reason: Word
    column: Word
    find: Word = ""
    put: Word = ""


def repair(workspace: Workspace, form: Repairing, actor: Actor) -> str:
    """Change a value and send its row in again."""
    shown = {"source": form.source, "reason": form.reason, "page": form.page}
    return _told(workspace, {form.entry: form.value}, actor, shown)


def replace(workspace: Workspace, form: Replacing, actor: Actor) -> str:
    """Change all values that a rule is about, as they were shown, and send their rows in again."""
    planned = workspace.repairs.plan(
        source=form.source, reason=form.reason, column=form.column, find=form.find, put=form.put
    )
    values = {one.quarantine_id: one.after for one in planned}
    return _told(workspace, values, actor, {"source": form.source, "reason": form.reason})


def _told(
    workspace: Workspace, values: dict[str, str], actor: Actor, shown: dict[str, object]
) -> str:
    try:
        done = workspace.repairs.repair(values, by=actor.name)
    except (InputError, WorkspaceBusyError) as error:
        done = Repaired(problems=(Problem("", error),))
    problem = sent(done.problems[0].error) if done.problems else ""
    # As texts: an address leaves out what is nothing, and none is told here too.
    told = {"loaded": str(done.loaded), "still": str(done.refused), "problem": problem}
    return address(PATH, **shown, **told) + "#done"


ACTIONS = (
    Action("quarantine_repair", f"{PATH}/repair", Repairing, repair),
    Action("quarantine_replace", f"{PATH}/replace", Replacing, replace),
)
