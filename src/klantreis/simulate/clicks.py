"""What visitors do during a visit: one row an event, as web analytics would count them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from klantreis.simulate.baskets import Baskets
from klantreis.simulate.clock import DAY, week_of
from klantreis.simulate.draws import Choice, Ints, Mask, chance, group_order, spread
from klantreis.simulate.journeys import (
    ACCOUNT_REQUIRED,
    DISTRACTED,
    INSPIRATION,
    ORIENTATION,
    OUT_OF_STOCK,
    PAYMENT_FAILED,
    PURCHASE,
    SHIPPING_COSTS,
    Journeys,
)
from klantreis.simulate.kinds import ROPO
from klantreis.simulate.market import Market
from klantreis.simulate.pages import (
    ACCOUNT,
    CART,
    HOME,
    OFFERS,
    ORDERS,
    SEARCH,
    STORES,
    THANKS,
    WISHLIST,
    Site,
)
from klantreis.simulate.pages import CHECKOUT as CHECKOUT_PAGE
from klantreis.simulate.stock import WEB_LOCATION
from klantreis.simulate.visits import BASKET, CHECKOUT, LOOKING_BACK, Visits

__all__ = ["NAMES", "Clicks", "click"]

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
# Weights of the names above for what is done after landing, by purpose of the visit.
BROWSING = {
    INSPIRATION: {
        "page_view": 26,
        "view_item_list": 34,
        "view_item": 22,
        "view_search_results": 4,
        "view_promotion": 12,
        "add_to_wishlist": 2,
    },
    ORIENTATION: {
        "page_view": 9,
        "view_item_list": 20,
        "view_item": 47,
        "view_search_results": 13,
        "view_promotion": 3,
        "add_to_wishlist": 5,
        "store_locator": 3,
    },
    BASKET: {"page_view": 8, "view_item_list": 22, "view_item": 60, "view_search_results": 10},
    CHECKOUT: {"page_view": 6, "view_item_list": 20, "view_item": 62, "view_search_results": 12},
    LOOKING_BACK: {"page_view": 100},
}
LANDING = {
    INSPIRATION: {"page_view": 62, "view_item_list": 28, "view_promotion": 4, "view_item": 6},
    ORIENTATION: {"page_view": 26, "view_item_list": 28, "view_item": 38, "view_search_results": 8},
    BASKET: {"page_view": 30, "view_item_list": 15, "view_item": 55},
    CHECKOUT: {"page_view": 35, "view_item_list": 10, "view_item": 55},
    LOOKING_BACK: {"page_view": 100},
}
LEAVES_AT_ONCE = np.array([0.36, 0.22, 0.0, 0.0, 0.25])
STEPS = np.array([4.8, 5.2, 2.2, 1.8, 1.2])  # mean number of steps after landing
MOST_STEPS = 40
# Where steps stand in a visit; what is browsed stands between landing and basket.
START, FIRST, LANDED, SIGNS, BROWSED, CLOSING, BASKET_STEP, CART_STEP, CHECKOUT_STEP = (
    0,
    1,
    2,
    3,
    10,
    60,
    70,
    90,
    100,
)
NONE = -1


@dataclass(frozen=True)
class Clicks:
    """Events of visits in order of visit and time.

    Attributes:
        visit: place of the visit within the chunk.
        at: UTC in microseconds; `day` the local day since 1970.
        name: number in `NAMES`.
        page: number of the page; `product`, `term` numbers or -1.
        quantity: pieces put in or taken out of the basket.
        signed_in: whether the visitor was known by then.
        line_of: for a purchase the journey that it belongs to, else -1.
    """

    visit: Ints
    at: Ints
    day: Ints
    name: Ints
    page: Ints
    product: Ints
    term: Ints
    quantity: Ints
    signed_in: Mask
    buys_for: Ints

    def __len__(self) -> int:
        return len(self.visit)


@dataclass(frozen=True)
class Step:
    """Some steps of visits, not yet in order: `rank` tells where in its visit a step stands."""

    visit: Ints
    rank: Ints
    name: Ints
    product: Ints
    quantity: Ints


def click(
    rng: np.random.Generator,
    market: Market,
    shop: Site,
    journeys: Journeys,
    baskets: Baskets,
    visits: Visits,
) -> Clicks:
    """Play all visits."""
    parts = [
        *_arrivals(visits),
        _browsing(rng, market, journeys, visits),
        _closing(rng, market, journeys, visits),
        *_baskets(rng, journeys, baskets, visits),
    ]
    steps = Step(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Step)))
    order = np.argsort(steps.visit * 128 + steps.rank, kind="stable")
    steps = Step(*(getattr(steps, f.name)[order] for f in fields(Step)))
    at = _times(rng, steps)
    seconds = visits.at[steps.visit] + at // 1_000_000
    page, term = _pages(rng, shop, market, journeys, visits, steps)
    buys = steps.name == NUMBER["purchase"]
    return Clicks(
        visit=steps.visit,
        at=visits.session[steps.visit] * 1_000_000 + at,
        day=seconds // DAY,
        name=steps.name,
        page=page,
        product=steps.product,
        term=term,
        quantity=steps.quantity,
        signed_in=_known(visits, steps),
        buys_for=np.where(buys, visits.journey[steps.visit], NONE),
    )


def _step(
    visit: Ints,
    rank: Ints | int,
    name: Ints | str,
    product: Ints | int = NONE,
    quantity: Ints | int = 0,
) -> Step:
    number = NUMBER[name] if isinstance(name, str) else name
    full = np.zeros(len(visit), dtype=np.int64)
    return Step(visit, full + rank, full + number, full + product, full + quantity)


def _arrivals(visits: Visits) -> list[Step]:
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
    return Choice([[table[purpose].get(name, 0) for name in NAMES] for purpose in range(5)])


def _browsing(rng: np.random.Generator, market: Market, journeys: Journeys, visits: Visits) -> Step:
    count = len(visits)
    more = rng.geometric(1 / (1 + STEPS[visits.purpose])) - 1
    stays = ~chance(rng, LEAVES_AT_ONCE[visits.purpose], count)
    visit, number = spread(1 + np.where(stays, np.minimum(more, MOST_STEPS), 0))
    purpose = visits.purpose[visit]
    landed = _weights(LANDING).draw(rng, purpose)
    browsed = _weights(BROWSING).draw(rng, purpose)
    name = np.where(number == 0, landed, browsed)
    journey = visits.journey[visit]
    other = market.products.wanted(rng, journeys.kind[journey], journeys.category[journey])
    product = np.where(chance(rng, 0.35, len(visit)), journeys.product[journey], other)
    about = np.isin(name, (NUMBER["view_item"], NUMBER["add_to_wishlist"]))
    rank = np.where(number == 0, LANDED, BROWSED + number)
    return _step(visit, rank, name, np.where(about, product, NONE))


def _closing(rng: np.random.Generator, market: Market, journeys: Journeys, visits: Visits) -> Step:
    """The last thing before leaving: an empty shelf, or the way to the store."""
    visit = np.arange(len(visits))
    journey = visits.journey
    last = np.r_[visits.journey[1:] != visits.journey[:-1], True]
    orients = visits.purpose == ORIENTATION
    empty = orients & last & (journeys.reason[journey] == OUT_OF_STOCK)
    to_store = orients & last & (journeys.route[journey] == ROPO) & journeys.bought[journey]
    to_store &= chance(rng, 0.62, len(visits))
    product = _out_of_stock(rng, market, journeys, visits)
    parts = [
        _step(visit[empty], CLOSING - 1, "view_item", product[empty]),
        _step(visit[empty], CLOSING, "out_of_stock", product[empty]),
        _step(visit[to_store], CLOSING, "store_locator"),
    ]
    return Step(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Step)))


def _out_of_stock(
    rng: np.random.Generator, market: Market, journeys: Journeys, visits: Visits
) -> Ints:
    """A product that the webshop really did not have in the week of the visit."""
    week = np.minimum(week_of(visits.at // DAY, market.plan), len(market.mondays) - 1)
    empty = market.stock[:, WEB_LOCATION, :] == 0
    weights = empty * market.products.popularity[None, :] + 1e-12
    return Choice(weights).draw(rng, week)


def _baskets(
    rng: np.random.Generator, journeys: Journeys, baskets: Baskets, visits: Visits
) -> list[Step]:
    """From basket to order; who drops out stops where the reason bites."""
    fills = np.flatnonzero((visits.purpose == BASKET) | (visits.purpose == CHECKOUT))
    journey = visits.journey[fills]
    lines = np.bincount(baskets.journey, minlength=len(journeys))
    first_line = np.cumsum(lines) - lines
    owner, number = spread(lines[journey])
    line = first_line[journey[owner]] + number
    buys = visits.purpose[fills] == CHECKOUT
    reason = np.where(
        buys, NONE, np.where(journeys.bought[journey], DISTRACTED, journeys.reason[journey])
    )
    reason = np.where(reason < SHIPPING_COSTS, DISTRACTED, reason)
    rank = BASKET_STEP + np.minimum(number, 9) * 2
    product = baskets.product[line]
    viewed = (number > 0) & chance(rng, 0.75, len(owner))
    checks_out = buys | (reason != DISTRACTED) | chance(rng, 0.2, len(fills))
    ships = buys | np.isin(reason, (SHIPPING_COSTS, PAYMENT_FAILED))
    pays = buys | (reason == PAYMENT_FAILED)
    changes = chance(rng, 0.3, len(fills)) & (lines[journey] > 1)
    return [
        _step(fills[owner[viewed]], rank[viewed] - 1, "view_item", product[viewed]),
        _step(fills[owner], rank, "add_to_cart", product, baskets.quantity[line]),
        _step(fills[buys | checks_out | chance(rng, 0.55, len(fills))], CART_STEP, "view_cart"),
        _step(
            fills[changes & ~buys],
            CART_STEP + 1,
            "remove_from_cart",
            product[first_of(owner, len(fills))][changes & ~buys],
            1,
        ),
        _step(fills[checks_out], CHECKOUT_STEP, "begin_checkout"),
        _step(fills[ships & (reason != ACCOUNT_REQUIRED)], CHECKOUT_STEP + 1, "add_shipping_info"),
        _step(fills[pays], CHECKOUT_STEP + 2, "add_payment_info"),
        _step(fills[buys], CHECKOUT_STEP + 3, "purchase"),
    ]


def first_of(owner: Ints, count: int) -> Ints:
    """The first row of each owner, for owners that lie together and all have rows."""
    return np.searchsorted(owner, np.arange(count))


def _times(rng: np.random.Generator, steps: Step) -> Ints:
    """Microseconds since the start of the visit; pauses between steps are lognormal."""
    pause = np.minimum(rng.lognormal(3.1, 0.95, len(steps.visit)), 900.0)
    pause = (pause * 1e6).astype(np.int64)
    pause[steps.rank <= LANDED] = 0
    since = np.cumsum(pause)
    first = group_order(steps.visit) == 0
    begins = np.flatnonzero(first)
    return since - np.repeat(since[begins], np.diff(np.r_[begins, len(since)]))


def _known(visits: Visits, steps: Step) -> Mask:
    """Signed in from the step of signing on."""
    signs = np.isin(steps.name, (NUMBER["login"], NUMBER["sign_up"]))
    so_far = np.cumsum(signs)
    begins = np.flatnonzero(group_order(steps.visit) == 0)
    before = so_far[begins] - signs[begins]
    return so_far - np.repeat(before, np.diff(np.r_[begins, len(so_far)])) > 0


def _pages(
    rng: np.random.Generator,
    shop: Site,
    market: Market,
    journeys: Journeys,
    visits: Visits,
    steps: Step,
) -> tuple[Ints, Ints]:
    count = len(steps.visit)
    journey = visits.journey[steps.visit]
    purpose = visits.purpose[steps.visit]
    wanted = journeys.product[journey]
    term = shop.term_of[wanted, rng.integers(0, shop.term_of.shape[1], count)]
    term = np.where(chance(rng, 0.04, count), rng.integers(0, 6, count), term)
    plain = _plain_pages(rng, shop, journeys.category[journey], purpose)
    fixed = np.full(len(NAMES), NONE)
    for name, page in (
        ("view_search_results", SEARCH), ("view_promotion", OFFERS), ("add_to_wishlist", WISHLIST),
        ("remove_from_cart", CART), ("view_cart", CART), ("begin_checkout", CHECKOUT_PAGE),
        ("add_shipping_info", CHECKOUT_PAGE), ("add_payment_info", CHECKOUT_PAGE), ("purchase", THANKS),
        ("sign_up", ACCOUNT), ("login", ACCOUNT), ("store_locator", STORES),
    ):  # fmt: skip
        fixed[NUMBER[name]] = page
    page = np.where(fixed[steps.name] >= 0, fixed[steps.name], plain)
    lists = steps.name == NUMBER["view_item_list"]
    page = np.where(lists, shop.category_page + journeys.category[journey], page)
    page = np.where(steps.product >= 0, shop.product_page + steps.product, page)
    searched = steps.name == NUMBER["view_search_results"]
    # Arrival is on the page of the first real step.
    arrives = steps.rank <= FIRST
    following = np.minimum(
        np.arange(count) + 1 + (steps.rank == START) * _has_first(steps), count - 1
    )
    page = np.where(arrives, page[following], page)
    return page, np.where(searched, term, NONE)


def _has_first(steps: Step) -> Ints:
    """1 where the next step is `first_visit`."""
    return np.r_[steps.rank[1:] == FIRST, False].astype(np.int64)


def _plain_pages(rng: np.random.Generator, shop: Site, category: Ints, purpose: Ints) -> Ints:
    """Pages without a product: articles when looking for ideas, service pages when in doubt."""
    count = len(purpose)
    article = shop.article + rng.integers(0, shop.articles, count)
    service = shop.service_page + rng.integers(0, shop.service_pages, count)
    which = Choice(
        [[40, 60, 0, 0], [35, 15, 50, 0], [60, 5, 35, 0], [60, 5, 35, 0], [5, 0, 30, 65]]
    ).draw(rng, purpose)
    return np.select(
        [which == 0, which == 1, which == 2], [np.full(count, HOME), article, service], ORDERS
    )
