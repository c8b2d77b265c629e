"""What a portrait shows, and what its address may ask. Money in EUR, moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.named import Named
from klantreis.words import Figure
from klantreis.workspace import Accuracy

__all__ = [
    "PERIODS",
    "Asked",
    "Chance",
    "ChannelUse",
    "Expectation",
    "Feel",
    "Feeling",
    "Feelings",
    "Glance",
    "Got",
    "Household",
    "Housemate",
    "LaneMark",
    "May",
    "Moment",
    "Phase",
    "Portrait",
    "PortraitQuery",
    "Said",
    "Scores",
    "Viewed",
    "Visit",
    "What",
    "When",
    "Where",
    "Who",
    "Window",
]


PERIODS = (0, 365, 90, 30, 7)  # days to look at, ever nearer; 0: everything


@dataclass(frozen=True)
class PortraitQuery:
    """Which customer, and which part of the timeline.

    Attributes:
        channel: only this one; empty: all.
        kind: only moments of this kind, as in `LaneMark`; empty: all.
        period: only so many days, one of `PERIODS`.
        until: last day of the period; by default the last day in the data.
        before: visits before this number; 0: the last ones.
    """

    customer_id: int
    channel: Annotated[str, Query(max_length=20)] = ""
    kind: Annotated[str, Query(max_length=20)] = ""
    period: Annotated[int, Query(ge=0)] = 0
    until: date | None = None
    before: Annotated[int, Query(ge=0)] = 0


@dataclass(frozen=True)
class Window:
    """The period looked at, and the ways to others.

    Attributes:
        days: how long; 0: everything.
        first_at, last_at: from when until when.
        until: its last day; empty when it goes on to the last moment in the data.
        earlier, later: last days of the periods before and after it; empty when there is nothing.
        nearer, further: shorter and longer periods in days; empty when there is none.
    """

    days: int
    first_at: datetime
    last_at: datetime
    until: date | None
    earlier: date | None
    later: date | None
    nearer: int | None
    further: int | None


@dataclass(frozen=True)
class Who:
    """Who it is, as the sources state it; empty where none does."""

    name: str
    is_known: bool
    gender: str
    age_years: int | None
    email: str
    phone: str
    loyalty_card: str
    postcode: str
    city: str
    language: str
    sources: tuple[str, ...]
    may_email: bool


@dataclass(frozen=True)
class Housemate:
    """Somebody else at the same address.

    Attributes:
        customer_id: number.
        name: name or e-mail address; empty when neither is known.
        shares_name, shares_phone: whether the family name, or the landline, is that of somebody
            else there.
    """

    customer_id: int
    name: str
    shares_name: bool
    shares_phone: bool


@dataclass(frozen=True)
class Household:
    """The customers at one address, this one included, and the others of them."""

    customers: int
    others: tuple[Housemate, ...]


@dataclass(frozen=True)
class What:
    """What was bought and brought back.

    Attributes:
        undated_orders: of `orders`, those of which only the number is known.
    """

    orders: int
    undated_orders: int
    revenue_amount: float
    average_order_amount: float | None
    products: int
    categories: tuple[str, ...]
    preferred_category: str
    brands: tuple[str, ...]
    preferred_brand: str
    preferred_payment_method: str
    offer_share: Figure
    discount_share: float | None
    returns: int
    returned_amount: float
    return_share: Figure

    @property
    def dated_orders(self) -> int:
        """Purchases of which the day is known."""
        return self.orders - self.undated_orders


@dataclass(frozen=True)
class ChannelUse:
    """A channel in use: since when, until when, visits of the customer's own, and purchases."""

    channel: str
    first_at: datetime
    last_at: datetime
    visits: int
    orders: int


@dataclass(frozen=True)
class Where:
    """Channels and stores in use."""

    channels: tuple[str, ...]
    preferred_channel: str
    preferred_purchase_channel: str
    preferred_store_id: str
    orders_web: int
    orders_store: int
    research_online_buy_offline_orders: int


