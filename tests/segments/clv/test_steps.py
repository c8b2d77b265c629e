from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from klantreis import segments
from klantreis.engine import Engine
from klantreis.segments.clv.amounts import learn_amounts, tried
from klantreis.segments.clv.cells import averages_of_cells, foretold_by_cells
from klantreis.segments.clv.findings import findings
from klantreis.segments.clv.seen import day_number, purchase_days, seen_at
from klantreis.segments.clv.trial import Score, Split, verdict
from tests.rows import Row, made, rows_of, stored
from tests.segments.clv.shops import END, purchase, shop

Made = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def taken(
    engine: Engine,
    timeline: Sequence[Row],
    orders: Sequence[Row] = (),
    undated: Sequence[Row] = (),
) -> Made:
    """The checks and the values that a timeline comes to."""
    told = (rows_of("timeline", timeline), rows_of("orders", orders))
    totals = rows_of("undated_purchases", undated)
    found = segments.value_checks(*told, totals, engine=engine, as_of=END)
    checks = made("value_checks", found, engine)
    values = segments.customer_values(
        *told, totals, rows_of("value_checks", checks), engine=engine, as_of=END
    )
    return checks, made("customer_values", values, engine)


def of(checks: list[dict[str, Any]], check: str, model: str = "") -> list[dict[str, Any]]:
    return [r for r in checks if r["check"] == check and (not model or r["model"] == model)]


@pytest.fixture(scope="module")
def steady(duckdb_engine: Engine) -> Made:
    return taken(duckdb_engine, shop(700))


def test_the_model_that_stood_the_test_is_in_use(steady: Made) -> None:
    checks, values = steady
    (verdict,) = of(checks, "verdict")
    assert verdict["item"] == "best"
    scores = {r["item"]: r for r in of(checks, "score", verdict["model"])}
    assert scores["orders"]["expected"] == pytest.approx(scores["orders"]["measured"], rel=0.3)
    assert scores["brier"]["measured"] < scores["brier"]["expected"]
    assert {r["model"] for r in of(checks, "score")} >= {"bg_nbd", "mbg_nbd", "pareto_nbd"}
    assert {r["order_model"] for r in values} == {verdict["model"]}
    assert {r["amount_model"] for r in values} == {"gamma_gamma"}
    assert {r["item"] for r in of(checks, "parameter", "gamma_gamma")} == {"p", "q", "v"}
    # Of customers whose orders are alike their own orders tell what the next one is worth.
    ways = {(r["model"], r["item"]): r for r in of(checks, "order_amount")}
    assert {item for _, item in ways} == {"earlier", "later"}
    for item in ("earlier", "later"):
        assert ways["gamma_gamma", item]["measured"] < ways["own_mixed", item]["measured"]
        assert ways["own_mixed", item]["measured"] < ways["average", item]["measured"]
        assert ways["average", item]["measured"] == ways["average", item]["expected"]


def test_orders_that_are_not_alike_are_worth_what_everybodys_are(duckdb_engine: Engine) -> None:
    """A few large and many small orders, whoever places them: their owners are no better buyers."""
    random = np.random.default_rng(4)
    rows = [{**row, "amount": Decimal(f"{random.lognormal(3, 1.2):.2f}")} for row in shop(700)]
    checks, values = taken(duckdb_engine, rows)
    tried = {r["model"]: r for r in of(checks, "order_amount") if r["item"] == "earlier"}
    assert tried["gamma_gamma"]["measured"] > tried["gamma_gamma"]["expected"]
    assert tried["own_mixed"]["measured"] > tried["own_mixed"]["expected"]
    assert tried["average"]["customers"] > 30
    assert {r["amount_model"] for r in values} == {"average"}
    assert len({r["order_amount"] for r in values}) == 1
    (mean,) = of(checks, "parameter", "average")
    assert mean["expected"] == pytest.approx(np.mean([float(r["amount"]) for r in rows]), rel=0.1)


def test_what_was_expected_of_the_later_period_came(steady: Made) -> None:
    checks, _ = steady
    tenths = of(checks, "reliability")
    assert sum(r["low"] <= r["expected"] <= r["high"] for r in tenths) >= 6
    assert np.mean([abs(r["expected"] - r["measured"]) for r in tenths]) < 0.08
    lift = sorted(of(checks, "lift"), key=lambda row: row["place"])
    assert sum(r["measured"] for r in lift) == pytest.approx(1)
    assert lift[0]["measured"] > 0.25
    whole = max(of(checks, "cumulative"), key=lambda row: row["place"])
    orders = next(r for r in of(checks, "score", whole["model"]) if r["item"] == "orders")
    assert whole["measured"] == orders["measured"]
    assert whole["expected"] == pytest.approx(orders["expected"])
    (half,) = of(checks, "next_order")
    assert half["low"] - 0.1 <= 0.5 <= half["high"] + 0.1
    inside = {r["item"]: r["measured"] for r in of(checks, "range")}
    assert inside["orders"] >= 0.75
    assert inside["amount"] >= 0.7


