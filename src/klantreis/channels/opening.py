"""Opens a channel by its name, with what the settings and the environment say of it."""

from __future__ import annotations

import os
from pathlib import Path

from klantreis.channels.email import EmailChannel
from klantreis.channels.file import FileChannel
from klantreis.channels.protocol import Channel
from klantreis.channels.webhook import WebhookChannel
from klantreis.errors import NotFoundError, message
from klantreis.settings import Settings

__all__ = ["CHANNEL_NAMES", "open_channel"]

CHANNEL_NAMES = ("email", "file", "webhook")


def open_channel(name: str, settings: Settings, folder: Path) -> Channel:
    """Open a channel.

    Args:
        name: one of `CHANNEL_NAMES`.
        settings: of the workspace; secrets come from the environment.
        folder: where the file channel writes.

    Raises:
        SettingsError: what the channel needs is not set.
        NotFoundError: there is no such channel.
    """
    if name == "email":
        password = os.environ.get("KLANTREIS_SMTP_PASSWORD", "")
        return EmailChannel(settings.smtp_url, settings.mail_from, password)
    if name == "webhook":
        return WebhookChannel(settings.webhook_url, os.environ.get("KLANTREIS_WEBHOOK_SECRET", ""))
    if name == "file":
        return FileChannel(folder)
    raise NotFoundError(
        message("Unknown channel", got=repr(name), allowed=", ".join(CHANNEL_NAMES))
    )
