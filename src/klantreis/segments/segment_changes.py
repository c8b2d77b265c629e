"""Who came into which segment, and when: kept from run to run."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

__all__ = ["segment_changes"]

NOWHERE = ""  # stands for the group of who was in none, so that it can be compared
KEY = ["segmentation", "customer_id"]


def segment_changes(
    memberships: ir.Table,
    previous_memberships: ir.Table,
    previous_segment_changes: ir.Table,
    *,
    as_of: datetime,
) -> ir.Table:
    """Set the memberships of now beside those of the last run, and add what differs.

    A segmentation that is new has no changes yet: that everybody is in it is no news. A run over
    the same data, or up to an earlier moment, makes one change of what it finds and of the
    changes from `as_of` on. Of customers who are no longer there nothing is kept: who was erased,
    and numbers that went over into another.

    Args:
        memberships: as in its contract.
        previous_memberships, previous_segment_changes: as last published.
        as_of: the moment of measuring (UTC).

    Returns:
        As in the contract of `segment_changes`.
    """
    moment = ibis.literal(as_of, "timestamp(6)")
    there = memberships.select("customer_id").distinct()
    kept = previous_segment_changes.semi_join(there, "customer_id")
    found = _placed(memberships, previous_memberships, kept.filter(kept["changed_at"] >= moment))
    changed = found.filter(found["origin"] != found["to_segment"])
    fresh = changed.select(
        *KEY,
        changed_at=moment,
        from_segment=changed["origin"].nullif(NOWHERE),
        to_segment="to_segment",
    )
    earlier = kept.filter(kept["changed_at"] < moment).select(*fresh.columns)
    # Spark reads moments without their precision.
    earlier = earlier.mutate(changed_at=earlier["changed_at"].cast("timestamp(6)"))
    return ibis.union(earlier, fresh)


def _placed(memberships: ir.Table, before: ir.Table, since: ir.Table) -> ir.Table:
    """Each membership with `origin`: the group before the last run, or before `since`."""
    segmentations = before.select("segmentation").distinct()
    now = memberships.semi_join(segmentations, "segmentation").select(*KEY, to_segment="segment")
    earlier = before.select(*KEY, was="segment")
    first = since.group_by(KEY).aggregate(
        was_first=since["from_segment"].fill_null(NOWHERE).argmin(since["changed_at"])
    )
    placed = now.left_join(earlier, KEY).select(*KEY, "to_segment", "was")
    placed = placed.left_join(first, KEY).select(*KEY, "to_segment", "was", "was_first")
    return placed.mutate(origin=ibis.coalesce(placed["was_first"], placed["was"], NOWHERE))
