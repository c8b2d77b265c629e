"""Every moment that counts, with what came last before it and first after it, over all channels."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.tables.vocabulary import ONLINE_CHANNELS

__all__ = ["around", "starts"]

MILLISECONDS_PER_DAY = 86_400_000
NO_VISIT = ("purchase", "cancelled", "payment_failed", "return", "refund")
KINDS = {
    "purchase": "purchase",
    "return": "return",
    "payment_failed": "failed_payment",
    "opened": "opened_mail",
    "ticket": "contact",
    "chat": "contact",
    "review": "review",
    "ad_click": "ad_click",
    "delivery_delayed": "late_parcel",
    "survey": "survey",
}
SEEN = {
    "searched": "search",
    "saw_promotion": "view_promotion",
    "met_no_stock": "out_of_stock",
    "looked_up_store": "store_locator",
}
BEFORE = ibis.window(group_by="customer_id", order_by="position", preceding=(None, 1))
AFTER = ibis.window(group_by="customer_id", order_by="position", following=(1, None))


def starts(timeline: ir.Table, *, as_of: datetime) -> ir.Table:
    """Since when data of any kind, of visits and of mail are there: one row.

    Args:
        timeline: of everybody.
        as_of: what happened later is not seen, naive UTC.
    """
    seen = timeline.filter(timeline["occurred_at"] <= as_of)
    at = seen["occurred_at"]
    return seen.aggregate(
        first_at=at.min(),
        online_from=at.min(where=seen["channel"].isin(ONLINE_CHANNELS)),
        mail_from=at.min(where=seen["channel"] == "mail"),
    )


def around(timeline: ir.Table, orders: ir.Table, begun: ir.Table, *, as_of: datetime) -> ir.Table:
    """Put beside each moment what happened around it.

    A visit online is one moment, with what was done in it; of the rest only what measures ask for
    is a moment. A return is one only where it does not say which purchase it takes back.

    Args:
        timeline, orders: as in their contracts; of whom moments are wanted.
        begun: as `starts` gives it.
        as_of: what happened later is not seen, naive UTC.

    Returns:
        One row a moment: `customer_id`, `position`, `occurred_at`, `kind` (`visit` or a value of
        `KINDS`), `at_channel`, `order_id`, `amount` (EUR), for visits the flags of `SEEN`; moments
        before it (`visit_before`, `search_before`, `promotion_before`, `mail_before`,
        `contact_before`) and after it (`purchase_after`, `store_after`, `contact_after`,
        `review_after`, `return_after`, `mail_after`), naive UTC; `days_seen`, `days_seen_online`,
        `days_seen_mail` since data of any kind, of visits and of mail begin.
    """
    seen = timeline.filter(timeline["occurred_at"] <= as_of)
    moments = ibis.union(_visits(seen), _others(seen, orders))
    kind, at = moments["kind"], moments["occurred_at"]
    beside = moments.mutate(
        visit_before=_when(kind == "visit", moments["last_at"]).max().over(BEFORE),
        search_before=_when(moments["searched"], at).max().over(BEFORE),
        promotion_before=_when(moments["saw_promotion"], at).max().over(BEFORE),
        mail_before=_when(kind == "opened_mail", at).max().over(BEFORE),
        contact_before=_when(kind == "contact", at).max().over(BEFORE),
        purchase_after=_when(kind == "purchase", at).min().over(AFTER),
        store_after=_when((kind == "purchase") & (moments["at_channel"] == "store"), at)
        .min()
        .over(AFTER),
        contact_after=_when(kind == "contact", at).min().over(AFTER),
        review_after=_when(kind == "review", at).min().over(AFTER),
        return_after=_when(kind == "return", at).min().over(AFTER),
        mail_after=_when(kind == "opened_mail", at).min().over(AFTER),
    )
    return _since_begun(beside, begun)


def _visits(timeline: ir.Table) -> ir.Table:
    online = timeline.filter(
        timeline["channel"].isin(ONLINE_CHANNELS) & ~timeline["event"].isin(NO_VISIT)
    )
    event = online["event"]
    each = online.group_by(["customer_id", "session", "channel"]).aggregate(
        position=online["position"].min(),
        occurred_at=online["occurred_at"].min(),
        last_at=online["occurred_at"].max(),
        **{flag: (event == name).any() for flag, name in SEEN.items()},
    )
    return each.select(
        "customer_id",
        "position",
        "occurred_at",
        "last_at",
        kind=ibis.literal("visit"),
        at_channel="channel",
        order_id=ibis.null("string"),
        amount=ibis.null("float64"),
        **{flag: each[flag] for flag in SEEN},
    )


def _others(timeline: ir.Table, orders: ir.Table) -> ir.Table:
    # A return that tells which purchase it takes back is known at that purchase.
    told = orders.filter(orders["refers_to_order_id"].notnull()).select("order_id")
    rows = timeline.filter(timeline["event"].isin(tuple(KINDS))).anti_join(told, "order_id")
    event = rows["event"]
    return rows.select(
        "customer_id",
        "position",
        "occurred_at",
        last_at=rows["occurred_at"],
        kind=ibis.cases(*((event == name, kind) for name, kind in KINDS.items()), else_=""),
        at_channel="channel",
        order_id="order_id",
        amount=rows["amount"].cast("float64"),
        **{flag: ibis.literal(False) for flag in SEEN},
    )


def _when(condition: ir.BooleanValue, moment: ir.TimestampValue) -> ir.TimestampValue:
    return ibis.ifelse(condition, moment, ibis.null(moment.type()))


def _since_begun(moments: ir.Table, begun: ir.Table) -> ir.Table:
    """For how long before each moment the customer could be seen."""
    rows = moments.cross_join(begun)
    at = rows["occurred_at"]
    return rows.mutate(
        days_seen=_days(at, rows["first_at"]),
        days_seen_online=_days(at, rows["online_from"]),
        days_seen_mail=_days(at, rows["mail_from"]),
    ).drop("first_at", "online_from", "mail_from", "last_at")


def _days(later: ir.TimestampValue, earlier: ir.TimestampValue) -> ir.FloatingValue:
    return later.delta(earlier, unit="millisecond") / MILLISECONDS_PER_DAY
