"""The contract of `persons`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="persons",
    room="sources",
    meaning="A record of someone, as one source knows them.",
    key=("person_id",),
    columns=(
        column(
            "person_id",
            "string",
            "source and the source's own id, as `shopify:1001`",
            required=True,
        ),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("first_name", "string", "given name or initials, as written"),
        column(
            "prefix", "string", "Dutch tussenvoegsel (`van der`), when the source keeps it apart"
        ),
        column("last_name", "string", "family name, as written"),
        column("gender", "string", "as the source states it", allowed=("female", "male", "other")),
        # Registers hold people who are long dead; and 1880 for 1980 is worth comparing.
        column("birth_on", "date", "birth date", first_year=1000, is_past=True),
        column("email", "string", "main e-mail address, as written"),
        column("phone", "string", "main telephone number, as written"),
        column("street", "string", "street, without house number where the source keeps it apart"),
        column("house_number", "string", "house number with suffix"),
        column("postcode", "string", "postcode, as written"),
        column("city", "string", "town, as written"),
        column("country", "string", "ISO 3166-1 alpha-2 code"),
        column("language", "string", "ISO 639-1 code"),
        column("is_business", "boolean", "whether the source marks the record as a company"),
        column(
            "created_at", "timestamp(6)", "when the source made the record", unit="UTC", merge="min"
        ),
        column(
            "updated_at",
            "timestamp(6)",
            "when the source last changed the record",
            unit="UTC",
            merge="max",
        ),
    ),
    period="created_at",
    telling=("first_name", "last_name", "phone", "street", "postcode", "birth_on"),
    hinting=("email",),
)
