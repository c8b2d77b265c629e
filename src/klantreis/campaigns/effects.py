"""What came of each campaign with a holdout: both arms, counted."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

__all__ = ["arms_measured", "effects"]

HISTORY_DAYS = 180
ARMS = ("sent", "held_out")


def effects(
    messages: ir.Table,
    links: ir.Table,
    timeline: ir.Table,
    *,
    as_of: datetime,
    effect_days: int,
) -> ir.Table:
    """Count both arms of every campaign of which somebody was held out.

    Args:
        messages: with `held_out` for who was drawn and got nothing.
        links: person to customer.
        timeline: tells who bought what when.
        as_of: customers whose days after the message end later are left out.
        effect_days: days after the message in which purchases count.

    Returns:
        As in the contract of `effects`.
    """
    told = messages.filter(messages["action"].isin(ARMS) & messages["campaign"].notnull())
    held = told.filter(told["action"] == "held_out").select("campaign").distinct()
    of_customers = (
        told.semi_join(held, "campaign")
        .join(links.select("person_id", "customer_id"), "person_id")
        .select("campaign", "customer_id", "action", "occurred_at")
    )
    assigned = of_customers.group_by("campaign", "customer_id").aggregate(
        arms=of_customers["action"].nunique(),
        arm=of_customers["action"].min(),
        at=of_customers["occurred_at"].min(),
    )
    assigned = assigned.filter((assigned["arms"] == 1) & assigned["customer_id"].notnull())
    return arms_measured(assigned.drop("arms"), timeline, as_of=as_of, effect_days=effect_days)


def arms_measured(
    assigned: ir.Table, timeline: ir.Table, *, as_of: datetime, effect_days: int
) -> ir.Table:
    """What customers bought after they got a campaign, or were held out of it.

    Args:
        assigned: `campaign`, `customer_id`, `arm` and `at`; one row a campaign and customer.
        timeline: purchases of all channels.
        as_of: moment up to which everything is known.
        effect_days: days after `at` in which purchases count.
    """
    over = assigned.filter(assigned["at"] <= ibis.literal(as_of - timedelta(days=effect_days)))
    purchases = timeline.filter(
        (timeline["event"] == "purchase") & timeline["amount"].notnull()
    ).select(
        "customer_id",
        bought_at=timeline["occurred_at"],
        amount=timeline["amount"].cast("float64"),
    )
    pairs = over.left_join(purchases, "customer_id")
    after = (pairs["bought_at"] > pairs["at"]) & (
        pairs["bought_at"] <= pairs["at"] + ibis.interval(days=effect_days)
    )
    before = (pairs["bought_at"] <= pairs["at"]) & (
        pairs["bought_at"] > pairs["at"] - ibis.interval(days=HISTORY_DAYS)
    )
    customers = pairs.group_by("campaign", "arm", "customer_id").aggregate(
        at=pairs["at"].min(),
        purchases=pairs.count(where=after.fill_null(False)),
        revenue=pairs["amount"].sum(where=after.fill_null(False)).fill_null(0.0),
        history=pairs["amount"].sum(where=before.fill_null(False)).fill_null(0.0),
    )
    return customers.group_by("campaign", "arm").aggregate(
        started_at=customers["at"].min(),
        customers=customers.count(),
        buyers=customers.count(where=customers["purchases"] > 0),
        revenue_amount=customers["revenue"].sum(),
        revenue_squares=(customers["revenue"] * customers["revenue"]).sum(),
        history_amount=customers["history"].sum(),
        history_squares=(customers["history"] * customers["history"]).sum(),
        history_products=(customers["history"] * customers["revenue"]).sum(),
    )
