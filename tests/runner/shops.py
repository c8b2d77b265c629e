"""A tiny shop for the runner: parts as imports leave them, and steps that tell when they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.engine import connect
from klantreis.pipeline import Step
from klantreis.runner import Finished, Run, Store, read_layers
from klantreis.settings import Settings
from klantreis.state import ImportPart, State
from klantreis.tables import EVERYONE, Portion, Renewal, contract

NOON = datetime(2026, 3, 1, 12)


def customers(persons: ir.Table) -> ir.Table:
    return persons.select(
        customer_id=ibis.row_number().over(order_by=persons["person_id"]),
        is_known=ibis.literal(True),
        name=persons["first_name"],
        may_email=ibis.literal(False),
        persons=ibis.literal(1),
        sources=ibis.array([persons["source"]]),
    )


def links(persons: ir.Table, *, previous_links: ir.Table, session_minutes: int) -> ir.Table:
    before = previous_links.count().as_scalar()
    return persons.select(
        "person_id", customer_id=before + session_minutes, rule=ibis.literal("alone")
    )


def customer_merges(
    persons: ir.Table,
    *,
    kept_customer_merges: ir.Table,
    changed_persons: ir.Table,
    session_minutes: int,
) -> ir.Table:
    """One row that tells how many rows were kept, and which persons changed."""
    changed = changed_persons["person_id"]
    told = changed_persons.aggregate(person_ids=changed.collect().sort())
    kept = kept_customer_merges.aggregate(customer_id=kept_customer_merges.count())
    return told.cross_join(kept).mutate(
        old_customer_id=ibis.literal(session_minutes), merged_at=ibis.literal(NOON)
    )


def households(
    customers: ir.Table,
    *,
    portion: Portion = EVERYONE,
    kept_households: ir.Table,
    changed_customers: ir.Table,
) -> ir.Table | Renewal:
    """Everybody alone; only who is new, when there is anything to go on from."""
    alone = portion.of(customers).select(
        "customer_id",
        home_id=customers["customer_id"],
        household_id=customers["customer_id"],
        customers=ibis.literal(1),
        shares_name=ibis.literal(False),
        shares_phone=ibis.literal(False),
    )
    if not kept_households.count().to_pyarrow().as_py():
        return alone
    gone = kept_households.semi_join(changed_customers, "customer_id").select("customer_id")
    return Renewal(alone.semi_join(changed_customers, "customer_id"), gone)


def phase_visits(persons: ir.Table, *, phase_models: Sequence[object]) -> ir.Table:
    return persons.select(
        customer_id=ibis.literal(1),
        journey_id=persons["person_id"],
        phase_model=ibis.literal(str(phase_models[0])),
        phase=ibis.literal("see"),
        visit=ibis.literal(1),
        position=ibis.literal(1),
        entered_at=persons["created_at"],
        left_at=persons["created_at"],
        steps=ibis.literal(1),
    )


def moment_of(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


@dataclass
class Told:
    """Progress that remembers which pieces were made and which were taken from before."""

    made: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)

    def begin(self, activity: str, pieces: int) -> None: ...

    def started(self, name: str) -> None: ...

    def finished(self, piece: Finished) -> None:
        (self.reused if piece.is_reused else self.made).append(piece.name)


@dataclass
class Shop:
    """A workspace's state and store, without the workspace."""

    folder: Path
    state: State

    @property
    def store(self) -> Store:
        return Store(self.folder)

    def take_in(
        self,
        part: str,
        table: str,
        rows: Sequence[dict[str, Any]],
        at: datetime = NOON,
        *,
        file_id: str = "",
    ) -> None:
        """Leave one part as an import would; rows get source `shop` and the part as file."""
        engine = connect()
        full = [{"source": "shop", "file_id": file_id or part} | row for row in rows]
        written = engine.write(ibis.memtable(full), contract(table), self.store.parts / part)
        period = contract(table).period
        moments = [moment_of(row[period]) for row in rows if period and row.get(period)]
        log = dict.fromkeys((c.name for c in contract("imports").columns), None) | {
            "file_id": file_id or part,
            "source": "shop",
            "path": part,
            "connector": "c",
            "table_name": table,
            "rows_read": len(rows),
            "rows_loaded": len(rows),
            "rows_quarantined": 0,
            "rows_doubled": 0,
            "last_at": max(moments).isoformat() if moments else None,
            "imported_at": at.isoformat(),
        }
        self.state.record_import(
            [],
            [
                ImportPart(
                    part,
                    "shop",
                    table,
                    self.store.relative(written.files),
                    len(rows),
                    min(moments, default=None),
                    max(moments, default=None),
                    at,
                    () if table == "quarantine" else (log,),
                )
            ],
        )
        engine.close()

    def run(
        self,
        *functions: Any,
        now: datetime = NOON,
        afresh: bool = False,
        in_layers: bool = True,
        **settings: Any,
    ) -> Told:
        told = Told()
        Run(
            connect,
            self.state,
            self.store,
            Settings(**settings),
            now,
            progress=told,
            steps=[Step(function) for function in functions],
            afresh=afresh,
            in_layers=in_layers,
        ).complete()
        return told

    def files(self, table: str) -> tuple[str, ...]:
        published = self.state.published()
        assert published is not None
        return published.tables[table].files

    def rows(self, table: str) -> list[dict[str, Any]]:
        published = self.state.published()
        assert published is not None
        engine = connect()
        files = self.store.absolute(published.tables[table].files)
        rows: list[dict[str, Any]] = engine.fetch(
            read_layers(files, contract(table), engine)
        ).to_pylist()
        engine.close()
        return rows