def test_each_customer_has_a_value_within_its_range(steady: Made) -> None:
    _, values = steady
    assert len(values) == 700
    for row in values:
        assert 0 <= row["churn_risk"] <= 1
        assert row["expected_orders_low"] <= row["expected_orders_high"]
        assert row["next_order_on"] >= END.date()
        assert float(row["expected_amount"]) == pytest.approx(
            row["expected_orders"] * float(row["order_amount"]), abs=0.02, rel=1e-3
        )
    alive = np.array([row["alive_probability"] for row in values])
    quiet = np.array([row["known_days"] - row["active_days"] for row in values])
    assert np.corrcoef(alive, quiet)[0, 1] < -0.3


def test_purchases_of_one_day_count_once_and_returns_and_refunds_lower_the_amount(
    duckdb_engine: Engine,
) -> None:
    rows = [
        purchase(1, 300, 100, "a"),
        purchase(1, 300.1, 20, "b"),
        purchase(1, 200, 50, "c"),
        {**purchase(1, 190, -30, "r"), "event": "return"},
        purchase(1, -1, 999, "later"),
    ]
    refund = {
        "order_id": "a",
        "kind": "sale",
        "status": "completed",
        "channel": "web",
        "total_amount": 100,
        "ordered_at": END,
        "refunded_amount": 25,
    }
    _, (row,) = taken(duckdb_engine, rows, [refund])
    assert (row["order_days"], row["active_days"], row["known_days"]) == (2, 100, 300)
    assert row["history_amount"] == 100 + 20 - 25 + 50 - 30
    assert row["order_model"] == "none"
    assert row["expected_amount"] is None
    assert row["churn_risk"] is None


def test_a_few_weeks_of_purchases_tell_nothing_of_the_future(duckdb_engine: Engine) -> None:
    rows = [purchase(n, days, 10) for n in range(60) for days in (n % 50, n % 7)]
    checks, values = taken(duckdb_engine, rows)
    assert [(r["model"], r["item"]) for r in checks] == [("none", "too_short")]
    assert {r["order_model"] for r in values} == {"none"}


def test_nobody_who_bought_is_no_error(duckdb_engine: Engine) -> None:
    checks, values = taken(duckdb_engine, [])
    assert [r["model"] for r in checks] == ["none"]
    assert values == []


def test_too_few_repeat_buyers_leave_the_averages_of_cells(duckdb_engine: Engine) -> None:
    once = [purchase(n, 40 + 3 * n, 10) for n in range(1, 100)]
    twice = [purchase(n, 20 + n, 30) for n in range(1, 20)]
    checks, values = taken(duckdb_engine, [*once, *twice])
    assert [(r["model"], r["item"]) for r in of(checks, "verdict")] == [("cell_average", "too_few")]
    assert {r["order_model"] for r in values} == {"cell_average"}
    for row in values:
        assert row["alive_probability"] is None
        assert row["next_order_on"] is None
        assert 0 <= row["churn_risk"] <= 1
        assert 0 <= row["expected_amount_low"] <= row["expected_amount_high"]


def test_a_later_period_that_nothing_foresaw_leaves_nothing(duckdb_engine: Engine) -> None:
    left = shop(400, stays=False)
    # A handful goes on, so that there is something to compare with.
    stayed = [purchase(n, 150, 20) for n in range(1, 41)]
    checks, values = taken(duckdb_engine, [*left, *stayed, purchase(1, 0, 5)])
    assert [(r["model"], r["item"]) for r in of(checks, "verdict")] == [("none", "unforeseen")]
    assert {r["model"] for r in of(checks, "score")} >= {"bg_nbd", "cell_average"}
    assert not of(checks, "cumulative")
    assert {r["order_model"] for r in values} == {"none"}


def score(expected: float, squared_error: float, brier: float) -> Score:
    """Of 100 customers who placed 50 orders; the errors of one number for everybody are 1."""
    return Score((expected, 50.0), (1.0, squared_error), (1.0, brier), 0.5, 100)


def test_of_good_models_the_one_with_the_least_error_is_used() -> None:
    found = {"bg_nbd": score(55, 0.7, 0.8), "mbg_nbd": score(45, 0.6, 0.8)}
    assert verdict(found, None) == ("mbg_nbd", "best")
    off = {"bg_nbd": score(90, 0.5, 0.5), "mbg_nbd": score(50, 1.1, 0.5)}
    assert verdict(off | {"pareto_nbd": score(50, 0.9, 0.9)}, None) == ("pareto_nbd", "best")
    assert verdict(off, score(70, 1.2, 1.2)) == ("cell_average", "none_good")
    assert verdict(off, None) == ("cell_average", "none_good")
    assert verdict(off, score(5, 1.0, 1.0)) == ("none", "unforeseen")
    assert verdict({}, score(5, 1.0, 1.0)) == ("cell_average", "too_few")


