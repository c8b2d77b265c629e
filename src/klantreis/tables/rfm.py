"""The contract of `rfm`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="rfm",
    room="segments",
    meaning="Recency, frequency and money of a customer who bought, with quintile scores and group.",
    key=("customer_id",),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("as_of", "timestamp(6)", "moment of measuring", unit="UTC", required=True),
        column(
            "recency_days",
            "float64",
            "time since the last completed purchase, of those with a day and those of a total",
            unit="days",
            required=True,
        ),
        column(
            "frequency",
            "int64",
            "completed purchases in the window; of who bought last in it also those of which the day is not known, which may lie before it",
            unit="orders",
            required=True,
        ),
        column(
            "monetary_amount",
            "money",
            "completed purchases in the window, less returns and refunds; of who bought last in it also what the purchases brought of which the day is not known",
            unit="EUR",
            required=True,
        ),
        column(
            "recency_score",
            "int64",
            "5 for the fifth of customers who bought last, 1 for the fifth longest ago and for who bought only before the window",
            required=True,
        ),
        column("frequency_score", "int64", "5 for the fifth who bought most often", required=True),
        column("monetary_score", "int64", "5 for the fifth who spent most", required=True),
        column("segment", "string", "named group", required=True),
    ),
    order=("customer_id",),
)
