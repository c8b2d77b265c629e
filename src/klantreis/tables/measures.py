"""The contract of `measures`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="measures",
    room="value",
    meaning="A measure of the library over 90 days: for everybody or for the members of a persona.",
    key=("measure", "persona_id", "periods_back"),
    columns=(
        column("measure", "string", "as in the library of measures", required=True),
        column("persona_id", "string", "the persona; `all` for everybody", required=True),
        column(
            "periods_back",
            "int64",
            "0 for the 90 days before `as_of`, 1 for those before, and so on",
            unit="periods",
            required=True,
        ),
        column("starts_at", "timestamp(6)", "start of the period", unit="UTC", required=True),
        column("ends_at", "timestamp(6)", "end of the period", unit="UTC", required=True),
        column(
            "form",
            "string",
            "a share is `top` of `bottom`, a quotient too but of sums; a mean and a total are `top`",
            required=True,
            allowed=("share", "mean", "total", "quotient"),
        ),
        column("top", "float64", "empty where there was nothing to measure"),
        column("bottom", "float64", "of a share and a quotient"),
        column("deviation", "float64", "of a mean: standard deviation of the sample"),
        column("n", "int64", "how many it rests on", unit="moments", required=True),
    ),
    period="ends_at",
    order=("measure", "persona_id", "periods_back"),
)
