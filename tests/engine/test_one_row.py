from __future__ import annotations

import ibis
import pytest

from klantreis.engine.one_row import OneRow
from klantreis.errors import ContractError


def test_what_is_empty_stays_empty_and_what_holds_anyhow_holds() -> None:
    row = ibis.table({"a": "boolean", "b": "string"}, name="row")
    both = OneRow({"and": row["a"] & (row["b"] == "x"), "or": row["a"] | (row["b"] == "x")})
    assert both({"a": False, "b": None}) == {"and": False, "or": None}
    assert both({"a": True, "b": None}) == {"and": None, "or": True}


def test_a_case_that_is_known_beforehand_is_not_computed() -> None:
    row = ibis.table({"text": "string"}, name="row")
    kind = ibis.literal("email")
    value = ibis.cases((kind == "phone", row["text"].upper()), (kind == "email", row["text"]))
    assert OneRow({"value": value})({"text": "Aa"}) == {"value": "Aa"}


def test_columns_are_followed_through_projections() -> None:
    row = ibis.table({"a": "string", "b": "string"}, name="row")
    made = row.mutate(a=row["a"] + "!").rename(c="b").mutate(d=ibis.literal("z")).drop("a")
    assert OneRow({"c": made["c"], "d": made["d"]})({"a": "x", "b": "y"}) == {"c": "y", "d": "z"}


def test_an_operation_that_is_not_known_is_named() -> None:
    row = ibis.table({"text": "string"}, name="row")
    with pytest.raises(ContractError, match="Reverse"):
        OneRow({"value": row["text"].reverse()})
