"""The contract of `effects`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="effects",
    room="campaigns",
    meaning="One arm of a campaign with a random holdout: who got it, or who was held out, and what they bought.",
    key=("campaign", "arm"),
    columns=(
        column("campaign", "string", "the campaign, as in `messages`", required=True),
        column(
            "arm",
            "string",
            "`sent`: got it; `held_out`: was held back at random",
            required=True,
            allowed=("sent", "held_out"),
        ),
        column("started_at", "timestamp(6)", "first message", unit="UTC", required=True),
        column(
            "customers",
            "int64",
            "customers whose days after the message are over; who was in both arms is in neither",
            unit="customers",
            required=True,
        ),
        column(
            "buyers",
            "int64",
            "those who bought within `effect_days`, on any channel",
            unit="customers",
            required=True,
        ),
        column("revenue_amount", "money", "what they bought then", unit="EUR", required=True),
        column(
            "revenue_squares", "float64", "sum of the squares of that per customer", required=True
        ),
        column(
            "history_amount",
            "money",
            "what the customers bought in the 180 days before",
            unit="EUR",
            required=True,
        ),
        column(
            "history_squares", "float64", "sum of the squares of that per customer", required=True
        ),
        column(
            "history_products",
            "float64",
            "sum of revenue times history per customer",
            required=True,
        ),
    ),
    period="started_at",
    order=("campaign", "arm"),
)
