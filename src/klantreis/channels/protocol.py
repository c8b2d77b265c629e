"""What a channel is: it hands one message over, and tells the moment before it can no longer be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

__all__ = ["Channel", "Outgoing"]


@dataclass(frozen=True)
class Outgoing:
    """One message to one customer.

    Attributes:
        key: unique for the message; every channel passes it on, so that a double can be known.
        recipient: e-mail address; may be empty for a webhook or file.
        html, text: the same content twice, for programs that show HTML and for those that do not.
        unsubscribe_url: one click on it ends marketing mail; empty for a service message.
    """

    key: str
    campaign: str
    template: str
    customer_id: int
    recipient: str
    name: str
    language: str
    subject: str
    html: str
    text: str
    unsubscribe_url: str = ""


@runtime_checkable
class Channel(Protocol):
    """A way to reach customers.

    Attributes:
        name: as flows name it.
        is_idempotent: whether the receiver knows doubles by their key, so that a message of which
            we do not know whether it arrived may be sent again.
    """

    name: str
    is_idempotent: bool

    def send(self, message: Outgoing, *, handing_over: Callable[[], None]) -> None:
        """Hand one message over; returns when the receiver has taken it.

        Args:
            message: what to whom.
            handing_over: called once, after everything that can fail without harm and right before
                the receiver gets the content. When it raises, nothing is sent.

        Raises:
            DeliveryError: not now; the receiver does not have it.
            LostAnswerError: the receiver may have it or not.
            RefusedMessageError: never; the receiver does not want it.
        """
        ...

    def close(self) -> None:
        """Give back connections."""
        ...
