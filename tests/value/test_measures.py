from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from klantreis import Workspace
from klantreis.engine import Engine
from klantreis.pipeline import STEPS
from klantreis.tables import TABLES
from klantreis.value import MEASURES, Period, measures

START, END = datetime(2026, 1, 1), datetime(2026, 4, 1)


def period(engine: Engine, **rows: list[dict[str, object]]) -> Period:
    """A period over made-up rows; what a row does not say is empty, and money is nought."""

    def table(name: str) -> ir.Table:
        schema = TABLES[name].schema.to_pyarrow()
        nought = {c.name: Decimal(0) for c in TABLES[name].columns if c.type == "money"}
        empty = dict.fromkeys(schema.names) | nought
        filled = [empty | row for row in rows.get(name, [])]
        return engine.table(pa.Table.from_pylist(filled, schema=schema))

    return Period(table, START, END)


def taken(engine: Engine, name: str, **rows: list[dict[str, object]]) -> dict[str, object]:
    found: dict[str, object] = engine.fetch(MEASURES[name](period(engine, **rows))).to_pylist()[0]
    return found


def moment(
    customer: int, session: int, event: str, day: int = 5, **more: object
) -> dict[str, object]:
    return {
        "customer_id": customer, "session": session, "event": event, "channel": "web",
        "occurred_at": datetime(2026, 1, day),
    } | more  # fmt: skip


VISITS = [
    moment(1, 1, "view_item"), moment(1, 1, "add_to_cart"), moment(1, 1, "begin_checkout"),
    moment(1, 1, "purchase"), moment(1, 2, "view_item"), moment(2, 1, "view_item"),
    moment(2, 1, "add_to_cart"), moment(3, 1, "search"),
    moment(4, 1, "purchase", channel="store"),
    moment(5, 1, "view_item", occurred_at=datetime(2025, 12, 31)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "part", "whole"),
    [
        ("conversion", 1, 4),
        ("product_view_rate", 3, 4),
        ("search_rate", 1, 4),
        ("basket_rate", 2, 3),
        ("basket_abandonment", 1, 2),
        ("checkout_completion", 1, 1),
        ("repeat_rate", 0, 2),
    ],
)
def test_visits_of_the_period_and_online_only_count(
    any_engine_at_length: Engine, name: str, part: int, whole: int
) -> None:
    assert taken(any_engine_at_length, name, timeline=VISITS) == {"part": part, "whole": whole}


def test_detractors_weigh_against_promoters(duckdb_engine: Engine) -> None:
    answers = [
        {"kind": "nps", "score": score, "answered_at": datetime(2026, 2, 1)}
        for score in (10.0, 9.0, 8.0, 3.0)
    ]
    assert taken(duckdb_engine, "nps", survey_answers=answers)["mean"] == 25.0


def test_a_message_is_opened_once_however_often(duckdb_engine: Engine) -> None:
    sent = {"person_id": "a", "campaign": "x", "occurred_at": datetime(2026, 1, 2)}
    messages = [
        sent | {"action": "sent"},
        sent | {"action": "opened"},
        sent | {"action": "opened", "occurred_at": datetime(2026, 4, 9)},
        sent | {"action": "sent", "person_id": "b"},
    ]
    assert taken(duckdb_engine, "mail_open_rate", messages=messages) == {"part": 1, "whole": 2}


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_taken_and_without_data_is_empty(duckdb_engine: Engine, name: str) -> None:
    row = taken(duckdb_engine, name)
    assert set(row) in (
        {"part", "whole"},
        {"mean", "deviation", "n"},
        {"total", "n"},
        {"top", "bottom", "n"},
    )
    assert not row.get("n", row.get("whole"))


def test_on_the_simulated_shop_every_measure_has_a_value_in_bounds(shop: Workspace) -> None:
    for name in MEASURES:
        found = shop.kpis.take(name)
        now = found.now
        assert now.value is not None or now.n == 0, name
        if now.low is not None and now.high is not None and now.value is not None:
            assert now.low <= now.value <= now.high, name
        if found.meaning.unit == "share" and now.value is not None:
            assert 0 <= now.value <= 1, name
    assert shop.kpis.take("share_of_wallet").now.value is None