@dataclass(frozen=True)
class When:
    """Rhythm."""

    first_seen_at: datetime | None
    last_seen_at: datetime | None
    first_order_at: datetime | None
    last_order_at: datetime | None
    days_between_orders: Figure
    preferred_hour: Figure
    preferred_weekday: Figure
    order_interval_variation: Figure
    events: int
    sessions: int


@dataclass(frozen=True)
class Feel:
    """Signs of how the customer feels about us; scores as they were given."""

    nps_score: float | None
    review_score: float | None
    reviews: int
    tickets: int
    mentions: int
    payments_failed: int
    has_open_complaint: bool
    mails_sent: int
    mails_opened: int
    mails_clicked: int


@dataclass(frozen=True)
class Feeling:
    """How the customer felt at a moment.

    Attributes:
        at: when (UTC).
        channel, event: where, and what happened.
        kind: `score` that was given, `text` that was written, or `behaviour`: what happened.
        evidence: measured, asked or assumed.
        emotion: -2 (very negative) to +2 (very positive).
        topic: what it is mostly about, where known.
        went_wrong: whether it was -1 or lower.
        days_till_right: days until the customer told something positive; empty when they did not.
        is_recovery: whether something came right here.
    """

    at: datetime
    channel: str
    event: str
    kind: str
    evidence: str
    emotion: float
    topic: Named | None
    went_wrong: bool
    days_till_right: float | None
    is_recovery: bool


@dataclass(frozen=True)
class Feelings:
    """The last moments at which the customer felt something, of all; what went wrong and came right.

    Attributes:
        moments: the last ones.
        total, wrong, recovered: of all moments.
        complaints: scores and texts of -1 or lower.
        mean: of all scores and texts, -2 to +2; what merely happened does not count.
        lately: of the last three of them.
    """

    moments: tuple[Feeling, ...]
    total: int
    wrong: int
    recovered: int
    complaints: int
    mean: Figure
    lately: Figure


@dataclass(frozen=True)
class Chance:
    """How probable a persona is; from `needs` that were told and behaviour, or `behaviour` alone."""

    persona: Named
    probability: float
    is_member: bool
    basis: str


@dataclass(frozen=True)
class Asked:
    """A topic that the customer asked after or needed: how often, and when last."""

    topic: Named
    statements: int
    last_at: datetime
    evidence: str


@dataclass(frozen=True)
class Scores:
    """RFM group and scores, 1 to 5."""

    segment: str
    recency: int
    frequency: int
    monetary: int


@dataclass(frozen=True)
class Expectation:
    """What is foretold of the next twelve months; empty where nothing is.

    Attributes:
        model: code of what foretold it, as in `customer_values`.
        reason: why that one is in use.
        later_days: of the period that it was tested on; 0 without a test.
        amount, low, high: in EUR, with the range of eight in ten such customers.
        orders: purchases.
        churn_risk: chance of no purchase.
        next_order_on: by when half of such customers who buy again do so.
        revenue: how near the revenue of all was foretold in the test; nothing without one.
    """

    model: str
    reason: str
    later_days: int
    amount: float | None
    low: float | None
    high: float | None
    orders: float | None
    churn_risk: float | None
    next_order_on: date | None
    revenue: Accuracy | None


@dataclass(frozen=True)
class Viewed:
    """A product or page, and how often it was looked at."""

    name: str
    times: int


@dataclass(frozen=True)
class Said:
    """Something that the customer said."""

    at: datetime
    channel: str
    event: str
    text: str
    score: float | None


@dataclass(frozen=True)
class Got:
    """Something that we sent, brought or paid back: how often, and when last."""

    event: str
    times: int
    last_at: datetime


@dataclass(frozen=True)
class Phase:
    """The phase of a phase model in which the customer is or was last, and since when."""

    model: str
    phase: str
    entered_at: datetime
    is_now: bool


