"""The steps of a visit, from arrival by browsing to the order, not yet in order of time."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from klantreis.simulate.baskets import Baskets
from klantreis.simulate.clock import DAY, week_of
from klantreis.simulate.draws import Choice, Ints, Mask, chance, spread
from klantreis.simulate.journeys import (
    ACCOUNT_REQUIRED,
    DISTRACTED,
    INSPIRATION,
    ORIENTATION,
    OUT_OF_STOCK,
    PAYMENT_FAILED,
    SHIPPING_COSTS,
    Journeys,
)
from klantreis.simulate.kinds import ROPO
from klantreis.simulate.market import Market
from klantreis.simulate.stock import WEB_LOCATION
from klantreis.simulate.visits import BASKET, CHECKOUT, LOOKING_BACK, Visits

__all__ = ["FIRST", "LANDED", "NAMES", "NONE", "NUMBER", "START", "Steps", "take_steps"]

NAMES = (
    "session_start",
    "first_visit",
    "page_view",
    "view_item_list",
    "view_item",
    "view_search_results",
    "view_promotion",
    "add_to_wishlist",
    "add_to_cart",
    "remove_from_cart",
    "view_cart",
    "begin_checkout",
    "add_shipping_info",
    "add_payment_info",
    "purchase",
    "sign_up",
    "login",
    "out_of_stock",
    "store_locator",
)
NUMBER = {name: number for number, name in enumerate(NAMES)}
# Weights of the names above, at landing and afterwards, by purpose of the visit. Who orients
# without having looked for ideas before (`KNOWS_WHAT`) passes the lists by.
KNOWS_WHAT = 5
LANDING = {
    INSPIRATION: {"page_view": 64, "view_item_list": 30, "view_promotion": 6},
    ORIENTATION: {"page_view": 28, "view_item_list": 34, "view_item": 30, "view_search_results": 8},
    BASKET: {"page_view": 35, "view_item": 65},
    CHECKOUT: {"page_view": 38, "view_item": 62},
    LOOKING_BACK: {"page_view": 100},
    KNOWS_WHAT: {"view_item": 74, "view_search_results": 26},
}
BROWSING = {
    INSPIRATION: {"page_view": 36, "view_item_list": 50, "view_promotion": 14},
    ORIENTATION: {
        "page_view": 9,
        "view_item_list": 24,
        "view_item": 47,
        "view_search_results": 12,
        "add_to_wishlist": 5,
        "store_locator": 3,
    },
    BASKET: {"page_view": 12, "view_item": 74, "view_search_results": 14},
    CHECKOUT: {"page_view": 10, "view_item": 76, "view_search_results": 14},
    LOOKING_BACK: {"page_view": 100},
    KNOWS_WHAT: {
        "page_view": 11,
        "view_item": 64,
        "view_search_results": 17,
        "add_to_wishlist": 5,
        "store_locator": 3,
    },
}
ORIENTING = ("view_item", "view_search_results", "add_to_wishlist", "store_locator")
LEAVES_AT_ONCE = np.array([0.36, 0.22, 0.0, 0.0, 0.25])
MEAN_STEPS = np.array([4.8, 5.2, 2.2, 1.8, 1.2])  # mean number of steps after landing
MOST_STEPS = 40
RANKS = 128
# Where steps stand in a visit; what is browsed stands between landing and basket.
START, FIRST, LANDED, SIGNS, BROWSED, CLOSING = 0, 1, 2, 3, 10, 60
BASKET_STEP, CART_STEP, CHECKOUT_STEP = 70, 90, 100
NONE = -1


@dataclass(frozen=True)
class Steps:
    """Steps of visits: `rank` tells where in its visit a step stands, the rest as in `Clicks`."""

    visit: Ints
    rank: Ints
    name: Ints
    product: Ints
    quantity: Ints

    def __len__(self) -> int:
        return len(self.visit)

    def taken(self, places: Ints) -> Steps:
        """The steps at these places, in their order."""
        return Steps(*(getattr(self, field.name)[places] for field in fields(self)))


def take_steps(
    rng: np.random.Generator,
    market: Market,
    journeys: Journeys,
    baskets: Baskets,
    visits: Visits,
) -> Steps:
    """All steps of all visits, in order of visit and rank."""
    parts = [
        *_arrivals(visits),
        _browsing(rng, market, journeys, visits),
        *_closing(rng, market, journeys, visits),
        *_baskets(rng, journeys, baskets, visits),
    ]
    steps = Steps(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Steps)))
    return steps.taken(np.argsort(steps.visit * RANKS + steps.rank, kind="stable"))


def _step(
    visit: Ints,
    rank: Ints | int,
    name: Ints | str,
    product: Ints | int = NONE,
    quantity: Ints | int = 0,
) -> Steps:
    number = NUMBER[name] if isinstance(name, str) else name
    full = np.zeros(len(visit), dtype=np.int64)
    return Steps(visit, full + rank, full + number, full + product, full + quantity)


def _arrivals(visits: Visits) -> list[Steps]:
    everyone = np.arange(len(visits))
    signs_up = visits.signed_in & visits.signs_up
    # At the checkout most sign in only when they are asked to.
    late = visits.signed_in & ~signs_up & (visits.purpose == CHECKOUT) & (visits.session % 2 == 0)
    at_start = visits.signed_in & ~signs_up & ~late
    return [
        _step(everyone, START, "session_start"),
        _step(everyone[visits.is_first], FIRST, "first_visit"),
        _step(everyone[at_start], SIGNS, "login"),
        _step(everyone[signs_up], SIGNS, "sign_up"),
        _step(everyone[late], CHECKOUT_STEP - 1, "login"),
    ]


def _weights(table: dict[int, dict[str, int]]) -> Choice:
    return Choice([[table[purpose].get(name, 0) for name in NAMES] for purpose in range(6)])


def _browsing(
    rng: np.random.Generator, market: Market, journeys: Journeys, visits: Visits
) -> Steps:
    count = len(visits)
    more = rng.geometric(1 / (1 + MEAN_STEPS[visits.purpose])) - 1
    stays = ~chance(rng, LEAVES_AT_ONCE[visits.purpose], count)
    visit, number = spread(1 + np.where(stays, np.minimum(more, MOST_STEPS), 0))
    journey, orients = visits.journey[visit], visits.purpose[visit] == ORIENTATION
    knows_what = orients & (journeys.entry[journey] >= ORIENTATION)
    manner = np.where(knows_what, KNOWS_WHAT, visits.purpose[visit])
    landed, browsed = _weights(LANDING).draw(rng, manner), _weights(BROWSING).draw(rng, manner)
    name = _oriented(np.where(number == 0, landed, browsed), visit, number, orients)
    other = market.products.wanted(rng, journeys.kind[journey], journeys.category[journey])
    product = np.where(chance(rng, 0.35, len(visit)), journeys.product[journey], other)
    about = np.isin(name, (NUMBER["view_item"], NUMBER["add_to_wishlist"]))
    rank = np.where(number == 0, LANDED, BROWSED + number)
    return _step(visit, rank, name, np.where(about, product, NONE))


def _oriented(name: Ints, visit: Ints, number: Ints, orients: Mask) -> Ints:
    """Who orients sees a product or searches in every visit, and comes to it by way of the lists.

    So the phase of a visit can be told from its events, and the last new thing in it is a product.
    """
    first, visits = np.flatnonzero(number == 0), int(visit.max(initial=-1)) + 1
    last = np.append(first[1:], len(name)) - 1
    lists = np.bincount(visit, name == NUMBER["view_item_list"], visits) > 0
    name = name.copy()
    name[first[lists & orients[first]]] = NUMBER["view_item_list"]
    tells = np.isin(name, [NUMBER[orienting] for orienting in ORIENTING])
    silent = (np.bincount(visit, tells, visits) == 0) & orients[first]
    name[last[silent]] = NUMBER["view_item"]
    return name


def _closing(
    rng: np.random.Generator, market: Market, journeys: Journeys, visits: Visits
) -> list[Steps]:
    """The last thing before leaving: an empty shelf, or the way to the store."""
    journey, count = visits.journey, len(visits)
    last = np.ones(count, dtype=np.bool_)
    last[:-1] = journey[1:] != journey[:-1]
    orients = (visits.purpose == ORIENTATION) & last
    empty = np.flatnonzero(orients & (journeys.reason[journey] == OUT_OF_STOCK))
    to_store = orients & (journeys.route[journey] == ROPO) & journeys.bought[journey]
    finds = np.flatnonzero(to_store & chance(rng, 0.62, count))
    product = _out_of_stock(rng, market, visits.at[empty])
    return [
        _step(empty, CLOSING - 1, "view_item", product),
        _step(empty, CLOSING, "out_of_stock", product),
        _step(finds, CLOSING, "store_locator"),
    ]


def _out_of_stock(rng: np.random.Generator, market: Market, at: Ints) -> Ints:
    """A product that the webshop really did not have in the week of the visit."""
    week = np.minimum(week_of(at // DAY, market.plan), len(market.mondays) - 1)
    empty = market.stock[:, WEB_LOCATION, :] == 0
    weights = empty * market.products.popularity[None, :] + 1e-12
    return Choice(weights).draw(rng, week)


def _baskets(
    rng: np.random.Generator, journeys: Journeys, baskets: Baskets, visits: Visits
) -> list[Steps]:
    """From basket to order; who drops out stops where the reason bites."""
    fills = np.flatnonzero((visits.purpose == BASKET) | (visits.purpose == CHECKOUT))
    journey, count = visits.journey[fills], len(fills)
    lines = np.bincount(baskets.journey, minlength=len(journeys))
    owner, number = spread(lines[journey])
    line = (np.cumsum(lines) - lines)[journey[owner]] + number
    rank = BASKET_STEP + np.minimum(number, 9) * 2
    product = baskets.product[line]
    viewed = (number > 0) & chance(rng, 0.75, len(owner))
    buys = visits.purpose[fills] == CHECKOUT
    reason = journeys.reason[journey]
    # An abandoned basket of who buys later, or for a reason of an earlier phase, is distraction.
    reason = np.where(
        buys | journeys.bought[journey] | (reason < SHIPPING_COSTS), DISTRACTED, reason
    )
    starts = buys | (reason != DISTRACTED) | chance(rng, 0.2, count)
    looks = starts | chance(rng, 0.55, count)
    ships = buys | ((reason != DISTRACTED) & (reason != ACCOUNT_REQUIRED))
    pays = buys | (reason == PAYMENT_FAILED)
    changes = ~buys & (lines[journey] > 1) & chance(rng, 0.3, count)
    first_product = product[np.flatnonzero(number == 0)]
    return [
        _step(fills[owner[viewed]], rank[viewed] - 1, "view_item", product[viewed]),
        _step(fills[owner], rank, "add_to_cart", product, baskets.quantity[line]),
        _step(fills[looks], CART_STEP, "view_cart"),
        _step(fills[changes], CART_STEP + 1, "remove_from_cart", first_product[changes], 1),
        _step(fills[starts], CHECKOUT_STEP, "begin_checkout"),
        _step(fills[ships], CHECKOUT_STEP + 1, "add_shipping_info"),
        _step(fills[pays], CHECKOUT_STEP + 2, "add_payment_info"),
        _step(fills[buys], CHECKOUT_STEP + 3, "purchase"),
    ]
