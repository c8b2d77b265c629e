"""What naive Bayes sees of a customer's behaviour: a handful of traits, each with few values."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

__all__ = ["traits"]


def traits(portraits: ir.Table) -> Mapping[str, ir.StringValue]:
    """The traits of each portrait, by name; empty where it says nothing."""
    p = portraits
    has_bought, researched = p["orders"] > 0, p["research_online_buy_offline_orders"]
    return {
        "age": _band(p["age_years"], (30, 40, 50, 60, 70)),
        "gender": p["gender"],
        "preferred_channel": p["preferred_channel"],
        "purchase_channel": p["preferred_purchase_channel"],
        "category": p["preferred_category"],
        "hour": _band(p["preferred_hour"], (9, 12, 17, 20, 22)),
        "discount": _band(p["discount_share"], (0.001, 0.05, 0.1, 0.2)),
        "order_value": _band(p["average_order_amount"].cast("float64"), (30, 60, 120, 240)),
        "orders": _when(has_bought, _band(p["orders"], (2, 3, 5))),
        "returns": _when(has_bought, ibis.ifelse(p["returns"] > 0, "some", "none")),
        "rhythm": _band(p["average_days_between_orders"], (30, 60, 120)),
        # Of purchases without a day nobody can say what came before them.
        "ropo": _when(
            (p["orders_store"] > 0) & ((researched > 0) | (p["undated_orders"].fill_null(0) == 0)),
            ibis.ifelse(researched > 0, "some", "none"),
        ),
        "mail": _when(
            p["mails_sent"] > 0,
            ibis.cases(
                (p["mails_clicked"] > 0, "clicks"), (p["mails_opened"] > 0, "opens"), else_="none"
            ),
        ),
        "tickets": ibis.ifelse(p["tickets"] > 0, "some", "none"),
        "reviews": ibis.ifelse(p["reviews"] > 0, "some", "none"),
    }


def _band(value: ir.NumericValue, limits: tuple[float, ...]) -> ir.StringValue:
    """Bands with these lower limits, named after their number; empty for an empty value."""
    branches = [(value < limit, str(number)) for number, limit in enumerate(limits)]
    return ibis.ifelse(
        value.isnull(), ibis.null("string"), ibis.cases(*branches, else_=str(len(limits)))
    )


def _when(says: ir.BooleanValue, value: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(says, value, ibis.null("string"))
