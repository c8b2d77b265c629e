"""Step `customer_merges`: where customer numbers went that are no longer used."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

__all__ = ["customer_merges"]


def customer_merges(
    links: ir.Table,
    *,
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
    as_of: datetime,
) -> ir.Table:
    """Every number that was ever given and is not in use now, with the number that took it over.

    A number follows its first person record (by `person_id`), as in `links`. Chains are
    flattened: an old number always points at one in use. A number that comes back into use, when
    a merge is undone, leaves the table.

    Args:
        links: of this run.
        previous_links: the last published links.
        previous_customer_merges: the last published merges.
        as_of: written as the moment of merges that are new.

    Returns:
        As in the contract.
    """
    first = previous_links.group_by("customer_id").aggregate(
        person_id=previous_links["person_id"].min()
    )
    now = links.select("person_id", current="customer_id")
    went = first.join(now, "person_id").select(
        old_customer_id="customer_id", customer_id="current", merged_at=ibis.literal(as_of)
    )
    where_to = went.select(through="old_customer_id", current="customer_id")
    earlier = previous_customer_merges.join(
        where_to, previous_customer_merges["customer_id"] == where_to["through"]
    ).select("old_customer_id", customer_id="current", merged_at="merged_at")
    in_use = links.select(old_customer_id="customer_id").distinct()
    moments = {"merged_at": "timestamp(6)"}
    return ibis.union(went.cast(moments), earlier.cast(moments)).anti_join(
        in_use, "old_customer_id"
    )
