from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from klantreis import registry
from klantreis.engine import Engine
from klantreis.patterns import (
    JOINED_MEASURES,
    JoinedMeaning,
    JoinedMeasure,
    joined_measures,
    joined_measures_known,
    joined_occasions,
    share,
)
from klantreis.pipeline import STEPS
from klantreis.tables import EVERYONE, TABLES, Portion, check_rows, contract
from tests.length import at_length
from tests.rows import afresh

START, AS_OF = datetime(2025, 1, 1, 12), datetime(2026, 1, 1)
Row = dict[str, Any]


def moment(customer: int, day: float, channel: str, event: str, **more: object) -> Row:
    return {
        "customer_id": customer, "occurred_at": START + timedelta(days=day), "channel": channel,
        "event": event, "session": round(day), "record_table": "events", "record_id": "x",
    } | more  # fmt: skip


def order(name: str, channel: str, **more: object) -> Row:
    return {
        "order_id": name, "source": "till", "file_id": "f", "kind": "sale", "channel": channel,
        "ordered_at": START, "status": "completed", "total_amount": Decimal(90),
    } | more  # fmt: skip


# Customer 1 looks, reads and buys in the store; 2 pays in vain and buys there; 3 buys online, gets it
# late, asks, brings back and comes to the store; 4 only buys in the store.
TIMELINE = [
    moment(9, 0, "web", "page_view"), moment(9, 0.01, "mail", "opened"),
    moment(1, 100, "web", "view_item"), moment(1, 100.1, "web", "search"),
    moment(1, 101, "mail", "opened"), moment(1, 102, "store", "purchase", order_id="a", amount=Decimal(90)),
    moment(2, 110, "web", "payment_failed"),
    moment(2, 113, "store", "purchase", order_id="b", amount=Decimal(90)),
    moment(3, 120, "app", "view_item"), moment(3, 120.01, "app", "purchase", order_id="c", amount=Decimal(90)),
    moment(3, 124, "other", "delivery_delayed"), moment(3, 126, "service", "ticket"),
    moment(3, 130, "store", "return", order_id="r"),
    moment(3, 160, "store", "purchase", order_id="d", amount=Decimal(90)),
    moment(4, 170, "store", "purchase", order_id="e", amount=Decimal(90)),
]  # fmt: skip
ORDERS = [
    order("a", "store"), order("b", "store", discount_amount=Decimal(10)), order("c", "app"),
    order("r", "store", kind="return", refers_to_order_id="c", total_amount=Decimal(-90)),
    order("d", "store"), order("e", "store"),
]  # fmt: skip
LINES = [
    {"order_line_id": f"{o}1", "source": "till", "file_id": "f", "order_id": o, "product_id": p,
     "quantity": 1.0, "line_amount": Decimal(90)}
    for o, p in (("a", "lamp"), ("c", "lamp"), ("d", "rug"))
]  # fmt: skip
PRODUCTS = [
    {"product_id": p, "source": "till", "file_id": "f", "category": c}
    for p, c in (("lamp", "light"), ("rug", "textile"))
]
OFFERS = [
    {"offer_id": "o", "source": "l", "file_id": "f", "medium": "leaflet", "product_id": "lamp",
     "starts_on": date(2025, 4, 10), "ends_on": date(2025, 4, 16)}
]  # fmt: skip
TABLES_IN: dict[str, Sequence[Row]] = {
    "timeline": [
        row | {"position": 1 + sum(r["customer_id"] == row["customer_id"] for r in TIMELINE[:at])}
        for at, row in enumerate(TIMELINE)
    ],
    "orders": ORDERS,
    "order_lines": LINES,
    "products": PRODUCTS,
    "offers": OFFERS,
    "memberships": [
        {"customer_id": c, "segmentation": "value", "segment": s, "as_of": AS_OF}
        for c, s in ((1, "top_20"), (2, "top_20"), (3, "low_20"), (4, "low_20"))
    ],
}


def taken(engine: Engine, **more: Sequence[Row]) -> list[Row]:
    """Table `joined_measures` of these rows, held against its contract."""
    given = TABLES_IN | more
    return measured(engine, engine.keep(of_occasions(engine, given)), given)


def measured(engine: Engine, occasions: ir.Table, given: Mapping[str, Sequence[Row]]) -> list[Row]:
    read = {name: _read(engine, name, given) for name in ("memberships", "target_groups")}
    made = joined_measures(occasions, **read, engine=engine, persona_groups="need")
    check_rows(made, contract("joined_measures"))
    found: list[Row] = engine.fetch(made).to_pylist()
    return found


def of_occasions(
    engine: Engine, given: Mapping[str, Sequence[Row]], portion: Portion = EVERYONE
) -> ir.Table:
    (step,) = (step for step in STEPS if step.name == "joined_occasions")
    read = {name: _read(engine, name, given) for name in step.reads}
    nothing = afresh(joined_occasions)
    made = joined_occasions(**read, **nothing, engine=engine, as_of=AS_OF, portion=portion)
    assert isinstance(made, ir.Table)
    return made


def _read(engine: Engine, name: str, given: Mapping[str, Sequence[Row]]) -> ir.Table:
    rows = [_empty(name) | row for row in given.get(name, ())]
    return engine.table(pa.Table.from_pylist(rows, schema=TABLES[name].schema.to_pyarrow()))


def _empty(table: str) -> Row:
    """What a row does not say is empty, and money is nought: Spark reads no empty decimals from here."""
    nought = {c.name: Decimal(0) for c in TABLES[table].columns if c.type == "money"}
    return dict.fromkeys(TABLES[table].schema.names) | nought


