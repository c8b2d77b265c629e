"""Occasions that go on from before are those that are taken of everything at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import ibis.expr.types as ir
import pytest

from klantreis.engine import Engine
from klantreis.patterns import JOINED_MEASURES, joined_occasions
from klantreis.pipeline import Step
from klantreis.tables import Renewal, conform, contract
from tests.rows import Row, afresh, changed_since, rows_of

NOON = datetime(2026, 3, 1, 12)
UNTIL = NOON + timedelta(days=3)
WORLD = 1_000
# One or two of each kind of occasion: all that can make a difference is in them.
MEASURES = (
    "ropo_share", "returned_purchases", "discount_given", "leaflet_in_basket", "category_breadth",
    "oriented_online_bought_in_store", "contact_after_purchase", "store_purchase_after_mail",
    "nps_after_purchase", "spend_after_contact",
)  # fmt: skip
BYSTANDERS = range(100, 125)
Tables = Mapping[str, Sequence[Row]]


def moment(customer: int, position: int, days: float, event: str, **more: Any) -> Row:
    told = {"occurred_at": NOON + timedelta(days=days), "channel": "web", "session": position}
    return {"customer_id": customer, "position": position, "event": event, **told, **more}


def bought(customer: int, position: int, days: float, order: str, **more: Any) -> Row:
    told = {"channel": "store", "order_id": order, "amount": 50}
    return moment(customer, position, days, "purchase", **told, **more)


def journey(name: str, customer: int, days: float, channel: str) -> Row:
    return {"journey_id": name, "customer_id": customer, "orientation_channel": channel,
            "purchased_at": NOON + timedelta(days=days)}  # fmt: skip


BEFORE: Tables = {
    "timeline": [
        moment(1, 1, -400, "page_view"), moment(1, 2, -50, "opened", channel="mail"),
        bought(1, 3, -48, "o1"), bought(1, 4, -40, "o2"),
        bought(2, 1, -130, "o9"), moment(2, 2, -120, "ticket", channel="service"), bought(2, 3, -110, "o3"),
        moment(3, 1, -6, "opened", channel="mail"), bought(3, 2, -5, "o4"),
        moment(4, 1, -29, "page_view"), bought(4, 2, -28, "o5"), bought(4, 3, 2, "o6"),
        bought(5, 1, -100, "o7"), moment(5, 2, -90, "return", order_id="r7", channel="store"),
        bought(6, 1, -12, "o8"),
        *(bought(n, 1, -20 - n % 7, f"b{n}") for n in BYSTANDERS),
    ],
    "orders": [
        {"order_id": name, "kind": "sale", "status": "completed", "total_amount": 50, "discount_amount": 5}
        for name in ("o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9", *(f"b{n}" for n in BYSTANDERS))
    ],
    "order_lines": [
        {"order_line_id": f"{order}:1", "order_id": order, "product_id": product, "quantity": 1}
        for order, product in (("o1", "lamp"), ("o2", "rug"), ("o4", "lamp"), ("o8", "vase"))
    ],
    "products": [{"product_id": name, "category": "home"} for name in ("lamp", "rug", "vase")],
    "offers": [
        {"offer_id": "f", "medium": "leaflet", "product_id": "lamp",
         "starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 20)},
    ],
    "survey_answers": [
        {"answer_id": "a", "response_id": "s", "person_id": "crm:2", "kind": "nps", "score": 9,
         "answered_at": NOON - timedelta(days=100)},
    ],
    "links": [{"person_id": f"crm:{n}", "customer_id": n} for n in (1, 2, 3, 4, 5, 6, *BYSTANDERS)],
    "journeys": [journey("j1", 1, -48, "web"), journey("j4", 4, -28, "web")],
}  # fmt: skip


def instead(name: str, key: str, **told: Any) -> Tables:
    column = contract(name).key[0]
    return {name: [{**row, **(told if row[column] == key else {})} for row in BEFORE[name]]}


def besides(name: str, *rows: Row) -> Tables:
    return {name: [*BEFORE[name], *rows]}


def without(name: str, key: str) -> Tables:
    return {name: [row for row in BEFORE[name] if row[contract(name).key[0]] != key]}


CHANGES: Mapping[str, Tables] = {
    "nothing but time": {},
    "a new moment": besides("timeline", moment(6, 2, -11, "ticket", channel="service")),
    "a customer who is somebody else": {
        "timeline": [{**row, "customer_id": 7} if row["customer_id"] == 6 else row for row in BEFORE["timeline"]],
        "links": [{**row, "customer_id": 7} if row["customer_id"] == 6 else row for row in BEFORE["links"]],
    },
    "another discount": instead("orders", "o7", discount_amount=9),
    "a receipt that takes a purchase back": besides(
        "orders", {"order_id": "r3", "kind": "return", "refers_to_order_id": "o3", "total_amount": -50}
    ),
    "a line that is gone": without("order_lines", "o1:1"),
    "another line": besides(
        "order_lines", {"order_line_id": "o2:2", "order_id": "o2", "product_id": "lamp", "quantity": 1}
    ),
    "a product of another category": instead("products", "rug", category="floor"),
    "another leaflet": besides(
        "offers",
        {"offer_id": "g", "medium": "leaflet", "product_id": "vase",
         "starts_on": date(2026, 2, 10), "ends_on": date(2026, 2, 20)},
    ),
    "a leaflet that is gone": without("offers", "f"),
    "another orientation": instead("journeys", "j4", orientation_channel="app"),
    "a journey that is gone": without("journeys", "j1"),
    "another answer": instead("survey_answers", "a", score=3),
    "an answer of somebody else": instead("links", "crm:2", customer_id=5),
}  # fmt: skip


def in_world(tables: Tables, number: int) -> Tables:
    """The same with names and numbers that no other world has."""

    def told(name: str, value: Any) -> Any:
        if not name.endswith("_id") or value is None:
            return value
        return value + number * WORLD if isinstance(value, int) else f"{number}/{value}"

    return {
        name: [{column: told(column, value) for column, value in row.items()} for row in rows]
        for name, rows in tables.items()
    }


def together(worlds: Sequence[Tables]) -> dict[str, list[Row]]:
    placed = [in_world({**BEFORE, **world}, number) for number, world in enumerate(worlds)]
    return {name: [row for world in placed for row in world[name]] for name in BEFORE}


def rows_of_all(tables: Tables) -> dict[str, ir.Table]:
    by_moment = {"occurrences": [told(row) for row in tables["timeline"]]}
    return {name: rows_of(name, rows) for name, rows in {**tables, **by_moment}.items()}


def told(moment: Row) -> Row:
    """A moment as it stands among the occurrences."""
    return {name: value for name, value in moment.items() if not name.startswith("record_")}


def taken(made: ir.Table) -> dict[tuple[Any, ...], tuple[float, float]]:
    rows = conform(made, contract("joined_occasions")).to_pyarrow().to_pylist()
    return {tuple(row.values())[:-2]: (row["top"], row["bottom"]) for row in rows}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer measures: writing the questions is what takes time here."""
    # The function has the name of its module.
    module = sys.modules[joined_occasions.__module__]
    monkeypatch.setattr(
        module, "JOINED_MEASURES", {code: JOINED_MEASURES[code] for code in MEASURES}
    )


