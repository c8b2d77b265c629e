from __future__ import annotations

import ibis
import pytest

from klantreis.errors import ContractError, NotFoundError
from klantreis.tables import (
    TABLES,
    Column,
    Table,
    check_rows,
    check_shape,
    conform,
    contract,
    empty,
)

COLOURS = Table(
    name="colours",
    room="sources",
    meaning="A colour.",
    key=("colour_id",),
    columns=(
        Column("colour_id", "string", "its number", required=True),
        Column("kind", "string", "warm or cold", allowed=("warm", "cold")),
        Column("price_amount", "money", "what it costs", unit="EUR"),
    ),
)


def rows_of(*rows: tuple[str | None, str | None, str | None]) -> ibis.expr.types.Table:
    columns = zip(*rows, strict=True)
    raw = dict(zip(("colour_id", "kind", "price_amount"), columns, strict=True))
    return conform(ibis.memtable(raw, schema=dict.fromkeys(raw, "string")), COLOURS)


def test_a_table_that_keeps_its_contract_passes() -> None:
    check_rows(rows_of(("1", "warm", "2.50"), ("2", None, None)), COLOURS)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([(None, "warm", "1")], "colour_id: got empty in 1 of 1 rows"),
        ([("1", "warm", "1"), ("1", "cold", "1")], "colour_id: got double in 1 of 2 rows"),
        ([("1", "luke", "1")], "kind: got outside in 1 of 1 rows; allowed: warm, cold"),
    ],
)
def test_a_broken_rule_is_named_with_column_and_count(
    rows: list[tuple[str | None, str | None, str | None]], complaint: str
) -> None:
    with pytest.raises(ContractError, match=complaint):
        check_rows(rows_of(*rows), COLOURS)


def test_a_lacking_required_column_is_named() -> None:
    with pytest.raises(ContractError, match="also colour_id"):
        conform(ibis.memtable({"kind": ["warm"]}), COLOURS)


def test_a_lacking_optional_column_becomes_empty_and_order_is_the_contract_s() -> None:
    shaped = conform(ibis.memtable({"kind": ["warm"], "colour_id": ["1"]}), COLOURS)
    assert shaped.execute().to_dict("records") == [
        {"colour_id": "1", "kind": "warm", "price_amount": None}
    ]


def test_a_wrong_type_is_named() -> None:
    wrong = rows_of(("1", "warm", "1")).mutate(price_amount=ibis.literal(1.0))
    with pytest.raises(ContractError, match=r"colours\.price_amount: got float64"):
        check_shape(wrong, COLOURS)


def test_an_unknown_table_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="portraits"):
        contract("portrets")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_contract_is_complete_in_itself(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert set(table.order) <= set(names)
    assert not table.period or table.column(table.period).dtype.is_temporal()
    assert all(column.meaning for column in table.columns)
    assert table.meaning.endswith(".")
    check_rows(empty(table), table)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_names_tell_type_and_unit(table: Table) -> None:
    for column in table.columns:
        if column.name.endswith("_at"):
            assert (column.dtype.is_timestamp(), column.unit) == (True, "UTC"), column.name
        if column.name.endswith("_on"):
            assert column.dtype.is_date(), column.name
        if column.name.endswith("_amount"):
            assert (column.type, column.unit) == ("money", "EUR"), column.name
        if column.name.endswith("_days"):
            assert column.unit == "days", column.name
        if column.name.startswith(("is_", "has_", "may_")):
            assert column.dtype.is_boolean(), column.name
