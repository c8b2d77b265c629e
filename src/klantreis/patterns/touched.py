"""Whom a change touches: the customers whose occasions have to be looked at anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, happened
from klantreis.patterns.occasions import in_leaflet

__all__ = ["touched"]

Tables = Mapping[str, ir.Table]


def touched(
    now: Tables,
    before: Tables,
    changed: Tables,
    known_days: Iterable[int],
    engine: Engine,
    *,
    held_until: datetime,
    as_of: datetime,
) -> ir.Table:
    """The customers whose occasions may come to something else now.

    Of whom a moment changed, an order, what was in it, the channel of orientation or an answer; and
    for whom time does it: something happened since, or is so long ago now that it counts.

    Args:
        now: the tables that occasions are made from, and `occurrences`.
        before: what they are made from as it was, but `timeline`.
        changed: the keys that changed of `timeline`, `orders`, `order_lines`, `journeys`,
            `survey_answers` and `links`.
        known_days: after how many days occasions count.
        held_until: the moment up to which the occasions of before held.
        as_of: the moment up to which they will hold.

    Returns:
        Column `customer_id`, each once.
    """
    occurrences = now["occurrences"]
    orders = engine.keep(_orders_told_otherwise(now, before, changed))
    passed = (
        happened(occurrences, held_until - timedelta(days=days), as_of - timedelta(days=days))
        for days in sorted({0, *known_days})
    )
    owners = (
        changed["timeline"],
        *passed,
        occurrences.semi_join(orders, "order_id"),
        _oriented_otherwise(now, before, changed),
        *_who_answered_otherwise(now, before, changed, engine),
    )
    together = ibis.union(*(rows.select("customer_id") for rows in owners), distinct=True)
    return engine.keep(together.filter(together["customer_id"].notnull()))


def _orders_told_otherwise(now: Tables, before: Tables, changed: Tables) -> ir.Table:
    """Orders that changed, also in what is in them, what takes them back, or the leaflets of that day."""
    told = [changed["orders"].select("order_id")]
    sorted_otherwise = _difference(now, before, "products", ["product_id", "category"])
    for side in (now, before):
        orders = side["orders"].semi_join(changed["orders"], "order_id")
        told.append(orders.select(order_id="refers_to_order_id"))
        lines = side["order_lines"].semi_join(changed["order_lines"], "order_line_id")
        told.append(lines.select("order_id"))
    lines = now["order_lines"]
    told.append(lines.semi_join(sorted_otherwise, "product_id").select("order_id"))
    shown = ["product_id", "medium", "starts_on", "ends_on"]
    bought = now["occurrences"].filter(now["occurrences"]["event"] == "purchase")
    told.append(in_leaflet(bought, _difference(now, before, "offers", shown), lines))
    return ibis.union(*told, distinct=True)


def _difference(now: Tables, before: Tables, name: str, columns: list[str]) -> ir.Table:
    """What a table says in some columns on one side only."""
    fresh, stale = (side[name].select(columns).distinct() for side in (now, before))
    return fresh.difference(stale).union(stale.difference(fresh))


def _oriented_otherwise(now: Tables, before: Tables, changed: Tables) -> ir.Table:
    sides = [
        {"journeys": side["journeys"].semi_join(changed["journeys"], "journey_id")}
        for side in (now, before)
    ]
    told = ["customer_id", "purchased_at", "orientation_channel"]
    differs = _difference(sides[0], sides[1], "journeys", told)
    return differs.filter(differs["purchased_at"].notnull())


def _who_answered_otherwise(
    now: Tables, before: Tables, changed: Tables, engine: Engine
) -> tuple[ir.Table, ...]:
    """The customers of persons of whom an answer changed, or whose answers are somebody else's now."""
    persons = ibis.union(
        *(
            side["survey_answers"]
            .semi_join(changed["survey_answers"], "answer_id")
            .select("person_id")
            for side in (now, before)
        ),
        now["survey_answers"].semi_join(changed["links"], "person_id").select("person_id"),
        distinct=True,
    )
    kept = engine.keep(persons)
    return tuple(side["links"].semi_join(kept, "person_id") for side in (now, before))
