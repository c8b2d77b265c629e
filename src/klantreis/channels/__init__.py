"""Side effects that reach a customer: a folder a channel (mail, webhook, file)."""

from klantreis.channels.email import EmailChannel
from klantreis.channels.file import LOCK as OUTBOX_LOCK
from klantreis.channels.file import FileChannel
from klantreis.channels.hashed import PLATFORMS, Contact, hashed_audience
from klantreis.channels.letters import Letter, Rendered, check_letter, render
from klantreis.channels.opening import CHANNEL_NAMES, open_channel
from klantreis.channels.protocol import Channel, Outgoing
from klantreis.channels.webhook import SIGNATURE, WebhookChannel, signature

__all__ = [
    "CHANNEL_NAMES",
    "OUTBOX_LOCK",
    "PLATFORMS",
    "SIGNATURE",
    "Channel",
    "Contact",
    "EmailChannel",
    "FileChannel",
    "Letter",
    "Outgoing",
    "Rendered",
    "WebhookChannel",
    "check_letter",
    "hashed_audience",
    "open_channel",
    "render",
    "signature",
]
