"""A webhook: the message as JSON to a program of the shop, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from klantreis.channels.protocol import Outgoing
from klantreis.errors import (
    DeliveryError,
    LostAnswerError,
    RefusedMessageError,
    SettingsError,
    message,
)

__all__ = ["SIGNATURE", "WebhookChannel", "signature"]

SIGNATURE = "X-Klantreis-Signature"
TIMEOUT_SECONDS = 20
ASKS_TO_WAIT = (408, 425, 429)


class WebhookChannel:
    """Posts messages to one address.

    The receiver knows doubles by the header `Idempotency-Key`, and that it was us by the
    signature: `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`.

    Args:
        url: `https://...`, or `http://` on one's own network.
        secret: shared with the receiver.

    Raises:
        SettingsError: no address or no secret.
    """

    name = "webhook"
    is_idempotent = True

    def __init__(self, url: str, secret: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise SettingsError(
                message("No receiver", where="webhook_url", got=repr(url), allowed="https://...")
            )
        if not secret:
            raise SettingsError(
                message(
                    "No secret to sign with",
                    where="the environment",
                    allowed="KLANTREIS_WEBHOOK_SECRET",
                )
            )
        self.url, self._secret = url, secret
        self._opener = urllib.request.build_opener(_NoRedirects())

    def send(self, message: Outgoing, *, handing_over: Callable[[], None]) -> None:
        """Hand one message over; see `Channel.send`."""
        body = json.dumps(asdict(message), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.key,
            SIGNATURE: signature(body, self._secret, int(time.time())),
        }
        request = urllib.request.Request(self.url, body, headers)  # noqa: S310  # checked above
        handing_over()
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS):
                pass
        except urllib.error.HTTPError as error:
            told = f"The webhook's receiver answers {error.code}"
            if 400 <= error.code < 500 and error.code not in ASKS_TO_WAIT:
                raise RefusedMessageError(told) from error
            raise DeliveryError(told) from error
        except TimeoutError as error:
            raise LostAnswerError("The webhook's receiver did not answer in time") from error
        except OSError as error:
            raise DeliveryError(f"The webhook's receiver cannot be reached: {error}") from error

    def close(self) -> None:
        """Nothing is kept open."""


def signature(body: bytes, secret: str, at: int) -> str:
    """The header by which a receiver knows that a message is ours and not an old one repeated."""
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mark}"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected POST would lose its body."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None
