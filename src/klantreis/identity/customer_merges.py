"""Customer numbers that are no longer used, and where they went."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.tables import contract

__all__ = ["customer_merges"]

MOMENT = contract("customer_merges").column("merged_at").dtype


def customer_merges(
    links: ir.Table,
    *,
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
    as_of: datetime,
) -> ir.Table:
    """Tell where every number that was ever given out leads now, in one step.

    A number that went over into another leads to the customer that has most of its records, the
    lowest of equals. A number whose records were all taken out leads to itself: it is retired,
    and never given to someone else.

    Args:
        links: the numbers of now.
        previous_links: the numbers of before.
        previous_customer_merges: what led where before.
        as_of: moment of the merges that are new, naive UTC.

    Returns:
        As in the contract of `customer_merges`.
    """
    owned = links.filter(links["customer_id"].notnull())
    before = previous_links.filter(previous_links["customer_id"].notnull())
    gone = _gone(owned, before).mutate(merged_at=ibis.literal(as_of).cast(MOMENT))
    return ibis.union(_led_on(previous_customer_merges, gone), gone)


def _gone(links: ir.Table, previous_links: ir.Table) -> ir.Table:
    """The numbers in use before and not now, and where they lead."""
    alive = links.select("customer_id").distinct()
    before = previous_links.select("person_id", old_customer_id="customer_id")
    dead = before.anti_join(alive, before["old_customer_id"] == alive["customer_id"])
    now = dead.left_join(links.select("person_id", "customer_id"), "person_id")
    votes = now.group_by("old_customer_id", "customer_id").aggregate(records=now.count())
    # No record left is no vote: only a number without any leads to itself.
    ranked = votes.mutate(
        records=ibis.ifelse(votes["customer_id"].isnull(), 0, votes["records"]),
        lowest_first=-ibis.coalesce(votes["customer_id"], votes["old_customer_id"]),
    )
    chosen = ranked.group_by("old_customer_id").aggregate(
        best=ibis.struct(
            {"records": ranked["records"], "lowest_first": ranked["lowest_first"]}
        ).max()
    )
    return chosen.select("old_customer_id", customer_id=-chosen["best"]["lowest_first"])


def _led_on(previous: ir.Table, gone: ir.Table) -> ir.Table:
    """What led to a number that is gone now leads to where that went."""
    further = gone.select(gone_customer_id="old_customer_id", new_customer_id="customer_id")
    joined = previous.left_join(further, previous["customer_id"] == further["gone_customer_id"])
    return joined.select(
        "old_customer_id",
        customer_id=ibis.coalesce(joined["new_customer_id"], joined["customer_id"]),
        merged_at=joined["merged_at"].cast(MOMENT),
    )
