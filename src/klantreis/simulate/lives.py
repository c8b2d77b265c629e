"""One chunk of people lives through the whole period; what happened is laid down as numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from klantreis.simulate.baskets import fill_baskets
from klantreis.simulate.clicks import Clicks, click
from klantreis.simulate.clock import DAY
from klantreis.simulate.draws import Ints, chance, stream
from klantreis.simulate.journeys import Journeys, draw_journeys, far_enough_apart
from klantreis.simulate.market import Market
from klantreis.simulate.pages import Site
from klantreis.simulate.people import NEVER, People, draw_people
from klantreis.simulate.purchases import NOT_YET, Purchases, make_purchases, purchase_times
from klantreis.simulate.records import Records, type_records
from klantreis.simulate.steps import NAMES
from klantreis.simulate.subscribers import Sendings, send_mailings
from klantreis.simulate.visits import (
    CHECKOUT,
    LOOKING_BACK,
    Planned,
    Visits,
    attend,
    plan_visits,
)
from klantreis.simulate.voices import Voices, raise_voices

__all__ = ["CHUNK", "Lives", "live"]

CHUNK = 25_000
OPENS_ACCOUNT = 0.4


@dataclass(frozen=True)
class Lives:
    """All that happened to the people of one chunk.

    Attributes:
        ended: for every journey the local second of its last step before aftercare.
    """

    people: People
    records: Records
    sendings: Sendings
    journeys: Journeys
    ended: Ints
    visits: Visits
    clicks: Clicks
    purchases: Purchases
    voices: Voices


def live(market: Market, shop: Site, chunk: int) -> Lives:
    """Draw the people of one chunk and let them live through the period."""
    seed, first = market.plan.seed, chunk * CHUNK
    count = min(CHUNK, market.plan.customers - first)
    people = draw_people(stream(seed, 2, chunk), market, first + 1, count)
    records = type_records(stream(seed, 8, chunk), market, people)
    sendings = send_mailings(stream(seed, 3, chunk), market, people)
    journeys, planned, ended = _journeys(stream(seed, 4, chunk), market, people, sendings)
    people = _open_accounts(stream(seed, 12, chunk), people, journeys, planned)
    visits = attend(stream(seed, 5, chunk), market, people, sendings, journeys, planned)
    rng = stream(seed, 6, chunk)
    baskets = fill_baskets(rng, market, journeys)
    clicks = click(stream(seed, 7, chunk), market, shop, journeys, baskets, visits)
    at = purchase_times(rng, journeys, ended, _paid_at(journeys, visits, clicks))
    purchases = make_purchases(rng, market, people, journeys, baskets, at)
    ended = np.where(at < NOT_YET, at, ended)
    voices = raise_voices(stream(seed, 10, chunk), people, journeys, ended, purchases)
    return Lives(people, records, sendings, journeys, ended, visits, clicks, purchases, voices)


def _journeys(
    rng: np.random.Generator, market: Market, people: People, sendings: Sendings
) -> tuple[Journeys, Planned, Ints]:
    """Journeys with their visits; candidates too close to another are left out with theirs."""
    journeys = draw_journeys(rng, market, people, sendings.planted)
    planned = plan_visits(rng, journeys)
    before = planned.purpose != LOOKING_BACK
    ended = journeys.started.copy()
    np.maximum.at(ended, planned.journey[before], planned.at[before])
    kept = far_enough_apart(rng, journeys, ended)
    kept &= journeys.started >= market.plan.first_day * DAY
    kept &= journeys.started < market.plan.last_day * DAY
    place = np.cumsum(kept) - 1
    planned = planned.taken(kept[planned.journey])
    planned = Planned(place[planned.journey], planned.purpose, planned.at)
    return journeys.taken(kept), planned, ended[kept]


def _open_accounts(
    rng: np.random.Generator, people: People, journeys: Journeys, planned: Planned
) -> People:
    """Some who order without an account make one on the way."""
    pays = planned.purpose == CHECKOUT
    first = np.full(len(people), NEVER)
    np.minimum.at(first, journeys.human[planned.journey[pays]], planned.at[pays] // DAY)
    opens = chance(rng, OPENS_ACCOUNT, len(people)) & (first < people.account_on)
    return replace(people, account_on=np.where(opens, first, people.account_on))


def _paid_at(journeys: Journeys, visits: Visits, clicks: Clicks) -> Ints:
    """Local second at which each journey last chose to pay online, -1 where it never did."""
    pays = np.isin(clicks.name, (NAMES.index("purchase"), NAMES.index("add_payment_info")))
    visit = clicks.visit[pays]
    local = visits.at[visit] + clicks.at[pays] // 1_000_000 - visits.session[visit]
    paid_at = np.full(len(journeys), -1)
    np.maximum.at(paid_at, visits.journey[visit], local)
    return paid_at