@dataclass(frozen=True)
class May:
    """Whether the customer may be served for a purpose."""

    purpose: str
    is_granted: bool


@dataclass(frozen=True)
class Glance:
    """The questions that a portrait answers at a glance.

    Attributes:
        first_at, first_channel, first_event: first thing that the customer did.
        viewed: products or pages looked at most.
        said: last statements, the newest first.
        outcome: of the last journey: `purchase`, `lapsed` or `open`; empty without a journey.
        stopped_at, stopped_channel, stopped_event: last thing that the customer did.
        got: what they got from us.
        open_basket_amount: value in the basket.
        has_open_complaint: whether a ticket waits for an answer.
        parcels: sent in the last 30 days and not told to have arrived.
    """

    first_at: datetime | None
    first_channel: str
    first_event: str
    viewed: tuple[Viewed, ...]
    said: tuple[Said, ...]
    outcome: str
    stopped_at: datetime | None
    stopped_channel: str
    stopped_event: str
    got: tuple[Got, ...]
    open_basket_amount: float | None
    has_open_complaint: bool
    parcels: int


@dataclass(frozen=True)
class Moment:
    """What happened once or several times in a row.

    Attributes:
        at: first of them.
        channel, event: codes.
        times: how often in a row.
        about: names of products, pages, campaigns or stores.
        text: what was searched for or said.
        amount: money that changed hands.
        first, last: their places in the timeline.
    """

    at: datetime
    channel: str
    event: str
    times: int
    about: tuple[str, ...]
    text: str
    amount: float | None
    first: int
    last: int


@dataclass(frozen=True)
class Visit:
    """Moments without 30 minutes of silence between them."""

    number: int
    started_at: datetime
    ended_at: datetime
    channels: tuple[str, ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class LaneMark:
    """A mark on the timeline: neighbouring visits of one kind in one channel.

    Attributes:
        channel: lane.
        kind: `visit`, `purchase`, `said`, `return` or `trouble`.
        first_at, last_at: period.
        moments, visits: how many lie under the mark.
        visit: number of the last visit under it.
        amount: money that changed hands.
    """

    channel: str
    kind: str
    first_at: datetime
    last_at: datetime
    moments: int
    visits: int
    visit: int
    amount: float | None


@dataclass(frozen=True)
class Portrait:
    """The whole page.

    Attributes:
        customer_id: number.
        as_of: moment up to which all numbers hold.
        moments: what the portrait rests on.
        who, what, where, when, feel: the sides of the portrait.
        household: who lives together; empty without a whole address.
        feelings: how the customer felt over time.
        chances: personas, the most probable first.
        asked: topics, those asked after most first.
        scores: RFM; empty without a purchase in the window.
        expectation: what is foretold; empty for who never bought.
        glance: answers at a glance.
        phase: where they are on their way; empty without a journey.
        may: what they may be served for, of what was ever stated.
        on: the channels in use, the last one first.
        channel, kind: filters on the timeline and the list of visits.
        window: the period of both.
        marks: the timeline over all channels.
        total_moments, seen_moments: in all, and through the filters.
        visits: this part of the list, the newest first.
        shown, total_visits: how many of how many.
        earlier: what to ask as `before` for earlier visits; 0 when there are none.
    """

    customer_id: int
    as_of: datetime
    moments: Figure
    who: Who
    household: Household | None
    what: What
    where: Where
    when: When
    feel: Feel
    feelings: Feelings
    chances: tuple[Chance, ...]
    asked: tuple[Asked, ...]
    scores: Scores | None
    expectation: Expectation | None
    glance: Glance
    phase: Phase | None
    may: tuple[May, ...]
    on: tuple[ChannelUse, ...]
    channel: str
    kind: str
    window: Window
    marks: tuple[LaneMark, ...]
    total_moments: int
    seen_moments: int
    visits: tuple[Visit, ...]
    shown: int
    total_visits: int
    earlier: int
