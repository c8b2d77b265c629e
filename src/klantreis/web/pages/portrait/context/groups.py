"""Where the customer stands: personas, topics, RFM, phase, and what is foretold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from klantreis.web.named import Named
from klantreis.workspace import Accuracy

__all__ = ["Asked", "Chance", "Expectation", "Phase", "Scores"]


@dataclass(frozen=True)
class Chance:
    """How probable a persona is; from `needs` that were told and behaviour, or `behaviour` alone."""

    persona: Named
    probability: float
    is_member: bool
    basis: str


@dataclass(frozen=True)
class Asked:
    """A topic that the customer asked after or needed: how often, and when last."""

    topic: Named
    statements: int
    last_at: datetime
    evidence: str


@dataclass(frozen=True)
class Scores:
    """RFM group and scores, 1 to 5."""

    segment: str
    recency: int
    frequency: int
    monetary: int


@dataclass(frozen=True)
class Expectation:
    """What is foretold of the next twelve months; empty where nothing is.

    Attributes:
        model: code of what foretold it, as in `customer_values`.
        reason: why that one is in use.
        later_days: of the period that it was tested on; 0 without a test.
        amount, low, high: in EUR, with the range of eight in ten such customers.
        orders: purchases.
        churn_risk: chance of no purchase.
        next_order_on: by when half of such customers who buy again do so.
        revenue: how near the revenue of all was foretold in the test; nothing without one.
    """

    model: str
    reason: str
    later_days: int
    amount: float | None
    low: float | None
    high: float | None
    orders: float | None
    churn_risk: float | None
    next_order_on: date | None
    revenue: Accuracy | None


@dataclass(frozen=True)
class Phase:
    """The phase of a phase model in which the customer is or was last, and since when."""

    model: str
    phase: str
    entered_at: datetime
    is_now: bool
