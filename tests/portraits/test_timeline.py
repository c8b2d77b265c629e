from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis import portraits
from klantreis.engine import Engine, connect
from tests.rows import Row, afresh, made, rows_of

NOON = datetime(2026, 3, 1, 12)
LINKS: list[Row] = [
    {"person_id": "crm:1", "customer_id": 1},
    {"person_id": "ga4:u:1", "customer_id": 1},
    {"person_id": "crm:2", "customer_id": 2},
]
INPUTS = ("orders", "events", "payments", "messages", "feedback", "survey_answers")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def event(event_id: str, minutes: float = 0, **more: Any) -> Row:
    return {
        "event_id": event_id,
        "person_id": "ga4:u:1",
        "channel": "web",
        "name": "page_view",
        "occurred_at": at(minutes),
        **more,
    }


def order(order_id: str, minutes: float = 0, **more: Any) -> Row:
    return {
        "order_id": order_id,
        "person_id": "crm:1",
        "kind": "sale",
        "channel": "web",
        "ordered_at": at(minutes),
        "status": "completed",
        "total_amount": Decimal("50"),
        **more,
    }


def timeline(engine: Engine, *, minutes: int = 30, **tables: Sequence[Row]) -> list[dict[str, Any]]:
    inputs = {name: rows_of(name, tables.get(name, ())) for name in INPUTS}
    expression = portraits.timeline(
        rows_of("links", tables.get("links", LINKS)),
        **inputs,
        engine=engine,
        session_minutes=minutes,
        **afresh(portraits.timeline),
    )
    return made("timeline", expression, engine)


def what(rows: Sequence[Row]) -> list[tuple[int, str, str]]:
    return [(row["customer_id"], row["channel"], row["event"]) for row in rows]


def test_all_channels_stand_in_one_order_with_visits(duckdb_engine: Engine) -> None:
    rows = timeline(
        duckdb_engine,
        events=[
            event("e1", name="search", search_term="lamp"),
            event("e2", 30, page="/lamp"),
            event("e3", 61, person_id="crm:2"),
        ],
        orders=[order("o1", 61, store_id="S1", channel="store")],
        messages=[
            {
                "message_id": "m1",
                "person_id": "crm:1",
                "channel": "mail",
                "action": "opened",
                "campaign": "Lente",
                "subject": "Nieuw",
                "occurred_at": at(70),
            }
        ],
    )
    assert what(rows) == [
        (1, "web", "search"),
        (1, "web", "page_view"),
        (1, "store", "purchase"),
        (1, "mail", "opened"),
        (2, "web", "page_view"),
    ]
    # Thirty minutes of silence is still the same visit; one more is a new one.
    assert [(row["position"], row["session"]) for row in rows] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
        (1, 1),
    ]
    assert [row["text"] for row in rows] == ["lamp", None, None, "Nieuw", None]
    assert [row["store_id"] for row in rows] == [None, None, "S1", None, None]
    assert rows[3]["campaign"] == "Lente"


def test_a_record_without_person_belongs_to_the_customer_of_its_order(
    duckdb_engine: Engine,
) -> None:
    payment = {"payment_id": "p1", "order_id": "o1", "status": "failed", "created_at": at(2)}
    said = {"feedback_id": "f1", "kind": "review", "channel": "review", "occurred_at": at(4)}
    rows = timeline(
        duckdb_engine,
        orders=[
            order("o1"),
            order("r1", 5, kind="return", person_id=None, refers_to_order_id="o1"),
        ],
        events=[event("e1", 1, person_id=None, order_id="o1", channel="other", name="delivered")],
        payments=[
            {**payment, "changed_at": at(3)},
            {**payment, "payment_id": "p2", "status": "paid"},
        ],
        feedback=[{**said, "order_id": "o1"}, {**said, "feedback_id": "f2", "order_id": "o9"}],
    )
    assert what(rows) == [
        (1, "web", "purchase"),
        (1, "other", "delivered"),
        (1, "web", "payment_failed"),
        (1, "review", "review"),
        (1, "web", "return"),
    ]
    assert [(row["record_table"], row["record_id"]) for row in rows][2:4] == [
        ("payments", "p1"),
        ("feedback", "f1"),
    ]


def test_what_ties_to_nobody_is_not_in_the_timeline(duckdb_engine: Engine) -> None:
    rows = timeline(
        duckdb_engine,
        events=[event("e1", person_id="ga4:c:unknown"), event("e2", person_id=None)],
        orders=[order("o1", person_id=None)],
    )
    assert rows == []


def test_analytics_purchases_yield_to_the_order_itself(duckdb_engine: Engine) -> None:
    rows = timeline(
        duckdb_engine,
        orders=[order("o1"), order("o2", person_id=None)],
        events=[
            event("known", 1, name="purchase", order_id="o1", amount=Decimal("49")),
            event("refund", 2, name="refund", order_id="o1", amount=Decimal("49")),
            event("of nobody", 3, name="purchase", order_id="o2", amount=Decimal("10")),
            event("elsewhere", 4, name="purchase", order_id="o9", amount=Decimal("20")),
            event("step", 5, name="add_shipping_info", order_id="o1", amount=Decimal("49")),
        ],
    )
    assert [(row["record_id"], row["amount"]) for row in rows] == [
        ("o1", Decimal("50")),
        # The order says not whose it is, the visit does.
        ("of nobody", Decimal("10")),
        ("elsewhere", Decimal("20")),
        ("step", None),
    ]


