"""The contract of `person_profiles`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

COMPARED = {
    "first": "first given name",
    "last": "family name, without prefix and spaces",
    "last_a": "first part of a double family name",
    "last_b": "last part of a double family name",
    "sound": "how the family name sounds",
    "names": "given and family name, whichever stands first",
    "birth": "birth date as yyyy-mm-dd",
    "street": "street, abbreviations written out",
    "number": "house number without suffix",
    "postcode": "postcode without spaces",
    "town": "town in one way of writing, without spaces",
    "phone": "telephone number, if it is somebody's",
    "email": "e-mail address, if it says more than the name",
    "mailbox": "user part of the e-mail address, if it says more than the name",
}
KEYS = {
    "names": "given and family name",
    "names_swapped": "given and family name, whichever stands first",
    "birth_heard": "birth date and sound of the family name",
    "birth_first": "birth date and given name",
    "birth_area": "birth date and area of the postcode",
    "birth_town": "birth date and town",
    "postcode": "postcode",
    "street": "street and house number",
    "town_heard": "town and sound of the family name",
    "area_heard": "area of the postcode and sound of the family name",
    "starts": "first letters of both names",
    "initial_heard": "initial and sound of the family name",
    "year_last": "year of birth and family name",
    "day_heard": "day of birth and sound of the family name",
    "town_year": "town and year of birth",
    "town_first": "town and given name",
    "birth": "birth date",
    "town_day": "town and day of birth",
    "domain": "domain of the e-mail address",
    "phone": "telephone number",
    "mailbox": "user part of the e-mail address",
}

TABLE = Table(
    name="person_profiles",
    room="identity",
    meaning="What records that identifiers tie say of who someone is, each way of saying it once, in a form that can be compared.",
    key=("record",),
    columns=(
        column("record", "int64", "number of the oldest record that says so", required=True),
        column("person_id", "string", "that record", required=True),
        column(
            "group",
            "int64",
            "records with one number are tied by identifiers already",
            required=True,
        ),
        *(
            column(name, "string", f"{meaning}, in lower case")
            for name, meaning in COMPARED.items()
        ),
        *(
            column(
                f"key_{name}",
                "int64",
                f"equal for records that may be worth comparing: {meaning}",
            )
            for name, meaning in KEYS.items()
        ),
    ),
    order=("record",),
)
