"""The joined measures, taken for everybody, each segment, each channel and each month."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.patterns.joined_occasions import NOT_ORIENTED

__all__ = ["ALL", "BY_ORIENTATION", "joined_measures"]

ALL = "all"
BY_ORIENTATION = "orientation_channel"
BY_NEED = "target_group"
# The others change with time themselves: who has not bought lately is "at risk".
BY_MONTH = ("age", "household", "language", BY_NEED)
PLACES = ("at_channel", "month")


def joined_measures(
    joined_occasions: ir.Table,
    memberships: ir.Table,
    target_groups: ir.Table,
    *,
    engine: Engine,
    persona_groups: str,
) -> ir.Table:
    """Take every joined measure, so that groups, channels and months can be compared.

    A customer counts once in each group, with all their occasions in it: occasions of one customer
    are alike, and are not so many answers.

    Args:
        joined_occasions: what the occasions of each customer come to.
        memberships, target_groups: the groups to be told apart; target groups only where they are
            no segmentation themselves.
        persona_groups: what target groups are made of.

    Returns:
        As in the contract of `joined_measures`.
    """
    codes = engine.keep(_numbered(joined_occasions, "measure"))
    occasions = joined_occasions.join(codes, "measure").select(
        "customer_id", "number", "at_channel", "month", "orientation_channel", "top", "bottom"
    )
    groups = _groups(memberships, target_groups, persona_groups)
    names = engine.keep(_numbered(groups, "segmentation", "segment", number="group_number"))
    members = groups.join(names, ["segmentation", "segment"])
    cells = engine.keep(_per_customer(occasions, *PLACES))
    apart = engine.keep(
        ibis.union(_per_customer(cells), *(_per_customer(cells, p) for p in PLACES))
    )
    placed = (
        _of_everybody(ibis.union(apart, cells)),
        _of_groups(apart, members, names),
        _of_orientations(occasions),
    )
    rows = ibis.union(*placed)
    return codes.join(rows.filter(rows["customers"] > 0), "number").drop("number")


def _groups(memberships: ir.Table, target_groups: ir.Table, persona_groups: str) -> ir.Table:
    """Who is in which group: segmentations, and target groups by need."""
    segments = memberships.select("customer_id", "segmentation", "segment")
    if persona_groups != "need":
        return segments
    needs = target_groups.select(
        "customer_id", segmentation=ibis.literal(BY_NEED), segment="target_group"
    )
    return segments.union(needs)


def _numbered(rows: ir.Table, *names: str, number: str = "number") -> ir.Table:
    """Each name that occurs, with a number: telling numbers apart is cheap, names are not."""
    each = rows.select(*names).distinct()
    return each.mutate(**{number: ibis.row_number().over(order_by=list(names)).cast("int32")})


def _per_customer(rows: ir.Table, *keys: str) -> ir.Table:
    """The sums of each customer; what is not told apart is `all`."""
    summed = rows.group_by(["customer_id", "number", *keys]).aggregate(
        top=rows["top"].sum(), bottom=rows["bottom"].sum()
    )
    lacking = {place: ibis.literal(ALL) for place in PLACES if place not in keys}
    return summed.mutate(**lacking).select("customer_id", "number", *PLACES, "top", "bottom")


def _of_everybody(cells: ir.Table) -> ir.Table:
    rows = _summed(cells, ["number", *PLACES])
    return _named(rows, segmentation=ibis.literal(ALL), segment=ibis.literal(ALL))


def _of_groups(cells: ir.Table, members: ir.Table, names: ir.Table) -> ir.Table:
    own = members.select(
        "customer_id", "group_number", is_fair=members["segmentation"].isin(BY_MONTH)
    )
    rows = cells.join(own, "customer_id")
    rows = rows.filter((rows["month"] == ALL) | rows["is_fair"])
    summed = _summed(rows, ["number", "group_number", *PLACES]).join(names, "group_number")
    return _named(summed, segmentation=summed["segmentation"], segment=summed["segment"])


def _of_orientations(occasions: ir.Table) -> ir.Table:
    oriented = occasions.filter(occasions["orientation_channel"] != NOT_ORIENTED)
    cells = oriented.group_by(["customer_id", "number", "orientation_channel"]).aggregate(
        top=oriented["top"].sum(), bottom=oriented["bottom"].sum()
    )
    summed = _summed(cells, ["number", "orientation_channel"])
    everywhere = summed.mutate(**{place: ibis.literal(ALL) for place in PLACES})
    return _named(
        everywhere,
        segmentation=ibis.literal(BY_ORIENTATION),
        segment=everywhere["orientation_channel"],
    )


def _summed(cells: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Sums over customers, from which a measure and its interval follow."""
    top, bottom = cells["top"], cells["bottom"]
    return cells.group_by(keys).aggregate(
        customers=cells.count(where=bottom > 0),
        top=top.sum(),
        bottom=bottom.sum(),
        top_squared=(top * top).sum(),
        bottom_squared=(bottom * bottom).sum(),
        cross=(top * bottom).sum(),
    )


def _named(rows: ir.Table, **group: ir.Value) -> ir.Table:
    sums = ("customers", "top", "bottom", "top_squared", "bottom_squared", "cross")
    return rows.select("number", **group, **{name: rows[name] for name in (*PLACES, *sums)})
