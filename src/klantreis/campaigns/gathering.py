"""Gathers what decisions rest on: from the tables to the facts of a batch of customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.campaigns.flows import Flow
from klantreis.campaigns.known import Known, Payment
from klantreis.rules import (
    COLUMNS,
    Compare,
    Did,
    Facts,
    Measure,
    Moment,
    Window,
    matching,
    parts_of,
)

__all__ = ["GATHERED", "candidates", "horizon", "known_customers"]

GATHERED = (
    "portraits",
    "customers",
    "timeline",
    "memberships",
    "links",
    "orders",
    "payments",
    "stock_levels",
)
SHORTEST = timedelta(days=45)  # what the guards and the first steps look back at most
MOMENT = (
    "customer_id",
    "occurred_at",
    "event",
    "channel",
    "session",
    "amount",
    "product_id",
    "order_id",
    "score",
)
Rows = Callable[[ir.Table], list[dict[str, Any]]]


def candidates(flow: Flow, tables: Mapping[str, ir.Table], *, now: datetime) -> ir.Table:
    """The customers for whom a flow's trigger holds now; more than those who may enter again.

    Returns:
        Column `customer_id`, one row a customer.
    """
    trigger, found = flow.trigger, None
    if trigger.event:
        timeline = tables["timeline"]
        recent = timeline.filter(
            (timeline["event"] == trigger.event)
            & (timeline["occurred_at"] > ibis.literal(now - trigger.within))
            & (timeline["occurred_at"] <= ibis.literal(now))
        )
        if trigger.score_at_most is not None:
            recent = recent.filter(recent["score"] <= trigger.score_at_most)
        found = recent.select("customer_id").distinct()
    if trigger.rule is not None:
        fitting = matching(trigger.rule, tables, now=now)
        found = fitting if found is None else found.semi_join(fitting, "customer_id")
    assert found is not None
    return found


def horizon(flow: Flow) -> timedelta | None:
    """How far back a flow looks in the timeline; None for the whole history."""
    lengths = [
        SHORTEST,
        flow.trigger.within + sum((_wait(step) for step in flow.steps), timedelta()),
    ]
    for rule in flow.rules:
        for part in parts_of(rule):
            measure = part.left if isinstance(part, Compare) else part
            if isinstance(measure, Did | Measure):
                if measure.window is None:
                    return None
                lengths.append(measure.window.length)
            elif isinstance(window := getattr(part, "window", None), Window):
                lengths.append(window.length)
    return max(lengths)


def _wait(step: Any) -> timedelta:
    length: timedelta = getattr(step, "length", timedelta())
    return length


def known_customers(
    ids: ir.Table,
    tables: Mapping[str, ir.Table],
    rows: Rows,
    *,
    since: datetime,
    now: datetime,
    withdrawn: Callable[[int, str], bool],
) -> list[Known]:
    """Everything that decisions about a batch of customers rest on.

    Args:
        ids: column `customer_id`; a few thousand at most.
        tables: those of `GATHERED`.
        rows: computes a table and brings its rows here.
        since: earlier moments are left out.
        now: later moments are left out, naive UTC.
        withdrawn: whether a customer, or their e-mail address, withdrew consent.
    """
    portraits = rows(_portraits(ids, tables))
    moments = _by_customer(rows(_moments(ids, tables, since, now)))
    payments = _by_customer(rows(_payments(ids, tables, now - SHORTEST, now)))
    segments = _by_customer(rows(tables["memberships"].semi_join(ids, "customer_id")))
    products = {row["product_id"] for own in moments.values() for row in own} - {None}
    gone = _out_of_stock(products, tables, rows)
    return [
        Known(
            customer_id=row["customer_id"],
            facts=Facts(
                values=row,
                moments=tuple(_moment(one) for one in moments.get(row["customer_id"], ())),
                segments=frozenset(one["segment"] for one in segments.get(row["customer_id"], ())),
            ),
            payments=tuple(
                Payment(one["status"], one["at"], one["order_id"] or "")
                for one in payments.get(row["customer_id"], ())
            ),
            out_of_stock=gone,
            has_withdrawn=withdrawn(row["customer_id"], row["email"] or ""),
        )
        for row in portraits
    ]


def _portraits(ids: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    portraits = tables["portraits"].semi_join(ids, "customer_id")
    more = [name for name in COLUMNS if name not in portraits.columns]
    customers = tables["customers"].semi_join(ids, "customer_id").select("customer_id", *more)
    joined = portraits.left_join(customers, "customer_id")
    return joined.drop("customer_id_right").order_by("customer_id")


def _moments(
    ids: ir.Table, tables: Mapping[str, ir.Table], since: datetime, now: datetime
) -> ir.Table:
    timeline = tables["timeline"].semi_join(ids, "customer_id")
    inside = (timeline["occurred_at"] > ibis.literal(since)) & (
        timeline["occurred_at"] <= ibis.literal(now)
    )
    return timeline.filter(inside).select(*MOMENT)


def _payments(
    ids: ir.Table, tables: Mapping[str, ir.Table], after: datetime, now: datetime
) -> ir.Table:
    """Recent attempts to pay with their customer: of the payment's person, else of the order's."""
    links = tables["links"].select("person_id", "customer_id")
    payments = tables["payments"]
    payments = payments.mutate(at=ibis.coalesce(payments["changed_at"], payments["created_at"]))
    recent = payments.filter(
        (payments["at"] > ibis.literal(after)) & (payments["at"] <= ibis.literal(now))
    ).select("payment_id", "person_id", "order_id", "status", "at")
    orders = tables["orders"].select("order_id", buyer="person_id")
    owned = recent.left_join(orders, "order_id").drop("order_id_right")
    owned = owned.mutate(person_id=ibis.coalesce(owned["person_id"], owned["buyer"]))
    tied = owned.join(links, "person_id").select("customer_id", "order_id", "status", "at")
    return tied.semi_join(ids, "customer_id")


def _out_of_stock(
    products: Iterable[str], tables: Mapping[str, ir.Table], rows: Rows
) -> frozenset[str]:
    """Products of which, by the last count of each place, nothing is left anywhere."""
    wanted = sorted(products)
    if not wanted:
        return frozenset()
    levels = tables["stock_levels"]
    levels = levels.filter(levels["product_id"].isin(wanted))
    last = levels.group_by("product_id", "location_id").aggregate(
        quantity=levels["quantity"].argmax(levels["counted_on"])
    )
    totals = last.group_by("product_id").aggregate(quantity=last["quantity"].sum())
    return frozenset(row["product_id"] for row in rows(totals.filter(totals["quantity"] <= 0)))


def _by_customer(found: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    grouped: dict[int, list[dict[str, Any]]] = {}
    for row in found:
        grouped.setdefault(row["customer_id"], []).append(row)
    return grouped


def _moment(row: Mapping[str, Any]) -> Moment:
    return Moment(**{name: row[name] for name in MOMENT if name != "customer_id"})
