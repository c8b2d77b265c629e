"""Tables for others to count with, without who it is: keyed pseudonyms, no free text, coarse birth and place.

Pseudonymous is not anonymous: who knows enough of somebody's purchases can still find them in it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from klantreis.errors import InputError, message
from klantreis.exporting import export_table
from klantreis.state import State
from klantreis.tables import Column, contract
from klantreis.workspace.reading import Reading

__all__ = ["Pseudonymised", "Pseudonyms", "rule_of"]

# What a number of somebody or of their doing stands for; the same one gets the same pseudonym in
# every table of one recipient, so that tables can still be joined.
KEYED: Mapping[str, str] = {
    "customer_id": "customer",
    "old_customer_id": "customer",
    "household_id": "household",
    "person_id": "person",
    "left_person_id": "person",
    "right_person_id": "person",
    "order_id": "order",
    "refers_to_order_id": "order",
    "event_id": "event",
    "session_id": "session",
    "session": "session",
    "message_id": "message",
    "feedback_id": "feedback",
    "answer_id": "answer",
    "response_id": "response",
    "payment_id": "payment",
    "consent_id": "consent",
    "journey_id": "journey",
    "statement_id": "statement",
}
# Texts that are the shop's own words and say nothing of who it is.
OWN_WORDS = frozenset(
    {
        "arm",
        "brand",
        "brands",
        "campaign",
        "categories",
        "category",
        "channel",
        "channels",
        "device",
        "event",
        "kind",
        "language",
        "last_said_channel",
        "last_said_event",
        "country",
        "method",
        "moment",
        "neighbour_id",
        "outcome",
        "payment_method",
        "persona_id",
        "phase",
        "phase_model",
        "preferred_brand",
        "preferred_category",
        "preferred_channel",
        "preferred_payment_method",
        "preferred_purchase_channel",
        "preferred_store_id",
        "product_id",
        "purpose",
        "question_id",
        "reason",
        "record_table",
        "segment",
        "segmentation",
        "source",
        "sources",
        "status",
        "store_id",
        "subcategory",
        "survey_id",
        "target",
        "target_group",
        "topic",
        "touchpoint",
        "traffic_medium",
        "traffic_source",
    }
)
EVENT_NAMES = (("events", "name"),)
YEARS, PLACES = "birth_on", "postcode"
SMALL = 10
QUASI = ("birth_year", "age_years", "postcode_4", "gender")
DIGITS = 16


@dataclass(frozen=True)
class Pseudonymised:
    """What was written.

    Attributes:
        rows: how many.
        left_out: columns that are not in it.
        small_cells: rows that share birth year, four digits of the postcode and gender with fewer
            than ten; none when the table tells nothing of that.
    """

    rows: int
    left_out: tuple[str, ...]
    small_cells: int | None


def rule_of(table: str, column: Column) -> str:
    """What becomes of a column: `keyed`, `kept`, `year`, `four_digits` or `left_out`.

    A text that no list names is left out, so that a new column is never handed out by accident.
    """
    if column.name in KEYED:
        return "keyed"
    if column.name == YEARS:
        return "year"
    if column.name == PLACES:
        return "four_digits"
    is_own = column.name in OWN_WORDS or bool(column.allowed) or (table, column.name) in EVENT_NAMES
    may_tell = "string" in column.type or "struct" in column.type
    return "left_out" if may_tell and not is_own else "kept"


class Pseudonyms:
    """Writes tables for one recipient at a time.

    Args:
        reading: the published tables.
        state: holds the key of this workspace.
    """

    def __init__(self, reading: Reading, state: State) -> None:
        self._reading, self._state = reading, state

    def rows(self, name: str, recipient: str) -> pa.Table:
        """A published table with pseudonyms that only this recipient gets.

        Args:
            name: of the table.
            recipient: for whom; two recipients cannot join what they got.

        Raises:
            NotFoundError: there is no such table.
            InputError: nobody was named.
        """
        columns = contract(name).columns
        rules = {column.name: rule_of(name, column) for column in columns}
        kept = [column for column, rule in rules.items() if rule != "left_out"]
        rows = self._reading.fetch(self._reading.table(name).select(*kept))
        key = self._key(recipient)
        made = {}
        for column in kept:
            values, rule = rows[column], rules[column]
            if rule == "keyed":
                made[column] = _keyed(values, KEYED[column], key)
            elif rule == "year":
                made["birth_year"] = pc.year(values)
            elif rule == "four_digits":
                made["postcode_4"] = _first_digits(values)
            else:
                made[column] = values
        return pa.table(made)

    def export(
        self, name: str, file: Path, *, recipient: str, format: str, is_dutch: bool = False
    ) -> Pseudonymised:
        """Write a table as a file; see `rows` and `exporting.export_table`."""
        rows = self.rows(name, recipient)
        count = export_table(rows, file, format=format, is_dutch=is_dutch)
        left_out = tuple(
            column.name for column in contract(name).columns if rule_of(name, column) == "left_out"
        )
        return Pseudonymised(count, left_out, _small_cells(rows))

    def _key(self, recipient: str) -> bytes:
        named = " ".join(recipient.lower().split())
        if not named:
            raise InputError(
                message(
                    "Say for whom it is",
                    where="recipient",
                    got="nothing",
                    allowed="a name; each recipient gets pseudonyms of its own",
                )
            )
        own = self._state.campaigns.secret("pseudonyms").encode()
        return hmac.digest(own, f"recipient:{named}".encode(), "sha256")


def _keyed(values: pa.ChunkedArray, meaning: str, key: bytes) -> pa.ChunkedArray:
    """Each different value is hashed once."""
    encoded = pc.dictionary_encode(values.combine_chunks())
    pseudonyms = pa.array(
        [_pseudonym(one, meaning, key) for one in encoded.dictionary.to_pylist()], pa.string()
    )
    return pc.take(pseudonyms, encoded.indices)


def _pseudonym(value: Any, meaning: str, key: bytes) -> str:
    return hmac.new(key, f"{meaning}:{value}".encode(), "sha256").hexdigest()[:DIGITS]


def _first_digits(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """`1234` of `1234AB` and of a Belgian `1234`; nothing of what looks otherwise."""
    found = pc.extract_regex(values, r"^(?P<digits>[0-9]{4})(?:$|\s?[A-Za-z]{2}$)")
    return pc.struct_field(found, "digits")


def _small_cells(rows: pa.Table) -> int | None:
    told = [name for name in QUASI if name in rows.column_names]
    if not told or told == ["gender"]:
        return None
    sizes = rows.select(told).group_by(told).aggregate([([], "count_all")])
    small = sizes.filter(pc.less(sizes["count_all"], SMALL))
    return int(pc.sum(small["count_all"]).as_py() or 0)
