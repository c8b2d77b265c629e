"""E-mail by SMTP, with a plain-text twin and one-click unsubscribing (RFC 8058)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import parseaddr
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from klantreis.channels.protocol import Outgoing
from klantreis.errors import (
    DeliveryError,
    KlantreisError,
    LostAnswerError,
    RefusedMessageError,
    SettingsError,
    message,
)

__all__ = ["EmailChannel", "message_id"]

TIMEOUT_SECONDS = 30
PERMANENT = range(500, 600)


class EmailChannel:
    """Hands mails to an SMTP server, one after another over one connection.

    The server may not know doubles, so a mail of which the answer was lost is never sent again by
    itself; its Message-ID follows from its key, so that the log of the server can tell.

    Args:
        url: `smtp://[user@]host[:port]`, encrypted when the server offers it, or `smtps://`.
        sender: as `Huis & Haard <post@example.nl>`.
        password: empty when the server asks for none.

    Raises:
        SettingsError: the address of the server or the sender is wrong.
    """

    name = "email"
    is_idempotent = False

    def __init__(self, url: str, sender: str, password: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise SettingsError(
                message("No mail server", where="smtp_url", got=repr(url), allowed="smtp://host:25")
            )
        if not parseaddr(sender)[1].count("@"):
            raise SettingsError(
                message("No sender", where="mail_from", got=repr(sender), allowed="post@example.nl")
            )
        self.sender = sender
        self._client = aiosmtplib.SMTP(
            hostname=parts.hostname,
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username) if parts.username else None,
            password=password or None,
            use_tls=parts.scheme == "smtps",
            timeout=TIMEOUT_SECONDS,
        )
        # A thread of its own: whoever sends may be at work in a loop themselves.
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="mail", daemon=True)
        self._thread.start()

    def send(self, message: Outgoing, *, handing_over: Callable[[], None]) -> None:
        """Hand one mail over; see `Channel.send`."""
        mail = self._mail(message)
        try:
            self._wait(self._envelope(message.recipient))
            handing_over()
        except aiosmtplib.SMTPRecipientRefused as error:
            self._begin_anew()
            raise _refused_or_later(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._begin_anew()
            raise DeliveryError(f"The mail server cannot be used now: {error}") from error
        except BaseException:
            self._begin_anew()
            raise
        try:
            self._wait(self._client.data(mail.as_bytes(policy=MAIL_POLICY)))
        except aiosmtplib.SMTPResponseException as error:
            self._begin_anew()
            raise _refused_or_later(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._begin_anew()
            raise LostAnswerError(f"The mail server did not answer: {error}") from error

    def close(self) -> None:
        """End the connection."""
        self._begin_anew()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _envelope(self, recipient: str) -> None:
        if not self._client.is_connected:
            await self._client.connect()
        await self._client.mail(parseaddr(self.sender)[1])
        await self._client.rcpt(recipient)

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        try:
            mail["To"] = Address(message.name, addr_spec=message.recipient)
            mail["From"] = self.sender
            mail["Subject"] = message.subject
            mail["Message-ID"] = message_id(message.key, self.sender)
            mail["Content-Language"] = message.language
            mail["Auto-Submitted"] = "auto-generated"
            if message.unsubscribe_url:
                mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
                mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        except (ValueError, IndexError, MessageError) as error:
            raise RefusedMessageError(f"Not a mail that can be sent: {error}") from error
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        return mail

    def _wait(self, doing: Coroutine[Any, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._loop).result()

    def _begin_anew(self) -> None:
        """Drop the connection, in whatever state it is; the next mail makes a new one."""
        self._wait(self._drop())

    async def _drop(self) -> None:
        self._client.close()


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a key: the same message always has the same one.

    >>> message_id("a", "post@example.nl")
    '<ca978112ca1bbdcafac231b39a23dc4d@example.nl>'
    """
    domain = parseaddr(sender)[1].rsplit("@", 1)[1]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _refused_or_later(error: aiosmtplib.SMTPResponseException) -> KlantreisError:
    told = f"{error.code} {error.message}"
    if error.code in PERMANENT:
        return RefusedMessageError(f"The mail server refuses: {told}")
    return DeliveryError(f"The mail server asks to wait: {told}")
