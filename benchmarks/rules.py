"""How long the editor waits for the count of a rule, beside one scan of what the rule reads.

    python benchmarks/rules.py WORKSPACE [--times 20]

With `--times` the customers and their timelines are laid down so many times, each time with other
numbers, in a temporary folder: what a count comes to for more customers than the workspace has.
Prints one JSON object: for each rule the milliseconds of the first count of a publication and of
the next (the quickest of three), those of the scan, and the ratio of both. The scan is DuckDB's
own: the largest value of every column that the rule reads, in one pass a table.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from ibis.backends.duckdb import Backend

from klantreis import Workspace
from klantreis.engine.duckdb import DuckDBEngine
from klantreis.rules import Rule, asked_by, parse, table_of

RULES = (
    "orders >= 2 and is_known",
    "city in ('Utrecht', 'Amsterdam') and churn_risk > 0.5",
    "segment('champions')",
    "did 'purchase' in last 90 days",
    "orders in last 90 days >= 2 and channel('store') and not consent('email')",
    "did 'view_item' in last 2 weeks and orders = 0",
    "count('view_item') > 3",
    "visits in last 90 days > 2",
    "first('purchase') in last 90 days",
    "did 'add_to_cart' in last 14 days then not 'purchase' within 2 days",
    "did 'view_item' in last 30 days then 'purchase' within 7 days",
    "did 'view_item' then 'purchase' within 7 days",
)
REPEATED = (
    "portraits",
    "customers",
    "rfm",
    "customer_values",
    "memberships",
    "timeline",
    "occurrences",
)
ORDER = {"occurrences": "event, occurred_at"}  # at rest
SHOWN = ("customer_id", "may_email", "revenue_amount")


def duckdb_of(workspace: Workspace) -> Backend:
    engine = workspace.reading.engine
    assert isinstance(engine, DuckDBEngine)
    return engine.backend


def repeat(workspace: Workspace, folder: Path, times: int) -> None:
    """Lay the tables down so many times, and let the workspace read those."""
    reading, backend = workspace.reading, duckdb_of(workspace)
    distance = 10 * int(
        workspace.sql("SELECT max(customer_id) AS n FROM portraits")["n"][0].as_py()
    )
    connection = backend.con
    assert reading.published
    for name in sorted(reading.published.tables.keys() & set(REPEATED)):
        rows = backend.compile(reading.table(name))
        file = folder / f"{name}.parquet"
        connection.execute(
            f"""COPY (SELECT t.* REPLACE (t.customer_id + n * {distance} AS customer_id)
            FROM range({times}) AS r(n), ({rows}) AS t ORDER BY {ORDER.get(name, "n")})
            TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)"""
        )
        reading._views[name] = backend.read_parquet(file)


def scan(workspace: Workspace, rule: Rule) -> Callable[[], object]:
    """Read every column that a rule reads, and no more."""
    reading, asked, backend = workspace.reading, asked_by([rule]), duckdb_of(workspace)
    columns: dict[str, set[str]] = {"portraits": set(SHOWN)}
    for name in asked.columns:
        columns.setdefault(table_of(name), {"customer_id"}).add(name)
    if asked.measures or asked.chains:
        columns["timeline"] = {"customer_id", "occurred_at", "event"}
        for measure in asked.measures:
            columns["timeline"] |= {"session"} if measure.name == "visits" else set()
    if asked.segments:
        columns["memberships"] = {"customer_id", "segment"}
    queries = []
    for table, names in columns.items():
        rows = backend.compile(reading.table(table))
        queries.append(
            f"SELECT {', '.join(f'max({name})' for name in sorted(names))} FROM ({rows})"
        )
    connection = backend.con
    return lambda: [connection.execute(query).fetchall() for query in queries]


def milliseconds(asking: Callable[[], object]) -> float:
    begun = time.perf_counter()
    asking()
    return 1000 * (time.perf_counter() - begun)


def count(workspace: Workspace, rule: str) -> Callable[[], object]:
    def ask() -> object:
        workspace.audiences._counts._sizes.clear()
        return workspace.audiences.size(rule)

    return ask


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("workspace")
    arguments.add_argument("--times", type=int, default=1)
    given = arguments.parse_args()
    with Workspace.open(given.workspace) as workspace, TemporaryDirectory() as folder:
        reading = workspace.reading
        if given.times > 1:
            repeat(workspace, Path(folder), given.times)
        rows = {
            name: reading.fetch(reading.table(name).count().as_table())[0][0].as_py()
            for name in ("portraits", "timeline")
        }
        workspace.audiences.size("is_known and did 'note'")
        found = {}
        for rule in RULES:
            asking, floor = count(workspace, rule), scan(workspace, parse(rule))
            first = milliseconds(asking)
            ours = min(milliseconds(asking) for _ in range(3))
            least = min(milliseconds(floor) for _ in range(3))
            found[rule] = {
                "first_ms": round(first),
                "ours_ms": round(ours),
                "scan_ms": round(least),
                "ratio": round(ours / least, 2),
            }
        print(json.dumps({"rows": rows, "rules": found}, indent=1))


if __name__ == "__main__":
    main()
