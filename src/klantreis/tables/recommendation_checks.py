"""The contract of `recommendation_checks`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="recommendation_checks",
    room="campaigns",
    meaning="How often five recommended products hold one that the customer really bought next.",
    key=("method",),
    columns=(
        column(
            "method",
            "string",
            "by the neighbours of what the customer wanted before, or what is bought most",
            required=True,
            allowed=("neighbours", "most_bought"),
        ),
        column(
            "customers",
            "int64",
            "whose last purchase was held out: something that they did not have yet",
            unit="customers",
            required=True,
        ),
        column(
            "hits",
            "int64",
            "of whom it was among the five",
            unit="customers",
            required=True,
        ),
        column("hit_share", "float64", "part that was hit; empty without customers"),
        column("hit_low", "float64", "lower end of its 95 % interval"),
        column("hit_high", "float64", "upper end of its 95 % interval"),
    ),
)
