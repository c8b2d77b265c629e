"""A small shop with made-up customers, written straight into the contracts' shape.

Customer 1 is Sanne de Vries, who has done everything once; customer 2 is a cookie without a name;
number 901 went over into customer 1. All others follow from a fixed seed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from klantreis import engine as engines
from klantreis.engine import Engine
from klantreis.patterns import patterns
from klantreis.pipeline import STEPS
from klantreis.state import Erasure, ImportedFile, ImportPart, MeasuredAudience, TableVersion
from klantreis.tables import TABLES
from klantreis.value import measures
from klantreis.workspace import Workspace
from klantreis.workspace.audience_members import AudienceMembers
from tests.web.shop.identity import identity
from tests.web.shop.joined import best_differences, joined_measures
from tests.web.shop.journeys import drop_offs, journeys, transitions
from tests.web.shop.people import AS_OF, Row, customer, orders, timeline
from tests.web.shop.portraits import (
    customer_channels,
    households,
    memberships,
    portrait,
    rfm,
    segment_changes,
    segment_sizes,
)
from tests.web.shop.research import emotions, personas, questions, searches
from tests.web.shop.sources import sources
from tests.web.shop.worth import customer_values, value_checks

__all__ = ["AS_OF", "make_tables", "make_workspace"]

PROOF = {
    "identifiers": 6,
    "too_short": 1,
    "files": 214,
    "bytes": 48_000_000,
    "found": [],
    "exports": ["exports/shopify/customers.csv"],
    "parts": 4,
    "state_rows": 2,
}


def make_workspace(folder: Path, customers: int = 240, name: str = "Huis & Haard") -> Workspace:
    """A workspace in which the made-up shop is published."""
    workspace = Workspace.create(folder, name=name)
    tables = make_tables(customers)
    engine = engines.connect("duckdb", threads=1)
    tables["measures"] = _measures(tables, engine)
    tables["patterns"] = _patterns(tables, engine)
    versions = {}
    for table, rows in tables.items():
        written = engine.write(
            engine.table(_arrow(table, rows)),
            TABLES[table],
            workspace.store.versions / table / "1",
        )
        files = workspace.store.relative(written.files)
        version = TableVersion(f"{table}-1", table, "made", files, written.rows, 0.1, AS_OF)
        workspace.state.add_version(version)
        versions[table] = version
    engine.close()
    workspace.state.publish(versions, as_of=AS_OF, at=AS_OF)
    _note_imports(workspace, tables["imports"])
    workspace.state.erasures.begin(Erasure("stock", 9999, AS_OF, "ann"), [])
    workspace.state.erasures.finish("stock", PROOF, at=AS_OF)
    workspace.audiences.save("Regulars", "orders >= 2", description="who came back", by="Ann")
    (size,) = workspace.state.audiences.sizes("Regulars")
    for months, mark in ((2, "an earlier rule"), (1, size.rule_mark), (0, size.rule_mark)):
        at = AS_OF - timedelta(days=30 * months)
        then = replace(size, measured_at=at, rule_mark=mark, customers=size.customers - 20 * months)
        workspace.state.audiences.keep_size(then)
    _pass_by(workspace, size)
    return workspace


def _pass_by(workspace: Workspace, size: MeasuredAudience) -> None:
    """Let 26 customers come into the audience in its last month, and 6 leave it."""
    rows = workspace.fetch(workspace.audiences.members("orders >= 2")).to_pydict()
    regulars = sorted(rows["customer_id"])
    others = sorted(set(range(1, 60)) - set(regulars))
    kept = AudienceMembers(workspace.store.folder)
    for months, members in ((1, [*others[:6], *regulars[26:]]), (0, regulars)):
        at = AS_OF - timedelta(days=30 * months)
        moves = kept.keep(size.rule_mark, np.sort(members), at=at, now_known_as={})
    assert moves is not None
    told = replace(size, since=moves.since, came=len(moves.came), left=len(moves.left))
    workspace.state.audiences.keep_size(told)


def make_tables(count: int) -> dict[str, list[Row]]:
    """All tables that the pages read, as plain rows."""
    chance = random.Random(11)
    people = [customer(number, chance) for number in range(1, count + 1)]
    timelines = {c["customer_id"]: timeline(c, chance) for c in people}
    portraits = [portrait(c, timelines[c["customer_id"]]) for c in people]
    scores = rfm(portraits)
    ways, steps, visits = journeys(timelines)
    return {
        "customers": people,
        "timeline": [row for rows in timelines.values() for row in rows],
        "portraits": portraits,
        "customer_channels": customer_channels(timelines),
        "households": households(),
        "rfm": scores,
        "memberships": (members := memberships(portraits, scores)),
        "segment_sizes": segment_sizes(members),
        "segment_changes": segment_changes(),
        "value_checks": value_checks(),
        "customer_values": customer_values(portraits),
        "journeys": ways,
        "steps": steps,
        "phase_visits": visits,
        "transitions": transitions(steps),
        "drop_offs": drop_offs(ways, visits),
        "emotions": emotions(steps),
        "questions": questions(steps),
        **searches(),
        **personas(portraits),
        "joined_measures": joined_measures(),
        "best_differences": best_differences(),
        "orders": orders(timelines),
        **identity(people),
        **sources(),
    }


def _measures(tables: dict[str, list[Row]], engine: Engine) -> list[Row]:
    """What the step makes of the other tables."""
    (step,) = (step for step in STEPS if step.name == "measures")
    read = {name: engine.table(_arrow(name, tables.get(name, ()))) for name in step.reads}
    made: list[Row] = engine.fetch(measures(**read, engine=engine, as_of=AS_OF)).to_pylist()
    return made


def _patterns(tables: dict[str, list[Row]], engine: Engine) -> list[Row]:
    taken = engine.table(_arrow("joined_measures", tables["joined_measures"]))
    made: list[Row] = engine.fetch(patterns(taken, engine=engine)).to_pylist()
    return made


def _arrow(table: str, rows: Sequence[Row]) -> pa.Table:
    schema = TABLES[table].schema.to_pyarrow()
    money = {c.name for c in TABLES[table].columns if c.type == "money"}
    shaped = [
        {
            name: Decimal(row[name]).quantize(Decimal("0.0001"))
            if name in money and row.get(name) is not None
            else row.get(name)
            for name in schema.names
        }
        for row in rows
    ]
    return pa.Table.from_pylist(shaped, schema=schema)


def _note_imports(workspace: Workspace, lines: Sequence[Row]) -> None:
    """The files, as an import remembers them; they are not there any more."""
    for line in lines:
        at = line["imported_at"]
        log = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in line.items()
        }
        log["time_zone"] = None
        workspace.state.record_import(
            [
                ImportedFile(
                    line["source"], line["file_id"], line["path"], 1_000, 0.0, line["connector"], at
                )
            ],
            [
                ImportPart(
                    f"made-{line['file_id']}",
                    line["source"],
                    line["table_name"],
                    (),
                    0,
                    None,
                    None,
                    at,
                    (log,),
                )
            ],
        )
