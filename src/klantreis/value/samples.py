"""The rows that measures are taken from: each made once for all measures that rest on it."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.value.period import Period

__all__ = [
    "answered",
    "baskets",
    "buyers",
    "completed",
    "deliveries",
    "newcomers",
    "payments",
    "recommendations",
    "reviews",
    "sales",
    "sent",
    "spend",
    "told",
    "visits",
]

ONLINE = ("web", "app")
SEEN = (
    "view_item", "search", "out_of_stock", "add_to_cart", "store_locator", "begin_checkout",
    "purchase",
)  # fmt: skip


def visits(period: Period) -> ir.Table:
    """One row for each combination of what happened in visits online, with how many `visits`."""
    rows = period.rows("timeline", "occurred_at")
    online = rows.filter(rows["channel"].isin(ONLINE) & rows["session"].notnull())
    each = online.group_by(["customer_id", "session", *period.keys]).aggregate(
        **{name: (online["event"] == name).any() for name in SEEN}
    )
    return each.group_by([*SEEN, *period.keys]).aggregate(visits=each.count())


def buyers(period: Period) -> ir.Table:
    """How many `customers` bought, bought again and asked for help, in all combinations."""
    rows = period.rows("timeline", "occurred_at")
    each = rows.group_by(["customer_id", *period.keys]).aggregate(
        bought=rows.count(where=rows["event"] == "purchase"),
        asked=rows.count(where=rows["event"].isin(("ticket", "chat"))),
    )
    kinds = each.mutate(
        has_bought=each["bought"] > 0, has_repeated=each["bought"] > 1, has_asked=each["asked"] > 0
    )
    names = ["has_bought", "has_repeated", "has_asked", *period.keys]
    return kinds.group_by(names).aggregate(customers=kinds.count())


def deliveries(period: Period) -> ir.Table:
    """What was sold and brought back (EUR), delivered and late: one row for each of the keys."""
    rows = period.rows("timeline", "occurred_at")
    amount, event = rows["amount"].cast("float64"), rows["event"]
    return period.summed(
        rows,
        returned=amount.sum(where=event.isin(("return", "refund"))),
        sold=amount.sum(where=event == "purchase"),
        purchases=rows.count(where=event == "purchase"),
        delivered=rows.count(where=event == "delivered"),
        late=rows.count(where=event == "delivery_delayed"),
    )


def newcomers(period: Period) -> ir.Table:
    """Customers who were first seen in the period."""
    return period.rows("portraits", "first_seen_at")


def spend(period: Period) -> ir.Table:
    """What advertising cost."""
    return period.rows("spend", "spent_on")


def sent(period: Period) -> ir.Table:
    """Messages that were sent in the period, and whether they were answered so at any time."""
    messages = period.table("messages")
    keys = ["person_id", "campaign"]
    rows = period.rows("messages", "occurred_at")
    mailed = rows.filter(rows["action"] == "sent").select([*keys, *period.keys]).distinct()
    action = messages["action"]
    done = messages.group_by(keys).aggregate(
        **{name: (action == name).any() for name in ("opened", "clicked", "unsubscribed")}
    )
    return mailed.left_join(done, keys)


def payments(period: Period) -> ir.Table:
    """Payments that were begun."""
    return period.rows("payments", "created_at")


def completed(period: Period) -> ir.Table:
    """Orders and returns that went through, with `paid` in EUR."""
    placed = period.rows("orders", "ordered_at")
    done = placed.filter(placed["status"].isin(("completed", "refunded")))
    return done.mutate(paid=done["total_amount"].cast("float64"))


def sales(period: Period) -> ir.Table:
    """Purchases that went through."""
    done = completed(period)
    return done.filter(done["kind"] == "sale")


def baskets(period: Period) -> ir.Table:
    """How many `pieces` each purchase had."""
    bought = sales(period).select("order_id", *period.keys)
    lines = period.table("order_lines").join(bought, "order_id")
    return lines.group_by(["order_id", *period.keys]).aggregate(pieces=lines["quantity"].sum())


def answered(period: Period) -> ir.Table:
    """Tickets and chats that got an answer."""
    asked = period.rows("feedback", "occurred_at")
    return asked.filter(
        asked["kind"].isin(("ticket", "chat")) & (asked["answered_at"] >= asked["occurred_at"])
    )


def reviews(period: Period) -> ir.Table:
    """Reviews with a score."""
    said = period.rows("feedback", "occurred_at")
    return said.filter((said["kind"] == "review") & (said["score_max"] > 0))


def recommendations(period: Period) -> ir.Table:
    """Answers to the question whether customers would recommend us."""
    answers = period.rows("survey_answers", "answered_at")
    return answers.filter((answers["kind"] == "nps") & answers["score"].notnull())


def told(period: Period) -> ir.Table:
    """Emotion from scores and texts: what happened has an assumed value only."""
    felt = period.rows("emotions", "felt_at")
    return felt.filter(felt["kind"] != "behaviour")
