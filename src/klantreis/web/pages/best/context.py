"""What the page of the best customers shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Aspect", "BestPage", "DifferenceShown"]


@dataclass(frozen=True)
class DifferenceShown:
    """One thing that they do differently.

    Attributes:
        item: code, as in table `best_differences`.
        name_nl, name_en: what it is.
        told_nl, told_en: the sentence.
        value, rest: part among the best, and among the other buyers.
        difference, low, high: how much it differs; the interval is as wide as the number of looks asks.
        customers, rest_customers: how many both rest on.
    """

    item: str
    name_nl: str
    name_en: str
    told_nl: str
    told_en: str
    value: float
    rest: float
    difference: float
    low: float
    high: float
    customers: int
    rest_customers: int


@dataclass(frozen=True)
class Aspect:
    """One side of what customers do.

    Attributes:
        aspect: code.
        differences: what is told, the surest and largest first; may be empty.
    """

    aspect: str
    differences: tuple[DifferenceShown, ...]


@dataclass(frozen=True)
class BestPage:
    """The page.

    Attributes:
        as_of: up to when was measured.
        customers: the best: the fifth of the buyers who brought in most.
        others: the other buyers.
        compared: how many differences were looked at with enough customers.
        told: how many are told.
        first: the surest and largest of all; empty when nothing is told.
        aspects: all sides, those with most to tell first.
    """

    as_of: datetime
    customers: int
    others: int
    compared: int
    told: int
    first: DifferenceShown | None
    aspects: tuple[Aspect, ...]