@pytest.mark.usefixtures("few")
def test_what_goes_on_is_what_is_taken_at_once(duckdb_engine: Engine) -> None:
    step, engine = Step(joined_occasions), duckdb_engine
    then, now = together([{}] * len(CHANGES)), together(list(CHANGES.values()))
    tables, earlier = rows_of_all(now), rows_of_all(then)
    nothing = afresh(joined_occasions)
    kept = joined_occasions(**earlier, **nothing, engine=engine, as_of=NOON)
    whole = joined_occasions(**tables, **nothing, engine=engine, as_of=UNTIL)
    assert isinstance(kept, ir.Table)
    assert isinstance(whole, ir.Table)
    kept = engine.keep(conform(kept, contract("joined_occasions")))
    gone_on = joined_occasions(
        **tables,
        **{f"previous_{name}": earlier[name] for name in step.reads_previous},
        **changed_since(joined_occasions, tables, earlier),
        kept_joined_occasions=kept,
        kept_as_of=NOON,
        engine=engine,
        as_of=UNTIL,
    )
    assert isinstance(gone_on, Renewal)
    key = list(contract("joined_occasions").key)
    fresh = conform(gone_on.fresh, contract("joined_occasions"))
    found, wanted = taken(kept.anti_join(gone_on.gone, key).union(fresh)), taken(whole)
    for number, change in enumerate(CHANGES):
        own = [
            {k: v for k, v in rows.items() if k[0] // WORLD == number} for rows in (found, wanted)
        ]
        assert own[0] == own[1], change
    assert {code for _, code, *_ in wanted} == set(MEASURES)
    assert found != taken(kept)
