"""Products, offers and stock."""

from __future__ import annotations

import numpy as np
import pytest

from klantreis.simulate import Plan
from klantreis.simulate.market import Market, open_market
from klantreis.simulate.offers import (
    IN_STORE,
    INCONSISTENCIES,
    MISSING_IN_LEAFLET,
    MISSING_IN_WEBSHOP,
    ONE_FREE,
    ONLINE,
    OTHER_PRICE,
    OUT_OF_STOCK,
    SECOND_HALF,
    TWO_FOR,
    line_discount,
)
from klantreis.simulate.stock import WEB_LOCATION


@pytest.fixture(scope="module")
def market() -> Market:
    return open_market(Plan(customers=100, seed=5))


def test_there_are_four_hundred_products_with_names_of_their_own(market: Market) -> None:
    products = market.products
    assert len(products) == 400
    assert len(set(products.sku)) == 400
    assert len(set(products.handle)) > 390
    assert (products.cost < products.price / 1.21).all()
    assert (products.companion != np.arange(400)).mean() > 0.95


@pytest.mark.parametrize(
    ("mechanic", "quantity", "discount"),
    [
        (0, 3, 0),
        (SECOND_HALF, 1, 0),
        (SECOND_HALF, 2, 500),
        (SECOND_HALF, 5, 1_000),
        (ONE_FREE, 2, 1_000),
        (ONE_FREE, 3, 1_000),
        (TWO_FOR, 2, 600),
    ],
)
def test_multi_buys_give_a_discount_by_pair(mechanic: int, quantity: int, discount: int) -> None:
    given = line_discount(np.array([mechanic]), np.array([quantity]), np.array([1_000]))
    assert given.tolist() == [discount]


def test_every_kind_of_difference_between_leaflet_and_webshop_is_planted(market: Market) -> None:
    found = np.bincount(market.offers.flaw, minlength=len(INCONSISTENCIES))
    assert (found > 0).all()
    assert found[0] / found.sum() > 0.8


def test_prices_are_planted_as_the_flaw_says(market: Market) -> None:
    offers, normal = market.offers, market.products.price
    place = (offers.week, offers.product)
    other = offers.flaw == OTHER_PRICE
    assert (offers.web_price[other] != offers.price[other]).all()
    assert (offers.web_price[~other] == offers.price[~other]).all()
    missing = offers.flaw == MISSING_IN_WEBSHOP
    assert (offers.unit_price[ONLINE][place][missing] == normal[offers.product[missing]]).all()
    unprinted = offers.flaw == MISSING_IN_LEAFLET
    assert (
        offers.unit_price[IN_STORE][place][unprinted] == normal[offers.product[unprinted]]
    ).all()


def test_an_offer_is_out_of_stock_in_the_webshop_only_where_that_was_planted(
    market: Market,
) -> None:
    offers = market.offers
    pieces = market.stock[offers.week, WEB_LOCATION, offers.product]
    assert ((pieces == 0) == (offers.flaw == OUT_OF_STOCK)).all()
