"""The contract of `households`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="households",
    room="identity",
    meaning="Which customers live together, by address with family name or landline: every customer of whom a whole address is known, save where too many share it.",
    key=("customer_id",),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column(
            "home_id",
            "int64",
            "number of the address: the lowest number of the customers who live there",
            required=True,
        ),
        column(
            "household_id",
            "int64",
            "number of the household: the lowest number of its customers",
            required=True,
        ),
        column(
            "customers",
            "int64",
            "customers of the household, this one included",
            unit="customers",
            required=True,
        ),
        column(
            "shares_name",
            "boolean",
            "whether somebody else at the address bears the family name, or a part of it",
            required=True,
        ),
        column(
            "shares_phone",
            "boolean",
            "whether somebody else at the address has the same landline",
            required=True,
        ),
    ),
    order=("customer_id",),
)
