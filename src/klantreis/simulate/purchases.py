"""Orders, receipts and payments of the journeys that came to a purchase, and what came back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantreis.simulate.baskets import Baskets, prices
from klantreis.simulate.clock import DAY, HOUR, MINUTE, store_seconds
from klantreis.simulate.draws import Choice, Floats, Ints, Mask, chance, group_order, mixed
from klantreis.simulate.journeys import PAYMENT_FAILED, Journeys
from klantreis.simulate.kinds import APP, ROPO, kinds
from klantreis.simulate.market import Market
from klantreis.simulate.people import CHANGED, EMAIL_SLOTS, MISTYPED, SECOND, People

__all__ = ["METHODS", "STATUSES", "Purchases", "make_purchases", "purchase_times"]

WEB_CHANNEL, APP_CHANNEL, STORE_CHANNEL = 0, 1, 2
STATUSES = ("paid", "pending", "partially_refunded", "refunded", "voided")
PAID, PENDING, PARTLY_REFUNDED, REFUNDED, VOIDED = range(5)
METHODS = ("ideal", "klarna", "creditcard", "paypal", "bancontact", "giftcard")
METHOD_WEIGHTS = [61, 13, 10, 9, 4, 3]
TILL_METHODS = ("PIN", "Contant", "Creditcard", "Cadeaukaart")
TILL_WEIGHTS = [83, 11, 3, 3]
FREE_SHIPPING_FROM, SHIPPING = 5_000, 495
CODES = ("", "WELKOM10", "LENTE15", "VRIENDEN20")
CODE_SHARES = [0, 10, 15, 20]
NOT_YET = 2**61


@dataclass(frozen=True)
class Purchases:
    """Purchases, one entry each: web and app orders (also those never paid) and store receipts.

    Attributes:
        journey: place of the journey within the chunk.
        channel: web, app or store.
        at: local second at which it was placed or rung up.
        email: e-mail address (owner times slots plus slot) or -1 where none was given.
        card: human whose loyalty card was shown, or -1.
        subtotal, discount, shipping: cents; `code` the discount code.
        status: number in `STATUSES`; `cancelled_at` local second or `NOT_YET`.
        refunded: cents paid back; `returned_at` when it was brought back; `by_store` where.
        shipped_at, promised_at, delivered_at: local seconds or `NOT_YET`.
        failures: failed attempts to pay before the last one.
        damaged: whether it came in pieces; `late` whether it came later than was promised.
    """

    journey: Ints
    channel: Ints
    at: Ints
    email: Ints
    card: Ints
    method: Ints
    subtotal: Ints
    discount: Ints
    code: Ints
    shipping: Ints
    status: Ints
    cancelled_at: Ints
    refunded: Ints
    returned_at: Ints
    by_store: Mask
    shipped_at: Ints
    delivered_at: Ints
    failures: Ints
    damaged: Mask
    late: Mask
    lines: Baskets
    line_price: Ints
    line_discount: Ints
    line_returned: Mask

    def __len__(self) -> int:
        return len(self.journey)

    @property
    def total(self) -> Ints:
        """What was to be paid, in cents."""
        return self.subtotal - self.discount + self.shipping


def purchase_times(
    rng: np.random.Generator, journeys: Journeys, last_visit: Ints, checked_out: Ints
) -> Ints:
    """Local second of each journey's purchase or failed payment; `NOT_YET` where there is none.

    Args:
        last_visit: local second of the last visit before aftercare, or the start.
        checked_out: local second of paying online or of the last try, or -1.
    """
    count = len(journeys)
    days = np.where(chance(rng, 0.28, count), 0, np.minimum(rng.geometric(0.3, count), 14))
    day = last_visit // DAY + days
    at_till = day * DAY + store_seconds(rng, day)
    too_soon = at_till < last_visit + HOUR
    at_till = np.where(too_soon, at_till + DAY, at_till)
    at = np.where(journeys.route == ROPO, at_till, journeys.started)
    at = np.where(journeys.online, checked_out, at)
    at = np.where(at < 0, NOT_YET, at)
    pays = journeys.bought | (journeys.online & (journeys.reason == PAYMENT_FAILED))
    return np.where(pays, at, NOT_YET)


def make_purchases(
    rng: np.random.Generator,
    market: Market,
    people: People,
    journeys: Journeys,
    baskets: Baskets,
    at: Ints,
) -> Purchases:
    """Make every purchase, and the order that a failed payment leaves behind.

    Args:
        at: for every journey the local second of its purchase or failed payment, or `NOT_YET`.
    """
    fails = (journeys.reason == PAYMENT_FAILED) & journeys.online
    made = np.flatnonzero((journeys.bought | fails) & (at < NOT_YET))
    at, fails, online, count = at[made], fails[made], journeys.online[made], len(made)
    in_app = journeys.route[made] == APP
    human, day = journeys.human[made], at // DAY
    bill = _bill(rng, market, baskets, journeys, made, day)
    parcels = _parcels(rng, at, online & ~fails)
    fate = _fate(rng, journeys.kind[made], at, online, fails, parcels)
    cancels = (fate.cancelled_at < NOT_YET) & ~fails
    returned = _returned_lines(rng, fate, bill.of_purchase)
    failures = np.where(fails, 1 + chance(rng, 0.4, count), online & chance(rng, 0.06, count))
    by_method = Choice([[*METHOD_WEIGHTS], [*TILL_WEIGHTS, 0, 0]])
    return Purchases(
        journey=made,
        channel=np.where(online, np.where(in_app, APP_CHANNEL, WEB_CHANNEL), STORE_CHANNEL),
        at=at,
        email=_emails(rng, people, human, day, online),
        card=_cards(rng, people, human, day, online),
        method=by_method.draw(rng, (~online).astype(np.int64)),
        subtotal=bill.subtotal,
        discount=bill.discount,
        code=bill.code,
        shipping=bill.shipping,
        status=fate.status,
        cancelled_at=fate.cancelled_at,
        refunded=bill.refund(returned, fate.status == REFUNDED),
        returned_at=fate.returned_at,
        by_store=fate.by_store,
        shipped_at=np.where(cancels, NOT_YET, parcels.shipped_at),
        delivered_at=np.where(cancels, NOT_YET, parcels.delivered_at),
        failures=failures.astype(np.int64),
        damaged=parcels.damaged & ~cancels,
        late=parcels.late & ~cancels,
        lines=bill.lines,
        line_price=bill.price,
        line_discount=bill.line_discount,
        line_returned=returned,
    )


@dataclass(frozen=True)
class Bill:
    """What purchases cost, in cents; lines belong to the purchase at `of_purchase`."""

    lines: Baskets
    of_purchase: Ints
    price: Ints
    line_discount: Ints
    subtotal: Ints
    discount: Ints
    code: Ints
    shipping: Ints

    def refund(self, returned: Mask, whole: Mask) -> Ints:
        """Cents paid back for the lines that come back; with the shipping for whole orders."""
        paid = (self.price * self.lines.quantity - self.line_discount) * returned
        share = 1 - np.array(CODE_SHARES)[self.code] / 100
        partly = np.bincount(self.of_purchase, paid, len(self.code)) * share
        total = self.subtotal - self.discount + self.shipping
        return np.where(whole, total, np.round(partly).astype(np.int64))


def _bill(
    rng: np.random.Generator,
    market: Market,
    baskets: Baskets,
    journeys: Journeys,
    made: Ints,
    day: Ints,
) -> Bill:
    count, online = len(made), journeys.online[made]
    lines, of_purchase = _lines_of(baskets, made, len(journeys))
    price, line_discount = prices(market, lines, online[of_purchase], day[of_purchase])
    subtotal = np.bincount(of_purchase, price * lines.quantity, count).astype(np.int64)
    discount = np.bincount(of_purchase, line_discount, count).astype(np.int64)
    code = np.where(online, Choice([88, 7, 3, 2]).draw_many(rng, count), 0)
    discount += (subtotal - discount) * np.array(CODE_SHARES)[code] // 100
    free = (subtotal - discount >= FREE_SHIPPING_FROM) | ~online
    return Bill(
        lines=lines,
        of_purchase=of_purchase,
        price=price,
        line_discount=line_discount,
        subtotal=subtotal,
        discount=discount,
        code=code,
        shipping=np.where(free, 0, SHIPPING),
    )


def _lines_of(baskets: Baskets, made: Ints, journeys: int) -> tuple[Baskets, Ints]:
    """The basket lines of the purchases, and the purchase that each belongs to."""
    place = np.full(journeys, -1)
    place[made] = np.arange(len(made))
    kept = place[baskets.journey] >= 0
    lines = baskets.taken(kept)
    return lines, place[lines.journey]


def _emails(rng: np.random.Generator, people: People, human: Ints, day: Ints, online: Mask) -> Ints:
    """Account holders order with their address, guests also with another one or a typing error."""
    count = len(human)
    usual = people.email_at(human, day)
    has_account = people.account_on[human] <= day
    base = people.email_owner[human] * EMAIL_SLOTS
    habit = mixed(people.human[human], 23) % np.uint64(100) < np.uint64(14)
    guest = np.where(habit, people.human[human] * EMAIL_SLOTS + SECOND, usual)
    guest = np.where(chance(rng, 0.02, count) & (usual != base + CHANGED), base + MISTYPED, guest)
    by_till = chance(rng, np.where(people.member_on[human] <= day, 0.03, 0.06), count)
    return np.where(online, np.where(has_account, usual, guest), np.where(by_till, usual, -1))


def _cards(rng: np.random.Generator, people: People, human: Ints, day: Ints, online: Mask) -> Ints:
    """Members mostly show their card; some partners use that of the member they live with."""
    shown = ~online & chance(rng, 0.84, len(human))
    own = np.where(people.member_on[human] <= day, human, -1)
    head = human - (people.human[human] - people.household[human])
    borrows = people.shares_card[human] & (people.member_on[head] <= day)
    return np.where(shown, np.where(borrows, head, own), -1)


@dataclass(frozen=True)
class Parcels:
    """When purchases are sent and arrive, in local seconds or `NOT_YET`."""

    shipped_at: Ints
    delivered_at: Ints
    late: Mask
    damaged: Mask


def _parcels(rng: np.random.Generator, at: Ints, sent: Mask) -> Parcels:
    count = len(at)
    shipped = at + rng.integers(3 * HOUR, 30 * HOUR, count)
    transit = rng.integers(18 * HOUR, 34 * HOUR, count)
    late = sent & chance(rng, 0.08, count)
    delivered = shipped + transit + np.where(late, rng.integers(2, 9, count) * DAY, 0)
    daytime = delivered // DAY * DAY + rng.integers(9 * HOUR, 20 * HOUR, count)
    delivered = np.where(daytime > shipped + 6 * HOUR, daytime, daytime + DAY)
    return Parcels(
        shipped_at=np.where(sent, shipped, NOT_YET),
        delivered_at=np.where(sent, delivered, NOT_YET),
        late=late,
        damaged=sent & chance(rng, 0.025, count),
    )


@dataclass(frozen=True)
class Fate:
    """How purchases stand at last; see `Purchases`."""

    status: Ints
    cancelled_at: Ints
    returned_at: Ints
    by_store: Mask


def _fate(
    rng: np.random.Generator, kind: Ints, at: Ints, online: Mask, fails: Mask, parcels: Parcels
) -> Fate:
    """Returned, cancelled or kept."""
    count = len(at)
    likely: Floats = kinds().return_rate[kind] * np.where(online, 0.85, 0.35)
    likely = likely + 0.3 * parcels.damaged + 0.06 * parcels.late
    returns = ~fails & chance(rng, likely, count)
    cancels = online & ~fails & ~returns & chance(rng, 0.012, count)
    status = np.where(chance(rng, 0.55, count), REFUNDED, PARTLY_REFUNDED)
    status = np.where(returns & online, status, PAID)
    cancelled_at = np.where(cancels, at + rng.integers(4 * HOUR, 40 * HOUR, count), NOT_YET)
    home = np.where(online, np.minimum(parcels.delivered_at, at + 30 * DAY), at)
    back = home // DAY + rng.integers(2, 16, count)
    back = back * DAY + store_seconds(rng, back)
    return Fate(
        status=np.where(cancels, REFUNDED, np.where(fails, VOIDED, status)),
        cancelled_at=np.where(fails, at + 90 * MINUTE, cancelled_at),
        returned_at=np.where(returns, back, NOT_YET),
        by_store=returns & (~online | chance(rng, 0.28, count)),
    )


def _returned_lines(rng: np.random.Generator, fate: Fate, of_purchase: Ints) -> Mask:
    """Which lines come back: all of a whole return, else at least the first."""
    comes_back = fate.returned_at[of_purchase] < NOT_YET
    first = group_order(of_purchase) == 0
    whole = fate.status[of_purchase] == REFUNDED
    returned: Mask = comes_back & (whole | first | chance(rng, 0.25, len(of_purchase)))
    return returned