def test_an_order_becomes_what_happened_to_it(duckdb_engine: Engine) -> None:
    rows = timeline(
        duckdb_engine,
        orders=[
            order("pending", 1, status="pending"),
            order("failed", 2, status="failed"),
            order("cancelled", 3, status="cancelled"),
            order("return", 4, kind="return", channel="store", total_amount=Decimal("-20")),
            order("refunded", 5, status="refunded", refunded_at=at(50)),
            order("partly", 6, refunded_amount=Decimal("5"), refunded_at=at(60)),
            order("undated", 7, refunded_amount=Decimal("5")),
        ],
    )
    assert [(row["record_id"], row["event"], row["amount"]) for row in rows] == [
        ("cancelled", "cancelled", None),
        ("return", "return", Decimal("-20")),
        ("refunded", "purchase", Decimal("50")),
        ("partly", "purchase", Decimal("50")),
        ("undated", "purchase", Decimal("50")),
        ("refunded", "refund", Decimal("-50")),
        ("partly", "refund", Decimal("-5")),
    ]


def test_a_message_that_was_held_back_is_no_moment(duckdb_engine: Engine) -> None:
    held_out = {**sent(1, 0, "crm:1"), "action": "held_out"}
    rows = timeline(duckdb_engine, messages=[held_out, sent(2, 0, "crm:1")])
    assert [row["record_id"] for row in rows] == ["m2"]


def test_scores_lie_between_minus_one_and_one(duckdb_engine: Engine) -> None:
    given_scores = [
        ("review", 1, 5, -1),
        ("review", 3, 5, 0),
        ("review", 5, 5, 1),
        ("review", 5.5, 10, 0),
        ("ticket", 0, 1, -1),
        ("ticket", 1, 1, 1),
        ("review", 0, 5, -1),
        ("mention", None, None, None),
    ]
    rows = timeline(
        duckdb_engine,
        feedback=[
            {
                "feedback_id": f"f{n}",
                "person_id": "crm:1",
                "kind": kind,
                "channel": "review",
                "occurred_at": at(n),
                "score": score,
                "score_max": score_max,
                "subject": "Titel",
                "text": "x" * 300 if n == 0 else None,
            }
            for n, (kind, score, score_max, _) in enumerate(given_scores)
        ],
    )
    assert [row["score"] for row in rows] == [expected for *_, expected in given_scores]
    assert (rows[0]["text"], rows[1]["text"]) == ("x" * 200, "Titel")


def test_a_survey_is_one_moment_with_its_nps(duckdb_engine: Engine) -> None:
    answer = {"person_id": "crm:1", "survey_id": "s", "answered_at": NOON}
    rows = timeline(
        duckdb_engine,
        survey_answers=[
            {**answer, "response_id": "r1", "answer_id": "1", "kind": "nps", "score": 9},
            {**answer, "response_id": "r1", "answer_id": "2", "kind": "csat", "score": 2},
            {**answer, "response_id": "r1", "answer_id": "3", "kind": "open", "answer": "Fijn"},
            {**answer, "response_id": "r2", "answer_id": "4", "kind": "csat", "score": 2},
            {**answer, "response_id": "r3", "answer_id": "5", "kind": "nps", "person_id": None},
        ],
    )
    assert [(row["record_id"], row["score"], row["text"]) for row in rows] == [
        ("r1", 0.8, "Fijn"),
        ("r2", None, None),
    ]


def sent(n: int, minute: int, person_id: str) -> Row:
    return {
        "message_id": f"m{n}",
        "person_id": person_id,
        "channel": "mail",
        "action": "sent",
        "occurred_at": at(minute),
    }


MAKERS: dict[str, Callable[[int, int, str], Row]] = {
    "events": lambda n, minute, person_id: event(f"e{n}", minute, person_id=person_id),
    "orders": lambda n, minute, person_id: order(f"o{n}", minute, person_id=person_id),
    "messages": sent,
}
CUSTOMERS = [{"person_id": f"crm:{n}", "customer_id": n} for n in range(3)]
MOMENTS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 200), st.sampled_from(["events", "orders", "messages"])
    ),
    max_size=60,
)


@settings(max_examples=5)
@given(MOMENTS, st.integers(1, 60), st.randoms(use_true_random=False))
def test_always_every_moment_once_numbered_from_one_whatever_the_order_of_the_rows(
    moments: list[tuple[int, int, str]], minutes: int, random: Random
) -> None:
    engine = connect("duckdb")
    tables: dict[str, list[Row]] = {"events": [], "orders": [], "messages": []}
    for n, (customer, minute, name) in enumerate(moments):
        tables[name].append(MAKERS[name](n, minute, f"crm:{customer}"))
    rows = timeline(engine, minutes=minutes, links=CUSTOMERS, **tables)
    assert len(rows) == len(moments)
    for customer in range(3):
        own_rows = [row for row in rows if row["customer_id"] == customer]
        assert [row["position"] for row in own_rows] == list(range(1, len(own_rows) + 1))
        session = 1
        for earlier, later in pairwise(own_rows):
            silence = later["occurred_at"] - earlier["occurred_at"]
            assert silence >= timedelta(0)
            session += silence > timedelta(minutes=minutes)
            assert later["session"] == session
    for own_records in tables.values():
        random.shuffle(own_records)
    assert timeline(engine, minutes=minutes, links=CUSTOMERS, **tables) == rows
    engine.close()
