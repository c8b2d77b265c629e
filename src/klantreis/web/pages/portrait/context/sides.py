"""The sides of a portrait: who, what, where and when, and signs of how they feel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.words import Figure

__all__ = ["ChannelUse", "Feel", "Household", "Housemate", "May", "What", "When", "Where", "Who"]


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
class May:
    """Whether the customer may be served for a purpose."""

    purpose: str
    is_granted: bool
