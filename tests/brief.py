"""Runs that make only what a test rests on: all steps together take many seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import ibis.expr.types as ir

from klantreis import Workspace
from klantreis.engine import Engine
from klantreis.pipeline import STEPS, Step
from klantreis.runner import Progress, Quiet, Run
from klantreis.state import Published
from klantreis.tables import contract
from klantreis.workspace.accounts import utc_now

__all__ = ["BRIEFLY", "run_briefly", "run_sources", "run_until"]

COMPARING = ("person_profiles", "match_model", "name_doubles", "match_keys")


def matches(identifier_groups: ir.Table, *, engine: Engine) -> ir.Table:
    """Stands in for comparing names and addresses: nobody is known again by those."""
    return engine.read([], contract("matches"))


def households(links: ir.Table, *, engine: Engine) -> ir.Table:
    """Stands in for comparing addresses: nobody is known to live with anybody."""
    return engine.read([], contract("households"))


def steps_until(last: str) -> tuple[Step, ...]:
    """The steps up to one of them."""
    return STEPS[: [step.name for step in STEPS].index(last) + 1]


INSTEAD = {"matches": Step(matches), "households": Step(households)}
BRIEFLY = tuple(
    INSTEAD.get(step.name, step) for step in steps_until("portraits") if step.name not in COMPARING
)


def run_briefly(
    workspace: Workspace,
    *,
    progress: Progress | None = None,
    now: datetime | None = None,
    **how: bool,
) -> Published:
    """Make who is who and the portraits, by identifiers alone; for `Workspace._make_tables`."""
    return _run(workspace, BRIEFLY, progress, now, **how)


def run_until(workspace: Workspace, last: str) -> Published:
    """Make the tables up to one of them."""
    return _run(workspace, steps_until(last))


def run_sources(workspace: Workspace) -> Published:
    """Only publish what came in."""
    return _run(workspace, ())


def _run(
    workspace: Workspace,
    steps: Sequence[Step],
    progress: Progress | None = None,
    now: datetime | None = None,
    **how: bool,
) -> Published:
    return Run(
        workspace._connect,
        workspace.state,
        workspace.store,
        workspace.settings,
        now or utc_now(),
        progress=progress or Quiet(),
        steps=steps,
        **how,
    ).complete()
