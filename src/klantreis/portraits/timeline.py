"""The timeline: everything that happened between each customer and us, in order."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from klantreis.engine import Engine, is_any, is_few
from klantreis.portraits.insertion import Change
from klantreis.portraits.moments import all_moments, later_moments
from klantreis.portraits.numbering import numbered
from klantreis.portraits.owners import order_customers
from klantreis.tables import EVERYONE, Portion, Renewal

__all__ = ["continued", "timeline"]


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
    came_links: ir.Table,
    came_orders: ir.Table,
    came_events: ir.Table,
    came_payments: ir.Table,
    came_messages: ir.Table,
    came_feedback: ir.Table,
    came_survey_answers: ir.Table,
    gone_links: ir.Table,
    gone_orders: ir.Table,
    gone_events: ir.Table,
    gone_payments: ir.Table,
    gone_messages: ir.Table,
    gone_feedback: ir.Table,
    gone_survey_answers: ir.Table,
) -> ir.Table | Renewal:
    """Put what happened on all channels in one order per customer.

    A record belongs to the customer of its person, else of the order that it is about; what ties
    to nobody stays in its own table. Web analytics' purchases and refunds are left out where the
    order itself is known. When little changed, what came is put in the timelines of before, and
    what went is taken out.

    Args:
        links: person to customer.
        session_minutes: silence after which a new visit begins, in minutes.
        portion: whose timeline, when all are made anew.
        kept_timeline: what was told before.
        previous_links, previous_survey_answers: as they were then.
        came_links, came_orders, came_events, came_payments, came_messages, came_feedback,
            came_survey_answers: rows that are new since, or say something else.
        gone_links, gone_orders, gone_events, gone_payments, gone_messages, gone_feedback,
            gone_survey_answers: keys of rows of then that hold no longer.

    Returns:
        As in the contract of `timeline`; scores on -1 to 1.
    """
    now = {
        "links": links,
        "orders": orders,
        "events": events,
        "payments": payments,
        "messages": messages,
        "feedback": feedback,
        "survey_answers": survey_answers,
    }
    if not is_any(kept_timeline, engine):
        return _whole(now, portion, engine, session_minutes)
    change = Change(
        now=now,
        came={
            "links": came_links,
            "orders": came_orders,
            "events": came_events,
            "payments": came_payments,
            "messages": came_messages,
            "feedback": came_feedback,
            "survey_answers": came_survey_answers,
        },
        gone={
            "links": gone_links,
            "orders": gone_orders,
            "events": gone_events,
            "payments": gone_payments,
            "messages": gone_messages,
            "feedback": gone_feedback,
            "survey_answers": gone_survey_answers,
        },
        previous_links=previous_links,
        previous_survey_answers=previous_survey_answers,
        engine=engine,
    )
    touched = change.touched(kept_timeline)
    if not is_few(touched, links, engine):
        return _whole(now, portion, engine, session_minutes)
    return change.renewed(kept_timeline, touched, session_minutes)


def _whole(
    records: Mapping[str, ir.Table], portion: Portion, engine: Engine, session_minutes: int
) -> ir.Table:
    """The timelines of some customers, or all, from every table with records."""
    links = records["links"].filter(records["links"]["customer_id"].notnull())
    buyers = engine.keep(order_customers(links, records["orders"]))
    return numbered(all_moments(records, links, buyers, portion.of), session_minutes)


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
    return numbered(timeline.select(*later.columns).union(later), session_minutes)
