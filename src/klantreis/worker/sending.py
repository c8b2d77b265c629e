"""Sends what is in the outbox: claim, hand over, confirm; each on disk before the next.

A process may die at any moment. Before the handing over the message is still in the outbox and
goes out later; from the handing over on nobody knows whether it arrived, so it goes out again only
where the receiver knows doubles by their key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from klantreis.channels import Channel
from klantreis.errors import (
    DeliveryError,
    InputError,
    LostAnswerError,
    NotFoundError,
    RefusedMessageError,
)
from klantreis.state import OutboxMessage
from klantreis.workspace import Workspace

__all__ = ["Delivered", "send_due"]

AT_ONCE = 100
LEASE = timedelta(minutes=10)
STALE = timedelta(hours=12)  # what was decided so long ago may no longer be right
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Delivered:
    """How many messages came to stand where: `sent`, `refused`, `due` again, `uncertain`, `dropped`."""

    by_status: Mapping[str, int] = field(default_factory=dict)


def send_due(
    workspace: Workspace, open_channel: Callable[[str], Channel], *, by: str, clock: Clock
) -> Delivered:
    """Send every message that is due.

    Args:
        workspace: whose outbox.
        open_channel: opens a channel by its name.
        by: name of this process, unique.
        clock: tells the moment, naive UTC.
    """
    return _Sending(workspace, open_channel, by, clock).all()


class _Sending:
    def __init__(
        self, workspace: Workspace, open_channel: Callable[[str], Channel], by: str, clock: Clock
    ) -> None:
        self.workspace, self.outbox = workspace, workspace.state.outbox
        self.open_channel, self.by, self.clock = open_channel, by, clock
        self.channels: dict[str, Channel] = {}
        self.counts: Counter[str] = Counter()

    def all(self) -> Delivered:
        try:
            self.take_up_handed()
            while claimed := self.outbox.claim(
                self.by, now=self.clock(), most=AT_ONCE, lease=LEASE
            ):
                for message in claimed:
                    self.counts[self.one(message)] += 1
        finally:
            for channel in self.channels.values():
                channel.close()
        return Delivered(self.counts)

    def take_up_handed(self) -> None:
        """Settle what a process left behind that died while handing over."""
        for message in self.outbox.left_handed(before=self.clock() - LEASE):
            status = "due" if self.channel(message.channel).is_idempotent else "uncertain"
            note = "The process died while handing it over"
            if self.outbox.mark(
                message.key, status, at=self.clock(), expected=["handed"], note=note
            ):
                self.counts[status] += status == "uncertain"

    def one(self, message: OutboxMessage) -> str:
        """Send one message that this process has claimed; returns where it stands now."""
        now = self.clock()
        if now - message.decided_at > STALE and message.attempts == 0:
            return self.settle(message, "dropped", "Too old: it lay in the outbox too long")
        if not message.is_service and self.workspace.campaigns.has_withdrawn(message):
            return self.settle(message, "dropped", "Consent was withdrawn")
        try:
            outgoing = self.workspace.campaigns.outgoing(message)
            channel = self.channel(message.channel)
            channel.send(outgoing, handing_over=lambda: self.hand_over(message))
        except (RefusedMessageError, InputError, NotFoundError) as error:
            return self.settle(message, "refused", str(error))
        except LostAnswerError as error:
            if self.channel(message.channel).is_idempotent:
                return self.later(message, str(error))
            return self.settle(message, "uncertain", str(error))
        except DeliveryError as error:
            return self.later(message, str(error))
        except _TakenError:
            return "taken"
        return self.settle(message, "sent", "")

    def hand_over(self, message: OutboxMessage) -> None:
        moved = self.outbox.mark(message.key, "handed", at=self.clock(), expected=["claimed"])
        if not moved:
            raise _TakenError

    def later(self, message: OutboxMessage, note: str) -> str:
        if message.attempts >= len(PAUSES):
            return self.settle(message, "refused", note)
        due_at = self.clock() + PAUSES[message.attempts]
        self.outbox.mark(
            message.key,
            "due",
            at=self.clock(),
            expected=["claimed", "handed"],
            due_at=due_at,
            note=note,
        )
        return "due"

    def settle(self, message: OutboxMessage, status: str, note: str) -> str:
        self.outbox.mark(
            message.key, status, at=self.clock(), expected=["claimed", "handed"], note=note
        )
        return status

    def channel(self, name: str) -> Channel:
        if name not in self.channels:
            self.channels[name] = self.open_channel(name)
        return self.channels[name]


class _TakenError(Exception):
    """Another process took the message over: our claim had run out."""
