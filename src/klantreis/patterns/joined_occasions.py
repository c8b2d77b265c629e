"""What every customer's occasions come to in the joined measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any, is_few, what_differs
from klantreis.patterns.around import around, starts
from klantreis.patterns.joined import JOINED_MEASURES
from klantreis.patterns.joined_measure import JoinedMeasure, joined_measures_known
from klantreis.patterns.occasions import OCCASIONS, Joined
from klantreis.patterns.touched import touched
from klantreis.tables import EVERYONE, Portion, Renewal

__all__ = ["NOT_ORIENTED", "joined_occasions"]

NOT_ORIENTED = "none"
READ: Mapping[str, Sequence[str]] = {
    "timeline": (
        "customer_id", "position", "session", "occurred_at", "channel", "event", "order_id", "amount",
    ),
    "journeys": ("customer_id", "purchased_at", "orientation_channel"),
}  # fmt: skip
PLACE = ("at_channel", "month", "orientation_channel")


def joined_occasions(
    timeline: ir.Table,
    occurrences: ir.Table,
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
    kept_joined_occasions: ir.Table,
    kept_as_of: datetime | None,
    previous_timeline: ir.Table,
    previous_orders: ir.Table,
    previous_order_lines: ir.Table,
    previous_products: ir.Table,
    previous_offers: ir.Table,
    previous_survey_answers: ir.Table,
    previous_links: ir.Table,
    previous_journeys: ir.Table,
    changed_timeline: ir.Table,
    changed_orders: ir.Table,
    changed_order_lines: ir.Table,
    changed_survey_answers: ir.Table,
    changed_links: ir.Table,
    changed_journeys: ir.Table,
) -> ir.Table | Renewal:
    """Take the two numbers of every joined measure of each customer's occasions, and add them up.

    Only customers are looked at anew whom a change touches, unless these are many, or data begin at
    another moment now.

    Args:
        timeline, orders, order_lines, products, offers, survey_answers, links, journeys: what
            occasions are made from.
        occurrences: the timelines, by what happened and when.
        as_of: what happened later is not seen, naive UTC.
        portion: whose occasions, when all are looked at.
        kept_joined_occasions: what occasions came to before.
        kept_as_of: the moment up to which that held.
        previous_timeline, previous_orders, previous_order_lines, previous_products,
            previous_offers, previous_survey_answers, previous_links, previous_journeys: as they
            were then.
        changed_timeline, changed_orders, changed_order_lines, changed_survey_answers,
            changed_links, changed_journeys: what has changed since.

    Returns:
        As in the contract of `joined_occasions`.
    """
    begun = engine.keep(starts(timeline, as_of=as_of))
    now = {
        "timeline": timeline,
        "orders": orders,
        "order_lines": order_lines,
        "products": products,
        "offers": offers,
        "survey_answers": survey_answers,
        "links": links,
        "journeys": journeys,
    }
    if kept_as_of is None or kept_as_of > as_of or not is_any(kept_joined_occasions, engine):
        return _added_up(now, portion.of, begun, engine, as_of)
    began = engine.keep(starts(previous_timeline, as_of=kept_as_of))
    if is_any(begun.difference(began), engine):
        return _added_up(now, portion.of, begun, engine, as_of)
    before = {
        "orders": previous_orders,
        "order_lines": previous_order_lines,
        "products": previous_products,
        "offers": previous_offers,
        "survey_answers": previous_survey_answers,
        "links": previous_links,
        "journeys": previous_journeys,
    }
    changed = {
        "timeline": changed_timeline,
        "orders": changed_orders,
        "order_lines": changed_order_lines,
        "survey_answers": changed_survey_answers,
        "links": changed_links,
        "journeys": changed_journeys,
    }
    days = [measure.known_days for measure in joined_measures_known(JOINED_MEASURES).values()]
    held = {"held_until": kept_as_of, "as_of": as_of}
    own = touched(now | {"occurrences": occurrences}, before, changed, days, engine, **held)
    if not is_few(own, links, engine):
        return _added_up(now, portion.of, begun, engine, as_of)

    def whose(rows: ir.Table) -> ir.Table:
        return engine.keep(rows.semi_join(own, "customer_id"))

    fresh = _added_up(now, whose, begun, engine, as_of)
    return what_differs(fresh, whose(kept_joined_occasions), "joined_occasions", engine)


def _added_up(
    tables: Mapping[str, ir.Table],
    whose: Callable[[ir.Table], ir.Table],
    begun: ir.Table,
    engine: Engine,
    as_of: datetime,
) -> ir.Table:
    """What the occasions of some customers, or all, come to."""
    own = {name: whose(tables[name].select(READ[name])) for name in READ}
    seen = engine.keep(around(own.pop("timeline"), tables["orders"], begun, as_of=as_of))
    rest = {name: rows for name, rows in tables.items() if name != "timeline"}
    joined = Joined(around=seen, engine=engine, **(rest | own))
    rows = ibis.union(*(part for name in OCCASIONS for part in _taken(name, joined, as_of)))
    return rows.group_by(["customer_id", "measure", *PLACE]).aggregate(
        top=rows["top"].sum(), bottom=rows["bottom"].sum()
    )


def _taken(occasions: str, joined: Joined, as_of: datetime) -> Iterator[ir.Table]:
    """Of each measure of the same occasions, those that count: a row each."""
    own = {
        code: measure
        for code, measure in joined_measures_known(JOINED_MEASURES).items()
        if measure.occasions == occasions
    }
    if not own:
        return
    # Kept, so that what is shared by the measures is made once.
    rows = joined.engine.keep(_numbers(OCCASIONS[occasions](joined), own))
    for code, measure in own.items():
        top, bottom = rows[f"{code}.top"], rows[f"{code}.bottom"]
        is_known = rows["occurred_at"] <= as_of - timedelta(days=measure.known_days)
        yield rows.filter(is_known & bottom.notnull()).select(
            "customer_id", *PLACE, measure=ibis.literal(code), top=top, bottom=bottom
        )


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
        "occurred_at",
        month=rows["occurred_at"].strftime("%Y-%m"),
        orientation_channel=oriented.fill_null(NOT_ORIENTED),
        **numbers,
    )
