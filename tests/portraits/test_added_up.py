"""What each customer did, added up over the whole history, and their visits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pytest

from klantreis.engine import Engine
from klantreis.portraits import moment_lists, tallies, visits
from klantreis.tables import Renewal
from tests.rows import Row, afresh, at_hand, made, rows_of

NOW = datetime(2026, 1, 20)


def moment(
    customer: int, position: int, event: str, day: int, channel: str, session: int, **more: Any
) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "position": position,
        "occurred_at": datetime(2026, 1, day, position),
        "channel": channel,
        "event": event,
        "session": session,
        **more,
    }


TIMELINE = [
    moment(1, 1, "view_item", 1, "web", 1),
    moment(1, 2, "purchase", 1, "store", 1, amount=Decimal(20)),
    moment(1, 3, "view_item", 1, "web", 1),
    moment(1, 4, "purchase", 9, "store", 2, amount=Decimal(5)),
    moment(2, 1, "view_item", 3, "web", 1),
    # What lies after the moment of the data does not count.
    moment(2, 2, "view_item", 25, "web", 2),
]


def of(step: Callable[..., ir.Table | Renewal], engine: Engine) -> list[dict[str, Any]]:
    timeline = at_hand("timeline", TIMELINE, engine)
    nothing = {"occurrences": at_hand("occurrences", (), engine), **afresh(step)}
    return made(step.__name__, step(timeline, engine=engine, as_of=NOW, **nothing), engine)


def test_moments_of_one_kind_are_added_up_a_channel(any_engine: Engine) -> None:
    told = [
        (row["customer_id"], row["event"], row["channel"], row["times"], row["amount"])
        for row in of(tallies, any_engine)
    ]
    assert told == [
        (1, "purchase", "store", 2, 25),
        (1, "view_item", "web", 2, None),
        (2, "view_item", "web", 1, None),
    ]
    first, *_ = of(tallies, any_engine)
    assert (first["first_at"].day, first["last_at"].day) == (1, 9)


def test_of_the_channels_of_a_visit_one_opens_and_one_closes_it(any_engine: Engine) -> None:
    told = [
        (
            row["customer_id"], row["session"], row["channel"],
            row["began_at"].hour, row["ended_at"].hour, row["opens"], row["closes"], row["later"],
        )
        for row in of(visits, any_engine)
    ]  # fmt: skip
    assert told == [
        (1, 1, "store", 2, 2, 0, 0, None),
        (1, 1, "web", 1, 3, 1, 1, 1),
        (1, 2, "store", 4, 4, 1, 1, 0),
        (2, 1, "web", 1, 1, 1, 1, 0),
    ]


def test_the_moments_behind_a_tally_stand_in_its_list_in_order(any_engine: Engine) -> None:
    told = [
        (row["customer_id"], row["event"], row["channel"], [at.hour for at in row["moments"]])
        for row in of(moment_lists, any_engine)
    ]
    assert told == [
        (1, "purchase", "store", [2, 4]),
        (1, "view_item", "web", [1, 3]),
        (2, "view_item", "web", [1]),
    ]


def test_more_than_ten_later_visits_are_not_told_apart(duckdb_engine: Engine) -> None:
    timeline = rows_of("timeline", [moment(1, n, "view_item", n, "web", n) for n in range(1, 15)])
    nothing = {"occurrences": rows_of("occurrences", ()), **afresh(visits)}
    rows = made(
        "visits", visits(timeline, engine=duckdb_engine, as_of=NOW, **nothing), duckdb_engine
    )
    assert [row["later"] for row in rows] == [10, 10, 10, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_channels_at_the_same_moment_still_open_and_close_a_visit_once(
    duckdb_engine: Engine,
) -> None:
    both = [moment(1, 1, "purchase", 1, name, 1) for name in ("web", "store")]
    timeline = rows_of("timeline", [both[0], {**both[1], "position": 2}])
    nothing = {"occurrences": rows_of("occurrences", ()), **afresh(visits)}
    told = visits(timeline, engine=duckdb_engine, as_of=NOW, **nothing)
    rows = made("visits", told, duckdb_engine)
    assert [sum(row[name] for row in rows) for name in ("opens", "closes")] == [1, 1]


@pytest.mark.parametrize("step", [tallies, moment_lists, visits])
def test_only_who_did_something_since_is_added_up_anew(
    duckdb_engine: Engine, step: Callable[..., ir.Table | Renewal]
) -> None:
    many = [moment(number, 1, "purchase", 2, "store", 1) for number in range(3, 30)]
    since = [*TIMELINE, *many, moment(1, 5, "view_item", 10, "web", 3)]
    before = afterwards(step, [*TIMELINE, *many], (), (), duckdb_engine)
    assert isinstance(before, ir.Table)
    kept = duckdb_engine.fetch(before).to_pylist()
    changed = [{"customer_id": 1, "position": 5}]
    renewal = afterwards(step, since, kept, changed, duckdb_engine, now=datetime(2026, 1, 31))
    assert isinstance(renewal, Renewal)
    # Customer 2 did something that lay in the future before.
    assert {row["customer_id"] for row in duckdb_engine.fetch(renewal.fresh).to_pylist()} == {1, 2}
    whole = afterwards(step, since, (), (), duckdb_engine, now=datetime(2026, 1, 31))
    key = list(renewal.gone.columns)
    left = rows_of(step.__name__, kept).anti_join(renewal.gone, key)
    assert made(step.__name__, left.union(renewal.fresh), duckdb_engine) == made(
        step.__name__, whole, duckdb_engine
    )


def afterwards(
    step: Callable[..., ir.Table | Renewal],
    timeline: Sequence[Row],
    kept: Sequence[Row],
    changed: Sequence[Row],
    engine: Engine,
    *,
    now: datetime = NOW,
) -> ir.Table | Renewal:
    keys = rows_of("timeline", changed).select("customer_id", "position")
    before = {f"kept_{step.__name__}": rows_of(step.__name__, kept), "changed_timeline": keys}
    by_moment = [{k: v for k, v in row.items() if not k.startswith("record_")} for row in timeline]
    return step(
        rows_of("timeline", timeline),
        rows_of("occurrences", by_moment),
        engine=engine,
        as_of=now,
        kept_as_of=NOW if kept else None,
        **before,
    )
