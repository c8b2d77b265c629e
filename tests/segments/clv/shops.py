"""Purchases of customers who buy and leave as the models say, with known truth."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from tests.rows import Row

__all__ = ["END", "purchase", "shop"]

END = datetime(2026, 3, 1, 12)


def purchase(customer: int, days_ago: float, amount: float, order_id: str | None = None) -> Row:
    return {
        "customer_id": customer,
        "occurred_at": END - timedelta(days=float(days_ago)),
        "event": "purchase",
        "order_id": order_id,
        "amount": Decimal(f"{amount:.2f}"),
    }


def shop(customers: int, *, days: int = 540, seed: int = 1, stays: bool = True) -> list[Row]:
    """BG/NBD purchases with Gamma-Gamma amounts.

    Args:
        customers: how many, who came evenly over the first half of the time.
        days: from the first customer to the end.
        seed: the same seed gives the same shop.
        stays: False: everybody leaves after the first half, which no model can see coming.
    """
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for customer in range(1, customers + 1):
        first = random.uniform(days / 2, days)
        rate, leaves = random.gamma(0.8, 1 / 60), random.beta(0.8, 4.0)
        mean = 25.0 * 6 / random.gamma(3.0)
        left = first
        while left > 0 and (stays or left > days / 2):
            rows.append(purchase(customer, left, 0.01 + random.gamma(6.0) * mean / 6))
            left -= random.exponential(1 / rate)
            if random.random() < leaves and left < first:
                break
    return rows
