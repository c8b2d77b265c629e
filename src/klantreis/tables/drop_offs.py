"""The contract of `drop_offs`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="drop_offs",
    room="journeys",
    meaning="Per phase: how many journeys reached it, went on and stopped there.",
    key=("phase_model", "phase"),
    columns=(
        column("phase_model", "string", "the phase model", required=True),
        column("phase", "string", "the phase", required=True),
        column("position", "int64", "place in the model, from 1", required=True),
        column(
            "journeys",
            "int64",
            "ended journeys of the model (bought or lapsed; open ones are not counted)",
            unit="journeys",
            required=True,
        ),
        column(
            "reached",
            "int64",
            "of those, with at least one visit to the phase",
            unit="journeys",
            required=True,
        ),
        column(
            "skipped",
            "int64",
            "of those, that were in a later phase without this one",
            unit="journeys",
            required=True,
        ),
        column(
            "returned",
            "int64",
            "of those, that came back to the phase after another",
            unit="journeys",
            required=True,
        ),
        column(
            "continued",
            "int64",
            "of those that reached it, that bought, or were in a later phase afterwards and did not stop here",
            unit="journeys",
            required=True,
        ),
        column(
            "stopped",
            "int64",
            "of those that reached it, for which it was the last phase without a purchase",
            unit="journeys",
            required=True,
        ),
        column("drop_off_share", "float64", "stopped divided by reached", unit="share"),
        column("drop_off_low", "float64", "lower end of the 95 % Wilson interval", unit="share"),
        column("drop_off_high", "float64", "upper end", unit="share"),
        column("median_stay_seconds", "float64", "half stayed less", unit="s"),
        column(
            "value_at_risk_amount",
            "money",
            "stopped times what a journey that reached the phase brings on average",
            unit="EUR",
            required=True,
        ),
    ),
)
