"""The joined measures, taken for everybody, each segment, each channel and each month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.patterns.around import around
from klantreis.patterns.joined import JOINED_MEASURES
from klantreis.patterns.joined_measure import JoinedMeasure, joined_measures_known
from klantreis.patterns.occasions import OCCASIONS, Joined
from klantreis.tables import contract

__all__ = ["ALL", "BY_ORIENTATION", "joined_measures"]

ALL = "all"
BY_ORIENTATION = "orientation_channel"
BY_NEED = "target_group"
# The others change with time themselves: who has not bought lately is "at risk".
BY_MONTH = ("age", "household", "language", BY_NEED)
KEYS = ("segmentation", "segment", "at_channel", "month")
# Sums over customers, from which a measure and its interval follow.
SUMS = ("customers", "top", "bottom", "top_squared", "bottom_squared", "cross")


def joined_measures(
    timeline: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    products: ir.Table,
    offers: ir.Table,
    survey_answers: ir.Table,
    links: ir.Table,
    memberships: ir.Table,
    journeys: ir.Table,
    target_groups: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    persona_groups: str,
) -> ir.Table:
    """Take every joined measure, so that groups, channels and months can be compared.

    A customer counts once in each group, with all their occasions in it: occasions of one customer
    are alike, and are not so many answers.

    Args:
        timeline, orders, order_lines, products, offers, survey_answers, links, journeys: what
            occasions are made from.
        memberships, target_groups: the groups to be told apart; target groups only where they are
            no segmentation themselves.
        as_of: what happened later is not seen, naive UTC.
        persona_groups: what target groups are made of.

    Returns:
        As in the contract of `joined_measures`.
    """
    seen = engine.keep(around(timeline, orders, as_of=as_of))
    joined = Joined(seen, orders, order_lines, products, offers, journeys, survey_answers, links)
    groups = engine.keep(_groups(memberships, target_groups, persona_groups))
    rows = [row for name in OCCASIONS for row in _taken(name, joined, groups, engine)]
    return engine.table(
        pa.Table.from_pylist(rows, schema=contract("joined_measures").schema.to_pyarrow())
    )


def _groups(memberships: ir.Table, target_groups: ir.Table, persona_groups: str) -> ir.Table:
    """Who is in which group: segmentations, and target groups by need."""
    segments = memberships.select("customer_id", "segmentation", "segment")
    if persona_groups != "need":
        return segments
    needs = target_groups.select(
        "customer_id", segmentation=ibis.literal(BY_NEED), segment="target_group"
    )
    return segments.union(needs)


def _taken(
    occasions: str, joined: Joined, groups: ir.Table, engine: Engine
) -> Iterator[dict[str, object]]:
    """All measures of the same occasions, in one pass over their rows."""
    own = {
        code: measure
        for code, measure in joined_measures_known(JOINED_MEASURES).items()
        if measure.occasions == occasions
    }
    if not own:
        return
    rows = engine.keep(_numbers(OCCASIONS[occasions](joined), own))
    for row in engine.fetch(_summed(_placed(rows, groups), own)).to_pylist():
        for code in own:
            sums = {name: row[f"{code}.{name}"] for name in SUMS}
            if sums["customers"]:
                yield {"measure": code, **{key: row[key] for key in KEYS}, **sums}


def _numbers(rows: ir.Table, measures: Mapping[str, JoinedMeasure]) -> ir.Table:
    """Whose, where, when, and the two numbers of each measure."""
    numbers: dict[str, ir.Value] = {}
    for code, measure in measures.items():
        parts = measure.parts(rows)
        numbers |= {f"{code}.top": parts.top, f"{code}.bottom": parts.bottom}
    has_orientation = "orientation_channel" in rows.columns
    counted = rows.select(
        "customer_id",
        "at_channel",
        month=rows["occurred_at"].strftime("%Y-%m"),
        orientation=rows["orientation_channel"] if has_orientation else ibis.null("string"),
        **numbers,
    )
    counts = (counted[f"{code}.bottom"].notnull() for code in measures)
    return counted.filter(reduce(or_, counts))


def _placed(rows: ir.Table, groups: ir.Table) -> ir.Table:
    """One row for each customer, group, channel and month that are told apart."""
    cells = ibis.union(
        _per_customer(rows), _per_customer(rows, "at_channel"), _per_customer(rows, "month")
    )
    in_groups = cells.join(groups, "customer_id")
    is_fair = (in_groups["month"] == ALL) | in_groups["segmentation"].isin(BY_MONTH)
    everybody = cells.union(_per_customer(rows, "at_channel", "month"))
    oriented = _per_customer(rows.filter(rows["orientation"].notnull()), "orientation")
    placed = (
        everybody.mutate(segmentation=ibis.literal(ALL), segment=ibis.literal(ALL)),
        in_groups.filter(is_fair),
        oriented.mutate(segmentation=ibis.literal(BY_ORIENTATION), segment=oriented["orientation"]),
    )
    columns = ["customer_id", *KEYS, *_numbers_of(rows)]
    return reduce(lambda one, other: one.union(other), [part.select(columns) for part in placed])


def _per_customer(rows: ir.Table, *keys: str) -> ir.Table:
    """The sums of each customer; what is not told apart is `all`."""
    summed = rows.group_by(["customer_id", *keys]).aggregate(
        **{name: rows[name].sum() for name in _numbers_of(rows)}
    )
    lacking = {"at_channel": ibis.literal(ALL), "month": ibis.literal(ALL)}
    return summed.mutate(**{key: value for key, value in lacking.items() if key not in keys})


def _numbers_of(rows: ir.Table) -> list[str]:
    return [name for name in rows.columns if name.endswith((".top", ".bottom"))]


def _summed(rows: ir.Table, measures: Mapping[str, JoinedMeasure]) -> ir.Table:
    sums: dict[str, ir.Value] = {}
    for code in measures:
        top, bottom = rows[f"{code}.top"], rows[f"{code}.bottom"]
        values = (
            rows.count(where=bottom > 0), top.sum(), bottom.sum(),
            (top * top).sum(), (bottom * bottom).sum(), (top * bottom).sum(),
        )  # fmt: skip
        sums |= {f"{code}.{name}": value for name, value in zip(SUMS, values, strict=True)}
    return rows.group_by(list(KEYS)).aggregate(**sums)