def at(rows: list[Row], measure: str, **place: str) -> tuple[float, float] | None:
    """Top and bottom of a measure at a place; None where there was nothing to measure."""
    wanted = {"segmentation": "all", "segment": "all", "at_channel": "all", "month": "all"} | place
    found = [
        (row["top"], row["bottom"])
        for row in rows
        if row["measure"] == measure and all(row[name] == value for name, value in wanted.items())
    ]
    return found[0] if found else None


@pytest.fixture(scope="module")
def occasions(duckdb_engine: Engine) -> ir.Table:
    made = duckdb_engine.keep(of_occasions(duckdb_engine, TABLES_IN))
    check_rows(made, contract("joined_occasions"))
    return made


@pytest.fixture(scope="module")
def rows(duckdb_engine: Engine, occasions: ir.Table) -> list[Row]:
    return measured(duckdb_engine, occasions, TABLES_IN)


@pytest.mark.parametrize(
    ("measure", "top", "bottom"),
    [
        ("ropo_share", 1, 4),  # only customer 1 looked in the fortnight before
        ("mail_before_store_purchase", 1, 4),
        ("search_before_purchase", 1, 5),
        ("leaflet_in_basket", 1, 4),
        ("returned_purchases", 1, 5),
        ("discount_given", 10, 460),
        ("contact_after_purchase", 1, 5),
        ("contact_before_second_purchase", 1, 1),
        ("second_purchase_elsewhere", 1, 1),
        ("online_first_to_store", 1, 1),
        ("category_breadth", 2, 1),
        ("store_purchase_after_mail", 1, 2),
        ("store_purchase_after_failed_payment", 1, 1),
        ("contact_after_late_parcel", 1, 1),
    ],
)
def test_a_measure_counts_what_it_says(
    rows: list[Row], measure: str, top: float, bottom: float
) -> None:
    assert at(rows, measure) == (top, bottom)


def test_a_measure_is_told_apart_by_group_channel_and_month(rows: list[Row]) -> None:
    assert at(rows, "returned_purchases", at_channel="app") == (1, 1)
    assert at(rows, "returned_purchases", at_channel="store") == (0, 4)
    assert at(rows, "ropo_share", segmentation="value", segment="top_20") == (1, 2)
    assert at(rows, "ropo_share", month="2025-04") == (1, 2)
    assert at(rows, "ropo_share", segmentation="value", segment="top_20", month="2025-04") is None


def test_a_portion_of_the_customers_gives_what_all_at_once_give_of_them(
    duckdb_engine: Engine, occasions: ir.Table
) -> None:
    portion = Portion(2, 4)
    found = duckdb_engine.fetch(of_occasions(duckdb_engine, TABLES_IN, portion)).to_pylist()
    whole = duckdb_engine.fetch(portion.of(occasions)).to_pylist()
    assert {row["customer_id"] for row in found} == {2, 3}
    assert sorted(map(_written, found)) == sorted(map(_written, whole))


def test_time_between_channels_is_taken_in_days(rows: list[Row]) -> None:
    days, changes = at(rows, "channel_switch_days") or (0, 0)
    assert days == pytest.approx(39.99)
    assert changes == 1


def test_what_had_no_time_to_happen_does_not_count(duckdb_engine: Engine) -> None:
    late = [moment(5, 355, "store", "purchase", order_id="z", position=1, amount=Decimal(90))]
    found = taken(duckdb_engine, timeline=late, orders=[order("z", "store")])
    assert at(found, "returned_purchases") is None
    assert at(found, "contact_after_purchase") is None
    assert at(found, "ropo_share") is None  # no visit online was ever seen


@pytest.mark.parametrize("code", JOINED_MEASURES)
def test_every_measure_says_in_both_languages_what_it_is(code: str) -> None:
    meaning = JOINED_MEASURES[code].meaning
    for text in (meaning.name, meaning.definition, meaning.told):
        assert set(text) == {"nl", "en"}
        assert text["nl"] != text["en"]
    assert all("%(value)s" in told for told in meaning.told.values())
    assert set(meaning.needs) <= set(TABLES)


def test_there_are_as_many_meanings_as_measures_and_at_least_twenty() -> None:
    assert len(JOINED_MEASURES) >= 20
    assert [one.meaning.code for one in JOINED_MEASURES.values()] == list(JOINED_MEASURES)


def test_a_package_can_bring_a_measure(
    duckdb_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"nl": "aankopen van EUR 90: %(value)s", "en": "purchases of EUR 90: %(value)s"}
    meaning = JoinedMeaning(
        "paid_ninety", "paths", "share", "orders", "measured", (), ("orders",), words, words, words
    )
    own = JoinedMeasure(
        meaning, "purchases", lambda p: share(p["paid_amount"] == 90, p["order_id"].notnull())
    )
    point = SimpleNamespace(load=lambda: own)
    monkeypatch.setattr(
        registry,
        "_entry_points",
        lambda group: {"own": point} if group == "joined_measures" else {},
    )
    assert "paid_ninety" in joined_measures_known(JOINED_MEASURES)
    assert at(taken(duckdb_engine), "paid_ninety") == (5, 5)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@at_length
def test_measures_are_the_same_on_spark(spark_engine: Engine, rows: list[Row]) -> None:
    assert sorted(map(_written, taken(spark_engine))) == sorted(map(_written, rows))


def _written(row: Row) -> tuple[object, ...]:
    return tuple(round(v, 6) if isinstance(v, float) else v for v in row.values())
