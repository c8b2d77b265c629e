"""What visitors do during a visit: one row an event, as web analytics would count them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.baskets import Baskets
from klantreis.simulate.clock import DAY
from klantreis.simulate.draws import Choice, Ints, Mask, chance, group_order
from klantreis.simulate.journeys import Journeys
from klantreis.simulate.market import Market
from klantreis.simulate.pages import (
    ACCOUNT,
    CART,
    HOME,
    OFFERS,
    ORDERS,
    SEARCH,
    SERVICE_TERMS,
    STORES,
    THANKS,
    WISHLIST,
    Site,
)
from klantreis.simulate.pages import CHECKOUT as CHECKOUT_PAGE
from klantreis.simulate.steps import FIRST, LANDED, NAMES, NONE, NUMBER, START, Steps, take_steps
from klantreis.simulate.visits import Visits

__all__ = ["Clicks", "click"]

# Pages of events that always are on the same one.
FIXED_PAGES = {
    "view_search_results": SEARCH,
    "view_promotion": OFFERS,
    "add_to_wishlist": WISHLIST,
    "remove_from_cart": CART,
    "view_cart": CART,
    "begin_checkout": CHECKOUT_PAGE,
    "add_shipping_info": CHECKOUT_PAGE,
    "add_payment_info": CHECKOUT_PAGE,
    "purchase": THANKS,
    "sign_up": ACCOUNT,
    "login": ACCOUNT,
    "store_locator": STORES,
}
# Home, an article, a service page, my orders: weights by purpose of the visit.
PLAIN_PAGES = [[40, 60, 0, 0], [35, 15, 50, 0], [60, 5, 35, 0], [60, 5, 35, 0], [5, 0, 30, 65]]
SERVICE_SEARCHES = 0.04


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
        buys_for: for a purchase the journey that it belongs to, else -1.
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


def click(
    rng: np.random.Generator,
    market: Market,
    shop: Site,
    journeys: Journeys,
    baskets: Baskets,
    visits: Visits,
) -> Clicks:
    """Play all visits."""
    steps = take_steps(rng, market, journeys, baskets, visits)
    at = _times(rng, steps)
    seconds = visits.at[steps.visit] + at // 1_000_000
    page = _pages(rng, shop, journeys, visits, steps)
    buys = steps.name == NUMBER["purchase"]
    return Clicks(
        visit=steps.visit,
        at=visits.session[steps.visit] * 1_000_000 + at,
        day=seconds // DAY,
        name=steps.name,
        page=page,
        product=steps.product,
        term=_terms(rng, shop, journeys, visits, steps),
        quantity=steps.quantity,
        signed_in=_known(steps),
        buys_for=np.where(buys, visits.journey[steps.visit], NONE),
    )


def _times(rng: np.random.Generator, steps: Steps) -> Ints:
    """Microseconds since the start of the visit; pauses between steps are lognormal."""
    pause = np.minimum(rng.lognormal(3.1, 0.95, len(steps)), 900.0) * (steps.rank > LANDED)
    since = np.cumsum((pause * 1e6).astype(np.int64))
    return since - _at_start(steps, since)


def _at_start(steps: Steps, values: Ints) -> Ints:
    """For every step the value at the first step of its visit."""
    begins = np.flatnonzero(group_order(steps.visit) == 0)
    return np.repeat(values[begins], np.diff(np.append(begins, len(steps))))


def _known(steps: Steps) -> Mask:
    """Signed in from the step of signing on."""
    signs = np.isin(steps.name, (NUMBER["login"], NUMBER["sign_up"])).astype(np.int64)
    so_far = np.cumsum(signs)
    return so_far > _at_start(steps, so_far - signs)


def _pages(
    rng: np.random.Generator, shop: Site, journeys: Journeys, visits: Visits, steps: Steps
) -> Ints:
    fixed = np.array([FIXED_PAGES.get(name, NONE) for name in NAMES])[steps.name]
    category = shop.category_page + journeys.category[visits.journey[steps.visit]]
    page = np.select(
        [steps.product >= 0, steps.name == NUMBER["view_item_list"], fixed >= 0],
        [shop.product_page + steps.product, category, fixed],
        _plain_pages(rng, shop, visits.purpose[steps.visit]),
    )
    # Arrival is on the page of the first real step, which follows `first_visit` where there is one.
    following = np.arange(len(steps)) + 1
    following[:-1] += (steps.rank[:-1] == START) & (steps.rank[1:] == FIRST)
    arrives = steps.rank <= FIRST
    page[arrives] = page[following[arrives]]
    return page


def _plain_pages(rng: np.random.Generator, shop: Site, purpose: Ints) -> Ints:
    """Pages without a product: articles when looking for ideas, service pages when in doubt."""
    count = len(purpose)
    article = shop.article + rng.integers(0, shop.articles, count)
    service = shop.service_page + rng.integers(0, shop.service_pages, count)
    which = Choice(PLAIN_PAGES).draw(rng, purpose)
    return np.select([which == 0, which == 1, which == 2], [HOME, article, service], ORDERS)


def _terms(
    rng: np.random.Generator, shop: Site, journeys: Journeys, visits: Visits, steps: Steps
) -> Ints:
    """What is typed in the search box: mostly words for the product that is wanted."""
    searches = np.flatnonzero(steps.name == NUMBER["view_search_results"])
    count = len(searches)
    wanted = journeys.product[visits.journey[steps.visit[searches]]]
    words = shop.term_of[wanted, rng.integers(0, shop.term_of.shape[1], count)]
    service = rng.integers(0, len(SERVICE_TERMS), count)
    term = np.full(len(steps), NONE)
    term[searches] = np.where(chance(rng, SERVICE_SEARCHES, count), service, words)
    return term
