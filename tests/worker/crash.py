"""A worker that is killed at a chosen place: `python crash.py FOLDER CHANNEL PLACE`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from klantreis import Workspace
from klantreis.channels import Channel, Outgoing, open_channel
from klantreis.worker import work_once
from tests.worker.baskets import NOON

THIRD = 3


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """A channel that kills its process at the third message."""

    def __init__(self, inner: Channel, place: str) -> None:
        self.inner, self.place, self.calls = inner, place, 0
        self.name, self.is_idempotent = inner.name, inner.is_idempotent

    def send(self, message: Outgoing, *, handing_over: Callable[[], None]) -> None:
        self.calls += 1
        dies = self.calls == THIRD

        def handed() -> None:
            handing_over()
            if dies and self.place == "handed":
                die()

        if dies and self.place == "claimed":
            die()
        self.inner.send(message, handing_over=handed)
        if dies and self.place == "delivered":
            die()

    def close(self) -> None:
        self.inner.close()


def main(folder: str, place: str) -> None:
    with Workspace.open(folder) as workspace:
        if place == "decided":
            workspace.campaigns.decide(now=NOON)
            die()
        outbox = Path(folder) / ".klantreis" / "outbox"
        work_once(
            workspace,
            now=NOON,
            opening=lambda name: Deadly(open_channel(name, workspace.settings, outbox), place),
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
