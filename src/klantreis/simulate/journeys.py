"""The journey model: a need arises, goes through phases, and is met or dropped on the way."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from klantreis.simulate.clock import (
    DAY,
    STORE_WEEK,
    day_weights,
    month_of,
    online_seconds,
    store_seconds,
)
from klantreis.simulate.draws import Choice, Floats, Ints, Mask, chance, group_order, spread
from klantreis.simulate.kinds import APP, ROPO, STORE, WEB, kinds
from klantreis.simulate.market import Market
from klantreis.simulate.people import NEVER, People

__all__ = [
    "AFTERCARE",
    "INSPIRATION",
    "LAPSE_DAYS",
    "ORIENTATION",
    "PHASES",
    "PURCHASE",
    "REASONS",
    "Journeys",
    "draw_journeys",
    "far_enough_apart",
]

PHASES = ("inspiration", "orientation", "purchase", "aftercare")
INSPIRATION, ORIENTATION, PURCHASE, AFTERCARE = range(4)
NO_DROP = -1
REASONS = (
    "no_need_yet",
    "nothing_appealing",
    "too_expensive",
    "out_of_stock",
    "information_missing",
    "delivery_too_slow",
    "bought_elsewhere",
    "shipping_costs",
    "account_required",
    "payment_failed",
    "distracted",
)
OUT_OF_STOCK, INFORMATION_MISSING = 3, 4
SHIPPING_COSTS, ACCOUNT_REQUIRED, PAYMENT_FAILED, DISTRACTED = 7, 8, 9, 10
# Weights of the reasons above by phase in which the journey is dropped.
REASON_WEIGHTS = (
    (6, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    (0, 0, 3, 2, 2, 1, 2.5, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 2.6, 1.2, 1.3, 5),
)
PRICE_REASONS = (2, 7)
LAPSE_DAYS = 62  # who comes back sooner is still on the same journey
MOST_CANDIDATES = 40
WARM_UP_DAYS = 120  # lived before the period, so that it does not begin with everybody fresh


@dataclass(frozen=True)
class Journeys:
    """Latent journeys, one entry each.

    Attributes:
        human: place of the human within the chunk.
        started: local seconds of the first step.
        route: web, app, online to store, or store alone (see `kinds`).
        entry, reached: first phase and furthest phase before aftercare.
        bought: whether it ends in a purchase.
        dropped, reason: phase and reason of dropping out, `NO_DROP` for buyers.
        category, product: what the need is about.
        mailing: number of the mailing that planted it, or -1.
    """

    human: Ints
    kind: Ints
    started: Ints
    route: Ints
    entry: Ints
    reached: Ints
    bought: Mask
    dropped: Ints
    reason: Ints
    category: Ints
    product: Ints
    mailing: Ints

    def __len__(self) -> int:
        return len(self.human)

    @property
    def online(self) -> Mask:
        """Whether the purchase, if any, is in the webshop or the app."""
        return self.route <= APP

    def taken(self, places: Ints | Mask) -> Journeys:
        """The journeys at these places, in their order."""
        return replace(self, **{f.name: getattr(self, f.name)[places] for f in fields(self)})


def draw_journeys(
    rng: np.random.Generator,
    market: Market,
    people: People,
    planted: tuple[Ints, Ints, Ints],
) -> Journeys:
    """Draw candidate journeys, by human and time; `far_enough_apart` chooses among them.

    Args:
        planted: human, local second and mailing of the purchases that mailings bring about.
    """
    types = kinds()
    rate = types.journeys[people.kind] * people.activity * (market.plan.days + WARM_UP_DAYS) / 365
    counts = np.minimum(rng.poisson(rate), MOST_CANDIDATES)
    own, _ = spread(counts)
    movers, moving = _moving_in(rng, people)
    human = np.r_[own, movers, planted[0]]
    mailing = np.r_[np.full(len(own) + len(movers), -1), planted[2]]
    kind = people.kind[human]
    route = Choice(types.route).draw(rng, kind)
    route = np.where(mailing >= 0, np.where(rng.random(len(human)) < 0.7, WEB, STORE), route)
    day = np.r_[_days(rng, market, kind[: len(own)], route[: len(own)]), moving]
    drawn = len(day)
    started = np.r_[_moments(rng, kind[:drawn], route[:drawn], day), planted[1]]
    category = market.products.categories(rng, kind, month_of(started // DAY) % 12)
    entry, reached, bought = _outcomes(rng, kind, route, mailing >= 0)
    journeys = Journeys(
        human=human,
        kind=kind,
        started=started,
        route=route,
        entry=entry,
        reached=reached,
        bought=bought,
        dropped=np.where(bought, NO_DROP, reached),
        reason=np.where(bought, NO_DROP, _reasons(rng, kind, reached)),
        category=category,
        product=market.products.wanted(rng, kind, category),
        mailing=mailing,
    )
    return journeys.taken(np.lexsort((started, human)))


def _moving_in(rng: np.random.Generator, people: People) -> tuple[Ints, Ints]:
    """A new home asks for new things: humans, and days on which such a journey begins."""
    moves = np.flatnonzero(people.moved_on < NEVER)
    human = np.repeat(moves, 2)
    return human, people.moved_on[human] + rng.integers(-30, 90, len(human))


def _days(rng: np.random.Generator, market: Market, kind: Ints, route: Ints) -> Ints:
    """First days of journeys: by the type's season, and by how people shop through the week."""
    types = kinds()
    first = market.plan.first_day - WARM_UP_DAYS
    weights = [
        day_weights(first, market.plan.last_day, season, week)
        for season, weekend in zip(types.season, types.weekend, strict=True)
        for week in ([1, 1, 1, 1, 1, weekend, weekend], STORE_WEEK)
    ]
    return first + Choice(weights).draw(rng, kind * 2 + (route == STORE))


