from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.patterns import best_differences
from klantreis.pipeline import STEPS
from klantreis.tables import TABLES, check_rows, contract

Row = dict[str, Any]
AT = datetime(2025, 5, 1)


def made(engine: Engine, **rows: list[Row]) -> dict[tuple[str, str], Row]:
    """Table `best_differences` of made-up rows, by aspect and item."""
    (step,) = (step for step in STEPS if step.name == "best_differences")
    read = {
        name: engine.table(
            pa.Table.from_pylist(
                [dict.fromkeys(TABLES[name].schema.names) | row for row in rows.get(name, [])],
                schema=TABLES[name].schema.to_pyarrow(),
            )
        )
        for name in step.reads
    }
    found = best_differences(**read, engine=engine)
    check_rows(found, contract("best_differences"))
    return {(row["aspect"], row["item"]): row for row in engine.fetch(found).to_pylist()}


def journey(customer: int, **more: object) -> Row:
    return {
        "journey_id": f"{customer}-1", "customer_id": customer, "outcome": "purchase",
        "purchased_at": AT, "orientation_channel": "web", "purchase_channel": "store",
        "entry_touchpoint": "web.search",
    } | more  # fmt: skip


def step(customer: int, position: int, touchpoint: str, following: str, **more: object) -> Row:
    channel, event = touchpoint.split(".")
    return {
        "journey_id": f"{customer}-1", "customer_id": customer, "position": position,
        "touchpoint": touchpoint, "channel": channel, "event": event, "moment": "before",
        "next_touchpoint": following,
    } | more  # fmt: skip


def member(customer: int, segment: str) -> Row:
    return {"customer_id": customer, "segmentation": "value", "segment": segment, "as_of": AT}


def shop(mailed: float, seed: int = 1, customers: int = 900) -> dict[str, list[Row]]:
    """A third are the best; of these so many read a mail first, of the others one in ten."""
    chance = np.random.default_rng(seed)
    rows: dict[str, list[Row]] = {"memberships": [], "journeys": [], "steps": []}
    for customer in range(customers):
        is_best = customer % 3 == 0
        rows["memberships"].append(member(customer, "top_20" if is_best else "middle_60"))
        rows["journeys"].append(journey(customer))
        if chance.random() < (mailed if is_best else 0.1):
            rows["steps"].append(step(customer, 1, "mail.opened", "web.search"))
        rows["steps"].append(step(customer, 2, "web.search", "web.add_to_cart"))
        rows["steps"].append(step(customer, 3, "web.add_to_cart", "store.purchase"))
    return rows


def test_what_is_planted_on_the_way_to_a_purchase_is_told(duckdb_engine: Engine) -> None:
    found = made(duckdb_engine, **shop(mailed=0.3))
    for place in (
        ("channel", "mail"),
        ("touchpoint", "mail.opened"),
        ("path", "mail.opened>web.search"),
    ):
        row = found[place]
        assert row["verdict"] == "told"
        assert 0.05 < row["low"] < row["value"] - row["rest"] < row["high"]
    assert found["purchase", "store"]["verdict"] == "too_few"  # everybody: nothing to compare
    assert not any("add_to_cart" in item for _, item in found)


def test_where_nothing_is_planted_nothing_is_told(duckdb_engine: Engine) -> None:
    rows = [row for seed in range(2) for row in made(duckdb_engine, **shop(0.1, seed)).values()]
    assert {row["verdict"] for row in rows} <= {"chance", "too_few"}


def test_who_buys_more_does_not_stand_out_by_that(duckdb_engine: Engine) -> None:
    rows = shop(mailed=0.1)
    best = [row["customer_id"] for row in rows["memberships"] if row["segment"] == "top_20"]
    steps = [row for row in rows["steps"] if row["customer_id"] in set(best)]
    for number in (2, 3, 4):
        rows["journeys"] += [journey(c, journey_id=f"{c}-{number}") for c in best]
        again = [row | {"journey_id": f"{row['customer_id']}-{number}"} for row in steps]
        rows["steps"] += again
    assert not any(row["verdict"] == "told" for row in made(duckdb_engine, **rows).values())


def test_attention_is_a_part_of_all_that_was_looked_at(duckdb_engine: Engine) -> None:
    rows = shop(mailed=0.1, customers=300)
    looked = [
        {"customer_id": c, "channel": "web", "event": "view_item", "product_id": product,
         "occurred_at": AT, "position": n, "session": 1, "record_table": "events", "record_id": "x"}
        for c in range(300)
        for n, product in enumerate(["lamp"] * (3 if c % 3 == 0 else 1) + ["rug"] * 2)
    ]  # fmt: skip
    products = [
        {"product_id": p, "source": "s", "file_id": "f", "category": c}
        for p, c in (("lamp", "light"), ("rug", "textile"))
    ]
    found = made(duckdb_engine, **rows, timeline=looked, products=products)
    light = found["category", "light"]
    assert (light["value"], light["rest"]) == (0.6, 1 / 3)


def test_without_buyers_there_is_nothing(duckdb_engine: Engine) -> None:
    assert made(duckdb_engine) == {}
