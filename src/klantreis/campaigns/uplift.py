"""What a campaign brought: the difference between its arms, with how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

__all__ = [
    "Arm",
    "Estimate",
    "balance",
    "conversion_uplift",
    "difference_of",
    "over_all_purchases",
    "revenue_uplift",
    "share_difference",
]

Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True)
class Arm:
    """One arm, counted; the sums are over its customers.

    Attributes:
        customers, buyers: how many there are, and how many of them bought.
        revenue, revenue_squares: what each bought afterwards, and its square.
        history, history_squares: what each had bought before, and its square.
        products: revenue times history of each.
    """

    customers: int
    buyers: int
    revenue: float = 0.0
    revenue_squares: float = 0.0
    history: float = 0.0
    history_squares: float = 0.0
    products: float = 0.0


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval.

    Attributes:
        variance_left: part of the variance that is left after what was known beforehand is taken
            out; 1 where nothing was.
    """

    value: float
    low: float
    high: float
    variance_left: float = 1.0

    @property
    def is_shown(self) -> bool:
        """Whether the interval lies wholly on one side of nought."""
        return self.low > 0 or self.high < 0


def conversion_uplift(sent: Arm, held_out: Arm) -> Estimate | None:
    """How much more of those who got it bought; None when an arm is empty."""
    return share_difference(sent.buyers, sent.customers, held_out.buyers, held_out.customers)


def share_difference(count: int, total: int, other: int, other_total: int) -> Estimate | None:
    """The difference between two shares with Newcombe's hybrid score interval (his method 10).

    Sound for small groups and rare answers. Newcombe, "Interval estimation for the difference
    between independent proportions", Statistics in Medicine 17 (1998).

    >>> found = share_difference(56, 70, 48, 80)
    >>> f"{found.value:.4f}, from {found.low:.4f} to {found.high:.4f}"
    '0.2000, from 0.0524 to 0.3339'
    """
    if not total or not other_total:
        return None
    p, low, high = _wilson(count, total)
    q, other_low, other_high = _wilson(other, other_total)
    return Estimate(
        p - q,
        max(-1.0, p - q - sqrt((p - low) ** 2 + (other_high - q) ** 2)),
        min(1.0, p - q + sqrt((high - p) ** 2 + (q - other_low) ** 2)),
    )


def revenue_uplift(sent: Arm, held_out: Arm) -> Estimate | None:
    """How much more each customer who got it spent, in EUR; None with fewer than two in an arm.

    What customers had spent before is taken out (CUPED), which narrows the interval without
    moving the estimate. Deng et al., "Improving the sensitivity of online controlled experiments
    by utilizing pre-experiment data", WSDM 2013.
    """
    arms = (sent, held_out)
    if min(arm.customers for arm in arms) < 2:
        return None
    spread = sum(_inside(arm.history_squares, arm.history, arm.history, arm) for arm in arms)
    shared = sum(_inside(arm.products, arm.history, arm.revenue, arm) for arm in arms)
    theta = shared / spread if spread > 0 else 0.0
    means = [(arm.revenue - theta * arm.history) / arm.customers for arm in arms]
    variances = [_variance(arm, theta) / arm.customers for arm in arms]
    plain = sum(_variance(arm, 0.0) / arm.customers for arm in arms)
    value, half = means[0] - means[1], Z * sqrt(sum(variances))
    left = sum(variances) / plain if plain > 0 else 1.0
    return Estimate(value, value - half, value + half, left)


def balance(sent: int, held_out: int, planned_share: float) -> float:
    """How likely arms as unequal as these are when the draw was fair (a p-value).

    Below 0.001 something is wrong with the draw or the log, and the effect must not be believed.
    Fabijan et al., "Diagnosing sample ratio mismatch", KDD 2019.

    >>> round(balance(900, 100, 0.1), 3), balance(800, 200, 0.1) < 1e-20
    (1.0, True)
    """
    total = sent + held_out
    expected = total * planned_share
    if not 0 < expected < total:
        return 1.0
    distance = (held_out - expected) ** 2 / expected + (held_out - expected) ** 2 / (
        total - expected
    )
    return erfc(sqrt(distance / 2))


def difference_of(now: Estimate, before: Estimate) -> Estimate:
    """How much more a campaign brought than an earlier one; the intervals are combined.

    Zou and Donner, "Construction of confidence limits about effect measures", Statistics in
    Medicine 27 (2008).
    """
    value = now.value - before.value
    low = value - sqrt((now.value - now.low) ** 2 + (before.high - before.value) ** 2)
    high = value + sqrt((now.high - now.value) ** 2 + (before.value - before.low) ** 2)
    return Estimate(value, low, high)


def over_all_purchases(counted: Estimate, recognised: float) -> Estimate:
    """What an effect on recognised purchases comes to over all purchases.

    A purchase that ties to nobody is seen in neither arm, so what is counted is too small by the
    part of purchases that are recognised. This takes that part out, on the assumption that the
    other purchases respond to a message as the recognised ones do; it cannot be measured.

    Args:
        counted: the effect on recognised purchases.
        recognised: part of all purchases that tie to a customer, above nought and at most one.

    >>> found = over_all_purchases(Estimate(0.02, 0.01, 0.03), 0.5)
    >>> found.value, found.low, found.high
    (0.04, 0.02, 0.06)
    """
    return Estimate(
        counted.value / recognised,
        counted.low / recognised,
        counted.high / recognised,
        counted.variance_left,
    )


def _wilson(count: int, total: int) -> tuple[float, float, float]:
    share, shrink = count / total, 1 + Z * Z / total
    middle = (share + Z * Z / (2 * total)) / shrink
    half = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total)) / shrink
    return share, max(0.0, middle - half), min(1.0, middle + half)


def _inside(products: float, one: float, other: float, arm: Arm) -> float:
    """Sum of products around the arm's own means."""
    return products - one * other / arm.customers


def _variance(arm: Arm, theta: float) -> float:
    revenue = _inside(arm.revenue_squares, arm.revenue, arm.revenue, arm)
    history = _inside(arm.history_squares, arm.history, arm.history, arm)
    shared = _inside(arm.products, arm.history, arm.revenue, arm)
    sum_of_squares = revenue - 2 * theta * shared + theta * theta * history
    return max(0.0, sum_of_squares) / (arm.customers - 1)
