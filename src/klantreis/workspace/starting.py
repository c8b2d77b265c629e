"""Starting a process that brings the tables up to date, beside the serving or working.

It is a process of its own: pages stay quick, its memory is given back, and it goes on when the
server stops. How far it is, it tells in the workspace: see `workspace.updates`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Thread
from typing import IO

from klantreis.errors import message
from klantreis.workspace.updates import ASKED_BY
from klantreis.workspace.workspace import Workspace

__all__ = ["start_updating"]

# Modules that happen to lie in the folder of the server are none of its own: -P.
COMMAND = (sys.executable, "-P", "-m", "klantreis", "run")
NICENESS = 5  # more than who starts it: pages go first
LONGEST = 2_000  # of what it says before it ends


def start_updating(workspace: Workspace, *, by: str) -> None:
    """Take in what waits and bring every table up to date, in a process of its own.

    Args:
        by: who asked for it.

    Raises:
        WorkspaceBusyError: one is at work already.
    """
    workspace.updates.ask(by=by)
    if workspace.settings_problem:  # the process would read them, and end at once
        workspace.updates.give_up(workspace.settings_problem.parts)
        return
    # Not beside the tables: what a program says when it breaks may quote customers.
    said = TemporaryFile()  # noqa: SIM115  # closed by who waits for the process
    process = subprocess.Popen(  # noqa: S603
        [*COMMAND, str(workspace.folder), "--import", "--language", "en"],  # pages translate
        env=os.environ | {ASKED_BY: by},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
    )
    with suppress(OSError, AttributeError):  # Windows has no such call
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, process.pid, own + NICENESS)
    waiting = (workspace, process, said)
    Thread(target=_wait, args=waiting, daemon=True, name="updating").start()


def _wait(workspace: Workspace, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Wait for the end, and tell why when it did not even begin."""
    with said:
        if process.wait() == 0:
            return
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    why = lines[-1].removeprefix("Error: ").removesuffix(".")[:LONGEST] if lines else ""
    silent = message("The process did not begin", got=f"exit {process.returncode}")
    workspace.updates.give_up(message(why).parts if why else silent.parts)
