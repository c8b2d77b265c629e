"""What the page of worth shows. Money in EUR; expected is of the next twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import floor, log10

from klantreis.words import Evidence, Figure
from klantreis.workspace import Accuracy

__all__ = ["Expected", "Group", "OrderAmount", "Point", "Score", "Valued", "WorthPage"]


YEAR_DAYS = 365


@dataclass(frozen=True)
class Expected:
    """What all customers together will bring in; empty where nothing is foretold.

    Attributes:
        amount, orders: sums over customers.
        returning: customers who will order, as a sum of chances.
        top_share: part of the amount that the most promising tenth brings in.
    """

    amount: float | None
    orders: float | None
    returning: float | None
    top_share: float | None

    @property
    def amount_about(self) -> float | None:
        """In three digits, for a headline: more of them would promise what no model can."""
        return _about(self.amount)

    @property
    def orders_about(self) -> float | None:
        """As `amount_about`."""
        return _about(self.orders)


@dataclass(frozen=True)
class Point:
    """What was expected of some customers in the later period beside what was measured.

    Attributes:
        place: day, number of repeat orders before, or tenth of the customers.
        expected, measured: what the check says; `low` and `high` are the interval of `measured`.
        customers: how many they were.
    """

    place: int
    expected: float
    measured: float
    low: float | None
    high: float | None
    customers: int


@dataclass(frozen=True)
class Score:
    """How one model did in the test.

    Attributes:
        model: code.
        is_used: whether it is the one in use.
        expected_orders, measured_orders: of all customers in the later period.
        squared_error, brier: as part of the error of giving everyone the same number.
        correlation: of expected and measured orders over customers; empty where one is constant.
    """

    model: str
    is_used: bool
    expected_orders: float
    measured_orders: float
    squared_error: float
    brier: float
    correlation: float | None


@dataclass(frozen=True)
class OrderAmount:
    """How one way did to tell what an order is worth.

    Attributes:
        model: code.
        is_used: whether it is the one in use.
        earlier, later: squared error over orders as part of that of everybody's mean, in the period
            before the later one and in that one; `earlier` is empty where that had too few buyers,
            and the way was chosen on the later period itself.
    """

    model: str
    is_used: bool
    earlier: float | None
    later: float | None


@dataclass(frozen=True)
class Group:
    """A named group: measured so far, and expected.

    Attributes:
        evidence: how many there are, and how many a mean of one customer asks for.
    """

    segment: str
    customers: int
    evidence: Evidence
    history_amount: float
    expected_amount: float | None
    expected_orders: float | None
    churn_risk: float | None


@dataclass(frozen=True)
class Valued:
    """A customer: measured so far, and expected with the range of eight in ten."""

    customer_id: int
    name: str
    history_amount: float
    expected_amount: float | None
    low: float | None
    high: float | None
    expected_orders: float | None
    churn_risk: float | None
    next_order_on: date | None


@dataclass(frozen=True)
class WorthPage:
    """The whole page.

    Attributes:
        as_of: moment of measuring (UTC).
        model, amount_model: codes of what is in use; `none` where nothing is foretold.
        reason: why, as in the verdict.
        use: code of what it may be used for, as in the verdict.
        orders, revenue, top_tenth: how near these were foretold; nothing without a test.
        learning_days, later_days: of the test; 0 without one.
        has_amounts: whether any money is told; else only purchases can be foretold.
        undated_amount: part of `history` of purchases of which the day is not known.
        history: measured revenue of all who bought.
        expected: what they will bring in.
        cumulative, conditional, reliability, tenths, lift: the test, empty without one; `tenths` are
            of the revenue in EUR, `lift` as part of all.
        in_range: part of the customers who ended up within the range that should hold at least
            eight of ten, by orders; nothing without a test.
        by_half: part of those who ordered who did so by the day that half should; as above.
        order_amounts: ways to tell what an order is worth, the one in use first.
        scores: of all models that were tried, the one in use first.
        groups: the most promising first.
        best: customers of whom most is expected.
    """

    as_of: datetime
    model: str
    amount_model: str
    reason: str
    use: str
    orders: Accuracy | None
    revenue: Accuracy | None
    top_tenth: Accuracy | None
    learning_days: int
    later_days: int
    has_amounts: bool
    undated_amount: float
    history: Figure
    expected: Expected
    cumulative: tuple[Point, ...]
    conditional: tuple[Point, ...]
    reliability: tuple[Point, ...]
    tenths: tuple[Point, ...]
    lift: tuple[Point, ...]
    in_range: Figure | None
    by_half: Figure | None
    order_amounts: tuple[OrderAmount, ...]
    scores: tuple[Score, ...]
    groups: tuple[Group, ...]
    best: tuple[Valued, ...]

    @property
    def accuracy(self) -> tuple[Accuracy, ...]:
        """All that was held against the later period."""
        found = (self.orders, self.revenue, self.top_tenth)
        return tuple(one for one in found if one is not None)

    @property
    def promises_money(self) -> bool:
        """Whether the headline may be an amount: not where its test did not come out."""
        return self.revenue is None or self.revenue.outcome == "good"

    @property
    def promises_orders(self) -> bool:
        """The same of the number of purchases."""
        return self.orders is None or self.orders.outcome == "good"

    @property
    def top_gap_share(self) -> float | None:
        """Part of what was foretold too little or too much that lies with the first tenth.

        Only where the revenue was off; else there is nothing to lay anywhere.
        """
        if self.revenue is None or self.revenue.outcome not in ("too_low", "too_high"):
            return None
        gap = self.revenue.measured - self.revenue.expected
        first = next((one for one in self.tenths if one.place == 1), None)
        return (first.measured - first.expected) / gap if first else None

    @property
    def is_season_unseen(self) -> bool:
        """Whether something was off that a season may explain: less than a year was learned from."""
        off = any(one.outcome in ("too_low", "too_high") for one in self.accuracy)
        return off and self.learning_days < YEAR_DAYS


def _about(value: float | None) -> float | None:
    return value and round(value, min(2 - floor(log10(abs(value))), 0))