def test_every_engine_gives_the_same_values_and_findings(
    any_engine: Engine, duckdb_engine: Engine, tmp_path: Path
) -> None:
    timeline = shop(120, days=400, seed=3)
    wanted, values = taken(duckdb_engine, timeline)
    told = (
        stored("timeline", timeline, any_engine, tmp_path),
        stored("orders", [], any_engine, tmp_path),
        stored("undated_purchases", [], any_engine, tmp_path),
        stored("value_checks", wanted, any_engine, tmp_path),
    )
    here = segments.customer_values(*told, engine=any_engine, as_of=END)
    for row, other in zip(made("customer_values", here, any_engine), values, strict=True):
        assert row["next_order_on"] == other["next_order_on"]
        assert float(row["expected_amount"]) == pytest.approx(float(other["expected_amount"]))

    split = Split.of(day_number(END) - 399, day_number(END))
    days = any_engine.keep(purchase_days(*told[:2], as_of=END))
    seen = any_engine.keep(seen_at(days, split.until, later_days=split.later_days))
    averages = averages_of_cells(seen, any_engine)
    foretold = foretold_by_cells(seen, averages, 1.0, any_engine)
    assert len(list(findings(foretold, any_engine))) > 20
    models = learn_amounts(seen, any_engine)
    assert all(model.mean > 0 for model in models.values())
    assert tried(models, seen, any_engine).errors.keys() == models.keys()


def test_a_file_of_one_purchase_a_customer_foretells_nothing(duckdb_engine: Engine) -> None:
    """Nobody came back, for nobody could: nought purchases would be foretold of everybody."""
    rows = [purchase(n, 10 + 2 * n, 10) for n in range(200)]
    checks, values = taken(duckdb_engine, rows)
    assert [(r["model"], r["item"]) for r in checks] == [("none", "no_repeats")]
    assert {r["churn_risk"] for r in values} == {None}


def test_where_the_day_of_many_purchases_is_not_known_nothing_is_foretold(
    duckdb_engine: Engine,
) -> None:
    """Those with a day are the last ones only: who bought weekly would seem to have come once."""
    rows = [purchase(n, days, 10) for n in range(95) for days in (400, 10 + n)]
    only_told = {"channel": "web", "amount": 10, "last_ordered_at": END}
    few = [{"customer_id": 1, "orders": 10, **only_told}]
    assert of(taken(duckdb_engine, rows, undated=few)[0], "verdict")[0]["item"] != "undated"
    many = [*few, {"customer_id": 200, "orders": 1, **only_told}]
    checks, values = taken(duckdb_engine, rows, undated=many)
    assert [(r["model"], r["item"]) for r in checks] == [("none", "undated")]
    assert {r["churn_risk"] for r in values} == {None}
    so_far = {r["customer_id"]: (r["order_days"], r["history_amount"]) for r in values}
    assert len(so_far) == 96
    assert (so_far[0], so_far[1], so_far[200]) == ((2, 20), (2, 30), (0, 10))
    checks, _ = taken(duckdb_engine, (), undated=many)
    assert [(r["item"], r["customers"]) for r in checks] == [("undated", 0)]


def test_who_has_only_purchases_without_a_day_is_foretold_nothing(
    steady: Made, duckdb_engine: Engine
) -> None:
    began, last = END - timedelta(days=100), END - timedelta(days=3)
    total = {"customer_id": 9_999, "channel": "web", "orders": 2, "amount": 55}
    dates = {"first_ordered_at": began, "last_ordered_at": last}
    _, values = taken(duckdb_engine, shop(700), undated=[{**total, **dates}])
    (row,) = [row for row in values if row["customer_id"] == 9_999]
    assert (row["order_model"], row["known_days"], row["history_amount"]) == ("none", 100, 55)
    assert row["expected_orders"] is row["churn_risk"] is None
    assert [row for row in values if row["customer_id"] != 9_999] == steady[1]


def test_a_shop_with_hardly_a_customer_foretells_nothing(duckdb_engine: Engine) -> None:
    rows = [purchase(n, days, 10) for n in range(20) for days in (10 + 20 * n, 5 + n)]
    checks, values = taken(duckdb_engine, rows)
    assert [(r["model"], r["item"]) for r in checks] == [("none", "few_customers")]
    assert {r["expected_orders"] for r in values} == {None}
