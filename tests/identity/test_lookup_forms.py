"""One record gets the very same forms as all records of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.engine.one_row import OneRow
from klantreis.identity.lookup_forms import (
    KINDS,
    NAMES,
    PAIR,
    TOLD,
    VALUE,
    name_forms,
    pair_forms,
    told_forms,
    value_forms,
)

Rows = list[dict[str, Any]]
Forms = Callable[[ir.Table], ir.Table]
WORDS = st.sampled_from(
    [
        *("Jan", "J.", "Désirée", "van der Berg", "Berg, van den", "Jansen-de Wit", "Meijer"),
        *("O'Neill", "ĲSSEL", "İpek", "ΣΊΣΥΦΟΣ", "Straße", "mevr. Els", "Schouten sr", "onbekend"),
        *("Dorpsstr. 12-a", "12 Main St", "Burg. Kon. ln 3bis", "1234 ab", "B-1000", "’t Veld"),
        *("06-12345678", "+31 (0)6 12345678", "0032 470 12 34 56", "612345678", "0000000000"),
        *("a.b+c@voorbeeld.nl", "TEST@test.nl", "@Huis_En", "#1001", "0026-0001 5", "null", "-1"),
        *(" ", "\n", "\x0b", "12", "²", "ab" * 32),
    ]
)
# What the two libraries know of letters beyond these differs by their version of Unicode.
LETTERS = st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cs", "Cc"]), max_size=12)
TEXTS = st.none() | st.lists(WORDS | LETTERS, min_size=1, max_size=3).map(" ".join) | LETTERS
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2020, 1, 1)) | st.just(date(1970, 1, 1))


def of_columns(columns: Mapping[str, str]) -> st.SearchStrategy[Rows]:
    """Many rows at once: asking the engine is what takes time."""
    kinds = {"string": TEXTS, "date": DAYS, "boolean": st.booleans()}
    row = st.fixed_dictionaries({name: kinds[type_] for name, type_ in columns.items()})
    return st.lists(row, min_size=20, max_size=40)


def engine_table(engine: Engine, columns: Mapping[str, str], rows: Rows) -> ir.Table:
    schema = ibis.schema(columns).to_pyarrow()
    return engine.table(pa.Table.from_pylist(rows, schema=schema))


def on_one(forms: ir.Table) -> OneRow:
    return OneRow({name: forms[name] for name in forms.columns})


VALUES = {
    kind: on_one(value_forms(ibis.table(VALUE, name="given").mutate(kind=ibis.literal(kind))))
    for kind in KINDS
}


def check(
    forms: Forms, columns: Mapping[str, str], rows: Rows, together: ir.Table, engine: Engine
) -> None:
    """What the engine makes of rows together, and what is made of each by itself."""
    one_row = on_one(forms(ibis.table(columns, name="given")))
    for row, expected in zip(rows, engine.fetch(together).to_pylist(), strict=True):
        assert (row, one_row(row)) == (row, expected)


@given(rows=of_columns(VALUE))
@settings(max_examples=3, phases=[Phase.generate])
def test_identifiers(duckdb_engine: Engine, rows: Rows) -> None:
    for row in rows:
        row["country"] = row["country"] and "BE"
    every = [{**row, "kind": kind} for kind in KINDS for row in rows]
    table = engine_table(duckdb_engine, {**VALUE, "kind": "string"}, every)
    together = value_forms(table, keep=duckdb_engine.keep)
    made = duckdb_engine.fetch(together).to_pylist()
    for row, expected in zip(every, made, strict=True):
        assert (row, VALUES[row["kind"]](row)) == (row, expected)


@given(rows=of_columns(NAMES))
@settings(max_examples=3, phases=[Phase.generate])
def test_names(duckdb_engine: Engine, rows: Rows) -> None:
    together = name_forms(engine_table(duckdb_engine, NAMES, rows))
    check(name_forms, NAMES, rows, together, duckdb_engine)


@given(rows=of_columns(PAIR))
@settings(max_examples=3, phases=[Phase.generate])
def test_contradictions(duckdb_engine: Engine, rows: Rows) -> None:
    together = pair_forms(engine_table(duckdb_engine, PAIR, rows))
    check(pair_forms, PAIR, rows, together, duckdb_engine)


@given(rows=of_columns(TOLD))
@settings(max_examples=3, phases=[Phase.generate])
def test_what_is_compared_and_its_keys(duckdb_engine: Engine, rows: Rows) -> None:
    table = engine_table(duckdb_engine, TOLD, rows)
    together = told_forms(table, keep=duckdb_engine.keep)
    check(told_forms, TOLD, rows, together, duckdb_engine)
