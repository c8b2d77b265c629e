"""How much every source brought, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.portraits.owners import order_customers
from klantreis.tables import contract

__all__ = ["source_quality"]

# The amount by which a row of each table is judged.
AMOUNTS: Mapping[str, str] = {
    "events": "amount",
    "orders": "total_amount",
    "order_lines": "line_amount",
    "products": "price_amount",
    "offers": "offer_amount",
    "payments": "amount",
    "spend": "cost_amount",
}
OUTLIER_RANGES = 3
SOURCE_AND_TABLE = ["source", "table_name"]


def source_quality(
    imports: ir.Table,
    links: ir.Table,
    customers: ir.Table,
    persons: ir.Table,
    identifiers: ir.Table,
    events: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    order_totals: ir.Table,
    products: ir.Table,
    offers: ir.Table,
    payments: ir.Table,
    messages: ir.Table,
    feedback: ir.Table,
    survey_answers: ir.Table,
    spend: ir.Table,
    consents: ir.Table,
    stock_levels: ir.Table,
    search_terms: ir.Table,
    *,
    engine: Engine,
) -> ir.Table:
    """Judge every table of every source.

    A row is tied to a customer by its person, else by the order that it is about. Outliers are
    Tukey's far-out values (Exploratory Data Analysis, 1977): beyond 3 interquartile ranges.

    Returns:
        As in the contract of `source_quality`; also sources of which no row was fit to load.
    """
    tables = {
        "persons": persons,
        "identifiers": identifiers,
        "events": events,
        "orders": orders,
        "order_lines": order_lines,
        "order_totals": order_totals,
        "products": products,
        "offers": offers,
        "payments": payments,
        "messages": messages,
        "feedback": feedback,
        "survey_answers": survey_answers,
        "spend": spend,
        "consents": consents,
        "stock_levels": stock_levels,
        "search_terms": search_terms,
    }
    known = customers.select("customer_id", "is_known")
    # Every table asks for these.
    people = links.join(known, "customer_id")
    people = engine.keep(people.select("person_id", is_known_person="is_known"))
    buyers = order_customers(links, orders).join(known, "customer_id")
    buyers = engine.keep(buyers.select("order_id", is_known_buyer="is_known"))
    judged = [engine.keep(_judged(name, table, people, buyers)) for name, table in tables.items()]
    return _beside_imports(ibis.union(*judged), imports)


def _judged(name: str, table: ir.Table, people: ir.Table, buyers: ir.Table) -> ir.Table:
    measured = _measured(name, table, people, buyers)
    outliers = _outliers(name, table)
    if outliers is None:
        return measured.mutate(outliers=ibis.literal(0).cast("int64"))
    joined = measured.left_join(outliers, "source").drop("source_right")
    return joined.mutate(outliers=joined["outliers"].fill_null(0).cast("int64"))


def _measured(name: str, table: ir.Table, people: ir.Table, buyers: ir.Table) -> ir.Table:
    period = contract(name).period
    optional = [c.name for c in contract(name).columns if not c.required]
    has_persons = "person_id" in table.columns or name == "order_lines"
    tied = _tied(table, people, buyers) if has_persons else table
    counts = tied.group_by("source").aggregate(
        rows=tied.count(),
        first_at=_moment(tied[period].min() if period else ibis.null()),
        last_at=_moment(tied[period].max() if period else ibis.null()),
        **{f"filled_{column}": tied[column].count() for column in optional},
        **(
            {"tied": tied["is_known"].count(), "known": tied.count(where=tied["is_known"])}
            if has_persons
            else {}
        ),
    )
    share = {
        "tied_share": counts["tied"] / counts["rows"] if has_persons else ibis.null(),
        "known_share": counts["known"] / counts["rows"] if has_persons else ibis.null(),
    }
    return counts.select(
        "source",
        table_name=ibis.literal(name),
        rows=counts["rows"],
        first_at=counts["first_at"],
        last_at=counts["last_at"],
        missing_share=_missing_share(counts, optional),
        **{column: value.cast("float64") for column, value in share.items()},
    )


def _tied(table: ir.Table, people: ir.Table, buyers: ir.Table) -> ir.Table:
    """The rows with `is_known`: of the customer that they tie to, empty where they tie to none."""
    found = []
    if "person_id" in table.columns:
        table = table.left_join(people, "person_id").drop("person_id_right")
        found.append("is_known_person")
    if "order_id" in table.columns:
        table = table.left_join(buyers, "order_id").drop("order_id_right")
        found.append("is_known_buyer")
    return table.mutate(is_known=ibis.coalesce(*(table[name] for name in found)))


def _missing_share(counts: ir.Table, optional: list[str]) -> ir.Value:
    """The empty part of the values that the source fills at all."""
    filled = [counts[f"filled_{column}"] for column in optional]
    if not filled:
        return ibis.null().cast("float64")
    rows = counts["rows"]
    lacking = sum(ibis.ifelse(count > 0, rows - count, 0) for count in filled)
    possible = sum(ibis.ifelse(count > 0, rows, 0) for count in filled)
    return lacking / possible.nullif(0)


def _outliers(name: str, table: ir.Table) -> ir.Table | None:
    if name not in AMOUNTS:
        return None
    stated = table.select("source", amount=table[AMOUNTS[name]].cast("float64"))
    stated = stated.filter(stated["amount"].notnull())
    quartiles = stated.group_by("source").aggregate(
        first_quartile=stated["amount"].quantile(0.25),
        third_quartile=stated["amount"].quantile(0.75),
    )
    placed = stated.join(quartiles, "source")
    reach = (placed["third_quartile"] - placed["first_quartile"]) * OUTLIER_RANGES
    far_out = (placed["amount"] < placed["first_quartile"] - reach) | (
        placed["amount"] > placed["third_quartile"] + reach
    )
    return placed.group_by("source").aggregate(outliers=placed.count(where=far_out))


def _beside_imports(judged: ir.Table, imports: ir.Table) -> ir.Table:
    """Add what the import log tells: doubles, and what was put aside."""
    log = imports.group_by(SOURCE_AND_TABLE).aggregate(
        doubled=imports["rows_doubled"].sum(), quarantined=imports["rows_quarantined"].sum()
    )
    every = judged.select(*SOURCE_AND_TABLE).union(log.select(*SOURCE_AND_TABLE), distinct=True)
    joined = every.left_join(judged, SOURCE_AND_TABLE).drop("source_right", "table_name_right")
    joined = joined.left_join(log, SOURCE_AND_TABLE).drop("source_right", "table_name_right")
    counts = ("rows", "outliers", "doubled", "quarantined")
    return joined.mutate(**{name: joined[name].fill_null(0).cast("int64") for name in counts})


def _moment(value: ir.Value) -> ir.TimestampValue:
    return value.cast("timestamp(6)")
