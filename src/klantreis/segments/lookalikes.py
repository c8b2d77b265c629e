"""Who resembles a group: what is looked at, and the model that learns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil, sqrt
from statistics import NormalDist
from typing import TypeAlias

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from klantreis.segments.sample_sizes import needed_for_model

__all__ = [
    "FARTHEST",
    "HELD_OUT",
    "TRAITS",
    "Area",
    "Likeness",
    "Trait",
    "area_under",
    "needed_for_likeness",
    "trait_values",
]

Floats: TypeAlias = NDArray[np.float64]
SECONDS_PER_DAY = 86_400
HELD_OUT = 0.3  # kept apart to test on
FARTHEST = 4.0  # standard deviations: what lies farther counts as this far
ROUNDS = 50
CLOSE_ENOUGH = 1e-8


@dataclass(frozen=True)
class Trait:
    """Something of a customer that two groups may differ in.

    Attributes:
        name: code.
        measure: how it is written: `number`, `money`, `share` or `days`.
        is_skewed: whether its logarithm is what is compared.
    """

    name: str
    measure: str
    is_skewed: bool = False


TRAITS = (
    Trait("orders", "number", is_skewed=True),
    Trait("revenue", "money", is_skewed=True),
    Trait("since_purchase", "days", is_skewed=True),
    Trait("known_for", "days"),
    Trait("visits", "number", is_skewed=True),
    Trait("online_share", "share"),
    Trait("products", "number", is_skewed=True),
    Trait("discount_share", "share"),
    Trait("return_share", "share"),
    Trait("opened_share", "share"),
    Trait("tickets", "number", is_skewed=True),
    Trait("reviews", "number", is_skewed=True),
    Trait("age", "number"),
)


def needed_for_likeness(traits: int = len(TRAITS)) -> int:
    """How many members, and how many others, it takes to learn who resembles a group and to test it.

    Args:
        traits: that are known of enough customers.

    >>> needed_for_likeness()
    186
    """
    return ceil(needed_for_model(max(traits, 1)) / (1 - HELD_OUT) - 1e-9)


def trait_values(portraits: ir.Table, now: datetime) -> ir.Table:
    """Each customer with the traits as they are, empty where they are not known.

    Args:
        portraits: as in its contract.
        now: moment of measuring, naive UTC.

    Returns:
        `customer_id` and a float for each of `TRAITS`.
    """
    p, moment = portraits, ibis.literal(now, "timestamp(6)")
    orders, sent = p["orders"].cast("float64"), p["mails_sent"].cast("float64")
    last = moment.delta(p["last_order_at"], unit="second") / SECONDS_PER_DAY
    first = moment.delta(p["first_seen_at"], unit="second") / SECONDS_PER_DAY
    return p.select(
        "customer_id",
        orders=orders,
        revenue=p["revenue_amount"].cast("float64"),
        since_purchase=last.cast("float64"),
        known_for=first.cast("float64"),
        visits=p["sessions"].cast("float64"),
        online_share=p["orders_web"].cast("float64") / orders.nullif(0),
        products=p["products"].cast("float64"),
        discount_share=p["discount_share"],
        return_share=p["return_share"],
        opened_share=p["mails_opened"].cast("float64") / sent.nullif(0),
        tickets=p["tickets"].cast("float64"),
        reviews=p["reviews"].cast("float64"),
        age=p["age_years"].cast("float64"),
    )


class Likeness:
    """Logistic regression with a ridge: who is a member, from standardised traits.

    Fitted by Newton's method; Hastie, Tibshirani & Friedman, "The Elements of Statistical
    Learning" (2009), sections 4.4.1 and 3.4.1.

    Args:
        penalty: of the squared coefficients, a customer, so that traits that go together share
            their weight.

    Attributes:
        intercept_: learned.
        coefficients_: learned, one for each trait.
    """

    def __init__(self, penalty: float = 0.002) -> None:
        self.penalty = penalty
        self.intercept_ = 0.0
        self.coefficients_: Floats = np.zeros(0)

    def fit(self, traits: Floats, is_member: NDArray[np.bool_]) -> Likeness:
        """Learn from customers by row; members and others weigh the same together."""
        rows, columns = traits.shape
        design = np.hstack([np.ones((rows, 1)), traits])
        members = max(int(is_member.sum()), 1)
        weights = np.where(is_member, rows / 2 / members, rows / 2 / max(rows - members, 1))
        ridge = np.diag([0.0] + [self.penalty * rows] * columns)
        learned = np.zeros(columns + 1)
        for _ in range(ROUNDS):
            chance = 1 / (1 + np.exp(-np.clip(design @ learned, -30, 30)))
            slope = design.T @ (weights * (is_member - chance)) - ridge @ learned
            bend = (design * (weights * chance * (1 - chance))[:, None]).T @ design + ridge
            step = np.linalg.solve(bend + 1e-9 * np.eye(columns + 1), slope)
            learned = learned + step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
            if float(np.abs(step).max()) < CLOSE_ENOUGH:
                break
        self.intercept_, self.coefficients_ = float(learned[0]), learned[1:]
        return self

    def score(self, traits: Floats) -> Floats:
        """Log odds: the higher, the more alike."""
        return traits @ self.coefficients_ + self.intercept_

    def score_of(self, standardised: Mapping[str, ir.FloatingValue]) -> ir.FloatingValue:
        """The same as an expression, for traits in the order in which they were learned."""
        found: ir.FloatingValue = ibis.literal(self.intercept_)
        for weight, value in zip(self.coefficients_, standardised.values(), strict=True):
            found = found + value * float(weight)
        return found


@dataclass(frozen=True)
class Area:
    """Area under the ROC curve with its interval: 0.5 is chance, 1 is without fault."""

    value: float
    low: float
    high: float


def area_under(members: Floats, others: Floats, *, confidence: float = 0.95) -> Area:
    """How often a member scores higher than somebody else.

    Hanley & McNeil, "The meaning and use of the area under a receiver operating characteristic
    (ROC) curve", Radiology 143 (1982).

    Args:
        members, others: scores, at least one of each.
        confidence: part of such intervals that hold the true area.

    >>> area_under(np.array([2.0, 3.0]), np.array([1.0, 2.0])).value
    0.875
    """
    ordered = np.sort(others)
    below = np.searchsorted(ordered, members, "left")
    level = np.searchsorted(ordered, members, "right") - below
    n, m = len(members), len(others)
    area = float((below + level / 2).sum() / (n * m))
    one, two = area / (2 - area), 2 * area * area / (1 + area)
    variance = (
        area * (1 - area) + (n - 1) * (one - area * area) + (m - 1) * (two - area * area)
    ) / (n * m)
    half = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(max(variance, 0.0))
    return Area(area, max(area - half, 0.0), min(area + half, 1.0))
