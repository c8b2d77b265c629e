"""Weekly stock counts of the webshop's warehouse and of every store."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from klantreis.simulate.offers import OUT_OF_STOCK, Offers
from klantreis.simulate.products import Products

__all__ = ["NOT_CARRIED", "WEB_LOCATION", "stock_counts"]

WEB_LOCATION = 0
NOT_CARRIED = -1
STORE_RANGE = 0.5  # part of the assortment that a store carries
RUNS_OUT, COMES_BACK = 0.02, 0.55  # chances a week


def stock_counts(
    rng: np.random.Generator, products: Products, offers: Offers, stores: int
) -> npt.NDArray[np.int16]:
    """Pieces by week, location and product; -1 where a store does not carry the product."""
    weeks, shape = offers.unit_price.shape[1], (stores + 1, len(products))
    carried = rng.random(shape) < STORE_RANGE
    carried[WEB_LOCATION] = True
    usual = np.where(np.arange(shape[0]) == WEB_LOCATION, 120, 9)[:, None] * (
        0.4 + products.popularity / products.popularity.mean()
    )
    counts = np.empty((weeks, *shape), dtype=np.int16)
    empty = rng.random(shape) < 0.03
    for week in range(weeks):
        draw = rng.random(shape)
        empty = np.where(empty, draw >= COMES_BACK, draw < RUNS_OUT)
        pieces = np.maximum(rng.poisson(usual), 1)
        counts[week] = np.where(carried, np.where(empty, 0, pieces), NOT_CARRIED)
    planted = offers.flaw == OUT_OF_STOCK
    counts[offers.week[planted], WEB_LOCATION, offers.product[planted]] = 0
    _restock_other_offers(rng, counts, offers)
    return counts


def _restock_other_offers(
    rng: np.random.Generator, counts: npt.NDArray[np.int16], offers: Offers
) -> None:
    """An offer is only out of stock in the webshop where that was planted."""
    others = offers.flaw != OUT_OF_STOCK
    week, product = offers.week[others], offers.product[others]
    present = counts[week, WEB_LOCATION, product]
    fresh = rng.integers(40, 160, len(week)).astype(np.int16)
    counts[week, WEB_LOCATION, product] = np.where(present == 0, fresh, present)
