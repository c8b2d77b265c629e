"""What the best customers do differently, as it is told."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BestDifference"]


@dataclass(frozen=True)
class BestDifference:
    """One thing that the best customers do differently.

    Attributes:
        aspect, item: what; as in table `best_differences`.
        value, rest: part among the best, and among the other buyers.
        difference, low, high: how much it differs; the interval is as wide as the number of looks asks.
        effect: the difference in standard deviations between customers.
        q_value: corrected for the number of looks.
        customers, rest_customers: how many both rest on.
    """

    aspect: str
    item: str
    value: float
    rest: float
    difference: float
    low: float
    high: float
    effect: float
    q_value: float
    customers: int
    rest_customers: int
