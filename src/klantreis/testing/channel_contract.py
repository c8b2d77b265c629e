"""What every campaign channel must hold to, as a test class to subclass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import pytest

from klantreis.channels import Channel, Outgoing
from klantreis.errors import DeliveryError

__all__ = ["ChannelContract", "FakeReceiver"]

MESSAGE = Outgoing(
    key="abandoned_basket/7/2026-01-01/reminder",
    campaign="abandoned_basket",
    template="reminder",
    customer_id=7,
    recipient="sanne@voorbeeld.nl",
    name="Sanne de Vries",
    language="nl",
    subject="Uw mandje staat nog klaar: 10 % korting op Éénpersoons",
    html="<p>Dag Sanne</p>",
    text="Dag Sanne\n",
    unsubscribe_url="https://shop.voorbeeld.nl/unsubscribe/abc",
)


class FakeReceiver(Protocol):
    """The other side of a channel, on this machine."""

    def keys(self) -> list[str]:
        """What identifies each message that arrived, in order of arrival."""
        ...

    def shut_down(self) -> None:
        """From now on nothing can be delivered."""
        ...


class _CrashError(Exception):
    """Stands for a process that dies."""


@dataclass
class _Before:
    """Remembers what had arrived when the message was about to be handed over."""

    receiver: FakeReceiver
    calls: int = 0
    arrived: int = 0

    def __call__(self) -> None:
        self.calls += 1
        self.arrived = len(self.receiver.keys())


class ChannelContract:
    """Subclass it as `class TestMyChannel(ChannelContract)` with fixtures `channel` and `receiver`."""

    def test_it_says_what_it_is(self, channel: Channel) -> None:
        assert isinstance(channel, Channel)
        assert channel.name.isidentifier()

    def test_a_message_arrives_once_and_after_it_was_announced(
        self, channel: Channel, receiver: FakeReceiver
    ) -> None:
        before = _Before(receiver)
        channel.send(MESSAGE, handing_over=before)
        assert (before.calls, before.arrived, len(receiver.keys())) == (1, 0, 1)

    def test_different_messages_can_be_told_apart(
        self, channel: Channel, receiver: FakeReceiver
    ) -> None:
        for number in range(3):
            channel.send(replace(MESSAGE, key=f"k{number}"), handing_over=lambda: None)
        assert len(set(receiver.keys())) == 3

    def test_when_the_announcement_fails_nothing_is_sent(
        self, channel: Channel, receiver: FakeReceiver
    ) -> None:
        def crash() -> None:
            raise _CrashError

        with pytest.raises(_CrashError):
            channel.send(MESSAGE, handing_over=crash)
        assert receiver.keys() == []

    def test_a_message_sent_twice_is_known_as_the_same(
        self, channel: Channel, receiver: FakeReceiver
    ) -> None:
        for _ in range(2):
            channel.send(MESSAGE, handing_over=lambda: None)
        assert len(set(receiver.keys())) == 1

    def test_it_says_when_it_cannot_deliver_now(
        self, channel: Channel, receiver: FakeReceiver
    ) -> None:
        receiver.shut_down()
        with pytest.raises(DeliveryError):
            channel.send(MESSAGE, handing_over=lambda: None)
