"""The steps of identity give the same rows on Spark as on DuckDB, from the same rows at rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import ibis.expr.types as ir
import pytest

from klantreis import identity
from klantreis.engine import Engine
from klantreis.settings import IdentifierSettings
from klantreis.tables import contract
from tests.identity.people import Shop, person, states
from tests.length import at_length
from tests.rows import Row, made, rows_of, stored

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
    tables = {
        "persons": PERSONS,
        "identifiers": IDENTIFIERS,
        "blocked_identifiers": shop.blocked,
        "identifier_groups": shop.groups,
        "person_profiles": shop.told,
        "match_model": shop.model,
        "match_keys": shop.keys,
        "matches": shop.matches,
        "links": shop.links,
    }
    lived = identity.households(
        rows_of("person_profiles", shop.told),
        rows_of("links", shop.links),
        rows_of("persons", PERSONS),
        engine=duckdb_engine,
    )
    return {**tables, "households": made("households", lived, duckdb_engine)}


@pytest.fixture(scope="module")
def on_spark(
    on_duckdb: Mapping[str, Any], spark_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Rows]:
    """Each step over the same rows on Spark."""
    folder = tmp_path_factory.mktemp("identity")
    kept = {name: stored(name, rows, spark_engine, folder) for name, rows in on_duckdb.items()}
    none = {
        name: spark_engine.read([], contract(name))
        for name in ("identifier_groups", "person_profiles", "links", "customer_merges", "matches")
    }
    how: dict[str, Any] = {"engine": spark_engine, "country": "NL"}
    own: dict[str, Any] = {"identifier_rules": RULES, "own_decisions": NOTHING_DECIDED}
    records: dict[str, Any] = {
        name: kept[name] for name in ("persons", "identifiers", "blocked_identifiers")
    }
    groups, told = kept["identifier_groups"], kept["person_profiles"]

    def changed(*names: str) -> dict[str, Any]:
        """Everything is new."""
        return {f"changed_{name}": kept[name].select(*contract(name).key) for name in names}

    steps: Mapping[str, Callable[[], ir.Table]] = {
        "identifier_groups": lambda: identity.identifier_groups(
            **records, previous_identifier_groups=none["identifier_groups"], **how, **own
        ),
        "person_profiles": lambda: identity.person_profiles(
            **records,
            identifier_groups=groups,
            kept_person_profiles=none["person_profiles"],
            **changed(*records, "identifier_groups"),
            **how,
        ),
        "matches": lambda: identity.matches(
            groups,
            told,
            kept["match_model"],
            kept["match_keys"],
            **records,
            kept_matches=none["matches"],
            **changed("person_profiles", "match_model"),
            **how,
            **own,
        ),
        "links": lambda: identity.links(
            groups,
            kept["matches"],
            engine=spark_engine,
            previous_links=none["links"],
            previous_customer_merges=none["customer_merges"],
        ),
        "households": lambda: identity.households(
            told, kept["links"], kept["persons"], engine=spark_engine
        ),
    }
    return lambda name: made(name, steps[name](), spark_engine)


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
