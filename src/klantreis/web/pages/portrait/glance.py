"""The answers at a glance, from a customer's moments and journeys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from klantreis.web.pages.portrait.context import Glance, Got, Said, Viewed
from klantreis.web.pages.portrait.story import PASSIVE, SAID

__all__ = ["glance"]

Row = dict[str, Any]
GIVEN = ("delivered", "sent", "refund")  # what we brought, sent and paid back
LONGEST_WAY = timedelta(days=30)
VIEWED = 4
STATEMENTS = 3


def glance(
    portrait: Row,
    moments: Sequence[Row],
    journeys: Sequence[Row],
    names: Mapping[str, str],
    as_of: datetime,
) -> Glance:
    """Answer: first visit, which pages, what was said, where it stopped, what we did, what is open."""
    acts = [row for row in moments if row["event"] not in PASSIVE]
    first, last = (acts[0], acts[-1]) if acts else ({}, {})
    journey = max(journeys, key=lambda journey: journey["number"], default={})
    basket = portrait["open_basket_amount"]
    return Glance(
        first_at=first.get("occurred_at"),
        first_channel=first.get("channel", ""),
        first_event=first.get("event", ""),
        viewed=_viewed(moments, names),
        said=_said(moments),
        outcome=journey.get("outcome", ""),
        stopped_at=last.get("occurred_at"),
        stopped_channel=last.get("channel", ""),
        stopped_event=last.get("event", ""),
        got=_got(moments),
        open_basket_amount=None if basket is None else float(basket),
        has_open_complaint=portrait["has_open_complaint"],
        parcels=_on_their_way(moments, as_of),
    )


def _got(moments: Sequence[Row]) -> tuple[Got, ...]:
    found = []
    for event in GIVEN:
        moments_of = [row["occurred_at"] for row in moments if row["event"] == event]
        if moments_of:
            found.append(Got(event, len(moments_of), moments_of[-1]))
    return tuple(found)


def _on_their_way(moments: Sequence[Row], as_of: datetime) -> int:
    """Orders that were sent lately, and of which nothing says that they arrived."""
    arrived = {row["order_id"] for row in moments if row["event"] == "delivered"}
    sent = {
        row["order_id"]
        for row in moments
        if row["event"] == "shipped" and row["occurred_at"] > as_of - LONGEST_WAY
    }
    return len(sent - arrived - {None})


def _viewed(moments: Sequence[Row], names: Mapping[str, str]) -> tuple[Viewed, ...]:
    products = Counter(
        names.get(row["product_id"], row["product_id"])
        for row in moments
        if row["event"] == "view_item" and row["product_id"]
    )
    pages = Counter(row["page"] for row in moments if row["page"])
    most = (products or pages).most_common(VIEWED)
    return tuple(Viewed(name, times) for name, times in most)


def _said(moments: Sequence[Row]) -> tuple[Said, ...]:
    told = [row for row in moments if row["event"] in SAID and row["text"]]
    return tuple(
        Said(row["occurred_at"], row["channel"], row["event"], row["text"], row["score"])
        for row in reversed(told[-STATEMENTS:])
    )
