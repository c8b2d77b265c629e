"""What people say: tickets, reviews, mentions and surveys, and what they feel without saying so."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from klantreis.simulate.clock import DAY, HOUR, MINUTE
from klantreis.simulate.draws import Choice, Floats, Ints, Mask, chance, mixed
from klantreis.simulate.journeys import INFORMATION_MISSING, ORIENTATION, OUT_OF_STOCK, Journeys
from klantreis.simulate.kinds import kinds
from klantreis.simulate.people import EMAIL_SLOTS, NEVER, SECOND, People
from klantreis.simulate.purchases import NOT_YET, STORE_CHANNEL, Purchases

__all__ = ["MENTION", "REVIEW", "SURVEY", "TICKET", "TOPICS", "Voices", "raise_voices"]

TICKET, REVIEW, MENTION, SURVEY = range(4)
TOPICS = (
    "ticket.late_parcel",
    "ticket.damaged",
    "ticket.wrong_item",
    "ticket.refund_slow",
    "ticket.payment_failed",
    "ticket.cancelled",
    "ticket.warranty",
    "ticket.store_visit",
    "ticket.product_question",
    "ticket.stock_question",
    "ticket.delivery_question",
    "ticket.praise",
    "ticket.thanks",
    "review.product",
    "mention.shop",
    "survey.remark",
)
NUMBER = {topic: number for number, topic in enumerate(TOPICS)}
# Nobody praises in anger; nobody complains from joy: lowest and highest emotion by topic.
RANGE = np.array(
    [(-2, 0), (-2, 0), (-2, 0), (-2, 0), (-2, 0), (-2, 0), (-2, 0), (-2, 0),
     (-1, 1), (-1, 1), (-1, 1), (1, 2), (1, 2), (-2, 2), (-2, 2), (-2, 2)]
)  # fmt: skip
NO_CONTACT = -1
RECOVERS = 0.2


@dataclass(frozen=True)
class Voices:
    """What was said, one entry each.

    Attributes:
        where: ticket, review, mention or survey; `topic` number in `TOPICS`.
        human, journey: places within the chunk; `purchase` place or -1; `product` what about.
        at: local second; `emotion` -2 to +2; `feeling` the same before rounding.
        email: address or -1; `tells_order` whether the order number is given.
    """

    where: Ints
    topic: Ints
    human: Ints
    journey: Ints
    purchase: Ints
    product: Ints
    at: Ints
    emotion: Ints
    feeling: Floats
    email: Ints
    tells_order: Mask

    def __len__(self) -> int:
        return len(self.where)


@dataclass(frozen=True)
class Wish:
    """Some who will speak: places of their purchases (or journeys) and when."""

    topic: str
    of_purchase: bool
    place: Ints
    at: Ints


def raise_voices(
    rng: np.random.Generator,
    people: People,
    journeys: Journeys,
    ended: Ints,
    purchases: Purchases,
) -> Voices:
    """Let people speak about their purchases, and ask before they buy."""
    feeling = experience(rng, people, journeys, purchases)
    complaints = _complaints(rng, journeys, purchases)
    wishes = [
        *complaints,
        *(_thanks(rng, complaint) for complaint in complaints),
        *_questions(rng, journeys, ended),
        *_opinions(rng, people, journeys, purchases, feeling),
    ]
    parts = [_voiced(rng, people, journeys, purchases, feeling, wish) for wish in wishes]
    return Voices(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Voices)))


def experience(
    rng: np.random.Generator, people: People, journeys: Journeys, made: Purchases
) -> Floats:
    """How a purchase felt, on about -3 to +3: the buyer's mood and what went right and wrong."""
    human = journeys.human[made.journey]
    cancelled = (made.cancelled_at < NOT_YET) & (made.failures == 0)
    return np.asarray(
        0.62
        + 0.75 * people.mood[human]
        + np.where(made.channel == STORE_CHANNEL, 0.1, 0.0)
        - 1.25 * made.late
        - 1.7 * made.damaged
        - 1.6 * cancelled
        - 0.6 * (made.failures > 0)
        - 0.45 * (made.returned_at < NOT_YET)
        + rng.normal(0, 0.65, len(made))
    )


