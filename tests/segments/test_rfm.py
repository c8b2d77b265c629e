from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from klantreis import segments
from klantreis.engine import Engine
from klantreis.settings import RfmLimits
from tests.rows import Row, at_hand, made, rows_of, stored

NOW = datetime(2026, 3, 1)
WINDOW = 730


def bought(customer: int, days_ago: float, amount: str, order: str | None = None) -> Row:
    return happened(customer, "purchase", days_ago, amount, order)


def happened(
    customer: int, event: str, days_ago: float, amount: str, order: str | None = None
) -> Row:
    return {
        "customer_id": customer,
        "occurred_at": NOW - timedelta(days=days_ago),
        "event": event,
        "order_id": order,
        "amount": Decimal(amount),
    }


def order(order_id: str, *, kind: str = "sale", status: str = "completed", **more: Any) -> Row:
    amounts = {"total_amount": Decimal("100"), "ordered_at": NOW, "channel": "web"}
    return {"order_id": order_id, "kind": kind, "status": status, **amounts, **more}


def without_day(customer: int, orders: int, amount: str, last_days_ago: float) -> Row:
    return {
        "customer_id": customer,
        "channel": "web",
        "orders": orders,
        "amount": Decimal(amount),
        "last_ordered_at": NOW - timedelta(days=last_days_ago),
    }


def scored(
    engine: Engine,
    timeline: Sequence[Row],
    orders: Sequence[Row] = (),
    undated: Sequence[Row] = (),
) -> dict[int, dict[str, Any]]:
    result = segments.rfm(
        rows_of("timeline", timeline),
        rows_of("orders", orders),
        rows_of("undated_purchases", undated),
        as_of=NOW,
        rfm_window_days=WINDOW,
    )
    return {row["customer_id"]: row for row in made("rfm", result, engine)}


def test_recency_frequency_and_money_are_taken_from_completed_purchases(
    duckdb_engine: Engine,
) -> None:
    row = scored(
        duckdb_engine,
        [bought(1, 40, "10"), bought(1, 1.5, "20.50"), happened(1, "view_item", 0.1, "99")],
    )[1]
    assert (row["recency_days"], row["frequency"]) == (1.5, 2)
    assert row["monetary_amount"] == Decimal("30.5000")


def test_who_never_bought_is_not_scored(duckdb_engine: Engine) -> None:
    assert scored(duckdb_engine, [happened(1, "view_item", 3, "0"), bought(2, 3, "5")]).keys() == {
        2
    }


def test_a_purchase_later_than_the_moment_of_measuring_is_not_seen(duckdb_engine: Engine) -> None:
    row = scored(duckdb_engine, [bought(1, 5, "10"), bought(1, -1, "500")])[1]
    assert (row["recency_days"], row["monetary_amount"]) == (5.0, Decimal("10.0000"))


def test_the_window_excludes_its_first_moment_and_includes_its_last(duckdb_engine: Engine) -> None:
    rows = scored(duckdb_engine, [bought(1, WINDOW, "10"), bought(2, 0, "10")])
    assert (rows[1]["frequency"], rows[2]["frequency"]) == (0, 1)


def test_who_bought_only_before_the_window_is_lost_and_does_not_shift_the_others(
    duckdb_engine: Engine,
) -> None:
    inside = [bought(n, 10 * n, "10") for n in range(1, 6)]
    outside = [bought(n, WINDOW + n, "999") for n in range(6, 11)]
    rows = scored(duckdb_engine, [*inside, *outside])
    assert [rows[n]["recency_score"] for n in range(1, 6)] == [5, 4, 3, 2, 1]
    assert {rows[n]["segment"] for n in range(6, 11)} == {"lost"}
    assert {rows[n]["monetary_amount"] for n in range(6, 11)} == {Decimal(0)}


def test_a_return_and_a_refund_lower_the_money_but_not_the_frequency(
    duckdb_engine: Engine,
) -> None:
    row = scored(
        duckdb_engine,
        [bought(1, 9, "100", "a"), bought(1, 8, "50", "b"), happened(1, "return", 3, "-30", "r")],
        [order("a", refunded_amount=Decimal("25")), order("b")],
    )[1]
    assert (row["frequency"], row["monetary_amount"]) == (2, Decimal("95.0000"))


