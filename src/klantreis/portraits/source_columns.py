"""How the newest import of every source differs from those before it, column by column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.portraits.drift import (
    CELL_OF_ONE,
    CELLS_A_DECADE,
    amount_buckets,
    chance_drift,
    change,
    drift,
    top_buckets,
)
from klantreis.tables import Column, contract

__all__ = ["source_columns"]

# Columns with few values that contracts do not list; of persons nothing is ever shown but whether
# it is filled.
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "events": ("name", "store_id", "traffic_medium", "device"),
    "orders": ("store_id", "payment_method"),
    "products": ("brand", "category"),
    "offers": ("store_id",),
    "payments": ("method",),
    "feedback": ("language",),
    "survey_answers": ("question_id",),
    "spend": ("channel",),
    "stock_levels": ("location_id",),
    "search_terms": ("engine", "device"),
}
PRIVATE = ("persons",)
OF_EVERY_ROW = ("source", "file_id")
SIDE = ["source", "file_kind", "is_newest"]
JUST_ABOVE = 1e-9  # so that 100.00 lies in the same cell on every engine
OfSide = dict[bool, int]
Sides = dict[tuple[str, str, str], dict[bool, tuple[int, list[int]]]]
Spreads = dict[tuple[str, str, str, str], dict[bool, dict[str, int]]]


def source_columns(
    imports: ir.Table,
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
    """Set the newest import of each table of each source beside those before it; see `drift`.

    An import is what was taken in at one time; files of one kind are compared, because an order
    says less of a person than a list of customers. A row that came again belongs to the newest
    import that brought it. Categories are compared by the values that came most, amounts by tenths of the
    earlier ones, both with empty values beside them; everything else by whether it is filled.

    Returns:
        As in the contract of `source_columns`: columns that the source fills at least once.
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
    batches = _Batches(imports, engine)
    filled = [_filled(name, rows) for name, rows in tables.items() if name in batches.present]
    by_file = engine.fetch(ibis.union(*filled)).to_pylist() if filled else []
    spread = [
        _spread(name, column, tables[name].filter(tables[name]["source"].isin(sources)))
        for name, sources in batches.compared.items()
        for column in _listed(name)
        if _kind(name, column) != "filled"
    ]
    sided = batches.sided(ibis.union(*spread)) if spread else None
    spreads = _spreads(engine.fetch(sided).to_pylist() if sided is not None else [])
    found = list(_compared(batches.added_up(by_file), spreads))
    shape = contract("source_columns").schema.to_pyarrow()
    return engine.table(pa.Table.from_pylist(found, schema=shape))


class _Batches:
    """Which files are the newest import of each kind of files of each source, by table."""

    def __init__(self, imports: ir.Table, engine: Engine) -> None:
        self._engine = engine
        taken = imports.filter(imports["rows_loaded"] > 0)
        files = taken.select(
            "table_name",
            "source",
            "file_id",
            "imported_at",
            file_kind=taken["file_kind"].fill_null(""),
        ).distinct()
        by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in engine.fetch(files).to_pylist():
            by_table[row.pop("table_name")].append(row)
        self._files = {name: list(_sides(rows)) for name, rows in by_table.items()}
        self.present = frozenset(self._files)
        self.compared: Mapping[str, Sequence[str]] = {
            name: sources
            for name, files in self._files.items()
            if (sources := sorted({one["source"] for one in files if not one["is_newest"]}))
        }

    def sided(self, counts: ir.Table) -> ir.Table:
        """Counts by file as counts by kind of file and `is_newest`: of its newest import or not."""
        files = [
            {**file, "table_name": name} for name, listed in self._files.items() for file in listed
        ]
        known = self._engine.table(pa.Table.from_pylist(files))
        joined = counts.join(known, ["source", "table_name", "file_id"])
        by = [*SIDE, "table_name", "column_name", "value"]
        return joined.group_by(by).aggregate(rows=joined["rows"].sum())

    def added_up(self, by_file: Sequence[Mapping[str, Any]]) -> Sides:
        """Rows and filled values of each side, by source, table and kind of file."""
        sides: Sides = defaultdict(dict)
        places = {
            (name, file["source"], file["file_id"]): file
            for name, listed in self._files.items()
            for file in listed
        }
        for row in by_file:
            file = places.get((row["table_name"], row["source"], row["file_id"]))
            if file is None:  # not in the log: of no import
                continue
            side = sides[row["source"], row["table_name"], file["file_kind"]]
            rows, filled = side.get(file["is_newest"], (0, [0] * len(row["filled"])))
            summed = [before + more for before, more in zip(filled, row["filled"], strict=True)]
            side[file["is_newest"]] = (rows + row["rows"], summed)
        return sides


