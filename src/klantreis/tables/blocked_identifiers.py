"""The contract of `blocked_identifiers`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="blocked_identifiers",
    room="identity",
    meaning="An identifier that may not tie persons together, and why.",
    key=("kind", "value"),
    columns=(
        column("kind", "string", "kind of identifier", required=True),
        column("value", "string", "normalised value", required=True),
        column(
            "reason",
            "string",
            "junk value; shared by more people than one customer can be; or in conflict: stated by people who contradict each other, it ties namesakes only; or unique: it would give a customer two values of a kind of which one is allowed",
            required=True,
            allowed=("junk", "shared", "conflict", "unique"),
        ),
        column("persons", "int64", "persons that state it", unit="persons", required=True),
    ),
)
