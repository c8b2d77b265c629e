"""The contract of `customer_merges`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="customer_merges",
    room="identity",
    meaning="A customer number that went over into an older one; old numbers resolve for ever.",
    key=("old_customer_id",),
    columns=(
        column("old_customer_id", "int64", "the number that is no longer used", required=True),
        column(
            "customer_id",
            "int64",
            "the number that took it over; itself when all its records were taken out",
            required=True,
        ),
        column(
            "merged_at", "timestamp(6)", "time of the run that found it", unit="UTC", required=True
        ),
        column(
            "person_ids",
            "array<string>",
            "records that the number had, by which it is known again when they fall apart; those that are still there",
        ),
    ),
)