def _complaints(rng: np.random.Generator, journeys: Journeys, made: Purchases) -> list[Wish]:
    count = len(made)
    online, sold = made.channel != STORE_CHANNEL, made.failures < 1
    arrives = np.minimum(made.delivered_at, made.at + 20 * DAY)
    keen: Floats = kinds().speaks[journeys.kind[made.journey]]

    def wish(topic: str, probability: float, who: Mask, since: Ints, low: int, high: int) -> Wish:
        speaks = who & chance(rng, probability * keen, count) & (since < NOT_YET)
        at = since + rng.integers(low, high, count)
        return Wish(f"ticket.{topic}", True, np.flatnonzero(speaks), at[speaks])

    return [
        wish("late_parcel", 0.36, made.late, made.shipped_at, 40 * HOUR, 6 * DAY),
        wish("damaged", 0.6, made.damaged, arrives, HOUR, 3 * DAY),
        wish("wrong_item", 0.008, online, arrives, HOUR, 3 * DAY),
        wish("refund_slow", 0.07, online & ~made.by_store, made.returned_at, 6 * DAY, 15 * DAY),
        wish("payment_failed", 0.1, ~sold, made.at, 10 * MINUTE, DAY),
        wish("cancelled", 0.35, sold, made.cancelled_at, HOUR, 2 * DAY),
        wish("warranty", 0.006, sold, made.at, 20 * DAY, 150 * DAY),
        wish("store_visit", 0.006, ~online, made.at, 2 * HOUR, 3 * DAY),
        wish("delivery_question", 0.022, online & sold, made.at, HOUR, DAY),
    ]


def _thanks(rng: np.random.Generator, complaint: Wish) -> Wish:
    """Some whose trouble was taken away say so: what went wrong came right."""
    grateful = np.flatnonzero(chance(rng, RECOVERS, len(complaint.place)))
    at = complaint.at[grateful] + rng.integers(20 * HOUR, 6 * DAY, len(grateful))
    return Wish("ticket.thanks", True, complaint.place[grateful], at)


def _questions(rng: np.random.Generator, journeys: Journeys, ended: Ints) -> list[Wish]:
    """Questions before the purchase; who gets no answer in time has left already."""
    count = len(journeys)
    orients = (journeys.reached >= ORIENTATION) & (journeys.entry <= ORIENTATION)
    lacks = journeys.reason == INFORMATION_MISSING
    asks = orients & chance(rng, np.where(lacks, 0.07, 0.004), count)
    wants = (journeys.reason == OUT_OF_STOCK) & chance(rng, 0.04, count)
    after = ended + rng.integers(10 * MINUTE, 30 * HOUR, count)
    before = journeys.started + rng.integers(10 * MINUTE, 5 * HOUR, count)
    at = np.where(journeys.bought, np.minimum(before, ended), after)
    return [
        Wish("ticket.product_question", False, np.flatnonzero(asks), at[asks]),
        Wish("ticket.stock_question", False, np.flatnonzero(wants), at[wants]),
    ]


