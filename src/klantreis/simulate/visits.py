"""Online visits of the journeys: when, on which device, from which source, signed in or not."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from klantreis.simulate.clock import DAY, MINUTE, online_seconds, to_utc
from klantreis.simulate.draws import Choice, Ints, Mask, chance, group_order, mixed, spread
from klantreis.simulate.journeys import INSPIRATION, ORIENTATION, PURCHASE, Journeys
from klantreis.simulate.kinds import APP, ROPO, STORE, kinds
from klantreis.simulate.market import Market
from klantreis.simulate.people import People
from klantreis.simulate.subscribers import Sendings

__all__ = [
    "BASKET",
    "CHECKOUT",
    "EMAIL",
    "LOOKING_BACK",
    "SOURCES",
    "Planned",
    "Visits",
    "attend",
    "plan_visits",
]

# What a visit is for; the first two share their numbers with the phases.
BASKET, CHECKOUT, LOOKING_BACK = 2, 3, 4
PURPOSES = 5
SHORTEST_PAUSE = 45 * MINUTE
MOBILE, DESKTOP, TABLET, PHONE_APP = range(4)
STAYS_ON_DEVICE = 0.68  # else any device of the type's taste, perhaps the same
SOURCES = (
    ("(direct)", "(none)"),
    ("google", "organic"),
    ("google", "cpc"),
    ("instagram", "paid_social"),
    ("nieuwsbrief", "email"),
    ("vergelijk.example", "referral"),
    ("pinterest", "organic_social"),
)
DIRECT, ORGANIC, PAID_SEARCH, PAID_SOCIAL, EMAIL, REFERRAL, SOCIAL = range(7)
SIGNS_IN = np.array([0.20, 0.28, 0.50, 0.85, 0.92])


@dataclass(frozen=True)
class Planned:
    """Visits before anyone sat down: in order of journey and time."""

    journey: Ints
    purpose: Ints
    at: Ints

    def __len__(self) -> int:
        return len(self.journey)

    def taken(self, places: Ints | Mask) -> Planned:
        return Planned(self.journey[places], self.purpose[places], self.at[places])


@dataclass(frozen=True)
class Visits:
    """Online visits in order of human and time.

    Attributes:
        journey: place of the journey within the chunk.
        human: place of the human within the chunk.
        at: local second of arrival; `session` the same in UTC, as GA4 numbers sessions.
        cookie, first_touch: the two halves of the browser's id; `is_first` on its first visit.
        number: number of the visit on this cookie, from 1.
        device: mobile, desktop, tablet or app.
        source: number in `SOURCES`; `first_source` that of the cookie's first visit; `advert` the advertising campaign or -1.
        mailing: the mailing that was clicked, or -1.
        signed_in, signs_up: whether during the visit someone signs in, or makes an account.
    """

    journey: Ints
    human: Ints
    purpose: Ints
    at: Ints
    session: Ints
    cookie: Ints
    first_touch: Ints
    is_first: Mask
    number: Ints
    device: Ints
    source: Ints
    first_source: Ints
    advert: Ints
    mailing: Ints
    signed_in: Mask
    signs_up: Mask

    def __len__(self) -> int:
        return len(self.journey)

    def taken(self, places: Ints | Mask) -> Visits:
        """The visits at these places, in their order."""
        return replace(self, **{f.name: getattr(self, f.name)[places] for f in fields(self)})


def plan_visits(rng: np.random.Generator, journeys: Journeys) -> Planned:
    """How often people come by in each phase, and when."""
    owner, _ = spread(_counts(rng, journeys).ravel())
    journey, purpose = owner // PURPOSES, owner % PURPOSES
    first = group_order(journey) == 0
    count = len(owner)
    pause = np.where(chance(rng, 0.34, count), 0, rng.geometric(0.34, count))
    pause = np.where(purpose == LOOKING_BACK, rng.geometric(0.4, count), pause)
    pause = np.where(first, 0, np.minimum(pause, 21))
    since_start = np.cumsum(pause)
    since_start -= np.repeat(since_start[first], np.diff(np.r_[np.flatnonzero(first), count]))
    at = (journeys.started[journey] // DAY + since_start) * DAY
    at += online_seconds(rng, kinds().hour_peak[journeys.kind[journey]])
    at = np.where(first, journeys.started[journey], np.maximum(at, journeys.started[journey]))
    at = at[np.lexsort((at, journey))]
    return Planned(journey, purpose, _paused(journey, at))


def _counts(rng: np.random.Generator, journeys: Journeys) -> Ints:
    count, online, buys = len(journeys), journeys.route != STORE, journeys.bought
    to_basket = journeys.online & (journeys.reached >= PURCHASE)
    looks = online & (journeys.entry <= ORIENTATION) & (journeys.reached >= ORIENTATION)
    back = np.where(journeys.online, 0.55, np.where(journeys.route == ROPO, 0.04, 0.0))
    columns = (
        np.where(online & (journeys.entry == INSPIRATION), 1 + rng.poisson(0.9, count), 0),
        np.where(looks, 1 + rng.poisson(1.5, count), 0),
        np.where(
            to_basket & ~buys,
            1 + chance(rng, 0.15, count),
            to_basket & buys & (journeys.mailing < 0) & chance(rng, 0.2, count),
        ),
        journeys.online & buys,
        np.where(buys, rng.poisson(back), 0),
    )
    return np.stack(columns, axis=1).astype(np.int64)


def _paused(journey: Ints, at: Ints) -> Ints:
    """Put visits of one journey at least a pause apart, so that they are visits of their own."""
    shift = group_order(journey) * SHORTEST_PAUSE
    apart = journey * 2**36
    return np.maximum.accumulate(at - shift + apart) - apart + shift


def attend(
    rng: np.random.Generator,
    market: Market,
    people: People,
    sendings: Sendings,
    journeys: Journeys,
    planned: Planned,
) -> Visits:
    """Give every planned visit its device, cookie, source and sign-in."""
    human = journeys.human[planned.journey]
    order = np.lexsort((planned.at, human))
    planned, human = planned.taken(order), human[order]
    day = planned.at // DAY
    device = _devices(rng, people, journeys, planned, human)
    cookie = _cookies(rng, market.plan.seed, people, human, day, device)
    session = to_utc(planned.at)
    first, number = _history(cookie, session)
    source = _sources(rng, people, planned, human, device)
    mailing, source = _from_mail(rng, market, people, sendings, journeys, planned, human, source)
    has_account = people.account_on[human] <= day
    signs_up = _first_since(
        human, has_account & (people.account_on[human] >= market.plan.first_day)
    )
    wish = np.where(device == PHONE_APP, 0.93, SIGNS_IN[planned.purpose])
    return Visits(
        journey=planned.journey,
        human=human,
        purpose=planned.purpose,
        at=planned.at,
        session=session,
        cookie=cookie,
        first_touch=session[first],
        is_first=number == 1,
        number=number,
        device=device,
        source=source,
        first_source=source[first],
        advert=_adverts(rng, source),
        mailing=mailing,
        signed_in=has_account & (signs_up | chance(rng, wish, len(human))),
        signs_up=signs_up,
    )


def _devices(
    rng: np.random.Generator, people: People, journeys: Journeys, planned: Planned, human: Ints
) -> Ints:
    usual = Choice(kinds().devices).draw(rng, people.kind)[human]
    another = Choice(kinds().devices).draw(rng, people.kind[human])
    browser = np.where(chance(rng, STAYS_ON_DEVICE, len(human)), usual, another)
    route = journeys.route[planned.journey]
    in_app = (route == APP) | ((route == ROPO) & (mixed(planned.journey, 7) % np.uint64(5) == 0))
    return np.where(in_app & chance(rng, 0.92, len(human)), PHONE_APP, browser)


def _cookies(
    rng: np.random.Generator, seed: int, people: People, human: Ints, day: Ints, device: Ints
) -> Ints:
    """A cookie lives some months; tablets and some desktops are shared at home, telephones lent."""
    at_home = people.household[human]
    shared_desktop = mixed(seed, at_home, 11) % np.uint64(100) < np.uint64(65)
    shared = (device == TABLET) | ((device == DESKTOP) & shared_desktop)
    shared |= (device == MOBILE) & chance(rng, 0.07, len(human))
    owner = np.where(shared, at_home, people.human[human])
    life = 150 + (mixed(owner, device, 13) % np.uint64(400)).astype(np.int64)
    life = np.where(device == PHONE_APP, 4_000, life)
    age = (mixed(owner, device, 17) % np.uint64(4_000)).astype(np.int64)
    return (mixed(seed, owner, device, (day + age) // life) >> np.uint64(2)).astype(np.int64)


def _history(cookie: Ints, session: Ints) -> tuple[Ints, Ints]:
    """The first visit of each visit's cookie, and the visit's number on it."""
    order = np.lexsort((session, cookie))
    place = group_order(cookie[order])
    number, first = np.empty_like(place), np.empty_like(place)
    number[order] = place + 1
    first[order] = order[np.arange(len(order)) - place]
    return first, number


def _first_since(human: Ints, condition: Mask) -> Mask:
    """The first visit of each human for which the condition holds."""
    first = np.zeros(len(human), dtype=np.bool_)
    places = np.flatnonzero(condition)
    first[places[group_order(human[places]) == 0]] = True
    return first


def _sources(
    rng: np.random.Generator, people: People, planned: Planned, human: Ints, device: Ints
) -> Ints:
    source = Choice(kinds().sources).draw(rng, people.kind[human])
    known_way = (planned.purpose == LOOKING_BACK) | (device == PHONE_APP)
    returns = (planned.purpose >= BASKET) & chance(rng, 0.45, len(human))
    return np.where(known_way | returns, DIRECT, source)


def _from_mail(
    rng: np.random.Generator,
    market: Market,
    people: People,
    sendings: Sendings,
    journeys: Journeys,
    planned: Planned,
    human: Ints,
    source: Ints,
) -> tuple[Ints, Ints]:
    """Visits from a mailing follow within days of one that the visitor subscribed to."""
    sent = np.array([mailing.sent_at for mailing in market.mailings] or [2**60])
    last = np.searchsorted(sent, planned.at - 10 * MINUTE, side="right") - 1
    fresh = (last >= 0) & (planned.at - sent[last] < 8 * DAY)
    subscribed = people.subscribed_on[human] <= sent[last] // DAY
    subscribed &= (sendings.left_on[human] > planned.at // DAY) & ~sendings.cleaned[human]
    no_holdout = np.array([mailing.holdout == 0 for mailing in market.mailings] or [False])[last]
    clicked = fresh & subscribed & no_holdout & ((source == EMAIL) | chance(rng, 0.30, len(human)))
    planted = journeys.mailing[planned.journey]
    first = planned.purpose == CHECKOUT
    mailing = np.where((planted >= 0) & first, planted, np.where(clicked, last, -1))
    mailing = np.where((planted >= 0) & ~first, -1, mailing)
    return mailing, np.where(mailing >= 0, EMAIL, np.where(source == EMAIL, DIRECT, source))


def _adverts(rng: np.random.Generator, source: Ints) -> Ints:
    """The advertising campaign behind a paid visit; see `data/campaigns.toml` for the order."""
    weights = [[30, 32, 38, 0, 0], [0, 0, 0, 62, 38]]
    paid = (source == PAID_SEARCH) | (source == PAID_SOCIAL)
    drawn = Choice(weights).draw(rng, (source == PAID_SOCIAL).astype(np.int64))
    return np.where(paid, drawn, -1)
