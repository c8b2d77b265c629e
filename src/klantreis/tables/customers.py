"""The contract of `customers`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="customers",
    room="identity",
    meaning="The human being behind one or more person records, known or anonymous.",
    key=("customer_id",),
    columns=(
        column(
            "customer_id",
            "int64",
            "stable for ever; the oldest wins when two turn out to be one",
            required=True,
        ),
        column(
            "is_known",
            "boolean",
            "whether there is a name, e-mail address, telephone number or card; otherwise only a cookie or device",
            required=True,
        ),
        column("name", "string", "best full name"),
        column("email", "string", "most recently stated e-mail address, normalised"),
        column("phone", "string", "most recently stated telephone number, E.164"),
        column("loyalty_card", "string", "loyalty card"),
        column("gender", "string", "most recently stated", allowed=("female", "male", "other")),
        column("birth_on", "date", "birth date"),
        column("postcode", "string", "normalised, as `1234AB`"),
        column("city", "string", "town, in one way of writing"),
        column("country", "string", "ISO 3166-1 alpha-2 code"),
        column("language", "string", "ISO 639-1 code"),
        column(
            "may_email",
            "boolean",
            "strictest of the latest statements of all its person records, of its e-mail address, and of what the customer said to us or clicked; false when nothing was stated",
            required=True,
        ),
        column("persons", "int64", "person records behind it", unit="persons", required=True),
        column(
            "sources", "array<string>", "sources that know it, in alphabetical order", required=True
        ),
        column(
            "created_at", "timestamp(6)", "when any source first made a record of it", unit="UTC"
        ),
    ),
    order=("customer_id",),
)
