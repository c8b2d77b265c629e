"""The contract of `phase_visits`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="phase_visits",
    room="journeys",
    meaning="A stay in one phase of a phase model; consecutive steps of the same phase are one visit.",
    key=("phase_model", "journey_id", "position"),
    columns=(
        column("phase_model", "string", "the phase model", required=True),
        column("journey_id", "string", "the journey", required=True),
        column("customer_id", "int64", "the customer", required=True),
        column("position", "int64", "1 for the journey's first phase", required=True),
        column("phase", "string", "the phase", required=True),
        column(
            "visit",
            "int64",
            "1 for the first stay in this phase, 2 when it comes back",
            required=True,
        ),
        column("entered_at", "timestamp(6)", "first step", unit="UTC", required=True),
        column("left_at", "timestamp(6)", "last step", unit="UTC", required=True),
        column("steps", "int64", "steps in it", unit="steps", required=True),
        column("next_phase", "string", "next phase; empty at the end"),
        column("wait_seconds", "int64", "from leaving this phase to entering the next", unit="s"),
    ),
    period="entered_at",
    order=("customer_id", "journey_id", "phase_model", "position"),
)
