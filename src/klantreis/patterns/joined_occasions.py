"""What every customer's occasions come to in the joined measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.patterns.around import around, starts
from klantreis.patterns.joined import JOINED_MEASURES
from klantreis.patterns.joined_measure import JoinedMeasure, joined_measures_known
from klantreis.patterns.occasions import OCCASIONS, Joined
from klantreis.tables import EVERYONE, Portion

__all__ = ["NOT_ORIENTED", "joined_occasions"]

NOT_ORIENTED = "none"
PLACE = ("at_channel", "month", "orientation_channel")


def joined_occasions(
    timeline: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    products: ir.Table,
    offers: ir.Table,
    survey_answers: ir.Table,
    links: ir.Table,
    journeys: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    portion: Portion = EVERYONE,
) -> ir.Table:
    """Take the two numbers of every joined measure of each customer's occasions, and add them up.

    Args:
        timeline, orders, order_lines, products, offers, survey_answers, links, journeys: what
            occasions are made from.
        as_of: what happened later is not seen, naive UTC.
        portion: whose occasions.

    Returns:
        As in the contract of `joined_occasions`.
    """
    begun = engine.keep(starts(timeline, as_of=as_of))
    seen = engine.keep(around(portion.of(timeline), orders, begun, as_of=as_of))
    own = portion.of(journeys)
    joined = Joined(seen, orders, order_lines, products, offers, own, survey_answers, links)
    rows = ibis.union(*(part for name in OCCASIONS for part in _taken(name, joined, engine)))
    return rows.group_by(["customer_id", "measure", *PLACE]).aggregate(
        top=rows["top"].sum(), bottom=rows["bottom"].sum()
    )


def _taken(occasions: str, joined: Joined, engine: Engine) -> Iterator[ir.Table]:
    """Of each measure of the same occasions, those that count: a row each."""
    own = {
        code: measure
        for code, measure in joined_measures_known(JOINED_MEASURES).items()
        if measure.occasions == occasions
    }
    if not own:
        return
    # Kept, so that what is shared by the measures is made once.
    rows = engine.keep(_numbers(OCCASIONS[occasions](joined), own))
    for code in own:
        top, bottom = rows[f"{code}.top"], rows[f"{code}.bottom"]
        counted = rows.select(
            "customer_id", *PLACE, measure=ibis.literal(code), top=top, bottom=bottom
        )
        yield counted.filter(counted["bottom"].notnull())


def _numbers(rows: ir.Table, measures: Mapping[str, JoinedMeasure]) -> ir.Table:
    """Whose, where, when, and the two numbers of each measure."""
    numbers: dict[str, ir.Value] = {}
    for code, measure in measures.items():
        parts = measure.parts(rows)
        numbers |= {f"{code}.top": parts.top, f"{code}.bottom": parts.bottom}
    is_oriented = "orientation_channel" in rows.columns
    oriented = rows["orientation_channel"] if is_oriented else ibis.null("string")
    return rows.select(
        "customer_id",
        "at_channel",
        month=rows["occurred_at"].strftime("%Y-%m"),
        orientation_channel=oriented.fill_null(NOT_ORIENTED),
        **numbers,
    )
