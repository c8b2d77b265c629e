"""The timeline: everything that happened between each customer and us, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any, is_few, what_differs
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
from klantreis.portraits.touched import of_timeline
from klantreis.tables import EVERYONE, Portion, Renewal

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
    engine: Engine,
    session_minutes: int,
    portion: Portion = EVERYONE,
    kept_timeline: ir.Table,
    previous_links: ir.Table,
    previous_survey_answers: ir.Table,
    changed_links: ir.Table,
    changed_orders: ir.Table,
    changed_events: ir.Table,
    changed_payments: ir.Table,
    changed_messages: ir.Table,
    changed_feedback: ir.Table,
    changed_survey_answers: ir.Table,
) -> ir.Table | Renewal:
    """Put what happened on all channels in one order per customer.

    A record belongs to the customer of its person, else of the order that it is about; what ties
    to nobody stays in its own table. Web analytics' purchases and refunds are left out where the
    order itself is known. Only the timelines are made anew that a change touches, unless these are
    many.

    Args:
        links: person to customer.
        session_minutes: silence after which a new visit begins, in minutes.
        portion: whose timeline, when all are made anew.
        kept_timeline: what was told before.
        previous_links, previous_survey_answers: as they were then.
        changed_links, changed_orders, changed_events, changed_payments, changed_messages,
            changed_feedback, changed_survey_answers: what has changed since.

    Returns:
        As in the contract of `timeline`; scores on -1 to 1.
    """
    now = {
        "links": links.filter(links["customer_id"].notnull()),
        "orders": orders,
        "events": events,
        "payments": payments,
        "messages": messages,
        "feedback": feedback,
        "survey_answers": survey_answers,
    }
    if not is_any(kept_timeline, engine):
        return _numbered(_moments(now, portion.of, engine), session_minutes)
    changed = {
        "links": changed_links,
        "orders": changed_orders,
        "events": changed_events,
        "payments": changed_payments,
        "messages": changed_messages,
        "feedback": changed_feedback,
        "survey_answers": changed_survey_answers,
    }
    before = {
        "timeline": kept_timeline,
        "links": previous_links,
        "survey_answers": previous_survey_answers,
    }
    touched = of_timeline(now, before, changed, engine)
    if not is_few(touched, links, engine):
        return _numbered(_moments(now, portion.of, engine), session_minutes)
    own = _moments(now, lambda rows: rows.semi_join(touched, "customer_id"), engine)
    fresh = _numbered(own, session_minutes)
    kept = kept_timeline.semi_join(touched, "customer_id")
    return what_differs(fresh, kept, "timeline", engine)


def _moments(
    records: Mapping[str, ir.Table], whose: Callable[[ir.Table], ir.Table], engine: Engine
) -> ir.Table:
    """What happened to some customers, or all, from every table with records."""
    links, orders, events = (records[name] for name in ("links", "orders", "events"))
    buyers = engine.keep(order_customers(links, orders))
    own = whose(links)
    return ibis.union(
        browsing_moments(events, own),
        message_moments(records["messages"], own),
        survey_moments(records["survey_answers"], own),
        # Whose these are may also hang on somebody else's order.
        whose(ordering_moments(events, links, buyers)),
        whose(order_moments(orders, buyers)),
        whose(payment_moments(records["payments"], links, buyers)),
        whose(feedback_moments(records["feedback"], links, buyers)),
    )


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
