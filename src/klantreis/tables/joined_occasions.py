"""The contract of `joined_occasions`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="joined_occasions",
    room="patterns",
    meaning="What the occasions of a customer come to in a joined measure: in a channel, a month and after an orientation.",
    key=("customer_id", "measure", "at_channel", "month", "orientation_channel"),
    columns=(
        column("customer_id", "int64", "whose occasions", required=True),
        column("measure", "string", "code, as in docs/joined-measures.md", required=True),
        column("at_channel", "string", "where they happened", required=True),
        column("month", "string", "month (UTC) as `2026-05`", required=True),
        column(
            "orientation_channel",
            "string",
            "where the customer oriented before these purchases; `none` where nothing was seen, and of other occasions",
            required=True,
        ),
        column(
            "top",
            "float64",
            "sum of what is counted; the measure is `top` by `bottom`",
            required=True,
        ),
        column("bottom", "float64", "sum of what it is a part of; mostly occasions", required=True),
    ),
    order=("customer_id", "measure", "month"),
)
