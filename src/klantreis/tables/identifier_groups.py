"""The contract of `identifier_groups`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="identifier_groups",
    room="identity",
    meaning="Which person records identifiers tie together, before names and addresses are looked at.",
    key=("person_id",),
    columns=(
        column("person_id", "string", "the person record", required=True),
        column(
            "person_number",
            "int64",
            "its number for as long as it is there: who was known longest has the lowest, of those that came together the oldest",
            required=True,
        ),
        column(
            "group",
            "int64",
            "lowest number of the records that it is tied to; its own when alone",
            required=True,
        ),
        column(
            "rule",
            "string",
            "surest kind of identifier that ties it to another record; empty when none does",
        ),
        column(
            "is_nobody",
            "boolean",
            "whether it is not someone, as a till's account for sales without a card",
            required=True,
        ),
        column(
            "circle",
            "int64",
            "lowest number of the records that state an identifier of it, also through others, whether or not that ties them",
            required=True,
        ),
        column(
            "is_parted",
            "boolean",
            "whether it is tied to fewer because somebody said that two records are different",
            required=True,
        ),
    ),
    order=("person_id",),
)
