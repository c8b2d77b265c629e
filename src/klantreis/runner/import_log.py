"""What the log of imports tells: as a table, and up to which moment everything holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.settings import Settings
from klantreis.state import ImportPart
from klantreis.tables import contract

__all__ = ["import_log", "moment_of_data"]

DATED_BY = ("events", "orders", "order_totals", "messages", "feedback", "payments")


def moment_of_data(parts: Sequence[ImportPart], settings: Settings, now: datetime) -> datetime:
    """The moment up to which everything holds: as set, else the last moment in the data.

    Not the clock: a run over the same data gives the same tables on any day. Who brings nothing that
    happened, as a list of contacts, knows it up to when that was taken in. What lies in the future (a
    wrong date) does not count.
    """
    if settings.as_of:
        return datetime.fromisoformat(settings.as_of).replace(tzinfo=None)
    dated = [line["last_at"] for part in parts if part.table_name in DATED_BY for line in part.log]
    taken_in = [line["imported_at"] for part in parts for line in part.log]
    for said in (dated, taken_in):
        moments = [moment for text in said if (moment := _moment(text)) and moment <= now]
        if moments:
            return max(moments)
    return now


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def import_log(parts: Sequence[ImportPart]) -> ir.Table:
    """One row a file and table, as in the contract of `imports`."""
    names = [column.name for column in contract("imports").columns]
    moments = ("first_at", "last_at", "imported_at")
    lines = [
        {name: _moment(line[name]) if name in moments else line.get(name) for name in names}
        for part in parts
        for line in part.log
    ]
    schema = contract("imports").schema.to_pyarrow()
    return ibis.memtable(pa.Table.from_pylist(lines, schema=schema))
