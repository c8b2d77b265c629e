"""What the shop puts before everybody: products, stores, weekly offers, stock and mailings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from klantreis.simulate.draws import Ints, stream
from klantreis.simulate.mailings import Mailing, mailings
from klantreis.simulate.offers import Offers, weekly_offers
from klantreis.simulate.plan import Plan
from klantreis.simulate.products import Products, assortment
from klantreis.simulate.reference import rows
from klantreis.simulate.stock import stock_counts

__all__ = ["Market", "open_market"]


@dataclass(frozen=True)
class Market:
    """Everything that does not depend on who the customers are.

    Attributes:
        mondays: first day of each calendar week that the period touches.
        stores: ids of the stores; `store_postcodes` their four digits.
        stock: pieces by week, location (0 is the webshop's warehouse) and product.
    """

    plan: Plan
    products: Products
    mondays: tuple[date, ...]
    stores: tuple[str, ...]
    store_towns: tuple[str, ...]
    store_postcodes: Ints
    offers: Offers
    stock: npt.NDArray[np.int16]
    mailings: tuple[Mailing, ...]


def open_market(plan: Plan) -> Market:
    """Furnish the shop for a plan."""
    products = assortment(plan.seed)
    mondays = _mondays(plan)
    offers = weekly_offers(stream(plan.seed, 1, 2), products, len(mondays))
    towns = rows("towns")[: plan.stores]
    return Market(
        plan=plan,
        products=products,
        mondays=mondays,
        stores=tuple(f"F{101 + number}" for number in range(plan.stores)),
        store_towns=tuple(town["town"] for town in towns),
        store_postcodes=np.array([int(town["postcodes"][:4]) for town in towns]),
        offers=offers,
        stock=stock_counts(stream(plan.seed, 1, 3), products, offers, plan.stores),
        mailings=mailings(plan),
    )


def _mondays(plan: Plan) -> tuple[date, ...]:
    monday = plan.start - timedelta(days=plan.start.weekday())
    weeks = []
    while monday < plan.end:
        weeks.append(monday)
        monday += timedelta(days=7)
    return tuple(weeks)
