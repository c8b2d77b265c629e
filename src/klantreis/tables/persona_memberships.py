"""The contract of `persona_memberships`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="persona_memberships",
    room="personas",
    meaning="How probable it is that a customer is of a persona; all personas of a customer add up to 1.",
    key=("customer_id", "persona_id"),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("persona_id", "string", "the persona", required=True),
        column("probability", "float64", "how probable, calibrated", unit="share", required=True),
        column(
            "is_member",
            "boolean",
            "whether it is at least as probable as not (0.5); who is unclear is a member of none",
            required=True,
        ),
        column(
            "basis",
            "string",
            "from needs told and behaviour, or from behaviour alone",
            required=True,
            allowed=("needs", "behaviour"),
        ),
        column("as_of", "timestamp(6)", "moment of scoring", unit="UTC", required=True),
    ),
    order=("persona_id", "customer_id"),
)
