"""The contract of `transitions`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="transitions",
    room="journeys",
    meaning="How often one touchpoint or phase directly follows another, and how long it takes.",
    key=("level", "phase_model", "source", "target"),
    columns=(
        column(
            "level", "string", "touchpoint or phase", required=True, allowed=("touchpoint", "phase")
        ),
        column(
            "phase_model",
            "string",
            "the phase model; `-` on the level of touchpoints",
            required=True,
        ),
        column("source", "string", "from; `start` at the beginning", required=True),
        column(
            "target",
            "string",
            "to; `purchase_end`, `lapse_end` or `open_end` at the end",
            required=True,
        ),
        column("transitions", "int64", "how often", unit="times", required=True),
        column("journeys", "int64", "in how many journeys", unit="journeys", required=True),
        column("customers", "int64", "of how many customers", unit="customers", required=True),
        column("median_wait_seconds", "float64", "half took less", unit="s"),
        column("p90_wait_seconds", "float64", "nine in ten took less", unit="s"),
    ),
)
