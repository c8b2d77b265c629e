"""Numbers that went over into others, and customers that get theirs back."""

from __future__ import annotations

import ibis.expr.types as ir

__all__ = ["records_of_numbers", "regained"]


def records_of_numbers(customer_merges: ir.Table) -> ir.Table:
    """The records of each number that went over, a row each: `old_customer_id`, `person_id`."""
    known = customer_merges.filter(customer_merges["person_ids"].notnull())
    return known.select("old_customer_id", person_id=known["person_ids"].unnest())


def regained(
    members: ir.Table, kept: ir.Table, records: ir.Table, previous_customer_merges: ir.Table
) -> ir.Table:
    """The groups that get back the number that they had before a merge.

    A number that went over goes to the group of its oldest record when that has no number of its
    own; of several the lowest.

    Args:
        members: `person_id` and `group` of the records that are looked at.
        kept: `group` and `customer_id` of those that have a number.
        records: `person_id` and `person_number` of every record.
        previous_customer_merges: numbers that went over into others.

    Returns:
        `group` and `customer_id`.
    """
    held = records_of_numbers(previous_customer_merges).join(
        records.select("person_id", "person_number"), "person_id"
    )
    heirs = held.group_by("old_customer_id").aggregate(person_number=held["person_number"].min())
    oldest = held.semi_join(heirs, ["old_customer_id", "person_number"])
    placed = oldest.join(members.select("person_id", "group"), "person_id")
    claims = placed.anti_join(kept, "group")
    return claims.group_by("group").aggregate(customer_id=claims["old_customer_id"].min())
