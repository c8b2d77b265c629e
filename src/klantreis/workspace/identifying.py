"""Who a customer is in what came from outside: records, identifiers, orders, and their own words."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.errors import NotFoundError, message
from klantreis.runner import Store
from klantreis.settings import IDENTIFIER_KINDS
from klantreis.state import ImportPart, State
from klantreis.workspace.needles import Identifier, Needles, comparable
from klantreis.workspace.reading import Reading
from klantreis.workspace.secret import new_secret

__all__ = ["Identifying"]

# An order is not of one person alone; it is found by whose it is.
KINDS = tuple(kind for kind in IDENTIFIER_KINDS if kind != "order")
SHORTEST_QUOTE = 25  # shorter sayings are everybody's
SHORTEST_NAME = 6
SHORTEST_RECORD = 6
SAID = (("feedback", "text"), ("feedback", "subject"), ("survey_answers", "answer"))
RECORDS = (("feedback", "feedback_id"), ("survey_answers", "answer_id"))


class Identifying:
    """Finds what points to a customer, and knows again who was erased.

    Args:
        reading: the published tables.
        state: where imports and marks are.
        store: where the files of imports are.
    """

    def __init__(self, reading: Reading, state: State, store: Store) -> None:
        self._reading, self._state, self._store = reading, state, store

    def needles(self, customer_id: int) -> Needles:
        """All that points to a customer and to nobody else.

        Raises:
            NotFoundError: there is no such customer.
        """
        persons = frozenset(self._persons(customer_id))
        if not persons:
            raise NotFoundError(
                message("Unknown customer", got=str(customer_id), next_step="see klantreis query")
            )
        own: set[Identifier] = set(self._normalised(customer_id))
        others: set[str] = set()
        for person, identifier in self._stated(self._state.import_parts()):
            if person in persons:
                own.add(identifier)
            else:
                others.add(comparable(identifier))
        # What others share (a household's telephone) stays theirs.
        identifiers = sorted(
            (one for one in own if comparable(one) not in others),
            key=lambda one: (comparable(one), one.value),
        )
        return Needles(
            tuple(identifiers),
            persons,
            self._orders_of(persons),
            frozenset(self.numbers(customer_id)),
            tuple(self._words(customer_id, persons)),
        )

    def numbers(self, customer_id: int) -> tuple[int, ...]:
        """The customer's number and those that went over into it."""
        merges = self._reading.table("customer_merges")
        rows = self._reading.rows(merges.filter(merges["customer_id"] == customer_id))
        return (customer_id, *(row["old_customer_id"] for row in rows))

    def marks(self, identifiers: Iterable[Identifier]) -> list[str]:
        """Keyed hashes by which identifiers are known again."""
        return [self._mark(one) for one in identifiers]

    def known_again(self, parts: Sequence[ImportPart]) -> Needles | None:
        """What points to whoever was erased before and is in these parts; None when nobody is."""
        marks = self._state.erasures.marks()
        if not marks:
            return None
        stated = [one for one in self._stated(parts) if self._mark(one[1]) in marks]
        if not stated:
            return None
        persons = frozenset(person for person, _ in stated)
        identifiers = tuple({identifier for _, identifier in stated})
        return Needles(identifiers, persons, self._orders_of(persons))

    def _persons(self, customer_id: int) -> list[str]:
        links = self._reading.table("links")
        rows = self._reading.rows(links.filter(links["customer_id"] == customer_id))
        return [row["person_id"] for row in rows]

    def _normalised(self, customer_id: int) -> Iterator[Identifier]:
        """As the portrait has them: a telephone number with its country code."""
        customers = self._reading.table("customers")
        for row in self._reading.rows(customers.filter(customers["customer_id"] == customer_id)):
            for kind in ("email", "phone", "loyalty_card"):
                if row[kind]:
                    yield Identifier(kind, "", row[kind])

    def _words(self, customer_id: int, persons: frozenset[str]) -> Iterator[str]:
        """What only they said, the numbers of those records, and their name when nobody shares it."""
        customers = self._reading.table("customers")
        mine = customers.filter(customers["customer_id"] == customer_id)
        shared = customers.group_by("name").aggregate(n=customers.count())
        for row in self._reading.rows(mine.join(shared, "name").select("name", "n")):
            if row["n"] == 1 and " " in row["name"] and len(row["name"]) >= SHORTEST_NAME:
                yield row["name"]
        for table, column in SAID:
            yield from self._said_by(self._reading.table(table), column, persons)
        for table, column in RECORDS:
            rows = self._reading.table(table)
            own = rows.filter(rows["person_id"].isin(sorted(persons))).select(word=column)
            yield from (
                row["word"]
                for row in self._reading.rows(own)
                if len(row["word"]) >= SHORTEST_RECORD
            )

    def _said_by(self, table: ir.Table, column: str, persons: frozenset[str]) -> Iterator[str]:
        own = table["person_id"].fill_null("").isin(sorted(persons))
        long = table.mutate(is_own=own).filter(table[column].length() >= SHORTEST_QUOTE)
        mine = long.filter(long["is_own"]).select(text=column).distinct()
        others = long.filter(~long["is_own"]).select(text=column)
        yield from (
            row["text"].strip() for row in self._reading.rows(mine.anti_join(others, "text"))
        )

    def _stated(self, parts: Iterable[ImportPart]) -> Iterator[tuple[str, Identifier]]:
        """Each person record with each of its identifiers, from what imports wrote."""
        for part in parts:
            if part.table_name in ("identifiers", "persons"):
                for name in part.files:
                    yield from _identifiers_in(self._store.folder / name)

    def _orders_of(self, persons: frozenset[str]) -> frozenset[str]:
        own: set[str] = set()
        wanted = pa.array(sorted(persons), pa.string())
        for part in self._state.import_parts():
            for name in part.files if part.table_name == "orders" else ():
                table = pq.read_table(self._store.folder / name, columns=["order_id", "person_id"])
                own.update(
                    table.filter(pc.is_in(table["person_id"], wanted))["order_id"].to_pylist()
                )
        return frozenset(own)

    def _mark(self, identifier: Identifier) -> str:
        if not hasattr(self, "_held_key"):
            self._held_key = self._state.erasures.key(new_secret()).encode()
        return hmac.new(self._held_key, comparable(identifier).encode(), "sha256").hexdigest()


def _identifiers_in(file: object) -> Iterator[tuple[str, Identifier]]:
    table = pq.read_table(file)
    if "kind" in table.column_names:
        table = table.filter(pc.is_in(table["kind"], pa.array(KINDS)))
        columns = (table[name].to_pylist() for name in ("person_id", "kind", "source", "value"))
        for person, kind, source, value in zip(*columns, strict=True):
            if value and value.strip():
                yield person, Identifier(kind, source, value)
        return
    for kind in ("email", "phone"):
        columns = (table[name].to_pylist() for name in ("person_id", "source", kind))
        for person, source, value in zip(*columns, strict=True):
            if value and value.strip():
                yield person, Identifier(kind, source, value)
