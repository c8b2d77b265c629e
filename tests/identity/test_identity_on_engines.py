"""The steps of identity give the same rows on Spark as on DuckDB, from the same rows at rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from klantreis import identity
from klantreis.engine import Engine
from klantreis.pipeline import Step
from klantreis.settings import IdentifierSettings
from klantreis.tables import TABLES, contract
from tests.identity.people import Shop, person, states
from tests.length import at_length
from tests.rows import Row, made, stored

# Spark plans some of these for a minute: that costs the same for ten records as for ten million.
pytestmark = [at_length, pytest.mark.spark, pytest.mark.xdist_group("spark")]

HOME = {"street": "Lange Kade", "house_number": "12", "postcode": "1011 AB", "city": "Amsterdam"}
ANN, BOB = date(1980, 5, 31), date(1978, 2, 1)
PERSONS: list[Row] = [
    person("crm:1", "Ann", last_name="Hoekstra", birth_on=ANN, **HOME),
    person("crm:2", "Bob", prefix="van der", last_name="Hoekstra", birth_on=BOB, **HOME),
    person("shopify:1", "A.", last_name="HOEKSTRA", birth_on=ANN, **{**HOME, "city": "A'dam"}),
    person("shopify:2", "Bób", last_name="v.d. Hoekstra", birth_on=BOB, **HOME),
    person("till:1", None),
    person("till:2", "Ann", last_name="Hoekstra", birth_on=ANN, **HOME),
    person("mail:1", "Eve", last_name="de Wit", city="Utrehct", country="NL"),
]
IDENTIFIERS: list[Row] = [
    *states("crm:1", email="ann@post.nl", loyalty_card="2600015", phone="020-6123456"),
    *states("crm:2", email="bob@post.nl", phone="020-6123456"),
    *states("till:1", loyalty_card="0002600015"),
    *states("till:2", loyalty_card="2600016"),
    *states("mail:1", email="EVE@post.nl"),
    *states("shopify:2", email="bob@post.nl"),
]
RULES = {"loyalty_card": IdentifierSettings(unique=True)}
NOTHING_DECIDED: Mapping[str, tuple[tuple[str, str], ...]] = {"same": (), "different": ()}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def on_duckdb(duckdb_engine: Engine) -> Mapping[str, Any]:
    """What goes in, and what every step makes of it."""
    shop = Shop(duckdb_engine, rules=RULES)
    shop.match(PERSONS, IDENTIFIERS)
    shop.make(identity.households)
    return shop.tables


@pytest.fixture(scope="module")
def on_spark(
    on_duckdb: Mapping[str, Any], spark_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Rows]:
    """Each step over the same rows on Spark."""
    folder = tmp_path_factory.mktemp("identity")
    asked = {
        "engine": spark_engine,
        "country": "NL",
        "identifier_rules": RULES,
        "own_decisions": NOTHING_DECIDED,
    }

    def anew(name: str) -> Rows:
        step = Step(getattr(identity, name))
        read = {*step.reads, *step.reads_changed}
        kept = {one: stored(one, on_duckdb[one], spark_engine, folder / name) for one in read}
        none = {one: spark_engine.read([], contract(one)) for one in TABLES}
        rows = step.function(
            **{one: kept[one] for one in step.reads},
            **{f"previous_{one}": none[one] for one in step.reads_previous},
            **{f"kept_{one}": none[one] for one in step.reads_kept},
            **{f"changed_{one}": kept[one].select(contract(one).key) for one in step.reads_changed},
            **{one: asked[one] for one in step.asks},
        )
        return made(name, rows, spark_engine)

    return anew


@pytest.mark.parametrize("name", ["identifier_groups", "links", "households"])
def test_a_step_of_identity_makes_the_same_rows_on_spark(
    name: str, on_duckdb: Mapping[str, Rows], on_spark: Callable[[str], Rows]
) -> None:
    assert on_duckdb[name]
    assert on_spark(name) == on_duckdb[name]


def test_matches_are_the_same_on_spark_to_the_last_figures(
    on_duckdb: Mapping[str, Rows], on_spark: Callable[[str], Rows]
) -> None:
    here, there = on_duckdb["matches"], on_spark("matches")
    assert {row["stopped_by"] for row in here} == {None, "conflict"}
    assert [sorted(row) for row in there] == [sorted(row) for row in here]
    for one, other in zip(there, here, strict=True):
        for name, value in other.items():
            assert one[name] == (pytest.approx(value) if isinstance(value, float) else value)


def test_profiles_say_the_same_on_spark(
    on_duckdb: Mapping[str, Rows], on_spark: Callable[[str], Rows]
) -> None:
    here, there = on_duckdb["person_profiles"], on_spark("person_profiles")
    assert [_without_keys(row) for row in there] == [_without_keys(row) for row in here]


def _without_keys(row: Row) -> Row:
    """The numbers of keys are the engine's own."""
    return {name: value for name, value in row.items() if not name.startswith("key_")}
