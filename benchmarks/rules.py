"""How long the editor waits for the count of a rule, beside one scan of what the rule reads.

    python benchmarks/rules.py WORKSPACE [--times 20 --lives 2.4]

With `--times` the customers and their timelines are laid down so many times, each time with other
numbers, in a temporary folder: what a count comes to for more customers than the workspace has.
With `--lives` each customer has so many times the moments. Prints one JSON object: for each rule
the milliseconds of the first count of a publication and of the next (the quicker of two), of the
estimate, and of the scan, by the clock and of the processor (all cores; a busy machine makes the
clock useless), with their ratios, what the editor shows first, the count and the estimate with its
interval. The scan is DuckDB's own: the largest value of every column that the rule reads, in one
pass a table.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
from ibis.backends.duckdb import Backend

from klantreis import Workspace
from klantreis.engine.duckdb import DuckDBEngine
from klantreis.portraits import moment_lists, tallies, visits
from klantreis.rules import Rule, asked_by, parse, table_of
from klantreis.tables import contract, is_sampled
from klantreis.tables.contract import empty
from klantreis.workspace import AudienceEstimate

RULES = (
    "orders >= 2 and is_known",
    "city in ('Utrecht', 'Amsterdam') and churn_risk > 0.5",
    "segment('champions')",
    "did 'purchase' in last 90 days",
    "orders in last 90 days >= 2 and channel('store') and not consent('email')",
    "did 'view_item' in last 2 weeks and orders = 0",
    "count('view_item') > 3",
    "visits in last 90 days > 2",
    "visits in last 365 days > 2",
    "first('purchase') in last 90 days",
    "did 'add_to_cart' in last 14 days then not 'purchase' within 2 days",
    "did 'view_item' in last 30 days then 'purchase' within 7 days",
    "did 'view_item' then 'purchase' within 7 days",
    "did 'view_item' then not 'purchase' within 7 days",
    "did 'view_item' then 'add_to_cart' within 2 days then 'purchase' within 7 days",
    "did 'view_item' then 'add_to_cart' then not 'purchase' within 7 days",
    "did 'view_item' where amount > 50 then 'purchase' within 7 days",
)
REPEATED = (
    "portraits",
    "customers",
    "rfm",
    "customer_values",
    "memberships",
    "occurrences",
)
ADDED_UP: Mapping[str, Callable[..., Any]] = {
    "tallies": tallies,
    "moment_lists": moment_lists,
    "visits": visits,
}
MOMENTS = "occurrences"
PORTIONS = 5  # in which a run makes a table of that size
SHOWN = ("customer_id", "may_email", "revenue_amount")


def duckdb_of(workspace: Workspace) -> Backend:
    engine = workspace.reading.engine
    assert isinstance(engine, DuckDBEngine)
    return engine.backend


def repeat(workspace: Workspace, folder: Path, times: int, lives: float) -> None:
    """Lay the tables down so many times, and let the workspace read those."""
    reading, backend = workspace.reading, duckdb_of(workspace)
    distance = 10 * int(
        workspace.sql("SELECT max(customer_id) AS n FROM portraits")["n"][0].as_py()
    )
    assert reading.published
    for name in sorted(reading.published.tables.keys() & set(REPEATED)):
        laid = "n" if name != MOMENTS else f"n % {times}"
        copies = times if name != MOMENTS else round(times * lives)
        # Another life is the same one earlier; its visits are others.
        earlier = f"""position + n // {times} * 1000000 AS position, session + n // {times} * 1000000
            AS session, occurred_at - to_days(CAST(n // {times} * 11 AS INTEGER)) AS occurred_at"""
        replaced = f"customer_id + {laid} * {distance} AS customer_id"
        replaced += f", {earlier}" if name == MOMENTS else ""
        rows, files = backend.compile(reading.table(name)), []
        for portion in range(min(PORTIONS, times)):
            step = min(PORTIONS, times)
            backend.raw_sql(
                f"""CREATE OR REPLACE TEMP TABLE laid AS SELECT t.* REPLACE ({replaced})
                FROM range({portion}, {copies}, {step}) AS r(n), ({rows}) AS t"""
            )
            files.append(folder / f"{name}{portion}.parquet")
            write(backend, name, files[-1])
        backend.raw_sql("DROP TABLE laid")
        reading._views[name] = reading.engine.read(files, contract(name))
    engine, moments = reading.engine, reading.table(MOMENTS)
    nothing = moments.limit(0).select("customer_id", "position")
    for name, make in ADDED_UP.items():
        before = {f"kept_{name}": empty(contract(name)), "changed_timeline": nothing}
        begun, worked = time.perf_counter(), time.process_time()
        told_at = {"as_of": reading.published.as_of, "kept_as_of": None}
        rows = make(moments, moments, engine=engine, **told_at, **before)
        written = engine.write(rows, contract(name), folder / name)
        spent = {"s": time.perf_counter() - begun, "cpu_s": time.process_time() - worked}
        print(name, json.dumps({"rows": written.rows} | spent), file=sys.stderr, flush=True)
        reading._views[name] = engine.read(written.files, contract(name))


def write(backend: Backend, name: str, file: Path) -> None:
    """As the engine writes a table: in its order, and with who is in the sample."""
    laid, order = backend.table("laid", database=("temp", "main")), contract(name).order
    if name == MOMENTS:
        laid = laid.mutate(sample=ibis.ifelse(is_sampled(laid["customer_id"]), 1, 0))
    by = f"ORDER BY {', '.join(order)}" if order else ""
    backend.raw_sql(
        f"""COPY ({backend.compile(laid)} {by}) TO '{file}'
        (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)"""
    )


def scan(workspace: Workspace, rule: Rule) -> Callable[[], object]:
    """Read every column that a rule reads, and no more."""
    reading, asked, backend = workspace.reading, asked_by([rule]), duckdb_of(workspace)
    columns: dict[str, set[str]] = {"portraits": set(SHOWN)}
    for name in asked.columns:
        columns.setdefault(table_of(name), {"customer_id"}).add(name)
    if asked.measures or asked.chains:
        columns[MOMENTS] = {"customer_id", "occurred_at", "event"}
        for measure in asked.measures:
            columns[MOMENTS] |= {"session"} if measure.name == "visits" else set()
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


def milliseconds(asking: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of the processor: all cores together."""
    begun, worked = time.perf_counter(), time.process_time()
    asking()
    return 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked)


def estimate_of(workspace: Workspace, rule: str) -> Callable[[], object]:
    def ask() -> object:
        workspace.audiences._counts._estimates.clear()
        return workspace.audiences.estimate(rule)

    return ask


def count(workspace: Workspace, rule: str) -> Callable[[], object]:
    def ask() -> object:
        workspace.audiences._counts._sizes.clear()
        return workspace.audiences.size(rule)

    return ask


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("workspace")
    arguments.add_argument("--times", type=int, default=1)
    arguments.add_argument("--lives", type=float, default=1)
    given = arguments.parse_args()
    with Workspace.open(given.workspace) as workspace, TemporaryDirectory() as folder:
        reading = workspace.reading
        if given.times > 1:
            repeat(workspace, Path(folder), given.times, given.lives)
        rows = {
            name: reading.fetch(reading.table(name).count().as_table())[0][0].as_py()
            for name in ("portraits", MOMENTS)
        }
        workspace.audiences.size("is_known and did 'note'")
        found = {}
        for rule in RULES:
            asking, floor = count(workspace, rule), scan(workspace, parse(rule))
            first, _ = milliseconds(asking)
            counted = [milliseconds(asking) for _ in range(2)]
            told = [milliseconds(estimate_of(workspace, rule)) for _ in range(2)]
            exact, estimate = workspace.audiences.size(rule), workspace.audiences.estimate(rule)
            workspace.audiences._counts._sizes.clear()
            is_estimated = isinstance(workspace.audiences.soon(rule), AudienceEstimate)
            least, scanned = min(milliseconds(floor) for _ in range(2))
            (ours, worked), (soon, short) = min(counted), min(told)
            found[rule] = {
                "first_ms": round(first),
                "ours_ms": round(ours),
                "ours_cpu_ms": round(worked),
                "estimate_ms": round(soon),
                "estimate_cpu_ms": round(short),
                "scan_ms": round(least),
                "scan_cpu_ms": round(scanned),
                "ratio_to_scan": round(worked / scanned, 2),
                "estimate_to_ours": round(short / worked, 2),
                "shown_first": "estimate" if is_estimated else "count",
                "customers": exact.customers,
                "estimated": [estimate.customers, estimate.low, estimate.high],
            }
            print(rule, json.dumps(found[rule]), file=sys.stderr, flush=True)
        print(json.dumps({"rows": rows, "rules": found}, indent=1))


if __name__ == "__main__":
    main()
