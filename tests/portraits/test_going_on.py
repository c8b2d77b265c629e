"""Timelines and portraits that go on from before are those that are made of everything at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis.expr.types as ir
import pytest

from klantreis import journeys, portraits, registry
from klantreis.engine import Engine
from klantreis.pipeline import Step
from klantreis.tables import Renewal, conform, contract
from tests.length import at_length
from tests.rows import Row, afresh, changed_since, rows_of

NOON = datetime(2026, 3, 1, 12)
CUSTOMERS = 1_000
SETTINGS = {
    "session_minutes": 30,
    "time_zone": "Europe/Amsterdam",
    "lapse_days": 20,
    "aftercare_days": 30,
    "phase_models": (registry.load("phase_models", "see_think_do_care"),),
}
STEPS = (
    portraits.timeline,
    portraits.occurrences,
    portraits.undated_purchases,
    portraits.portraits,
    portraits.customer_channels,
    journeys.steps,
    journeys.journeys,
    journeys.phase_visits,
)
Tables = Mapping[str, Sequence[Row]]


def at(days: float) -> datetime:
    return NOON + timedelta(days=days)


def event(event_id: str, person_id: str | None, days: float, **more: Any) -> Row:
    told = {"event_id": event_id, "person_id": person_id, "occurred_at": at(days)}
    return {"channel": "web", "name": "page_view", **told, **more}


def order(order_id: str, person_id: str | None, days: float, **more: Any) -> Row:
    told = {"order_id": order_id, "person_id": person_id, "ordered_at": at(days)}
    return {
        "kind": "sale",
        "channel": "web",
        "status": "completed",
        "total_amount": 50,
        **told,
        **more,
    }


def total(person_id: str, orders: int, days: float, **more: Any) -> Row:
    told = {"person_id": person_id, "orders": orders, "last_ordered_at": at(days)}
    return {"channel": "web", "total_amount": 50 * orders, **told, **more}


# Enough customers of whom nothing changes, or a change of some were a reason to begin anew.
BYSTANDERS = range(100, 130)
BEFORE: Tables = {
    "links": [
        {"person_id": "crm:1", "customer_id": 1},
        {"person_id": "ga4:1", "customer_id": 1},
        {"person_id": "crm:2", "customer_id": 2},
        {"person_id": "till", "customer_id": None},
        *({"person_id": f"crm:{n}", "customer_id": n} for n in BYSTANDERS),
    ],
    "customers": [
        {"customer_id": n, "birth_on": at(10 - 9_000 - n % 40 * 365).date()} for n in (1, 2, *BYSTANDERS)
    ],
    "events": [
        event("e1", "ga4:1", -30),
        event("e2", "ga4:1", -13.9, name="add_to_cart", product_id="lamp"),
        event("e3", "crm:2", -9, name="purchase", order_id="o3", amount=20),
        event("e4", None, -8, order_id="o1", channel="other", name="delivered"),
        event("e5", "crm:101", -8, name="add_to_cart", product_id="rug"),
        event("late", "crm:102", 5),
        event("early", "ga4:unknown", -12),
        event("bought", "crm:111", -4, name="purchase", order_id="o9", amount=30),
        *(event(f"e{n}", f"crm:{n}", -n) for n in BYSTANDERS),
    ],
    "orders": [
        order("o1", "crm:1", -10),
        order("o2", "crm:103", -9, refunded_amount=10, refunded_at=at(3)),
        order("o3", None, -9),
        order("o4", "till", -7),
        order("r1", None, -6, kind="return", refers_to_order_id="o1", channel="store"),
        order("o5", "crm:104", -6),
        order("r5", "crm:105", -2, kind="return", refers_to_order_id="o5", status="failed"),
    ],
    "order_lines": [
        {"order_line_id": "o1:1", "order_id": "o1", "product_id": "lamp", "quantity": 1, "line_amount": 50},
        {"order_line_id": "o5:1", "order_id": "o5", "product_id": "rug", "quantity": 1, "line_amount": 50},
    ],
    "products": [
        {"product_id": "lamp", "category": "light", "price_amount": 50},
        {"product_id": "rug", "category": "floor", "price_amount": 80},
    ],
    "payments": [
        {"payment_id": "p1", "order_id": "o1", "status": "failed", "created_at": at(-10)},
        {"payment_id": "p5", "order_id": "o5", "status": "paid", "method": "ideal", "created_at": at(-6)},
    ],
    "messages": [
        {"message_id": "m1", "person_id": "crm:1", "channel": "mail", "action": "sent", "occurred_at": at(-3)}
    ],
    "feedback": [
        {"feedback_id": "f1", "person_id": "crm:106", "kind": "ticket", "channel": "service",
         "occurred_at": at(-3), "status": "open"},
        {"feedback_id": "f2", "order_id": "o1", "kind": "review", "channel": "review",
         "occurred_at": at(-2), "score": 4, "score_max": 5},
    ],
    "survey_answers": [
        {"answer_id": "a1", "person_id": "crm:107", "survey_id": "s", "response_id": "s1",
         "question_id": "q", "kind": "nps", "score": 8, "answered_at": at(-3)},
        {"answer_id": "a2", "person_id": "crm:107", "survey_id": "s", "response_id": "s1",
         "question_id": "w", "kind": "open", "answer": "Mooi", "answered_at": at(-3)},
    ],
    "order_totals": [
        total("crm:1", 5, -2, first_ordered_at=at(-200)),
        total("crm:112", 3, -20),
        total("crm:113", 2, -20),
    ],
    "households": [{"customer_id": 108, "household_id": 108, "customers": 1}],
}  # fmt: skip


def without(name: str, key: str) -> Tables:
    (column,) = contract(name).key
    return {name: [row for row in BEFORE[name] if row[column] != key]}


def instead(name: str, key: str | int, **told: Any) -> Tables:
    (column,) = contract(name).key
    return {name: [{**row, **(told if row[column] == key else {})} for row in BEFORE[name]]}


def besides(name: str, *rows: Row) -> Tables:
    return {name: [*BEFORE[name], *rows]}


CHANGES: Mapping[str, Tables] = {
    "nothing but time": {},
    "a new moment before others": besides("events", event("new", "crm:1", -20)),
    "a moment between two of one visit": besides("events", event("new", "crm:2", -8.999)),
    "an advertisement at the moment of a page": besides(
        "events", event("advertised", "crm:110", -110, name="ad_click")
    ),
    "moments of who was nobody's": besides("links", {"person_id": "ga4:unknown", "customer_id": 1}),
    "a person who is somebody else": instead("links", "ga4:1", customer_id=2),
    "an order that came after its event": besides("orders", order("o9", "crm:111", -4)),
    "an order that came after its event, of somebody else": besides(
        "orders", order("o9", "crm:112", -4)
    ),
    "a payment of an order that just came": {
        **besides("orders", order("o9", "crm:111", -4)),
        **besides("payments", {"payment_id": "p9", "order_id": "o9", "status": "expired",
                               "created_at": at(-4)}),
    },
    "a moment that is gone": without("events", "e1"),
    "a moment of somebody else": instead("events", "e1", person_id="crm:2"),
    "a merge": {
        "links": [{**row, **({"customer_id": 1} if row["customer_id"] == 2 else {})} for row in BEFORE["links"]],
        "customers": [row for row in BEFORE["customers"] if row["customer_id"] != 2],
    },
    "a customer who is gone": {
        "links": [row for row in BEFORE["links"] if row["customer_id"] != 1],
        "customers": [row for row in BEFORE["customers"] if row["customer_id"] != 1],
    },
    "a till account that is somebody": instead("links", "till", customer_id=2),
    "an order of somebody else": instead("orders", "o1", person_id="crm:2"),
    "an order that is gone": without("orders", "o1"),
    "an order that turns out to be hers": instead("orders", "o3", person_id="crm:1"),
    "an order that was refunded": instead("orders", "o1", refunded_amount=5, refunded_at=at(-1)),
    "a receipt that is gone": without("orders", "r5"),
    "a receipt that takes something else back": instead("orders", "r5", refers_to_order_id="o1"),
    "a payment that succeeded": instead("payments", "p1", status="paid", method="card"),
    "a payment that is gone": without("payments", "p5"),
    "a product in another category": instead("products", "rug", category="textile"),
    "a product with another price": instead("products", "lamp", price_amount=40),
    "a line that is gone": without("order_lines", "o1:1"),
    "a message that was opened": besides(
        "messages",
        {"message_id": "m2", "person_id": "crm:2", "channel": "mail", "action": "opened",
         "occurred_at": at(-1)},
    ),
    "a message that is gone": without("messages", "m1"),
    "a ticket that was solved": instead("feedback", "f1", status="solved"),
    "a review of an order that is gone": without("feedback", "f2"),
    "an answer that is gone": without("survey_answers", "a1"),
    "a survey that is gone": {"survey_answers": []},
    "a total that grew": {"order_totals": [*BEFORE["order_totals"][:1], total("crm:112", 4, -1)]},
    "a total that is of later": besides("order_totals", total("crm:114", 4, 6)),
    "a total of somebody who is somebody else": instead("links", "crm:112", customer_id=113),
    "an order that a total covers": besides("orders", order("o9", "crm:112", -20)),
    "somebody who moved in": besides("households", {"customer_id": 109, "household_id": 108, "customers": 2}),
    "somebody who moved to another town": instead("customers", 1, city="Delft"),
}  # fmt: skip


def given_to(step: Callable[..., Any], now: Tables, before: Tables) -> dict[str, Any]:
    """What the runner hands a step that goes on from a run over other tables."""
    asked = Step(step)
    return {
        **{name: rows_of(name, now[name]) for name in asked.reads},
        **{f"previous_{name}": rows_of(name, before[name]) for name in asked.reads_previous},
        **changed_since(
            step,
            {name: rows_of(name, now[name]) for name in asked.reads},
            {name: rows_of(name, before[name]) for name in asked.reads_changed},
        ),
    }


def filled(tables: Tables) -> Tables:
    whole = {**BEFORE, **tables}
    for name in ("payments", "feedback", "survey_answers", "events", "orders", "messages"):
        whole[name] = [{"file_id": "-", **row} for row in whole[name]]
    return whole


def taken(
    result: ir.Table | Renewal, before: Sequence[Row], name: str, engine: Engine
) -> list[Row]:
    """The rows that hold after a step, in order."""
    table = contract(name)
    if isinstance(result, Renewal):
        held = rows_of(name, before).anti_join(engine.keep(result.gone), list(table.key))
        result = held.union(conform(result.fresh, table))
    rows: list[Row] = engine.fetch(conform(result, table).order_by(list(table.key))).to_pylist()
    return rows


def run(
    steps: Sequence[Callable[..., Any]],
    now: Tables,
    engine: Engine,
    *,
    as_of: datetime,
    before: Tables | None = None,
    until: datetime | None = None,
) -> dict[str, list[Row]]:
    """What the steps make, one after the other, going on from the tables of before if there are."""
    now = filled(now)
    given = SETTINGS | {"engine": engine, "as_of": as_of}
    result: dict[str, list[Row]] = {}
    for function in steps:
        step = Step(function)
        if before is None:
            told = {**given_to(function, now, now), **afresh(function)}
        else:
            told = given_to(function, now, before) | {"kept_as_of": until}
            told[f"kept_{step.name}"] = rows_of(step.name, before[step.name])
        asked = {name: value for name, value in (given | told).items() if name in step.parameters}
        made = function(**asked)
        assert isinstance(made, Renewal) is (before is not None and bool(step.reads_kept))
        result[step.name] = taken(made, before[step.name] if before else (), step.name, engine)
        now = {**now, step.name: result[step.name]}
    return result


def in_world(tables: Tables, number: int) -> Tables:
    """The same with names and numbers that no other world has."""

    def told(name: str, value: Any) -> Any:
        if not name.endswith("_id") or value is None:
            return value
        return value + number * CUSTOMERS if isinstance(value, int) else f"{number}/{value}"

    return {
        name: [{column: told(column, value) for column, value in row.items()} for row in rows]
        for name, rows in tables.items()
    }


def together(worlds: Sequence[Tables]) -> Tables:
    placed = [in_world({**BEFORE, **world}, number) for number, world in enumerate(worlds)]
    return {name: [row for world in placed for row in world[name]] for name in BEFORE}


@pytest.mark.parametrize(
    "steps",
    [pytest.param(STEPS[:5], id="portraits"), pytest.param(STEPS, id="journeys", marks=at_length)],
)
def test_what_goes_on_is_what_is_made_at_once(
    steps: Sequence[Callable[..., Any]], duckdb_engine: Engine
) -> None:
    before = together([{}] * len(CHANGES))
    before = {**filled(before), **run(steps, before, duckdb_engine, as_of=NOON)}
    now, until = together(list(CHANGES.values())), NOON + timedelta(days=12)
    whole = run(steps, now, duckdb_engine, as_of=until)
    gone_on = run(steps, now, duckdb_engine, as_of=until, before=before, until=NOON)
    for number, change in enumerate(CHANGES):
        for name, rows in whole.items():
            assert of_world(gone_on[name], number) == of_world(rows, number), change
    assert whole["portraits"] != before["portraits"]


def test_a_total_that_changes_touches_its_customer_only(duckdb_engine: Engine) -> None:
    before = filled({})
    before = {**before, **run(STEPS[:5], before, duckdb_engine, as_of=NOON)}
    now = {**filled({}), **CHANGES["a total that grew"]}
    now = {**now, "order_totals": [*now["order_totals"], *BEFORE["order_totals"][2:]]}
    now = {**now, **run(STEPS[:4], now, duckdb_engine, as_of=NOON)}
    told = given_to(portraits.portraits, now, before) | SETTINGS
    told |= {"engine": duckdb_engine, "as_of": NOON, "kept_as_of": NOON}
    told["kept_portraits"] = rows_of("portraits", before["portraits"])
    asked = {name: told[name] for name in Step(portraits.portraits).parameters}
    made = portraits.portraits(**asked)
    assert isinstance(made, Renewal)
    (row,) = duckdb_engine.fetch(made.fresh).to_pylist()
    assert (row["customer_id"], row["orders"], row["undated_orders"]) == (112, 4, 4)


def of_world(rows: Sequence[Row], number: int) -> list[Row]:
    return [row for row in rows if row["customer_id"] // CUSTOMERS == number]
