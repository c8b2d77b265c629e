"""What a decision about one customer rests on, beside the flow and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from klantreis.rules import Facts, Moment

__all__ = [
    "Action",
    "Decision",
    "Entry",
    "Known",
    "Payment",
    "Policy",
    "Sent",
]

# What a decision is: the customer came in, waits, gets a message, does not get it, or is done.
Action: TypeAlias = Literal[
    "entered", "waits", "sent", "blocked", "postponed", "held_out", "passed", "exited", "finished"
]


@dataclass(frozen=True)
class Payment:
    """An attempt to pay; `status` in Mollie's words."""

    status: str
    at: datetime
    order_id: str = ""


@dataclass(frozen=True)
class Known:
    """One customer, as far as campaigns need to know.

    Attributes:
        facts: portrait, timeline and segments.
        payments: recent attempts to pay.
        out_of_stock: products that cannot be had anywhere now.
        has_withdrawn: whether consent was withdrawn since the portrait was made.
    """

    customer_id: int
    facts: Facts
    payments: tuple[Payment, ...] = ()
    out_of_stock: frozenset[str] = frozenset()
    has_withdrawn: bool = False

    @property
    def email(self) -> str:
        return str(self.facts.values.get("email") or "")

    def moments(self, event: str, *, after: datetime, until: datetime) -> list[Moment]:
        """Moments of a kind, oldest first."""
        found = [
            moment
            for moment in self.facts.moments
            if moment.event == event and after < moment.occurred_at <= until
        ]
        return sorted(found, key=lambda moment: moment.occurred_at)


@dataclass(frozen=True)
class Entry:
    """One customer's way through one flow.

    Attributes:
        entered_at: the moment that made them enter; names the entry.
        step: index of the step to take now.
        since: when the step before was done; waits count from here.
        status: `active`, `finished` or `exited`.
        product_id: product of the moment that made them enter.
    """

    campaign: str
    customer_id: int
    entered_at: datetime
    step: int = 0
    since: datetime = datetime.min
    status: Literal["active", "finished", "exited"] = "active"
    product_id: str = ""


@dataclass(frozen=True)
class Sent:
    """A message that went out or is on its way."""

    campaign: str
    entered_at: datetime
    letter: str
    is_service: bool
    at: datetime


@dataclass(frozen=True)
class Decision:
    """What was decided at one step, and why; a line of the log.

    Attributes:
        reason: code, as `no_consent`.
        letter: which message it is about.
        is_service: whether that is a service message.
        until: for `waits` and `postponed`: when to look again.
    """

    action: Action
    step: int
    reason: str = ""
    letter: str = ""
    is_service: bool = False
    until: datetime | None = None


@dataclass(frozen=True)
class Policy:
    """What holds for all campaigns of a shop.

    Attributes:
        latest: a message that is due for longer (because nothing ran) is not sent any more.
        time_zones: of countries; the shop's own for the others.
        salt: makes the holdouts of one shop differ from those of another.
    """

    time_zone: str = "Europe/Amsterdam"
    quiet_from_hour: int = 21
    quiet_until_hour: int = 8
    messages_per_week: int = 3
    returned: timedelta = timedelta(days=14)
    payment_window: timedelta = timedelta(days=3)
    latest: timedelta = timedelta(days=2)
    global_holdout: float = 0.05
    salt: str = ""
    time_zones: Mapping[str, str] = field(
        default_factory=lambda: {
            "NL": "Europe/Amsterdam",
            "BE": "Europe/Brussels",
            "DE": "Europe/Berlin",
            "FR": "Europe/Paris",
            "LU": "Europe/Luxembourg",
            "GB": "Europe/London",
            "IE": "Europe/Dublin",
            "PT": "Europe/Lisbon",
        }
    )
