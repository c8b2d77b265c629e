"""What to show a visitor now: from the profile of the last run, and what happened since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from klantreis.workspace.profiles import Profile, ProfileBook

__all__ = ["Advice", "LiveVisitor", "Recommendation", "advice"]

PRODUCTS = 5
FRESH_ORDER_DAYS = 30
LOST_AFTER_DAYS = 180


class LiveVisitor(msgspec.Struct):
    """What a visitor did since the last run, as the collection saw it.

    Attributes:
        basket: pieces by product in the open basket.
        last_payment: `failed`, `pending` or `paid`; empty when none was tried.
        touchpoint: last channel and event, as `web.view_item`.
        seen: products looked at or wanted, the latest last.
        bought: products bought.
        has_bought: whether the last basket became an order.
    """

    basket: dict[str, int] = msgspec.field(default_factory=dict)
    last_payment: str = ""
    touchpoint: str = ""
    seen: list[str] = msgspec.field(default_factory=list)
    bought: list[str] = msgspec.field(default_factory=list)
    has_bought: bool = False


class Recommendation(msgspec.Struct, frozen=True):
    """A product to show, and why: beside which one, or because it is bought most."""

    product_id: str
    because: str
    beside_product_id: str | None = None
    score: float | None = None


class Advice(msgspec.Struct, frozen=True):
    """The answer for one visitor.

    Attributes:
        visitor_id: as asked.
        customer_id: None for a stranger.
        is_live: whether something happened since the last run.
        persona, persona_probability, segments, phase: as in `Profile`; the phase is the live one.
        basket, last_payment: live; the basket of the last run is not told by product.
        next_best_action: `help_with_payment`, `answer_complaint`, `finish_basket`, `thank`,
            `win_back`, `welcome` or `recommend`.
        products: five at most, none that the customer has.
        method: by which the products were chosen: the one that hit most in the last check.
        hit_share: part of held-out purchases that five such products hold one of, and
        checked_customers: the number of customers that this rests on.
        as_of: moment of the last run.
    """

    visitor_id: str
    customer_id: int | None
    is_live: bool
    persona: str
    persona_probability: float | None
    segments: dict[str, str]
    phase: str
    basket: dict[str, int]
    last_payment: str
    next_best_action: str
    products: list[Recommendation]
    method: str
    hit_share: float | None
    checked_customers: int
    as_of: str


def advice(visitor_id: str, book: ProfileBook, live: LiveVisitor | None) -> Advice:
    """Put profile and live state together; reads nothing but the book."""
    known = book.find(visitor_id)
    profile = known or Profile(customer_id=0)
    now = live or LiveVisitor()
    check: dict[str, Any] = max(
        book.facts["checks"],
        key=lambda row: (row["hit_share"] or 0.0, row["method"]),
        default={"method": "most_bought", "hit_share": None, "customers": 0},
    )
    return Advice(
        visitor_id=visitor_id,
        customer_id=known.customer_id if known else None,
        is_live=live is not None,
        persona=profile.persona,
        persona_probability=profile.persona_probability,
        segments=dict(profile.segments),
        phase=book.facts["phases"].get(now.touchpoint) or profile.phase,
        basket=now.basket,
        last_payment=now.last_payment,
        next_best_action=_next_best_action(profile, now),
        products=_products(profile, now, book, check["method"]),
        method=check["method"],
        hit_share=check["hit_share"],
        checked_customers=check["customers"],
        as_of=book.facts["as_of"],
    )


def _next_best_action(profile: Profile, now: LiveVisitor) -> str:
    """The first that holds: who is stuck is helped before anything is sold."""
    days = profile.days_since_order
    conditions = (
        ("help_with_payment", now.last_payment in ("failed", "pending") and not now.has_bought),
        ("answer_complaint", profile.has_open_complaint),
        ("finish_basket", bool(now.basket) or (profile.has_open_basket and not now.has_bought)),
        ("thank", now.has_bought or (days is not None and days <= FRESH_ORDER_DAYS)),
        ("win_back", days is not None and days > LOST_AFTER_DAYS),
        ("welcome", profile.orders == 0 and not now.seen and not profile.wanted),
    )
    return next((action for action, holds in conditions if holds), "recommend")


def _products(
    profile: Profile, now: LiveVisitor, book: ProfileBook, method: str
) -> list[Recommendation]:
    owned = {*profile.bought, *now.bought, *now.basket}
    chosen: list[Recommendation] = []
    if method == "neighbours":
        chosen = _beside([*reversed(now.seen), *profile.wanted], owned, book)
    taken = owned | {each.product_id for each in chosen}
    rest = (product for product in book.facts["most_bought"] if product not in taken)
    filling = (Recommendation(product, "most_bought") for product in rest)
    return [*chosen, *(each for each, _ in zip(filling, range(PRODUCTS), strict=False))][:PRODUCTS]


def _beside(wanted: Sequence[str], owned: set[str], book: ProfileBook) -> list[Recommendation]:
    """The products with the highest sum of scores over what was wanted."""
    sums: Counter[str] = Counter()
    strongest: dict[str, tuple[float, str]] = {}
    for product in dict.fromkeys(wanted):
        for neighbour, score in book.facts["neighbours"].get(product, ()):
            if neighbour in owned:
                continue
            sums[neighbour] += score
            strongest[neighbour] = max(strongest.get(neighbour, (0.0, "")), (score, product))
    best = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:PRODUCTS]
    return [
        Recommendation(product, "goes_with", strongest[product][1], round(score, 4))
        for product, score in best
    ]
