"""Weekly offers in the leaflet and in the webshop, and where the two are made to differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.draws import Ints
from klantreis.simulate.products import Products

__all__ = ["INCONSISTENCIES", "MECHANICS", "Offers", "line_discount", "weekly_offers"]

PER_WEEK = 24
MECHANICS = ("", "25% korting", "2e halve prijs", "1+1 gratis", "2 voor {two}")
CUT, PERCENT, SECOND_HALF, ONE_FREE, TWO_FOR = range(5)
ONLINE, IN_STORE = 0, 1
INCONSISTENCIES = (
    "",
    "missing_in_webshop",
    "other_price",
    "out_of_stock_in_webshop",
    "missing_in_leaflet",
)
MISSING_IN_WEBSHOP, OTHER_PRICE, OUT_OF_STOCK, MISSING_IN_LEAFLET = 1, 2, 3, 4


@dataclass(frozen=True)
class Offers:
    """All offers, one entry each, by week.

    Attributes:
        week: number of the week; `product` the product on offer.
        mechanic: number in `MECHANICS`; multi-buys leave the unit price as it is.
        price: unit price in the leaflet in cents; `web_price` what the webshop says.
        flaw: number in `INCONSISTENCIES`, 0 where leaflet and webshop agree.
        unit_price: what one piece costs by place (`ONLINE`, `IN_STORE`), week and product, in cents.
        active: number of the mechanic in the same order, 0 where nothing special holds.
    """

    week: Ints
    product: Ints
    mechanic: Ints
    price: Ints
    web_price: Ints
    flaw: Ints
    unit_price: Ints
    active: Ints


def weekly_offers(rng: np.random.Generator, products: Products, weeks: int) -> Offers:
    """Choose the offers of every week and plant the differences between print and web."""
    product = np.concatenate(
        [rng.choice(len(products), PER_WEEK, replace=False) for _ in range(weeks)]
    )
    week = np.repeat(np.arange(weeks), PER_WEEK)
    mechanic = rng.choice(5, len(week), p=[0.46, 0.18, 0.14, 0.10, 0.12])
    normal = products.price[product]
    cut = np.where(
        mechanic == PERCENT,
        0.75,
        np.where(mechanic == CUT, rng.choice([0.6, 0.7, 0.75, 0.8, 0.85], len(week)), 1.0),
    )
    price = np.where(
        cut < 1.0, np.maximum((normal * cut / 10).astype(np.int64) * 10 - 1, 99), normal
    )
    price = np.where(mechanic == PERCENT, np.round(normal * 0.75).astype(np.int64), price)
    flaw = rng.choice(5, len(week), p=[0.89, 0.03, 0.035, 0.025, 0.02])
    dearer = np.where(rng.random(len(week)) < 0.6, normal, np.round(price * 1.1).astype(np.int64))
    dearer = np.where(dearer == price, price + 200, dearer)
    web_price = np.where(flaw == OTHER_PRICE, dearer, price)
    unit_price = np.tile(products.price, (2, weeks, 1))
    active = np.zeros((2, weeks, len(products)), dtype=np.int64)
    for place, prices, unknown in (
        (ONLINE, web_price, MISSING_IN_WEBSHOP),
        (IN_STORE, price, MISSING_IN_LEAFLET),
    ):
        held = flaw != unknown
        unit_price[place, week[held], product[held]] = prices[held]
        active[place, week[held], product[held]] = mechanic[held]
    return Offers(
        week=week,
        product=product,
        mechanic=mechanic,
        price=price,
        web_price=web_price,
        flaw=flaw,
        unit_price=unit_price,
        active=active,
    )


def line_discount(mechanic: Ints, quantity: Ints, price: Ints) -> Ints:
    """Discount in cents that a multi-buy gives on one line."""
    pairs = quantity // 2
    return np.select(
        [mechanic == SECOND_HALF, mechanic == ONE_FREE, mechanic == TWO_FOR],
        [pairs * (price // 2), pairs * price, pairs * (2 * price - two_for(price))],
        default=0,
    ).astype(np.int64)


def two_for(price: Ints) -> Ints:
    """The price of two in a two-for offer: about 30 % off, on a round amount."""
    return np.maximum((price * 2 * 0.7 / 50).astype(np.int64) * 50, 50)
