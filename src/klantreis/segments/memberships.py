"""Which customer is in which segment, for the segmentations that every shop has."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.segments.divisions import DIVISIONS, by_category, division_of
from klantreis.segments.quintiles import quintile

__all__ = ["CHANNEL_SEGMENTS", "VALUE_SEGMENTS", "memberships"]

CHANNEL_SEGMENTS = (
    "omnichannel",
    "online_only",
    "store_only",
    "other_only",
    "browsing_only",
    "known_only",
)
VALUE_SEGMENTS = ("top_20", "middle_60", "low_20", "no_purchase")


def memberships(rfm: ir.Table, portraits: ir.Table, *, engine: Engine, as_of: datetime) -> ir.Table:
    """Put every customer in one segment of each segmentation.

    `rfm`: the named group; only who ever bought. `channel`: by where the customer bought: both
    online (webshop or app) and in stores, online only, in stores only, elsewhere only (by phone
    and the like), or not at all: seen without buying, or only known by a record. `value`: quintiles of revenue among customers who bought (see
    `quintile`): the top fifth, the three fifths between, the lowest fifth, and who never bought.
    `category` and the others: see `by_category` and `division_of`. Each segment has a name that
    no other segmentation uses.

    Args:
        rfm: as in its contract.
        portraits: as in its contract.
        as_of: the moment of measuring (UTC).

    Returns:
        As in the contract of `memberships`.
    """
    now = ibis.literal(as_of, "timestamp(6)")
    dated = portraits.mutate(as_of=now)
    # Portraits are wide: they are gone through once for all segmentations that need nothing else.
    divided = engine.keep(
        dated.select(
            "customer_id",
            channel=_channel(dated),
            value=_value(dated),
            **{name: division_of(dated, name) for name in DIVISIONS},
        )
    )
    placed = ibis.union(
        _placed(rfm, "rfm", rfm["segment"]),
        _placed(categories := by_category(portraits), "category", categories["segment"]),
        *(_placed(divided, name, divided[name]) for name in ("channel", "value", *DIVISIONS)),
    )
    return placed.mutate(as_of=now)


def _placed(customers: ir.Table, segmentation: str, segment: ir.StringValue) -> ir.Table:
    return customers.select("customer_id", segmentation=ibis.literal(segmentation), segment=segment)


def _channel(portraits: ir.Table) -> ir.StringValue:
    online, store = portraits["orders_web"] > 0, portraits["orders_store"] > 0
    return ibis.cases(
        (online & store, "omnichannel"),
        (online, "online_only"),
        (store, "store_only"),
        (portraits["orders"] > 0, "other_only"),
        (portraits["sessions"] > 0, "browsing_only"),
        else_="known_only",
    )


def _value(portraits: ir.Table) -> ir.StringValue:
    has_bought = portraits["orders"] > 0
    score = quintile(portraits["revenue_amount"], within=has_bought)
    return ibis.cases(
        (~has_bought, "no_purchase"),
        (score == 5, "top_20"),
        (score == 1, "low_20"),
        else_="middle_60",
    )
