"""Numbers that went over into others, and customers that get theirs back."""

from __future__ import annotations

import ibis.expr.types as ir

__all__ = ["records_of_numbers", "regained"]


def records_of_numbers(customer_merges: ir.Table) -> ir.Table:
    """The records of each number that went over, a row each: `old_customer_id`, `person_id`."""
    known = customer_merges.filter(customer_merges["person_ids"].notnull())
    return known.select("old_customer_id", person_id=known["person_ids"].unnest())


def regained(members: ir.Table, kept: ir.Table, previous_customer_merges: ir.Table) -> ir.Table:
    """The groups that get back the number that they had before a merge.

    A number that went over goes to the group of its oldest record when that has no number of its
    own; of several the lowest.

    Args:
        members: `person_number`, `person_id` and `group` of every record.
        kept: `group` and `customer_id` of those that have a number.
        previous_customer_merges: numbers that went over into others.

    Returns:
        `group` and `customer_id`.
    """
    records = records_of_numbers(previous_customer_merges).join(members, "person_id")
    heirs = records.group_by("old_customer_id").aggregate(
        person_number=records["person_number"].min()
    )
    claims = records.semi_join(heirs, ["old_customer_id", "person_number"]).anti_join(kept, "group")
    return claims.group_by("group").aggregate(customer_id=claims["old_customer_id"].min())
