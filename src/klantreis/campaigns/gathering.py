"""Gathers what decisions rest on: from the tables to the facts of a batch of customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.campaigns.flows import Flow
from klantreis.campaigns.known import Known, Payment
from klantreis.rules import (
    COLUMNS,
    TABLES_OF_COLUMNS,
    TABLES_READ,
    Ago,
    Asked,
    Facts,
    Moment,
    Rule,
    Window,
    asked_by,
    matching,
    open_phases,
    table_of,
)

__all__ = ["GATHERED", "candidates", "horizon", "known_customers"]

GATHERED = (
    *TABLES_READ,
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
    "page",
    "campaign",
    "store_id",
    "text",
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
    asked = asked_by(flow.rules)
    windows = [one.window for one in asked.measures] + [one.window for one in asked.chains]
    for window in windows:
        match window:
            case Window():
                lengths.append(window.length)
            case Ago(int() as start, _, unit):
                lengths.append(timedelta(**{unit: start}))
            case _:
                return None
    return max(lengths)


def _wait(step: Any) -> timedelta:
    length: timedelta = getattr(step, "length", timedelta())
    return length


def known_customers(
    ids: ir.Table,
    tables: Mapping[str, ir.Table],
    rows: Rows,
    *,
    rules: Sequence[Rule],
    since: datetime,
    now: datetime,
    withdrawn: Callable[[int, str], bool],
) -> list[Known]:
    """Everything that decisions about a batch of customers rest on.

    Args:
        ids: column `customer_id`; a few thousand at most.
        tables: those of `GATHERED`, and `permissions` when a rule asks for them.
        rows: computes a table and brings its rows here.
        rules: of the flow; what they do not ask of groups and scores is not gathered.
        since: earlier moments are left out.
        now: later moments are left out, naive UTC.
        withdrawn: whether a customer, or their e-mail address, withdrew consent.
    """
    asked = asked_by(rules)
    portraits = rows(_portraits(ids, tables, asked))
    moments = _by_customer(rows(_moments(ids, tables, since, now)))
    payments = _by_customer(rows(_payments(ids, tables, now - SHORTEST, now)))
    segments = _by_customer(rows(tables["memberships"].semi_join(ids, "customer_id")))
    personas, phases = _personas(ids, tables, rows, asked), _phases(ids, tables, rows, asked)
    allowed = _permissions(ids, tables, rows, asked)
    products = {row["product_id"] for own in moments.values() for row in own} - {None}
    gone = _out_of_stock(products, tables, rows)
    return [
        Known(
            customer_id=row["customer_id"],
            facts=Facts(
                values=row,
                moments=tuple(_moment(one) for one in moments.get(row["customer_id"], ())),
                segments=frozenset(one["segment"] for one in segments.get(row["customer_id"], ())),
                personas=frozenset(
                    one["persona_id"] for one in personas.get(row["customer_id"], ())
                ),
                phases=frozenset(one["phase"] for one in phases.get(row["customer_id"], ())),
                permissions=frozenset(
                    one["purpose"] for one in allowed.get(row["customer_id"], ())
                ),
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


def _portraits(ids: ir.Table, tables: Mapping[str, ir.Table], asked: Asked) -> ir.Table:
    """Every column of customers, and those of scores that are asked."""
    together = tables["portraits"].semi_join(ids, "customer_id")
    for table in TABLES_OF_COLUMNS:
        always = table == "customers"
        more = [
            name
            for name in COLUMNS
            if table_of(name) == table
            and name not in together.columns
            and (always or name in asked.columns)
        ]
        if more:
            others = tables[table].semi_join(ids, "customer_id").select("customer_id", *more)
            together = together.left_join(others, "customer_id").drop("customer_id_right")
    return together.order_by("customer_id")


def _personas(
    ids: ir.Table, tables: Mapping[str, ir.Table], rows: Rows, asked: Asked
) -> dict[int, list[dict[str, Any]]]:
    if not asked.personas:
        return {}
    scored = tables["persona_memberships"]
    members = scored.filter(scored["is_member"]).semi_join(ids, "customer_id")
    return _by_customer(rows(members.select("customer_id", "persona_id")))


def _phases(
    ids: ir.Table, tables: Mapping[str, ir.Table], rows: Rows, asked: Asked
) -> dict[int, list[dict[str, Any]]]:
    if not asked.phases:
        return {}
    visits = tables["phase_visits"].semi_join(ids, "customer_id")
    return _by_customer(rows(open_phases(visits, tables["journeys"])))


def _permissions(
    ids: ir.Table, tables: Mapping[str, ir.Table], rows: Rows, asked: Asked
) -> dict[int, list[dict[str, Any]]]:
    if not asked.permissions:
        return {}
    return _by_customer(rows(tables["permissions"].semi_join(ids, "customer_id")))


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
