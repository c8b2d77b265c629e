"""The answers at a glance, from a customer's moments and journeys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from klantreis.web.pages.portrait.context import Glance, Said, Viewed
from klantreis.web.pages.portrait.story import PASSIVE, SAID

__all__ = ["glance"]

Row = dict[str, Any]
VIEWED = 4
STATEMENTS = 3


def glance(
    portrait: Row, moments: Sequence[Row], journeys: Sequence[Row], names: Mapping[str, str]
) -> Glance:
    """Answer: first visit, which pages, what was said, where it stopped, what is open."""
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
        open_basket_amount=None if basket is None else float(basket),
        has_open_complaint=portrait["has_open_complaint"],
    )


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
