"""What is known of the members of a persona."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["most_common", "numbers", "sizes"]


def sizes(persona_memberships: ir.Table, portraits: ir.Table) -> ir.Table:
    """Per persona its size and revenue over all customers, by probability, and its members.

    Returns:
        `persona_id`, `size` (sum of probabilities), `revenue` (EUR, weighed by them), `members`
        and `members_told` (members whose needs are known).
    """
    own = portraits.select("customer_id", "revenue_amount")
    joined = persona_memberships.join(own, "customer_id")
    probability = joined["probability"]
    return joined.group_by("persona_id").aggregate(
        size=probability.sum(),
        revenue=(probability * joined["revenue_amount"].cast("float64")).sum(),
        members=joined.count(where=joined["is_member"]),
        members_told=joined.count(where=joined["is_member"] & (joined["basis"] == "needs")),
    )


def numbers(persona_memberships: ir.Table, portraits: ir.Table) -> ir.Table:
    """Per persona the measures of its members, one row a persona."""
    members = _members(persona_memberships, portraits)
    money = members["revenue_amount"].cast("float64")
    orders = members["orders"].cast("float64")
    has_bought = members["orders"] > 0
    return members.group_by("persona_id").aggregate(
        n=members.count(),
        women=members.count(where=members["gender"] == "female"),
        men=members.count(where=members["gender"] == "male"),
        with_age=members["age_years"].count(),
        age=members["age_years"].cast("float64").median(),
        revenue_mean=money.mean(),
        revenue_deviation=money.std(),
        orders_mean=orders.mean(),
        orders_deviation=orders.std(),
        buyers=members.count(where=has_bought),
        returned=members.count(where=has_bought & (members["returns"] > 0)),
        nps_asked=members["nps_score"].count(),
        promoters=members.count(where=members["nps_score"] >= 9),
        detractors=members.count(where=members["nps_score"] <= 6),
    )


def most_common(persona_memberships: ir.Table, portraits: ir.Table) -> ir.Table:
    """Per persona and trait how often each value occurs among its members.

    Returns:
        `persona_id`, `trait` (`city`, `channel`, `purchase_channel` or `category`), `value`, `n`.
    """
    members = _members(persona_memberships, portraits)
    traits = {
        "city": "city",
        "channel": "preferred_channel",
        "purchase_channel": "preferred_purchase_channel",
        "category": "preferred_category",
    }
    seen = ibis.union(
        *(
            members.select("persona_id", trait=ibis.literal(trait), value=members[name])
            for trait, name in traits.items()
        )
    )
    known = seen.filter(seen["value"].notnull())
    return known.group_by("persona_id", "trait", "value").aggregate(n=known.count())


def _members(persona_memberships: ir.Table, portraits: ir.Table) -> ir.Table:
    own = persona_memberships.filter(persona_memberships["is_member"])
    return own.select("customer_id", "persona_id").join(portraits, "customer_id")