def _sides(files: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    newest: dict[tuple[str, str], datetime] = {}
    for file in files:
        kind = (file["source"], file["file_kind"])
        newest[kind] = max(newest.get(kind, file["imported_at"]), file["imported_at"])
    for file in files:
        yield {
            "source": file["source"],
            "file_id": file["file_id"],
            "file_kind": file["file_kind"],
            "is_newest": file["imported_at"] == newest[file["source"], file["file_kind"]],
        }


def _listed(name: str) -> list[Column]:
    table = contract(name)
    return [
        column
        for column in table.columns
        if column.name not in OF_EVERY_ROW
        and column.name not in table.key
        and (not column.required or _kind(name, column) != "filled")
    ]


def _kind(name: str, column: Column) -> str:
    if name in PRIVATE:
        return "filled"
    if column.allowed or column.name in CATEGORIES.get(name, ()):
        return "categories"
    return "amounts" if column.dtype.is_numeric() else "filled"


def _filled(name: str, rows: ir.Table) -> ir.Table:
    """Rows and filled values by file; one pass over the table."""
    names = [column.name for column in _listed(name)]
    counts = rows.group_by(["source", "file_id"]).aggregate(
        rows=rows.count(), **{f"filled_{column}": rows[column].count() for column in names}
    )
    return counts.select(
        "source",
        "file_id",
        table_name=ibis.literal(name),
        rows=counts["rows"],
        filled=ibis.array([counts[f"filled_{column}"] for column in names]),
    )


def _spread(name: str, column: Column, rows: ir.Table) -> ir.Table:
    """Rows of each file by value, or by the cell of an amount; see `drift.lower_limit`."""
    filled = rows.filter(rows[column.name].notnull())
    value = filled[column.name]
    if _kind(name, column) == "amounts":
        value = _cell(value.cast("float64"))
    valued = filled.select("source", "file_id", value=value)
    counts = valued.group_by(["source", "file_id", "value"]).aggregate(rows=valued.count())
    return counts.select(
        "source",
        "file_id",
        table_name=ibis.literal(name),
        column_name=ibis.literal(column.name),
        value=counts["value"].cast("string"),
        rows="rows",
    )


def _cell(amount: ir.FloatingValue) -> ir.IntegerValue:
    size = ibis.ifelse(amount == 0, 1.0, amount.abs())
    cell = (size.log10() * CELLS_A_DECADE + JUST_ABOVE).floor().cast("int64") + CELL_OF_ONE
    return ibis.ifelse(amount == 0, 0, ibis.ifelse(amount > 0, cell, -cell))


def _spreads(rows: Sequence[Mapping[str, Any]]) -> Spreads:
    found: Spreads = {}
    for row in rows:
        place = (row["source"], row["table_name"], row["file_kind"], row["column_name"])
        sides = found.setdefault(place, {True: {}, False: {}})
        sides[row["is_newest"]][row["value"]] = row["rows"]
    return found


def _compared(sides: Sides, spreads: Spreads) -> Iterator[dict[str, Any]]:
    for (source, name, file_kind), of_side in sorted(sides.items()):
        for place, column in enumerate(_listed(name)):
            rows = {side: count for side, (count, _) in of_side.items()}
            filled = {side: counts[place] for side, (_, counts) in of_side.items()}
            if not sum(filled.values()):
                continue
            yield {
                "source": source,
                "table_name": name,
                "file_kind": file_kind,
                "column_name": column.name,
                "kind": _kind(name, column),
                "newest_rows": rows.get(True, 0),
                "newest_filled": filled.get(True, 0),
                "earlier_rows": rows.get(False, 0),
                "earlier_filled": filled.get(False, 0),
                **_judged(
                    _kind(name, column),
                    rows,
                    filled,
                    spreads.get((source, name, file_kind, column.name), {}),
                ),
            }


def _judged(
    kind: str, rows: OfSide, filled: OfSide, spread: Mapping[bool, dict[str, int]]
) -> dict[str, Any]:
    """Drift over the buckets, what is filled besides, and what is empty."""
    if not rows.get(True) or not rows.get(False):
        return {"change": "nothing_before"}
    sort = {"categories": top_buckets, "amounts": amount_buckets}.get(kind)
    earlier, newest = spread.get(False, {}), spread.get(True, {})
    buckets, before, after = sort(earlier, newest) if sort else ([], [], [])
    of_earlier = [*before, filled[False] - sum(before), rows[False] - filled[False]]
    of_newest = [*after, filled[True] - sum(after), rows[True] - filled[True]]
    found, by_chance = drift(of_earlier, of_newest), chance_drift(of_earlier, of_newest)
    return {
        "drift": found,
        "chance_drift": by_chance,
        "change": change(found, by_chance),
        **(
            {"buckets": buckets, "newest_in_buckets": after, "earlier_in_buckets": before}
            if sort
            else {}
        ),
    }
