"""Cuts the visits of each customer into journeys.

A journey cannot change within a visit, so the cutting is done on visits: some five times fewer
rows than moments, which is what makes it affordable.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["customers_of", "numbered_visits"]

EARLIER = ibis.window(group_by="customer_id", order_by="session", preceding=(None, 1))
SO_FAR = ibis.window(group_by="customer_id", order_by="session", preceding=None, following=0)
# Parcels come, and may be sent back, within about two weeks: the legal time to think it over.
LOOK_BACK_DAYS = 14


def customers_of(journeys: ir.Table) -> ir.Table:
    """The customers of journeys, by what these are called: each `customer_id` once."""
    number = journeys["journey_id"].split("-")[0].cast("int64")
    return journeys.select(customer_id=number).distinct()


def numbered_visits(moments: ir.Table, *, lapse_days: int, aftercare_days: int) -> ir.Table:
    """Give each visit of each customer the number of its journey.

    Args:
        moments: `customer_id`, `session`, `position`, `occurred_at`, `role`.
        lapse_days: a longer silence than this ends a journey.
        aftercare_days: a purchase longer ago than this no longer has aftercare.

    Returns:
        One row per customer and session: `number` of the journey (0 before the first),
        `previous` (number just before the visit's first act), `purchase_number` (journey of the
        last purchase in an earlier visit), `acts_from` (position of the first act),
        `purchased_from` (position of the first purchase), `is_open` (the journey so far has not
        lapsed), `has_aftercare` (that last purchase is near enough) and `looks_back` (the visit
        only glances at the shop soon after that purchase).
    """
    visits = _with_acts(_visits(moments), aftercare_days)
    visits = _with_starts(visits, lapse_days)
    visits = visits.mutate(number=visits["starts"].sum().over(SO_FAR))
    has_purchase = visits["purchased_from"].notnull()
    return visits.select(
        "customer_id",
        "session",
        "acts_from",
        "purchased_from",
        "is_open",
        "has_aftercare",
        "looks_back",
        number=visits["number"],
        previous=visits["number"] - visits["starts"],
        purchase_number=visits["number"].max(where=has_purchase).over(EARLIER),
    )


def _visits(moments: ir.Table) -> ir.Table:
    position, role = moments["position"], moments["role"]
    return moments.group_by("customer_id", "session").aggregate(
        started_at=moments["occurred_at"].min(),
        ended_at=moments["occurred_at"].max(),
        purchased_at=moments["occurred_at"].max(where=role == "purchase"),
        sought_from=position.min(where=role == "before"),
        glanced_from=position.min(where=role == "glance"),
        contact_from=position.min(where=role == "contact"),
        purchased_from=position.min(where=role == "purchase"),
    )


def _with_acts(visits: ir.Table, aftercare_days: int) -> ir.Table:
    """Where the visit's first act is; what only serves an earlier purchase is no act."""
    started_at, last_purchase_at = visits["started_at"], visits["purchased_at"].max().over(EARLIER)
    visits = visits.mutate(
        has_aftercare=_within(started_at, last_purchase_at, aftercare_days),
        looks_back=_within(started_at, last_purchase_at, LOOK_BACK_DAYS)
        & visits["sought_from"].isnull()
        & visits["purchased_from"].isnull(),
    )
    nowhere = ibis.null("int64")
    return visits.mutate(
        acts_from=ibis.least(
            visits["sought_from"],
            visits["purchased_from"],
            ibis.ifelse(visits["has_aftercare"], nowhere, visits["contact_from"]),
            ibis.ifelse(visits["looks_back"], nowhere, visits["glanced_from"]),
        )
    )


def _with_starts(visits: ir.Table, lapse_days: int) -> ir.Table:
    """Whether a new journey starts in the visit: 1 or 0."""
    session, is_act = visits["session"], visits["acts_from"].notnull()
    visits = visits.mutate(
        acted_until=visits["ended_at"].max(where=is_act).over(EARLIER),
        acted_session=session.max(where=is_act).over(EARLIER),
        purchase_session=session.max(where=visits["purchased_from"].notnull()).over(EARLIER),
    )
    is_open = _within(visits["started_at"], visits["acted_until"], lapse_days)
    has_bought = (visits["acted_session"] == visits["purchase_session"]).fill_null(False)
    starts = visits["acts_from"].notnull() & (~is_open | has_bought)
    return visits.mutate(is_open=is_open, starts=starts.cast("int64"))


def _within(later: ir.TimestampValue, earlier: ir.TimestampValue, days: int) -> ir.BooleanValue:
    return (later <= earlier + ibis.interval(days=days)).fill_null(False)