def test_a_refund_that_a_return_receipt_tells_too_counts_once(duckdb_engine: Engine) -> None:
    row = scored(
        duckdb_engine,
        [bought(1, 9, "100", "a"), happened(1, "return", 3, "-30", "r")],
        [
            order("a", refunded_amount=Decimal("30")),
            order("r", kind="return", refers_to_order_id="a"),
        ],
    )[1]
    assert row["monetary_amount"] == Decimal("70.0000")


def test_a_refunded_order_without_amount_is_paid_back_as_a_whole(duckdb_engine: Engine) -> None:
    row = scored(duckdb_engine, [bought(1, 9, "100", "a")], [order("a", status="refunded")])[1]
    assert row["monetary_amount"] == 0


def test_a_refund_after_the_moment_of_measuring_is_not_seen(duckdb_engine: Engine) -> None:
    late = order("a", refunded_amount=Decimal("30"), refunded_at=NOW + timedelta(days=1))
    row = scored(duckdb_engine, [bought(1, 9, "100", "a")], [late])[1]
    assert row["monetary_amount"] == Decimal("100.0000")


def test_purchases_without_a_day_count_with_their_money_and_their_last_date(
    duckdb_engine: Engine,
) -> None:
    rows = scored(
        duckdb_engine,
        [bought(1, 40, "10"), happened(1, "return", 30, "-4"), bought(2, 3, "5")],
        undated=[without_day(1, 19, "300", 2.5), without_day(3, 6, "70", 9)],
    )
    assert [rows[n]["recency_days"] for n in (1, 2, 3)] == [2.5, 3.0, 9.0]
    assert [rows[n]["frequency"] for n in (1, 2, 3)] == [20, 1, 6]
    assert [rows[n]["monetary_amount"] for n in (1, 2, 3)] == [306, 5, 70]


def test_purchases_without_a_day_count_only_for_who_bought_last_in_the_window(
    duckdb_engine: Engine,
) -> None:
    rows = scored(
        duckdb_engine,
        [bought(1, WINDOW + 10, "10"), bought(2, 5, "10"), bought(3, WINDOW + 10, "10")],
        undated=[
            without_day(1, 19, "300", WINDOW + 3),
            without_day(2, 4, "60", WINDOW + 30),
            without_day(3, 0, "0", 7),
            without_day(4, 3, "30", -1),
        ],
    )
    assert [(rows[n]["frequency"], rows[n]["monetary_amount"]) for n in (1, 2, 3)] == [
        (0, 0),
        (5, 70),  # some of the four may lie before the window; the last purchase does not
        (1, 0),  # only that there was one in the window is known
    ]
    assert 4 not in rows
    assert rows[1]["segment"] == "lost"


def test_equal_values_share_a_score_however_many_they_are(duckdb_engine: Engine) -> None:
    once = [bought(n, n, "10") for n in range(1, 7)]
    often = [bought(n, n + k, "10") for n in (7, 8, 9, 10) for k in range(n)]
    rows = scored(duckdb_engine, [*once, *often])
    assert [rows[n]["frequency_score"] for n in range(1, 11)] == [1] * 6 + [4, 4, 5, 5]


def test_a_single_customer_is_not_lost(duckdb_engine: Engine) -> None:
    row = scored(duckdb_engine, [bought(1, 1, "10")])[1]
    assert (row["recency_score"], row["frequency_score"], row["monetary_score"]) == (5, 1, 1)


def test_who_all_bought_on_the_last_day_are_not_lost_however_many_they_are(
    duckdb_engine: Engine,
) -> None:
    today = [bought(n, 0, "10") for n in range(12)]
    assert {row["recency_score"] for row in scored(duckdb_engine, today).values()} == {5}
    earlier = [bought(n, 30, "10") for n in range(12, 16)]
    rows = scored(duckdb_engine, [*today, *earlier])
    assert [rows[n]["recency_score"] for n in (0, 11, 12, 15)] == [5, 5, 2, 2]


