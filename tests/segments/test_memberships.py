from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis import segments
from klantreis.engine import Engine
from tests.rows import Row, at_hand, made, rows_of

NOW = datetime(2026, 3, 1)


def portrait(customer: int, *, web: int = 0, store: int = 0, other: int = 0, euros: int = 0) -> Row:
    return {
        "customer_id": customer,
        "orders": web + store + other,
        "orders_web": web,
        "orders_store": store,
        "revenue_amount": Decimal(euros),
    }


def placed(
    engine: Engine, portraits: Sequence[Row], rfm: Sequence[Row] = ()
) -> dict[tuple[str, int], str]:
    result = segments.memberships(
        rows_of("rfm", rfm), rows_of("portraits", portraits), engine=engine, as_of=NOW
    )
    rows = made("memberships", result, engine)
    assert all(row["as_of"] == NOW for row in rows)
    return {(row["segmentation"], row["customer_id"]): row["segment"] for row in rows}


def test_the_rfm_group_is_taken_over(duckdb_engine: Engine) -> None:
    scored = [{"customer_id": 1, "as_of": NOW, "segment": "loyal"}]
    assert placed(duckdb_engine, [], scored) == {("rfm", 1): "loyal"}


def test_what_is_not_known_of_a_customer_is_said_so(duckdb_engine: Engine) -> None:
    rows = placed(duckdb_engine, [portrait(1)])
    for division in segments.DIVISIONS:
        wanted = "rhythm_none" if division == "rhythm" else f"{division}_unknown"
        assert rows[division, 1] == wanted
    assert rows["category", 1] == "category_unknown"


def test_a_limit_belongs_to_the_segment_above_it_on_every_engine(any_engine: Engine) -> None:
    first = {
        **portrait(1, web=3),
        "age_years": 25,
        "household_customers": 2,
        "language": "nl-BE",
        "first_seen_at": NOW - timedelta(days=90),
        "average_days_between_orders": 44.9,
        "discount_share": 0.2,
        "preferred_hour": 6,
        "preferred_category": "Garden",
    }
    second = {
        **portrait(2, web=1),
        "age_years": 65,
        "household_customers": 3,
        "language": "it",
        "first_seen_at": NOW - timedelta(days=731),
        "discount_share": 0.0,
        "preferred_hour": 23,
        "preferred_category": "Garden",
    }
    result = segments.memberships(
        at_hand("rfm", [], any_engine),
        at_hand("portraits", [first, second], any_engine),
        engine=any_engine,
        as_of=NOW,
    )
    found: dict[int, dict[str, str]] = {1: {}, 2: {}}
    for row in made("memberships", result, any_engine):
        found[row["customer_id"]][row["segmentation"]] = row["segment"]
    assert found[1] == {
        "age": "age_25_34",
        "category": "category_Garden",
        "channel": "online_only",
        "daypart": "daypart_morning",
        "discount": "discount_much",
        "household": "household_2",
        "language": "language_nl",
        "rhythm": "rhythm_6_weeks",
        "tenure": "tenure_under_year",
        "value": "low_20",
    }
    assert found[2] == {
        "age": "age_65_up",
        "category": "category_Garden",
        "channel": "online_only",
        "daypart": "daypart_night",
        "discount": "discount_hardly",
        "household": "household_3_up",
        "language": "language_other",
        "rhythm": "rhythm_once",
        "tenure": "tenure_longer",
        "value": "low_20",
    }


def test_small_categories_are_one_segment_together(duckdb_engine: Engine) -> None:
    names = [f"C{n:02}" for n in range(14)]
    people = [
        {**portrait(10 * place + n, web=1), "preferred_category": name}
        for place, name in enumerate(names)
        for n in range(1 if place > 11 else 2)
    ]
    rows = placed(duckdb_engine, people)
    assert {rows["category", 120], rows["category", 130]} == {"category_other"}
    assert rows["category", 110] == "category_C11"


def test_the_channel_segment_tells_where_a_customer_buys(duckdb_engine: Engine) -> None:
    rows = placed(
        duckdb_engine,
        [
            portrait(1, web=2),
            portrait(2, store=1),
            portrait(3, web=1, store=1),
            {**portrait(4), "sessions": 2},
            portrait(5, other=1),
            portrait(6, web=1, other=1),
            portrait(7),
        ],
    )
    assert [rows["channel", n] for n in range(1, 8)] == [
        "online_only",
        "store_only",
        "omnichannel",
        "browsing_only",
        "other_only",
        "online_only",
        "known_only",
    ]


def test_value_segments_are_fifths_of_those_who_bought(duckdb_engine: Engine) -> None:
    buyers = [portrait(n, web=1, euros=10 * n) for n in range(1, 11)]
    rows = placed(duckdb_engine, [*buyers, portrait(11), portrait(12)])
    assert Counter(rows["value", n] for n in range(1, 13)) == {
        "low_20": 2,
        "middle_60": 6,
        "top_20": 2,
        "no_purchase": 2,
    }
    assert rows["value", 10] == "top_20"


def test_customers_of_equal_value_are_in_the_same_segment(duckdb_engine: Engine) -> None:
    rows = placed(duckdb_engine, [portrait(n, store=1, euros=5) for n in range(1, 9)])
    assert {rows["value", n] for n in range(1, 9)} == {"low_20"}


counts = st.integers(0, 2)


@settings(max_examples=20)
@given(given_counts=st.lists(st.tuples(counts, counts, counts, st.integers(-5, 9)), max_size=20))
def test_every_customer_is_in_one_known_segment_of_each_segmentation(
    duckdb_engine: Engine, given_counts: list[tuple[int, int, int, int]]
) -> None:
    portraits = [
        portrait(number, web=web, store=store, other=other, euros=euros)
        for number, (web, store, other, euros) in enumerate(given_counts)
    ]
    rows: dict[Any, str] = placed(duckdb_engine, portraits)
    known = {
        "channel": segments.CHANNEL_SEGMENTS,
        "value": segments.VALUE_SEGMENTS,
        "category": ("category_unknown",),
        **segments.DIVISIONS,
    }
    assert len(rows) == len(known) * len(portraits)
    for (segmentation, _), segment in rows.items():
        assert segment in known[segmentation]
