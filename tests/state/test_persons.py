"""No table of the state is forgotten when a person asks what is known of them, or to be erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, Float, Integer, String, Table, Text, select

from klantreis.state import HOLDS, State, tables_that_hold
from klantreis.state.models import Base

NOON = datetime(2026, 3, 1, 12)
THEIRS, OTHERS = 7, 8
EMAIL = "sanne@voorbeeld.nl"


def is_wanted(text: str) -> bool:
    return EMAIL in text


def without(text: str) -> str:
    return text.replace(EMAIL, "[erased]")


def value_for(column: Any, customer_id: int, email: str) -> Any:
    """Something that fits a column and, where it can hold a text, names the customer."""
    if column.name == "customer_id":
        return customer_id
    if isinstance(column.type, JSON):
        return {"told": [f"ask {email}"]}
    if isinstance(column.type, String | Text):
        return email[: column.type.length or 100] if column.type.length else f"ask {email}"
    kinds: dict[type, Any] = {Boolean: False, Integer: customer_id, DateTime: NOON, Float: 1.0}
    return next(value for kind, value in kinds.items() if isinstance(column.type, kind))


def row_for(table: Table, customer_id: int, email: str) -> dict[str, Any]:
    return {column.name: value_for(column, customer_id, email) for column in table.c}


def test_every_table_states_what_it_holds_of_customers() -> None:
    assert {table.name for table in tables_that_hold(*HOLDS)} == set(Base.metadata.tables)


def test_a_table_about_customers_names_them_by_number() -> None:
    for table in tables_that_hold("customers", "erased"):
        assert "customer_id" in table.c, table.name
    for table in tables_that_hold("persons"):
        assert {"left_person_id", "right_person_id"} <= set(table.c.keys()), table.name
    for table in tables_that_hold("persons", "texts", "staff", "nothing"):
        assert not {"customer_id", "recipient", "email"} & set(table.c.keys()), table.name


def test_what_is_said_to_hold_nothing_holds_no_free_text() -> None:
    codes = {"mark", "key", "name", "value", "subject_hash", "version_id", "table_name"}
    for table in tables_that_hold("nothing"):
        texts = {c.name for c in table.c if isinstance(c.type, String | Text | JSON)}
        assert texts <= codes | {"fingerprint", "files"}, table.name


def test_everything_about_a_customer_is_found_and_taken_out_of_every_table(state: State) -> None:
    tables = tables_that_hold("customers", "persons", "texts")
    records = [EMAIL]
    with state._database.begin() as connection:
        for table in tables:
            connection.execute(table.insert(), [row_for(table, THEIRS, EMAIL)])
            connection.execute(table.insert(), [row_for(table, OTHERS, "pim@voorbeeld.nl")])

    about = state.persons.about([THEIRS], is_wanted, records)
    assert set(about) == {table.name for table in tables}, "the access file tells of each"
    assert "pim@" not in str(about)
    assert set(state.persons.tables_with(is_wanted)) == {table.name for table in tables}

    assert state.persons.remove([THEIRS], is_wanted, without, records) == len(tables)

    assert state.persons.tables_with(is_wanted) == ()
    assert state.persons.about([THEIRS], is_wanted, records) == {}
    with state._database.connect() as connection:
        for table in tables:
            rows = connection.execute(select(table)).all()
            is_deleted = {"customer_id", "left_person_id"} & set(table.c.keys())
            assert len(rows) == (1 if is_deleted else 2), table.name
            assert "pim@voorbeeld.nl" in str(rows), "nobody else is touched"


def test_an_address_that_others_withdrew_too_stays_withdrawn_for_them(state: State) -> None:
    for recipient in (EMAIL, "[erased]"):
        state.campaigns.withdraw(OTHERS, recipient, way="page", at=NOON)
    state.persons.remove([THEIRS], is_wanted, without)
    customers, addresses = state.campaigns.withdrawn()
    assert customers == {OTHERS}
    assert addresses == {"[erased]"}
