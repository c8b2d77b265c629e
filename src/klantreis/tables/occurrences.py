"""The contract of `occurrences`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.timeline import TABLE as TIMELINE

__all__ = ["SAMPLE", "TABLE"]

LEFT_OUT = ("record_table", "record_id")
# A number, because engines skip by the smallest and largest of a stretch of rows, and keep none of
# a yes or no.
SAMPLE = column(
    "sample",
    "int64",
    "1 for the customers, one in twenty and chosen by number, from whom a quick count is estimated; 0 for the others",
    required=True,
)

TABLE = Table(
    name="occurrences",
    room="portraits",
    meaning="The timelines of all customers together, sorted by what happened and when: for questions about one kind of event in one period.",
    key=TIMELINE.key,
    columns=(
        *(one for one in TIMELINE.columns if one.name not in LEFT_OUT),
        SAMPLE,
    ),
    period="occurred_at",
    order=("sample", "event", "occurred_at"),
)
