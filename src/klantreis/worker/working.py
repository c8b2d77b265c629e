"""One round of work, and rounds without end."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from klantreis.channels import Channel, open_channel
from klantreis.errors import OldTablesError, WorkspaceBusyError
from klantreis.worker.sending import Delivered, send_due
from klantreis.worker.updating import update_when_due
from klantreis.workspace import Workspace
from klantreis.workspace.campaign_deciding import Worked

__all__ = ["Round", "tidy", "work", "work_once"]

LOG = logging.getLogger("klantreis.worker")


@dataclass(frozen=True)
class Round:
    """What one round did."""

    worked: Worked
    delivered: Delivered


def work_once(
    workspace: Workspace,
    *,
    now: datetime | None = None,
    opening: Callable[[str], Channel] | None = None,
) -> Round:
    """Decide in every running campaign, and send what is due.

    Args:
        workspace: the shop.
        now: naive UTC; the clock when it is not given.
        opening: opens a channel by its name; as the settings say when it is not given.

    Raises:
        OldTablesError: the tables are too old to send by.
        SettingsError: a channel is not set up.
    """
    worked = workspace.campaigns.decide(now=now or _now())
    delivered = send_due(
        workspace,
        opening or (lambda name: open_channel(name, workspace.settings, _outbox(workspace))),
        by=f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(4)}",
        clock=(lambda: now) if now else _now,
    )
    return Round(worked, delivered)


def work(
    workspace: Workspace, tell: Callable[[Round], None], *, pause_seconds: float = 60.0
) -> None:
    """Work round after round until the process is stopped; it can be stopped at any moment.

    At the times of `update_at` everything is brought up to date, in a process of its own. Settings
    that were changed hold from the next round on; wrong ones change nothing.

    Raises:
        OldTablesError: the tables are too old to send by, and `update_at` makes no new ones.
    """
    tidied: date | None = None
    while True:
        if workspace.follow_settings() and workspace.settings_problem:
            LOG.error("The settings of before hold: %s", workspace.settings_problem)
        tidied = tidy(workspace, tidied, now=_now())
        update_when_due(workspace, now=_now())
        try:
            tell(work_once(workspace))
        except OldTablesError as error:
            if not workspace.settings.update_times:
                raise
            LOG.warning("Nothing is sent until the tables are up to date: %s", error)
        time.sleep(pause_seconds)


def tidy(workspace: Workspace, tidied: date | None, *, now: datetime) -> date | None:
    """Finish erasures that were broken off, and once a day take out what is too old.

    Args:
        workspace: the shop.
        tidied: the last day on which that was done.
        now: naive UTC.

    Returns:
        The last day on which it was done: still the one before while an import or run is at work.
    """
    try:
        workspace.privacy.finish_erasing()
        if tidied != now.date():
            workspace.retention.apply(now, by="worker", address="worker")
    except WorkspaceBusyError:
        return tidied
    return now.date()


def _outbox(workspace: Workspace) -> Path:
    return workspace.store.folder / "outbox"


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
