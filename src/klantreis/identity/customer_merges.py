"""Customer numbers that are no longer used, and where they went."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.identity.numbers import records_of_numbers
from klantreis.tables import contract

__all__ = ["customer_merges"]

MOMENT = contract("customer_merges").column("merged_at").dtype


def customer_merges(
    links: ir.Table,
    *,
    engine: Engine,
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
    kept_links: ir.Table,
    changed_links: ir.Table,
    as_of: datetime,
) -> ir.Table:
    """Tell where every number that was ever given out leads now, in one step.

    A number that went over into another leads to the customer that has most of its records, the
    lowest of equals; where nobody remembers its records, to where the number went that it led to.
    A number whose records were all taken out leads to itself: it is retired,
    and never given to someone else. A number that a customer got back is no longer here.

    Args:
        links: the numbers of now.
        previous_links: the numbers of before.
        previous_customer_merges: what led where before.
        kept_links, changed_links: where the numbers of before are those of records that changed
            since, the others are not looked at.
        as_of: moment of the merges that are new, naive UTC.

    Returns:
        As in the contract of `customer_merges`.
    """
    if is_any(kept_links, engine) and not is_any(changed_links, engine):
        return previous_customer_merges
    owned = links.filter(links["customer_id"].notnull())
    before = previous_links.filter(previous_links["customer_id"].notnull())
    if is_any(kept_links, engine):
        before = before.semi_join(changed_links, "person_id")
    numbers = before.select("person_id", old_customer_id="customer_id")
    asked = numbers.select("old_customer_id").union(
        previous_customer_merges.select("old_customer_id"), distinct=True
    )
    alive = owned.select(old_customer_id="customer_id")
    alive = engine.keep(alive.semi_join(engine.keep(asked), "old_customer_id").distinct())
    gone = engine.keep(numbers.anti_join(alive, "old_customer_id"))
    earlier = engine.keep(previous_customer_merges.anti_join(alive, "old_customer_id"))
    records = records_of_numbers(earlier).union(gone.select("old_customer_id", "person_id"))
    records = engine.keep(records)
    there = links.semi_join(records, "person_id").select("person_id", "customer_id")
    there = engine.keep(there)
    records = records.semi_join(there, "person_id")
    owned = there.filter(there["customer_id"].notnull())
    chosen = _chosen(records, owned)
    led = _led(earlier, gone).left_join(chosen, "old_customer_id").drop("old_customer_id_right")
    led = led.left_join(_held(records), "old_customer_id").drop("old_customer_id_right")
    onward = chosen.select(customer_id="old_customer_id", onward="chosen")
    led = led.left_join(onward, "customer_id").drop("customer_id_right")
    return led.select(
        "old_customer_id",
        customer_id=ibis.coalesce(
            led["chosen"], led["onward"], led["customer_id"], led["old_customer_id"]
        ),
        merged_at=ibis.coalesce(led["merged_at"], ibis.literal(as_of).cast(MOMENT)),
        person_ids=led["person_ids"],
    )


def _led(earlier: ir.Table, gone: ir.Table) -> ir.Table:
    """Every number that is not in use, with where it led before; new ones lead nowhere yet."""
    told = earlier.select(
        "old_customer_id", "customer_id", merged_at=earlier["merged_at"].cast(MOMENT)
    )
    fresh = gone.select("old_customer_id").distinct()
    fresh = fresh.mutate(customer_id=ibis.null("int64"), merged_at=ibis.null().cast(MOMENT))
    return told.union(fresh)


def _chosen(records: ir.Table, owned: ir.Table) -> ir.Table:
    """The customer that has most of a number's records, the lowest of equals."""
    now = records.join(owned.select("person_id", "customer_id"), "person_id")
    votes = now.group_by("old_customer_id", "customer_id").aggregate(records=now.count())
    ranked = votes.mutate(lowest_first=-votes["customer_id"])
    best = ibis.struct({"records": ranked["records"], "lowest_first": ranked["lowest_first"]}).max()
    chosen = ranked.group_by("old_customer_id").aggregate(best=best)
    return chosen.select("old_customer_id", chosen=-chosen["best"]["lowest_first"])


def _held(records: ir.Table) -> ir.Table:
    return records.group_by("old_customer_id").aggregate(
        person_ids=records["person_id"].collect().sort()
    )