def made(engine: Engine, **rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Table `measures` of made-up rows, up to the end of the period."""
    (step,) = (step for step in STEPS if step.name == "measures")
    table = period(engine, **rows).table
    read = {name: table(name) for name in step.reads}
    found: list[dict[str, object]] = engine.fetch(
        measures(**read, engine=engine, as_of=END)
    ).to_pylist()
    return found


def member(customer: int, persona: str, *, is_member: bool = True) -> dict[str, object]:
    return {
        "customer_id": customer, "persona_id": persona, "probability": 0.9, "basis": "needs",
        "is_member": is_member, "as_of": END,
    }  # fmt: skip


def test_a_measure_is_taken_for_everybody_and_for_the_members_of_each_persona(
    any_engine_at_length: Engine,
) -> None:
    members = [member(1, "a"), member(2, "b"), member(3, "b", is_member=False)]
    found = {
        row["persona_id"]: (row["top"], row["bottom"], row["n"], row["form"])
        for row in made(any_engine_at_length, timeline=VISITS, persona_memberships=members)
        if row["measure"] == "conversion" and row["periods_back"] == 0
    }
    assert found == {
        "all": (1.0, 4.0, 4, "share"),
        "a": (1.0, 2.0, 2, "share"),
        "b": (0.0, 1.0, 1, "share"),
    }


def test_records_follow_their_person_and_fall_in_their_period(duckdb_engine: Engine) -> None:
    def order(number: int, person: str, day: datetime) -> dict[str, object]:
        return {
            "order_id": str(number), "person_id": person, "ordered_at": day, "kind": "sale",
            "status": "completed", "total_amount": Decimal(number), "discount_amount": Decimal(0),
        }  # fmt: skip

    orders = [
        order(10, "p1", datetime(2026, 3, 1)),
        order(20, "p2", datetime(2026, 3, 2)),
        order(40, "p1", datetime(2025, 12, 1)),
    ]
    links = [{"person_id": "p1", "customer_id": 1}, {"person_id": "p2", "customer_id": 2}]
    rows = made(duckdb_engine, orders=orders, links=links, persona_memberships=[member(1, "a")])
    revenue = {
        (row["persona_id"], row["periods_back"]): row["top"]
        for row in rows
        if row["measure"] == "revenue"
    }
    assert revenue == {("all", 0): 30.0, ("all", 1): 40.0, ("a", 0): 10.0, ("a", 1): 40.0}
    (ends_at,) = {row["ends_at"] for row in rows if row["periods_back"] == 1}
    assert ends_at == END - timedelta(days=90)


def test_the_table_says_the_same_as_each_measure_taken_alone(shop: Workspace) -> None:
    published = shop.published
    assert published is not None
    end = published.as_of + timedelta(microseconds=1)
    alone = Period(shop.table, published.as_of - timedelta(days=90), end)
    table = shop.table("measures")
    now = table.filter((table["persona_id"] == "all") & (table["periods_back"] == 0))
    told = {row["measure"]: row for row in shop.rows(now)}
    for name, function in MEASURES.items():
        (row,) = shop.rows(function(alone))
        first = next(iter(row.values()))
        if name in told:
            assert told[name]["top"] == pytest.approx(first), name
        else:
            assert not first, name


def test_a_payment_without_a_person_counts_for_whoever_placed_its_order(
    duckdb_engine: Engine,
) -> None:
    rows = made(
        duckdb_engine,
        payments=[
            {"payment_id": "1", "order_id": "o", "status": "failed", "created_at": START},
            {"payment_id": "2", "order_id": "x", "status": "paid", "created_at": START},
        ],
        orders=[{"order_id": "o", "person_id": "p"}],
        links=[{"person_id": "p", "customer_id": 1}],
        persona_memberships=[member(1, "a")],
    )
    failed = {
        row["persona_id"]: (row["top"], row["bottom"])
        for row in rows
        if row["measure"] == "payment_failure"
    }
    assert failed == {"all": (1.0, 2.0), "a": (1.0, 1.0)}
