"""The contract of `occurrences`."""

from __future__ import annotations

from klantreis.tables.contract import Table
from klantreis.tables.timeline import TABLE as TIMELINE

__all__ = ["TABLE"]

LEFT_OUT = ("record_table", "record_id")

TABLE = Table(
    name="occurrences",
    room="portraits",
    meaning="The timelines of all customers together, sorted by what happened and when: for questions about one kind of event in one period.",
    key=TIMELINE.key,
    columns=tuple(column for column in TIMELINE.columns if column.name not in LEFT_OUT),
    period="occurred_at",
    order=("event", "occurred_at"),
)
