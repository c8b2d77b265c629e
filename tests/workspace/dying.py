"""A process that is killed at a chosen place: `python dying.py FOLDER DOING PLACE [CUSTOMER]`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from klantreis import Workspace
from klantreis.runner import Run
from klantreis.state import State
from klantreis.state.erasures import Erasures
from klantreis.state.persons import PersonsInState
from klantreis.workspace import erasing, taking_out
from klantreis.workspace.identifying import Identifying
from tests.brief import run_briefly

# What is about to be called when the process dies, and for the how-manieth time.
PLACES: dict[str, tuple[Any, str, int]] = {
    "fifth_file": (taking_out, "rewritten", 5),
    "parts": (State, "replace_parts", 1),
    "tables": (Run, "complete", 1),
    "publishing": (State, "publish", 1),
    "state_again": (PersonsInState, "remove", 2),
    "proof": (erasing, "prove", 1),
    "proven": (Erasures, "finish", 1),
    "checked": (Identifying, "known_again", 1),
    "noted": (State, "note_checked", 1),
}


def die_before(place: str) -> None:
    owner, name, calls = PLACES[place]
    inner: Callable[..., Any] = getattr(owner, name)
    count = 0

    def deadly(*given: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count == calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(*given, **named)

    setattr(owner, name, deadly)


def main(folder: str, doing: str, place: str, customer: str = "0") -> None:
    setattr(Workspace, "_make_tables", run_briefly)  # noqa: B010  # so that it takes a second
    with Workspace.open(folder) as workspace:
        die_before(place)
        if doing == "erase":
            workspace.privacy.erase(int(customer))
        else:
            workspace.import_exports()


if __name__ == "__main__":
    main(*sys.argv[1:])
