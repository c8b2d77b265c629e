"""Short ways to write tables of a few rows, and to read what a step made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine, connect
from klantreis.pipeline import CHANGED, Step
from klantreis.runner.changes import changed_keys, changes
from klantreis.tables import Renewal, check_rows, conform, contract

__all__ = ["Row", "afresh", "at_hand", "changed_since", "made", "rows_of", "stored"]

Row = Mapping[str, Any]
FILLERS: Mapping[str, Any] = {"string": "-", "boolean": False, "array<string>": []}


def rows_of(name: str, rows: Iterable[Row]) -> ir.Table:
    """Rows that keep a contract; required columns that a case leaves out get a filler."""
    table = contract(name)
    fillers = {c.name: FILLERS.get(c.type, 0) if c.required else None for c in table.columns}
    listed = [{**fillers, **row} for row in rows]
    schema = table.schema.to_pyarrow()
    columns = [pa.array([row[field.name] for row in listed], field.type) for field in schema]
    return ibis.memtable(pa.Table.from_arrays(columns, names=schema.names))


def afresh(function: Callable[..., Any]) -> dict[str, Any]:
    """What a step that goes on from before gets the first time: nothing was before."""
    step = Step(function)
    earlier = ("previous_", "kept_", *CHANGED)
    asked = [name for name in step.parameters if name.startswith(earlier) and name != "kept_as_of"]
    nothing = {name: rows_of(name.split("_", 1)[1], ()) for name in asked}
    return nothing | ({"kept_as_of": None} if "kept_as_of" in step.asks else {})


def changed_since(
    function: Callable[..., Any], now: Mapping[str, ir.Table], before: Mapping[str, ir.Table]
) -> dict[str, ir.Table]:
    """What a step that goes on is told of what changed in the tables that it reads."""
    step = Step(function)
    told: dict[str, ir.Table] = {}
    for name in step.reads_changed:
        table = contract(name)
        changed = changes(now[name], before[name], table)
        told[f"came_{name}"] = changed.fresh
        told[f"gone_{name}"] = changed.gone
        told[f"changed_{name}"] = changed_keys(changed, table)
    return {name: rows for name, rows in told.items() if name in step.parameters}


def stored(name: str, rows: Iterable[Row], engine: Engine, folder: Path) -> ir.Table:
    """The same rows at rest, as the steps read them on every engine."""
    written = connect("duckdb").write(rows_of(name, rows), contract(name), folder / name)
    return engine.read(written.files, contract(name))


def at_hand(name: str, rows: Iterable[Row], engine: Engine) -> ir.Table:
    """The same rows on any engine; Spark only takes them from files."""
    if engine.name == "duckdb":
        return rows_of(name, rows)
    return stored(name, rows, engine, Path(mkdtemp()))


def made(name: str, result: ir.Table | Renewal, engine: Engine) -> list[dict[str, Any]]:
    """What a step made, checked against its contract and in the contract's order."""
    table = contract(name)
    assert not isinstance(result, Renewal)
    shaped = engine.keep(conform(result, table))
    check_rows(shaped, table)
    rows: list[dict[str, Any]] = engine.fetch(shaped.order_by(list(table.key))).to_pylist()
    return rows
