"""Rules at random give the customers that a plain oracle gives, on every engine and live."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.portraits import moment_lists, tallies, visits
from klantreis.rules import Rule, held, holds, matching, parse, text_of
from klantreis.tables import EVERYONE, Renewal, contract
from tests.length import at_length
from tests.rows import afresh, stored
from tests.rules.oracle import members
from tests.rules.people import PEOPLE, TABLES, facts
from tests.rules.strategies import NOW, rules

WRITTEN = (
    "consent('sms') and not (consent('post') or consent('analytics')) or consent('profiling')",
    "orders in last 90 days >= 1 and channel('store') and not consent('email')",
    "visits in last 9 days >= 2 or revenue via 'store' > 10 or segment('champions')",
    "did 'add_to_cart' in last 3 days and not did 'purchase' in last 3 days",
    "city in ('Utrecht', 'Gent') or country is unknown or birth_on < '2025-12-01'",
    "last_order_at in last 3 weeks or not (discount_share > 0.2)",
    "did 'view_item' then 'purchase' via 'store' within 2 days",
    "did 'view_item' in last 30 days then 'add_to_cart' then not 'return' within 5 days",
    "did 'purchase' where (amount > 10 and page contains 'Utrecht') from 20 to 2 days ago",
    "count('view_item') from '2025-12-01' to '2025-12-20' >= 2 or churn_risk < 0.5",
    "first('purchase') until 20 days ago and last('return') in last 30 days",
    "did 'add_to_cart' via 'web' then not 'purchase' within 4 days",
    "did 'view_item' until 6 days ago then not 'purchase' where amount > 1",
    "visits via 'store' until 5 days ago > 1 or visits in last 2 days > 2",
    "visits in last 20 weeks in (2, 4) or visits <= 1 and visits in last 9 days = 1",
    "did 'view_item' in last 30 weeks then 'purchase' within 36 hours",
    "did 'view_item' in last 30 weeks then not 'view_item' via 'web' within 9 days",
    "did 'return' until 4 days ago then 'purchase' or did 'purchase' then not 'add_to_cart'",
    "count('view_item') > 4 or did 'return' via 'web' in last 5 days or sum('purchase') > 40",
    "did 'view_item' then 'add_to_cart' within 30 days then 'purchase' within 30 days",
    "did 'add_to_cart' in last 30 weeks then 'purchase' then not 'return' within 5 days",
    "did 'view_item' then 'purchase' where amount > 10 or did 'return' then 'view_item' then 'return'",
    "brand('Utrecht') and category('Utrecht')",
    "persona('quality') or phase('think') or recency_score >= 5 and city contains 'Bosch'",
)
RULES_AT_ONCE = 25
batches = st.lists(rules, min_size=RULES_AT_ONCE, max_size=RULES_AT_ONCE, unique_by=text_of)
two_hundred = settings(
    max_examples=8,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
seventy_five = settings(two_hundred, max_examples=3)
twenty_five = settings(two_hundred, max_examples=1)


@pytest.fixture(scope="module")
def on_duckdb(
    duckdb_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, ir.Table]:
    return at_rest(duckdb_engine, tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def on_spark(
    spark_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, ir.Table]:
    folder = tmp_path_factory.mktemp("rules")
    return with_added_up(at_rest(spark_engine, folder), spark_engine, folder)


def at_rest(engine: Engine, folder: Path) -> Mapping[str, ir.Table]:
    allowed = pa.Table.from_pylist(
        TABLES["permissions"], pa.schema([("customer_id", pa.int64()), ("purpose", pa.string())])
    )
    kept = {name: rows for name, rows in TABLES.items() if name != "permissions"}
    tables = {name: stored(name, rows, engine, folder) for name, rows in kept.items()}
    return {**tables, "permissions": engine.table(allowed)}


@pytest.fixture(scope="module")
def added_up(
    on_duckdb: Mapping[str, ir.Table],
    duckdb_engine: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, ir.Table]:
    return with_added_up(on_duckdb, duckdb_engine, tmp_path_factory.mktemp("added"))


def with_added_up(
    tables: Mapping[str, ir.Table], engine: Engine, folder: Path
) -> Mapping[str, ir.Table]:
    """The same tables with what a run adds up of the timeline."""
    made = {
        step.__name__: step(
            tables["timeline"],
            engine.read([], contract("occurrences")),
            engine=engine,
            as_of=NOW,
            portion=EVERYONE,
            **afresh(step),
        )
        for step in (tallies, moment_lists, visits)
    }
    return dict(tables) | {
        name: engine.read(engine.write(rows, contract(name), folder / name).files, contract(name))
        for name, rows in made.items()
        if not isinstance(rows, Renewal)
    }


def check(batch: list[Rule], tables: Mapping[str, ir.Table], engine: Engine) -> None:
    found = engine.fetch(held(batch, tables, now=NOW)).to_pylist()
    assert sorted(row["customer_id"] for row in found) == list(PEOPLE)
    for place, rule in enumerate(batch):
        compiled = {row["customer_id"] for row in found if row[f"r{place}"]}
        assert compiled == members(rule, TABLES, now=NOW), text_of(rule)


@seventy_five
@given(batch=batches)
def test_live_facts_and_the_oracle_agree(batch: list[Rule]) -> None:
    for rule in batch:
        live = {number for number in PEOPLE if holds(rule, facts(number), now=NOW)}
        assert live == members(rule, TABLES, now=NOW), text_of(rule)


@seventy_five
@given(batch=batches)
def test_seventy_five_rules_and_the_oracle_agree(
    batch: list[Rule], on_duckdb: Mapping[str, ir.Table], duckdb_engine: Engine
) -> None:
    check(batch, on_duckdb, duckdb_engine)


@seventy_five
@given(batch=batches)
def test_seventy_five_rules_over_what_was_added_up_and_the_oracle_agree(
    batch: list[Rule], added_up: Mapping[str, ir.Table], duckdb_engine: Engine
) -> None:
    check(batch, added_up, duckdb_engine)


@at_length
@two_hundred
@given(batch=batches)
def test_two_hundred_rules_and_the_oracle_agree(
    batch: list[Rule],
    on_duckdb: Mapping[str, ir.Table],
    added_up: Mapping[str, ir.Table],
    duckdb_engine: Engine,
) -> None:
    check(batch, on_duckdb, duckdb_engine)
    check(batch, added_up, duckdb_engine)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@twenty_five
@given(batch=batches)
def test_a_fair_number_of_rules_and_the_oracle_agree_on_spark(
    batch: list[Rule], on_spark: Mapping[str, ir.Table], spark_engine: Engine
) -> None:
    # One job for all: Spark takes seconds to plan one.
    check([*batch[:9], *map(parse, WRITTEN)], on_spark, spark_engine)


@at_length
@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@two_hundred
@given(batch=batches)
def test_two_hundred_rules_and_the_oracle_agree_on_spark(
    batch: list[Rule], on_spark: Mapping[str, ir.Table], spark_engine: Engine
) -> None:
    check(batch, on_spark, spark_engine)


@pytest.mark.parametrize("text", WRITTEN)
def test_each_of_these_is_about_some_customers(text: str) -> None:
    assert 0 < len(members(parse(text), TABLES, now=NOW)) < len(PEOPLE)


def test_rules_of_every_kind_and_the_oracle_agree(
    on_duckdb: Mapping[str, ir.Table], added_up: Mapping[str, ir.Table], duckdb_engine: Engine
) -> None:
    batch = [parse(text) for text in WRITTEN]
    check(batch, on_duckdb, duckdb_engine)
    check(batch, added_up, duckdb_engine)


def test_one_rule_alone_finds_the_same_and_shows_what_is_asked_too(
    on_duckdb: Mapping[str, ir.Table], duckdb_engine: Engine
) -> None:
    rule = parse("did 'view_item' then 'purchase' within 3 days and is_known")
    found = matching(rule, on_duckdb, now=NOW, more=("city", "is_known"))
    rows = duckdb_engine.fetch(found).to_pylist()
    assert {row["customer_id"] for row in rows} == members(rule, TABLES, now=NOW)
    assert rows
    assert set(rows[0]) == {"customer_id", "city", "is_known"}
