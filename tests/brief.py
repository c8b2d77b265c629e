"""Runs that only make who is who and the portraits: what erasing, consent and retention rest on."""

from __future__ import annotations

from datetime import datetime

from klantreis import Workspace
from klantreis.pipeline import STEPS
from klantreis.runner import Progress, Quiet, Run
from klantreis.state import Published
from klantreis.workspace.accounts import utc_now

__all__ = ["run_briefly"]

LAST = "portraits"
BRIEFLY = STEPS[: [step.name for step in STEPS].index(LAST) + 1]


def run_briefly(
    workspace: Workspace, *, progress: Progress | None = None, now: datetime | None = None
) -> Published:
    """Stands in for `Workspace._make_tables`."""
    return Run(
        workspace._connect,
        workspace.state,
        workspace.store,
        workspace.settings,
        now or utc_now(),
        progress=progress or Quiet(),
        steps=BRIEFLY,
    ).complete()