def _moments(rng: np.random.Generator, kind: Ints, route: Ints, day: Ints) -> Ints:
    """Local second of the first step on a day: when people like to be online, or stores are open."""
    online = online_seconds(rng, kinds().hour_peak[kind])
    return day * DAY + np.where(route == STORE, store_seconds(rng, day), online)


def _outcomes(
    rng: np.random.Generator, kind: Ints, route: Ints, planted: Mask
) -> tuple[Ints, Ints, Mask]:
    """First phase, furthest phase before aftercare, and whether it ends in a purchase."""
    types, count = kinds(), len(kind)
    go_on = np.where((planted | (route == STORE))[:, None], 1.0, types.go_on[kind])
    # On the way to the store there is no basket: who goes there mostly buys.
    go_on[:, PURCHASE] = np.where(route == ROPO, 1.0, go_on[:, PURCHASE])
    go_on[:, ORIENTATION] *= np.where(route == ROPO, 0.85, 1.0)
    inspired = chance(rng, types.inspire[kind], count)
    straight = planted | (route == STORE)
    entry = np.where(straight, PURCHASE, np.where(inspired, INSPIRATION, ORIENTATION))
    passes = rng.random((count, 3)) < go_on
    passes |= np.arange(3) < entry[:, None]
    reached = np.where(~passes[:, 0], 0, np.where(~passes[:, 1], 1, 2))
    return entry, reached, np.asarray(passes.all(axis=1))


def _reasons(rng: np.random.Generator, kind: Ints, phase: Ints) -> Ints:
    weights = np.tile(np.array(REASON_WEIGHTS, dtype=np.float64), (len(kinds().ids), 1, 1))
    for reason in PRICE_REASONS:
        weights[:, :, reason] *= kinds().price_sensitivity[:, None]
    return Choice(weights.reshape(-1, len(REASONS))).draw(rng, kind * 3 + phase)


def far_enough_apart(rng: np.random.Generator, journeys: Journeys, ended: Ints) -> Mask:
    """Which candidates are journeys of their own.

    A candidate that would begin before the human's last journey has lapsed, or before a new need
    arises after a purchase, is left out. Journeys that a mailing planted always stay.

    Args:
        ended: local second of the last step before aftercare, in the order of `journeys`, which
            is by human and start.
    """
    rest: Floats = np.where(
        journeys.bought,
        kinds().wait_days[journeys.kind] * rng.uniform(0.2, 0.8, len(journeys)),
        LAPSE_DAYS + rng.exponential(6, len(journeys)),
    )
    busy_until = ended + (rest * DAY).astype(np.int64)
    order, kept = group_order(journeys.human), np.zeros(len(journeys), dtype=np.bool_)
    free = np.zeros(int(journeys.human.max(initial=0)) + 1, dtype=np.int64)
    for number in range(int(order.max(initial=-1)) + 1):
        places = np.flatnonzero(order == number)
        who = journeys.human[places]
        stays = (journeys.started[places] >= free[who]) | (journeys.mailing[places] >= 0)
        kept[places] = stays
        free[who] = np.where(stays, np.maximum(busy_until[places], free[who]), free[who])
    return kept
