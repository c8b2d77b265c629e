"""The contract of `links`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="links",
    room="identity",
    meaning="Which customer a person record belongs to, and by which identifier.",
    key=("person_id",),
    columns=(
        column("person_id", "string", "the person record", required=True),
        column(
            "customer_id",
            "int64",
            "the customer; empty for a record that is nobody, as a till's account for sales without a card",
        ),
        column(
            "rule",
            "string",
            "kind of identifier that tied it to another record; `matched` when names and addresses or somebody's decision did, `alone` when nothing did, `nobody` when it is not someone",
            required=True,
        ),
    ),
    order=("person_id",),
)
