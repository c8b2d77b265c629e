"""Erasures that go on beside the serving, and are taken up again after a restart."""

from __future__ import annotations

import logging
from threading import Thread

from klantreis.web.watching import place_of
from klantreis.workspace import Workspace

__all__ = ["finish_in_background"]

LOG = logging.getLogger("klantreis.web")


def finish_in_background(workspace: Workspace) -> None:
    """Finish the erasures that were begun; nothing when there are none."""
    if workspace.privacy.is_erasing:
        Thread(target=_finish, args=(workspace,), daemon=True, name="erasing").start()


def _finish(workspace: Workspace) -> None:
    try:
        workspace.privacy.finish_erasing(waits=True)
    except Exception as error:  # its page says how far it came; the next start takes it up
        LOG.error("erasing broke off: %s at %s", type(error).__name__, place_of(error))