def _opinions(
    rng: np.random.Generator, people: People, journeys: Journeys, made: Purchases, feeling: Floats
) -> list[Wish]:
    count = len(made)
    human = journeys.human[made.journey]
    online, paid = made.channel != STORE_CHANNEL, journeys.bought[made.journey]
    keen: Floats = kinds().speaks[journeys.kind[made.journey]]
    at_home = np.where(online, np.minimum(made.delivered_at, made.at + 20 * DAY), made.at)
    strong = 1 + 0.5 * np.abs(feeling)  # strong feelings speak up sooner
    known = (made.email >= 0) | (people.member_on[human] <= made.at // DAY)
    has_handle = mixed(people.human[human], 41) % np.uint64(100) < np.uint64(38)

    def wish(topic: str, likely: Floats, low: int, high: int) -> Wish:
        speaks = paid & chance(rng, likely, count)
        at = at_home + rng.integers(low * DAY, high * DAY, count)
        return Wish(topic, True, np.flatnonzero(speaks), _by_day(rng, at[speaks]))

    return [
        wish("ticket.praise", np.where(feeling > 1.0, 0.012, 0.0), 0, 3),
        wish("review.product", np.where(online, 0.05, 0.012) * keen * strong, 4, 25),
        wish("mention.shop", 0.02 * has_handle * keen * strong, 0, 10),
        wish("survey.remark", np.where(known, 0.075, 0.008), 7, 13),
    ]


def _by_day(rng: np.random.Generator, at: Ints) -> Ints:
    return at // DAY * DAY + rng.integers(8 * HOUR, 22 * HOUR, len(at))


def _voiced(
    rng: np.random.Generator,
    people: People,
    journeys: Journeys,
    made: Purchases,
    feeling: Floats,
    wish: Wish,
) -> Voices:
    count, topic = len(wish.place), NUMBER[wish.topic]
    journey = made.journey[wish.place] if wish.of_purchase else wish.place
    purchase = wish.place if wish.of_purchase else np.full(count, -1)
    human = journeys.human[journey]
    felt = feeling[wish.place] if wish.of_purchase else people.mood[human] - 0.3
    low, high = RANGE[topic]
    emotion = np.clip(np.round(felt + rng.normal(0, 0.3, count)), low, high).astype(np.int64)
    where = ("ticket", "review", "mention", "survey").index(wish.topic.split(".")[0])
    email = _contact(rng, people, made, human, purchase, wish.at // DAY, where)
    by_phone = (where == TICKET) & (email == NO_CONTACT)
    return Voices(
        where=np.full(count, where),
        topic=np.full(count, topic),
        human=human,
        journey=journey,
        purchase=purchase,
        product=journeys.product[journey],
        at=np.where(by_phone, _office_hours(wish.at), wish.at),
        emotion=emotion,
        feeling=felt,
        email=email,
        tells_order=(purchase >= 0) & chance(rng, 0.55, count),
    )


def _office_hours(at: Ints) -> Ints:
    """The first moment from then on at which the telephone is answered."""
    answered = at // DAY * DAY + 9 * HOUR + at % (8 * HOUR)
    return np.where(answered < at, answered + DAY, answered)


def _contact(
    rng: np.random.Generator,
    people: People,
    made: Purchases,
    human: Ints,
    purchase: Ints,
    day: Ints,
    where: int,
) -> Ints:
    """The address under which someone speaks: mostly that of the order, sometimes another, or none."""
    count = len(human)
    ordered = made.email[np.maximum(purchase, 0)] if len(made) else np.full(count, NO_CONTACT)
    usual = people.email_at(human, day)
    email = np.where((purchase >= 0) & (ordered >= 0), ordered, usual)
    other = chance(rng, 0.08, count)
    email = np.where(other, people.human[human] * EMAIL_SLOTS + SECOND, email)
    silent = (0.24, 0.4, 1.0, 0.04)[where]  # by telephone, by order number, by handle, by code
    unknown = (purchase >= 0) & (ordered < 0) & (people.member_on[human] == NEVER)
    nameless = chance(rng, silent, count) | (unknown & (where == SURVEY))
    return np.where(nameless, NO_CONTACT, email)


def survey_scores(rng: np.random.Generator, feeling: Floats) -> tuple[Ints, Ints, Ints]:
    """NPS (0 to 10), satisfaction (1 to 5) and ease (1 to 7) for how a purchase felt."""
    count = len(feeling)
    nps = np.clip(np.round(7.1 + 1.25 * feeling + rng.normal(0, 0.9, count)), 0, 10)
    csat = np.clip(np.round(3.7 + 0.6 * feeling + rng.normal(0, 0.5, count)), 1, 5)
    ease = np.clip(np.round(5.2 + 0.7 * feeling + rng.normal(0, 0.8, count)), 1, 7)
    return nps.astype(np.int64), csat.astype(np.int64), ease.astype(np.int64)


def several(rng: np.random.Generator, weights: Floats, rows: Ints, most: int) -> Ints:
    """Boxes ticked in a list, as bits; up to `most` draws, doubles count once."""
    choice = Choice(weights)
    ticked = np.zeros(len(rows), dtype=np.int64)
    draws = 1 + rng.binomial(most - 1, 0.45, len(rows))
    for number in range(most):
        drawn = choice.draw(rng, rows)
        ticked |= np.where(number < draws, 1 << drawn, 0)
    return ticked
