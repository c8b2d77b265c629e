"""Moments: what happened between a customer and us, as the timeline shows it, per source table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from klantreis.portraits.owners import of_customer
from klantreis.tables import contract

__all__ = ["all_moments", "later_moments"]

NUMBERED_LATER = ("position", "session")
COLUMNS = tuple(c for c in contract("timeline").columns if c.name not in NUMBERED_LATER)
TOLD_BY_ORDERS = ("purchase", "refund")
BOUGHT = ("completed", "refunded")
NOT_PAID = ("failed", "expired", "canceled")
LONGEST_TEXT = 200


def _everyone(rows: ir.Table) -> ir.Table:
    return rows


def all_moments(
    records: Mapping[str, ir.Table],
    links: ir.Table,
    buyers: ir.Table,
    whose: Callable[[ir.Table], ir.Table] = _everyone,
) -> ir.Table:
    """What happened to some customers, or all, in records of every table; without a number.

    Args:
        records: `orders`, `events`, `payments`, `messages`, `feedback` and `survey_answers`.
        links: whose the persons are, at least of those in the records.
        buyers: whose the orders are, at least those that the records are about.
        whose: keeps the rows of these customers only, of a table with `customer_id`.
    """
    own, events = whose(links), records["events"]
    return ibis.union(
        _browsing_moments(events, own),
        _message_moments(records["messages"], own),
        _survey_moments(records["survey_answers"], own),
        # Whose these are may also hang on somebody else's order.
        whose(_ordering_moments(events, links, buyers)),
        whose(_order_moments(records["orders"], buyers)),
        whose(_payment_moments(records["payments"], links, buyers)),
        whose(_feedback_moments(records["feedback"], links, buyers)),
    )


def _browsing_moments(events: ir.Table, links: ir.Table) -> ir.Table:
    """Every event of a customer that is not about an order: the mass, which needs one join only."""
    browsed = events.filter(events["order_id"].isnull())
    return _event_moments(browsed.join(links.select("person_id", "customer_id"), "person_id"))


def later_moments(events: ir.Table, links: ir.Table, timeline: ir.Table) -> ir.Table:
    """Events that came after the tables were made, save purchases and refunds that these tell.

    Args:
        events: not in the timeline yet.
        links: whose they are.
        timeline: of their customers.
    """
    moments = _event_moments(events.join(links.select("person_id", "customer_id"), "person_id"))
    told = timeline.filter(timeline["event"].isin(TOLD_BY_ORDERS) & timeline["order_id"].notnull())
    return moments.anti_join(told, ["customer_id", "event", "order_id"])


def _ordering_moments(events: ir.Table, links: ir.Table, buyers: ir.Table) -> ir.Table:
    """Events about an order, save purchases and refunds that the orders tell better."""
    ordered = of_customer(events.filter(events["order_id"].notnull()), links, buyers)
    is_told = ordered["name"].isin(TOLD_BY_ORDERS) & ordered["has_buyer"]
    return _event_moments(ordered.filter(~is_told))


def _event_moments(events: ir.Table) -> ir.Table:
    # Money only changes hands in purchases and what undoes them; elsewhere it is a value shown.
    amount = ibis.cases(
        (events["name"] == "purchase", events["amount"]),
        (events["name"].isin(("refund", "return")), -events["amount"].abs()),
    )
    return _moments(
        events,
        "events",
        record_id=events["event_id"],
        event=events["name"],
        amount=amount,
        text=events["search_term"],
    )


def _order_moments(orders: ir.Table, buyers: ir.Table) -> ir.Table:
    """Purchases, cancellations, returns on a receipt of their own, and money paid back.

    Orders that are pending or failed are no moment: their payment tells.
    """
    owned = orders.join(buyers, "order_id")
    is_sale = owned["kind"] == "sale"
    is_done = owned["status"].isin(BOUGHT)
    rung_up = owned.mutate(
        occurred_at=owned["ordered_at"],
        event=ibis.cases(
            (is_sale & is_done, "purchase"),
            (is_sale & (owned["status"] == "cancelled"), "cancelled"),
            (~is_sale & is_done, "return"),
        ),
    )
    rung_up = rung_up.filter(rung_up["event"].notnull())
    amount = ibis.cases(
        (rung_up["event"] == "purchase", rung_up["total_amount"]),
        (rung_up["event"] == "return", -rung_up["total_amount"].abs()),
    )
    paid_back = owned.filter(is_sale & is_done & owned["refunded_at"].notnull())
    refunded = -ibis.coalesce(paid_back["refunded_amount"], paid_back["total_amount"]).abs()
    return ibis.union(
        _moments(rung_up, "orders", record_id=rung_up["order_id"], amount=amount),
        _moments(
            paid_back,
            "orders",
            record_id=paid_back["order_id"],
            occurred_at=paid_back["refunded_at"],
            event=ibis.literal("refund"),
            amount=refunded,
        ),
    )


def _payment_moments(payments: ir.Table, links: ir.Table, buyers: ir.Table) -> ir.Table:
    """Payments that failed, expired or were cancelled."""
    owned = of_customer(payments.filter(payments["status"].isin(NOT_PAID)), links, buyers)
    return _moments(
        owned,
        "payments",
        record_id=owned["payment_id"],
        occurred_at=ibis.coalesce(owned["changed_at"], owned["created_at"]),
        channel=ibis.literal("web"),
        event=ibis.literal("payment_failed"),
        amount=None,
    )


def _message_moments(messages: ir.Table, links: ir.Table) -> ir.Table:
    """What happened to the messages that we sent; a message held back is no moment."""
    owned = messages.filter(messages["action"] != "held_out").join(
        links.select("person_id", "customer_id"), "person_id"
    )
    return _moments(
        owned,
        "messages",
        record_id=owned["message_id"],
        event=owned["action"],
        page=owned["url"],
        text=owned["subject"],
    )


def _feedback_moments(feedback: ir.Table, links: ir.Table, buyers: ir.Table) -> ir.Table:
    """What customers said, in reviews, tickets, chats and mentions."""
    owned = of_customer(feedback, links, buyers)
    # Stars and report marks start at 1, thumbs (highest score 1) at 0.
    lowest = ibis.ifelse(owned["score_max"] > 1, 1.0, 0.0)
    share = (owned["score"] - lowest) / (owned["score_max"] - lowest)
    return _moments(
        owned,
        "feedback",
        record_id=owned["feedback_id"],
        event=owned["kind"],
        score=(share * 2 - 1).clip(-1, 1),
        text=ibis.coalesce(owned["text"].substr(0, LONGEST_TEXT), owned["subject"]),
    )


def _survey_moments(survey_answers: ir.Table, links: ir.Table) -> ir.Table:
    """One moment for each survey that was filled in, with its NPS as the score."""
    answers = survey_answers.filter(survey_answers["person_id"].notnull())
    responses = answers.group_by("survey_id", "response_id").aggregate(
        person_id=answers["person_id"].min(),
        occurred_at=answers["answered_at"].min(),
        nps=answers["score"].max(where=answers["kind"] == "nps"),
        text=answers["answer"].max(where=answers["kind"] == "open"),
    )
    owned = responses.join(links.select("person_id", "customer_id"), "person_id")
    return _moments(
        owned,
        "survey_answers",
        record_id=owned["response_id"],
        channel=ibis.literal("survey"),
        event=ibis.literal("survey"),
        score=(owned["nps"] / 5 - 1).clip(-1, 1),
        text=owned["text"].substr(0, LONGEST_TEXT),
    )


def _moments(owned: ir.Table, record_table: str, **values: ir.Value | None) -> ir.Table:
    """Bring records of a customer in the columns of the timeline; what is lacking is empty."""
    values["record_table"] = ibis.literal(record_table)
    columns = {}
    for column in COLUMNS:
        if column.name in values:
            value = values[column.name]
        else:
            value = owned[column.name] if column.name in owned.columns else None
        columns[column.name] = (ibis.null() if value is None else value).cast(column.dtype)
    moments = owned.select(**columns)
    return moments.filter(moments["customer_id"].notnull())
