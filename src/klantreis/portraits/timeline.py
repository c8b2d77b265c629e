"""The timeline: everything that happened between each customer and us, in order."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.portraits.moments import (
    browsing_moments,
    feedback_moments,
    later_moments,
    message_moments,
    order_moments,
    ordering_moments,
    payment_moments,
    survey_moments,
)
from klantreis.portraits.owners import order_customers
from klantreis.tables import EVERYONE, Portion

__all__ = ["continued", "timeline"]

# Of the same moment the advertisement comes before the page that it led to; for the rest the record
# breaks ties, so that the order never depends on how the rows came in.
IN_ORDER = ibis.window(
    group_by="customer_id",
    order_by=[
        "occurred_at",
        ibis._["event"] != "ad_click",
        "record_table",
        "record_id",
        "event",
    ],
)


def timeline(
    links: ir.Table,
    orders: ir.Table,
    events: ir.Table,
    payments: ir.Table,
    messages: ir.Table,
    feedback: ir.Table,
    survey_answers: ir.Table,
    *,
    session_minutes: int,
    portion: Portion = EVERYONE,
) -> ir.Table:
    """Put what happened on all channels in one order per customer.

    A record belongs to the customer of its person, else of the order that it is about; what ties
    to nobody stays in its own table. Web analytics' purchases and refunds are left out where the
    order itself is known.

    Args:
        links: person to customer.
        session_minutes: silence after which a new visit begins, in minutes.
        portion: whose timeline.

    Returns:
        As in the contract of `timeline`; scores on -1 to 1.
    """
    links = links.filter(links["customer_id"].notnull())
    buyers = order_customers(links, orders)
    own = portion.of(links)
    moments = ibis.union(
        browsing_moments(events, own),
        message_moments(messages, own),
        survey_moments(survey_answers, own),
        # Whose these are may also hang on somebody else's order.
        portion.of(ordering_moments(events, links, buyers)),
        portion.of(order_moments(orders, buyers)),
        portion.of(payment_moments(payments, links, buyers)),
        portion.of(feedback_moments(feedback, links, buyers)),
    )
    return _numbered(moments, session_minutes)


def continued(
    timeline: ir.Table, events: ir.Table, links: ir.Table, *, session_minutes: int
) -> ir.Table:
    """A timeline with what came after the tables were made.

    Args:
        timeline: of some customers, whole.
        events: not in it yet.
        links: whose these are.
        session_minutes: silence after which a new visit begins, in minutes.

    Returns:
        As in the contract of `timeline`.
    """
    later = later_moments(events, links, timeline)
    return _numbered(timeline.select(*later.columns).union(later), session_minutes)


def _numbered(moments: ir.Table, session_minutes: int) -> ir.Table:
    placed = moments.mutate(
        position=ibis.row_number().over(IN_ORDER) + 1,
        previous_at=moments["occurred_at"].lag().over(IN_ORDER),
    )
    silence = ibis.interval(minutes=session_minutes)
    is_new_visit = placed["previous_at"].isnull() | (
        placed["occurred_at"] > placed["previous_at"] + silence
    )
    visits = ibis.cumulative_window(group_by="customer_id", order_by="position")
    return placed.mutate(session=is_new_visit.cast("int64").sum().over(visits))