def test_scores_of_whole_days_and_numbers_are_those_of_the_package_rfm(
    duckdb_engine: Engine,
) -> None:
    """The rule of rfm_table_order of the R package rfm: limits at the quintiles plus one."""
    random = np.random.default_rng(2)
    days, number = random.integers(0, 60, 211), random.integers(1, 8, 211)
    rows = scored(
        duckdb_engine,
        [bought(n, float(days[n]) + 60 * m, "1") for n in range(211) for m in range(number[n])],
    )

    def passed(values: NDArray[np.int64]) -> NDArray[np.int64]:
        limits = np.quantile(values, [0.2, 0.4, 0.6, 0.8]) + 1
        return np.asarray((values[:, None] >= limits).sum(axis=1))

    assert [rows[n]["recency_score"] for n in range(211)] == (5 - passed(days)).tolist()
    assert [rows[n]["frequency_score"] for n in range(211)] == (1 + passed(number)).tolist()


def test_every_cell_belongs_to_exactly_one_group() -> None:
    for cell in product(range(1, 6), repeat=3):
        assert sum(group.holds(*cell) for group in segments.RFM_GROUPS) == 1, cell


def test_the_groups_are_the_usual_ones() -> None:
    assert {group.name for group in segments.RFM_GROUPS} == {
        "champions",
        "loyal",
        "potential_loyal",
        "new",
        "promising",
        "needs_attention",
        "about_to_sleep",
        "at_risk",
        "cannot_lose",
        "hibernating",
        "lost",
    }


purchases = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 800), st.integers(0, 40)),
    min_size=1,
    max_size=40,
)


@settings(max_examples=15)
@given(moments=purchases, shuffled=st.randoms())
def test_scores_hold_to_their_definition_in_any_order_of_rows(
    duckdb_engine: Engine, moments: list[tuple[int, int, int]], shuffled: Any
) -> None:
    timeline = [bought(customer, days, str(amount)) for customer, days, amount in moments]
    rows = scored(duckdb_engine, timeline)
    shuffled.shuffle(timeline)
    assert scored(duckdb_engine, timeline) == rows
    active = [row for row in rows.values() if row["frequency"]]
    for column, sign in (("recency_days", -1), ("frequency", 1), ("monetary_amount", 1)):
        score = column.split("_")[0] + "_score"
        for row in active:
            before = sum(other[column] < row[column] for other in active) * 5 // len(active)
            assert row[score] == (1 + before if sign > 0 else 5 - before)
    groups = defaultdict(set)
    for row in rows.values():
        cell = (row["recency_score"], row["frequency_score"], row["monetary_score"])
        groups[cell].add(row["segment"])
    for cell, names in groups.items():
        assert names == {group.name for group in segments.RFM_GROUPS if group.holds(*cell)}


def test_every_engine_gives_the_same_scores(
    any_engine: Engine, duckdb_engine: Engine, tmp_path: Path
) -> None:
    timeline = [bought(n % 7, 3.25 * n, f"{n * 7 % 11}.5", f"o{n}") for n in range(40)]
    orders = [order(f"o{n}", refunded_amount=Decimal(n % 3)) for n in range(0, 40, 5)]
    undated = [without_day(n, 3, f"{n}0", n * 40.0) for n in range(5, 9)]
    result = segments.rfm(
        stored("timeline", timeline, any_engine, tmp_path),
        stored("orders", orders, any_engine, tmp_path),
        stored("undated_purchases", undated, any_engine, tmp_path),
        as_of=NOW,
        rfm_window_days=WINDOW,
    )
    wanted = list(scored(duckdb_engine, timeline, orders, undated).values())
    assert made("rfm", result, any_engine) == wanted


def test_own_limits_are_half_open_and_the_limit_belongs_to_the_part_above(
    any_engine: Engine, tmp_path: Path
) -> None:
    limits = RfmLimits(days=(10, 20, 30, 40), orders=(2, 3, 4, 5), amount=(10, 20, 30, 40.5))
    rows = [
        *(bought(1, 9.999, "20.25") for _ in range(2)),
        bought(2, 10, "9.99"),
        *(bought(3, 40, "6") for _ in range(5)),
        bought(4, WINDOW + 1, "999"),
    ]
    result = segments.rfm(
        at_hand("timeline", rows, any_engine),
        at_hand("orders", [], any_engine),
        at_hand("undated_purchases", [], any_engine),
        as_of=NOW,
        rfm_window_days=WINDOW,
        rfm_limits=limits,
    )
    scores = {
        row["customer_id"]: (row["recency_score"], row["frequency_score"], row["monetary_score"])
        for row in made("rfm", result, any_engine)
    }
    assert scores == {1: (5, 2, 5), 2: (4, 1, 1), 3: (1, 5, 4), 4: (1, 1, 1)}
