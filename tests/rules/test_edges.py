"""What first and last times tell of a chain, and for whom they do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from klantreis.engine import Engine
from klantreis.rules.edges import Following, able

NOW, WEEK = datetime(2026, 1, 31), timedelta(days=7)
# Days of January on which each customer looked and bought, for the first and the last time.
LOOKED = {
    "soon": (2, 2),
    "long before": (1, 1),
    "only after": (20, 25),
    "never bought": (3, 4),
    "in between": (1, 25),
    "just now": (3, 28),
}
BOUGHT = {
    "soon": (4, 4),
    "long before": (20, 20),
    "only after": (1, 5),
    "in between": (12, 13),
    "just now": (3, 29),
}
NAMES = tuple(LOOKED)


def edges(days: Mapping[str, tuple[int, int]], engine: Engine) -> ir.Table:
    moments = {name: [datetime(2026, 1, day) for day in pair] for name, pair in days.items()}
    at = pa.timestamp("us")
    return engine.table(
        pa.table(
            {
                "customer_id": pa.array([NAMES.index(name) for name in moments], pa.int64()),
                "first_at": pa.array([first for first, _ in moments.values()], at),
                "last_at": pa.array([last for _, last in moments.values()], at),
            }
        )
    )


@pytest.mark.parametrize(
    ("following", "sure", "unsure"),
    [
        (Following(None, NOW, WEEK, False), {"soon", "just now"}, {"in between"}),
        (
            Following(None, NOW, None, False),
            {"soon", "long before", "in between", "just now"},
            set(),
        ),
        (
            Following(None, NOW - WEEK, WEEK, True),
            {"long before", "only after", "never bought", "in between"},
            {"soon", "just now"},
        ),
        (Following(None, NOW, None, True), {"only after", "never bought", "in between"}, set()),
        # Since a day only what is known to be later counts; what lay between may be.
        (
            Following(datetime(2026, 1, 2, 12), NOW, WEEK, False),
            {"just now"},
            {"in between"},
        ),
    ],
)
def test_first_and_last_times_tell_most(
    any_engine: Engine, following: Following, sure: set[str], unsure: set[str]
) -> None:
    found = following.told(edges(LOOKED, any_engine), edges(BOUGHT, any_engine))
    told = [
        [NAMES[number] for number in any_engine.fetch(rows)["customer_id"].to_pylist()]
        for rows in found
    ]
    assert [sorted(told[0]), sorted(told[1])] == [sorted(sure), sorted(unsure)]


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        (None, NOW, {"soon", "long before", "in between", "just now"}),
        (None, datetime(2026, 1, 2, 12), {"soon", "long before", "in between"}),
        (datetime(2026, 1, 2), NOW, {"in between", "just now"}),
    ],
)
def test_who_may_have_come_to_the_end_of_a_chain(
    start: datetime | None, until: datetime, expected: set[str], duckdb_engine: Engine
) -> None:
    kinds = tuple(edges(days, duckdb_engine) for days in (LOOKED, BOUGHT, BOUGHT))
    found = duckdb_engine.fetch(able(kinds[:2], start=start, until=until))
    assert {NAMES[place] for place in found["customer_id"].to_pylist()} == expected
    twice = duckdb_engine.fetch(able(kinds, start=start, until=until))
    assert {NAMES[place] for place in twice["customer_id"].to_pylist()} <= expected - {"soon"}
