"""Any change, put into the timelines of before, gives those that are told of everything at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from klantreis.engine import Engine
from klantreis.pipeline import Step
from klantreis.portraits import timeline
from klantreis.tables import Renewal, conform, contract
from tests.length import at_length
from tests.rows import Row, afresh, at_hand, changed_since

NOON = datetime(2026, 3, 1, 12)
WORLDS = 60
Tables = Mapping[str, Sequence[Row]]
KEPT = 0.6  # of the rows of before, so many stay as they were


def drawn(random: Random, world: int) -> Tables:
    """Everything that can tie a few records to a few customers, by chance."""

    def named(kind: str, number: int) -> str:
        return f"{world}/{kind}{number}"

    def someone() -> str | None:
        return random.choice([None, *(named("p", number) for number in range(5))])

    def some_order() -> str | None:
        return random.choice([None, None, *(named("o", number) for number in range(5))])

    def some_time() -> datetime:
        return NOON + timedelta(minutes=10 * random.randrange(30))

    def any_of(kind: str, most: int) -> list[str]:
        return [named(kind, number) for number in range(most) if random.random() < 0.7]

    def record(key: str, own: str, **more: Any) -> Row:
        return {"file_id": "-", key: own, **more}

    return {
        "links": [
            {"person_id": person, "customer_id": random.choice([None, 1, 2, 3])}
            for person in any_of("p", 5)
        ],
        "orders": [
            record(
                "order_id", own, person_id=someone(), refers_to_order_id=some_order(),
                kind=random.choice(["sale", "return"]), channel="web", ordered_at=some_time(),
                status=random.choice(["completed", "cancelled", "pending"]), total_amount=5,
                refunded_at=random.choice([None, some_time()]),
            )
            for own in any_of("o", 5)
        ],
        "events": [
            record(
                "event_id", own, person_id=someone(), order_id=some_order(), channel="web",
                name=random.choice(["purchase", "page_view", "ad_click"]), occurred_at=some_time(),
            )
            for own in any_of("e", 8)
        ],
        "payments": [
            record(
                "payment_id", own, person_id=someone(), order_id=some_order(),
                status=random.choice(["failed", "paid"]), created_at=some_time(),
            )
            for own in any_of("m", 3)
        ],
        "messages": [
            record(
                "message_id", own, person_id=someone(), channel="mail", action="sent",
                occurred_at=some_time(),
            )
            for own in any_of("m", 3)
        ],
        "feedback": [
            record(
                "feedback_id", own, person_id=someone(), order_id=some_order(), kind="review",
                channel="review", occurred_at=some_time(),
            )
            for own in any_of("f", 3)
        ],
        "survey_answers": [
            record(
                "answer_id", own, person_id=someone(), survey_id="s", kind="open", question_id="q",
                response_id=named("r", random.randrange(2)), answered_at=some_time(),
            )
            for own in any_of("a", 3)
        ],
    }  # fmt: skip


def changed(before: Tables, other: Tables, random: Random) -> Tables:
    """Some rows as they were, some as they are in the other world; rows of either may be lacking."""
    tables = {}
    for name, rows in before.items():
        (key,) = contract(name).key
        stood = {row[key]: row for row in rows}
        fresh = {row[key]: row for row in other[name]}
        both = (stood if random.random() < KEPT else fresh for _ in stood.keys() | fresh.keys())
        chosen = zip(sorted(stood.keys() | fresh.keys()), both, strict=True)
        tables[name] = [side[own] for own, side in chosen if own in side]
    return tables


def apart(tables: Tables, world: int) -> Tables:
    """Customers of each world have numbers of their own, and there are bystanders enough."""
    links = [
        {**row, "customer_id": row["customer_id"] and row["customer_id"] + 100 * world}
        for row in tables["links"]
    ]
    bystanders = [
        {"person_id": f"{world}/b{number}", "customer_id": 100 * world + number}
        for number in range(10, 30)
    ]
    return {**tables, "links": [*links, *bystanders]}


def goes_on(random: Random, engine: Engine) -> None:
    table = contract("timeline")
    worlds = [(drawn(random, number), drawn(random, number)) for number in range(WORLDS)]
    then = [apart(before, number) for number, (before, _) in enumerate(worlds)]
    now = [apart(changed(*pair, random), number) for number, pair in enumerate(worlds)]
    both = [
        {
            name: at_hand(name, [row for own in side for row in own[name]], engine)
            for name in then[0]
        }
        for side in (then, now)
    ]
    nothing = {name: at_hand(name.split("_", 1)[1], (), engine) for name in afresh(timeline)}
    kept, whole = (
        engine.keep(conform(timeline(**side, **nothing, **given(engine)), table)) for side in both
    )
    previous = {f"previous_{name}": both[0][name] for name in Step(timeline).reads_previous}
    since = changed_since(timeline, both[1], both[0])
    renewal = timeline(**both[1], **previous, **since, kept_timeline=kept, **given(engine))
    assert isinstance(renewal, Renewal)
    gone = engine.keep(renewal.gone)
    assert engine.fetch(gone).num_rows == engine.fetch(gone.semi_join(kept, table.key)).num_rows
    result = kept.anti_join(gone, list(table.key)).union(conform(renewal.fresh, table))
    before, gone_on, at_once = (
        engine.fetch(conform(rows, table).order_by(list(table.key))).to_pylist()
        for rows in (kept, result, whole)
    )
    assert gone_on == at_once
    assert at_once != before


def given(engine: Engine) -> dict[str, Any]:
    return {"engine": engine, "session_minutes": 30}


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=at_length) for n in range(2, 12))])
def test_any_change_put_into_the_timelines_gives_those_of_everything(
    seed: int, duckdb_engine: Engine
) -> None:
    goes_on(Random(seed), duckdb_engine)


@at_length
@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_timelines_go_on_in_the_same_way_on_spark(spark_engine: Engine) -> None:
    goes_on(Random(1), spark_engine)
