"""The questions that a portrait answers at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Glance", "Got", "Said", "Viewed"]


@dataclass(frozen=True)
class Viewed:
    """A product or page, and how often it was looked at."""

    name: str
    times: int


@dataclass(frozen=True)
class Said:
    """Something that the customer said."""

    at: datetime
    channel: str
    event: str
    text: str
    score: float | None


@dataclass(frozen=True)
class Got:
    """Something that we sent, brought or paid back: how often, and when last."""

    event: str
    times: int
    last_at: datetime


@dataclass(frozen=True)
class Glance:
    """The questions that a portrait answers at a glance.

    Attributes:
        first_at, first_channel, first_event: first thing that the customer did.
        viewed: products or pages looked at most.
        said: last statements, the newest first.
        outcome: of the last journey: `purchase`, `lapsed` or `open`; empty without a journey.
        stopped_at, stopped_channel, stopped_event: last thing that the customer did.
        got: what they got from us.
        open_basket_amount: value in the basket.
        has_open_complaint: whether a ticket waits for an answer.
        parcels: sent in the last 30 days and not told to have arrived.
    """

    first_at: datetime | None
    first_channel: str
    first_event: str
    viewed: tuple[Viewed, ...]
    said: tuple[Said, ...]
    outcome: str
    stopped_at: datetime | None
    stopped_channel: str
    stopped_event: str
    got: tuple[Got, ...]
    open_basket_amount: float | None
    has_open_complaint: bool
    parcels: int
