"""What all tables of the state hold of customers: finding it, handing it out, taking it away.

Each table states in `holds` what it says of customers, so that none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    String,
    Table,
    Text,
    delete,
    select,
    text,
    update,
)

from klantreis.state.models import Base

__all__ = ["HOLDS", "PersonsInState", "tables_that_hold"]

# `customers`: each row is about one, by `customer_id`. `persons`: each is about two records, by
# `left_person_id` and `right_person_id`. `texts`: people wrote in it, and may have quoted or named
# a customer. `staff`: who works with the product. `erased`: numbers of erased
# customers, kept as proof. `nothing`: neither persons nor free text.
HOLDS = ("customers", "persons", "texts", "staff", "erased", "nothing")
ROWS_AT_ONCE = 5_000


def tables_that_hold(*kinds: str) -> tuple[Table, ...]:
    """The tables of the state that hold one of these; see `HOLDS`."""
    kind_of = {mapper.class_.__tablename__: mapper.class_.holds for mapper in Base.registry.mappers}
    return tuple(table for table in Base.metadata.sorted_tables if kind_of[table.name] in kinds)


class PersonsInState:
    """Finds and removes what the state holds of a customer."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def tables_with(self, is_wanted: Callable[[str], bool]) -> tuple[str, ...]:
        """Names of the tables, whatever they are said to hold, with a text for which this is so."""
        with self._database.connect() as connection:
            return tuple(
                table.name
                for table in Base.metadata.sorted_tables
                if any(True for _ in _rows_with(connection, table, is_wanted))
            )

    def about(
        self,
        customer_ids: Iterable[int],
        is_wanted: Callable[[str], bool],
        person_ids: Iterable[str] = (),
    ) -> Mapping[str, list[dict[str, Any]]]:
        """Everything about a customer, by table: whole rows, and from what people wrote the texts.

        Args:
            customer_ids: numbers of the customer, old ones too.
            is_wanted: whether a text names or quotes them.
            person_ids: the customer's records.
        """
        numbers, records = list(customer_ids), list(person_ids)
        found: dict[str, list[dict[str, Any]]] = {}
        with self._database.connect() as connection:
            for table in tables_that_hold("customers"):
                own = connection.execute(select(table).where(table.c.customer_id.in_(numbers)))
                found[table.name] = [dict(row) for row in own.mappings()]
            for table in tables_that_hold("persons"):
                found[table.name] = [
                    dict(row)
                    for about in _about_records(table, records)
                    for row in connection.execute(select(table).where(about)).mappings()
                ]
            for table in tables_that_hold("texts"):
                found[table.name] = [
                    {**_key(row, table), "text": leaf}
                    for row in _rows_with(connection, table, is_wanted)
                    for column in _texts(table)
                    for leaf in _leaves(row[column])
                    if is_wanted(leaf)
                ]
        return {name: rows for name, rows in found.items() if rows}

    def remove(
        self,
        customer_ids: Iterable[int],
        is_wanted: Callable[[str], bool],
        without: Callable[[str], str],
        person_ids: Iterable[str] = (),
    ) -> int:
        """Delete rows about a customer, and replace what names them in all other texts.

        Args:
            customer_ids: numbers of the customer, old ones too.
            is_wanted: whether a text names or quotes them.
            without: gives a text without that.
            person_ids: the customer's records.

        Returns:
            How many rows were deleted or changed.
        """
        numbers, records = list(customer_ids), list(person_ids)
        changed = 0
        with self._database.begin() as connection:
            for table in tables_that_hold("customers"):
                about = table.c.customer_id.in_(numbers)
                changed += connection.execute(delete(table).where(about)).rowcount
            for table in tables_that_hold("persons"):
                for part in _about_records(table, records):
                    changed += connection.execute(delete(table).where(part)).rowcount
            for table in tables_that_hold("customers", "persons", "texts"):
                for row in list(_rows_with(connection, table, is_wanted)):
                    changed += _put_without(connection, table, row, without)
        self.give_back_space()
        return changed

    def give_back_space(self) -> None:
        """SQLite keeps deleted rows in free pages and in its log: write both anew."""
        if self._database.dialect.name != "sqlite":
            return
        with self._database.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            plain.execute(text("VACUUM"))
            plain.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _about_records(table: Table, person_ids: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions that find the rows about these records; a database takes so many at once."""
    records = list(person_ids)
    for start in range(0, len(records), ROWS_AT_ONCE):
        portion = records[start : start + ROWS_AT_ONCE]
        yield table.c.left_person_id.in_(portion)
        yield table.c.right_person_id.in_(portion) & table.c.left_person_id.not_in(portion)


def _rows_with(
    connection: Connection, table: Table, is_wanted: Callable[[str], bool]
) -> Iterator[dict[str, Any]]:
    """Rows with a wanted text; whole portions are looked at first, for most hold none."""
    names = _texts(table)
    if not names:
        return
    wanted = select(table).execution_options(yield_per=ROWS_AT_ONCE)
    with connection.execute(wanted) as result:
        for portion in result.mappings().partitions():
            told = [
                "\n".join(leaf for name in names for leaf in _leaves(row[name])) for row in portion
            ]
            if is_wanted("\n".join(told)):
                yield from (
                    dict(row) for row, texts in zip(portion, told, strict=True) if is_wanted(texts)
                )


def _put_without(
    connection: Connection, table: Table, row: Mapping[str, Any], without: Callable[[str], str]
) -> bool:
    fresh = {name: _cleaned(row[name], without) for name in _texts(table)}
    fresh = {name: value for name, value in fresh.items() if value != row[name]}
    if not fresh:
        return False
    own = [column == row[column.name] for column in table.primary_key]
    if any(column.name in fresh for column in table.primary_key):
        now = [column == {**row, **fresh}[column.name] for column in table.primary_key]
        if connection.execute(select(table).where(*now)).first() is not None:
            connection.execute(delete(table).where(*own))
            return True
    connection.execute(update(table).where(*own).values(**fresh))
    return True


def _texts(table: Table) -> Sequence[str]:
    return [column.name for column in table.c if isinstance(column.type, String | Text | JSON)]


def _key(row: Mapping[str, Any], table: Table) -> dict[str, Any]:
    return {column.name: row[column.name] for column in table.primary_key}


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    elif value is not None:
        yield str(value)


def _cleaned(value: Any, without: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return without(value)
    if isinstance(value, list):
        return [_cleaned(one, without) for one in value]
    if isinstance(value, dict):
        return {without(str(key)): _cleaned(one, without) for key, one in value.items()}
    return value
