"""The contract of `stated_identifiers`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="stated_identifiers",
    room="identity",
    meaning="Which record states which identifier, in the form in which identifiers are compared.",
    key=("person_id", "stated_kind", "stated_value"),
    columns=(
        column("person_id", "string", "the person record that stated it", required=True),
        column("source", "string", "as in `identifiers`", required=True),
        column("stated_kind", "string", "`kind` in `identifiers`", required=True),
        column("stated_value", "string", "`value` in `identifiers`", required=True),
        column(
            "kind",
            "string",
            "kind of identifier; a hashed address that somebody states in clear is an `email`",
            required=True,
        ),
        column("value", "string", "the value as it is compared", required=True),
        column(
            "is_junk",
            "boolean",
            "whether it is a placeholder, or a value that cannot be one",
            required=True,
        ),
    ),
    order=("person_id", "kind", "value"),
)
