from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from klantreis import segments
from klantreis.engine import Engine
from tests.rows import Row, at_hand, made

NOW = datetime(2026, 3, 1)
BEFORE = NOW - timedelta(days=7)


def member(customer: int, segment: str, segmentation: str = "rfm") -> Row:
    return {"segmentation": segmentation, "segment": segment, "customer_id": customer}


def change(customer: int, at: datetime, source: str | None, target: str) -> Row:
    return {
        "segmentation": "rfm",
        "customer_id": customer,
        "changed_at": at,
        "from_segment": source,
        "to_segment": target,
    }


def changes(
    engine: Engine, now: Sequence[Row], before: Sequence[Row], known: Sequence[Row] = ()
) -> list[Row]:
    result = segments.segment_changes(
        at_hand("memberships", now, engine),
        at_hand("memberships", before, engine),
        at_hand("segment_changes", known, engine),
        as_of=NOW,
    )
    return list(made("segment_changes", result, engine))


def test_who_is_in_another_group_than_before_came_into_it(any_engine: Engine) -> None:
    found = changes(
        any_engine,
        [member(1, "loyal"), member(2, "lost"), member(3, "new")],
        [member(1, "new"), member(2, "lost")],
        [change(2, BEFORE, "at_risk", "lost")],
    )
    assert found == [
        change(1, NOW, "new", "loyal"),
        change(2, BEFORE, "at_risk", "lost"),
        change(3, NOW, None, "new"),
    ]


def test_a_second_run_over_the_same_data_makes_one_change_of_both(duckdb_engine: Engine) -> None:
    known = [change(1, NOW, "new", "promising"), change(2, NOW, "new", "loyal")]
    before = [member(1, "promising"), member(2, "loyal"), member(3, "lost")]
    now = [member(1, "loyal"), member(2, "new"), member(3, "lost")]
    assert changes(duckdb_engine, now, before, known) == [change(1, NOW, "new", "loyal")]


def test_that_everybody_is_in_a_new_segmentation_is_no_news(duckdb_engine: Engine) -> None:
    assert not changes(duckdb_engine, [member(1, "age_25_34", "age")], [member(1, "lost")])


def test_of_who_is_no_longer_there_nothing_is_kept(duckdb_engine: Engine) -> None:
    known = [change(1, BEFORE, "new", "loyal")]
    assert not changes(duckdb_engine, [member(2, "lost")], [member(2, "lost")], known)


def test_sizes_of_earlier_runs_stay_and_those_of_now_are_added(any_engine: Engine) -> None:
    earlier = {"segmentation": "rfm", "segment": "loyal", "customers": 9}
    result = segments.segment_sizes(
        at_hand(
            "memberships",
            [member(1, "loyal"), member(2, "loyal"), member(1, "top_20", "value")],
            any_engine,
        ),
        at_hand(
            "portraits",
            [{"customer_id": n, "as_of": NOW, "revenue_amount": Decimal(100)} for n in (1, 2)],
            any_engine,
        ),
        at_hand(
            "rfm",
            [{"customer_id": n, "as_of": NOW, "monetary_amount": Decimal(10)} for n in (1, 2)],
            any_engine,
        ),
        at_hand(
            "segment_sizes",
            [
                {**earlier, "measured_at": BEFORE, "revenue_amount": Decimal(5)},
                {**earlier, "measured_at": NOW, "revenue_amount": Decimal(7)},
            ],
            any_engine,
        ),
        as_of=NOW,
    )
    rows = made("segment_sizes", result, any_engine)
    assert [
        (row["segment"], row["measured_at"], row["customers"], row["revenue_amount"])
        for row in rows
    ] == [
        ("loyal", BEFORE, 9, Decimal("5.0000")),
        ("loyal", NOW, 2, Decimal("20.0000")),
        ("top_20", NOW, 1, Decimal("100.0000")),
    ]
