"""What people put in their basket, on screen or by hand, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.clock import DAY, week_of
from klantreis.simulate.draws import Choice, Ints, Mask, chance, spread
from klantreis.simulate.journeys import PURCHASE, Journeys
from klantreis.simulate.kinds import kinds
from klantreis.simulate.market import Market
from klantreis.simulate.offers import IN_STORE, ONE_FREE, ONLINE, line_discount

__all__ = ["Baskets", "fill_baskets", "prices"]

TABLEWARE = 3
MOST_LINES = 12


@dataclass(frozen=True)
class Baskets:
    """Basket lines in the order of the journeys; `number` counts from 0 within a journey."""

    journey: Ints
    number: Ints
    product: Ints
    quantity: Ints

    def __len__(self) -> int:
        return len(self.journey)

    def taken(self, places: Ints | Mask) -> Baskets:
        """The lines at these places, in their order."""
        return Baskets(
            self.journey[places], self.number[places], self.product[places], self.quantity[places]
        )


def fill_baskets(rng: np.random.Generator, market: Market, journeys: Journeys) -> Baskets:
    """Fill a basket for every journey that came as far as that."""
    types = kinds()
    fills = journeys.reached >= PURCHASE
    extra = np.minimum(rng.poisson(types.basket[journeys.kind] - 1), MOST_LINES - 1)
    owner, number = spread(np.where(fills, 1 + extra, 0))
    kind, main = journeys.kind[owner], journeys.product[owner]
    beside = _beside(rng, market, journeys, owner)
    product = np.where(number == 0, main, beside)
    week = week_of(journeys.started[owner] // DAY, market.plan)
    week = np.minimum(week, len(market.mondays) - 1)
    quantity = Choice([[82, 13, 3, 2], [38, 24, 8, 30]]).draw(
        rng, (market.products.category[product] == TABLEWARE).astype(np.int64)
    )
    multi_buy = market.offers.active[IN_STORE, week, product] >= ONE_FREE - 1
    pairs = multi_buy & chance(rng, 0.3 * types.price_sensitivity[kind], len(owner))
    lines = Baskets(owner, number, product, np.where(pairs, np.maximum(quantity, 1), quantity) + 1)
    # The same product twice in a basket is one line.
    _, first = np.unique(owner * len(market.products) + product, return_index=True)
    first.sort()
    return lines.taken(first)


def _beside(rng: np.random.Generator, market: Market, journeys: Journeys, owner: Ints) -> Ints:
    """A further product: what goes with the first one, of the same kind, on offer, or anything."""
    products, kind = market.products, journeys.kind[owner]
    count = len(owner)
    how = Choice([0.36, 0.24, 0.40]).draw_many(rng, count)
    same = products.wanted(rng, kind, journeys.category[owner])
    months = (journeys.started[owner] // DAY // 30) % 12
    anything = products.wanted(rng, kind, products.categories(rng, kind, months))
    chosen = np.select(
        [how == 0, how == 1], [products.companion[journeys.product[owner]], same], anything
    )
    week = np.minimum(week_of(journeys.started[owner] // DAY, market.plan), len(market.mondays) - 1)
    per_week = len(market.offers.week) // len(market.mondays)
    on_offer = market.offers.product[week * per_week + rng.integers(0, per_week, count)]
    tempted = chance(rng, 0.12 * kinds().price_sensitivity[kind], count)
    return np.where(tempted, on_offer, chosen)


def prices(market: Market, lines: Baskets, online: Mask, days: Ints) -> tuple[Ints, Ints]:
    """Unit price and discount of every line in cents, on the day it is paid.

    Args:
        online: for every line, whether the webshop's prices hold.
        days: for every line, the day of payment.
    """
    week = np.clip(week_of(days, market.plan), 0, len(market.mondays) - 1)
    place = np.where(online, ONLINE, IN_STORE)
    unit = market.offers.unit_price[place, week, lines.product]
    mechanic = market.offers.active[place, week, lines.product]
    return unit, line_discount(mechanic, lines.quantity, unit)
