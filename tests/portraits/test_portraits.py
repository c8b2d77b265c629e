from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pytest

from klantreis import portraits
from klantreis.engine import Engine
from klantreis.portraits.age import age
from tests.rows import Row, afresh, made, rows_of

AS_OF = datetime(2026, 3, 29, 12)
SHOPPER, BROWSER, STRANGER, RETURNER, COMPLAINER = 1, 2, 3, 4, 5

CUSTOMERS: list[Row] = [
    {"customer_id": number, "is_known": number != STRANGER, "may_email": False, "sources": ["crm"]}
    for number in (SHOPPER, BROWSER, STRANGER, RETURNER, COMPLAINER)
]
CUSTOMERS[0] = {**CUSTOMERS[0], "name": "Ann Smit", "birth_on": date(1980, 3, 30)}
CUSTOMERS[1] = {**CUSTOMERS[1], "birth_on": date(1980, 3, 29)}


class Timeline:
    """Moments of one customer, in the order in which they are written down."""

    def __init__(self, customer_id: int) -> None:
        self.customer_id = customer_id
        self.rows: list[Row] = []

    def add(self, event: str, channel: str, days_ago: float, session: int, **more: Any) -> None:
        position = len(self.rows) + 1
        self.rows.append(
            {
                "customer_id": self.customer_id,
                "position": position,
                "occurred_at": AS_OF - timedelta(days=days_ago),
                "channel": channel,
                "event": event,
                "session": session,
                "record_table": "orders" if event in ("purchase", "return") else "events",
                "record_id": f"{self.customer_id}.{position}",
                **more,
            }
        )


def shopper() -> list[Row]:
    moments = Timeline(SHOPPER)
    moments.add("sent", "mail", 60, 1)
    moments.add("opened", "mail", 59.9, 2)
    moments.add("clicked", "mail", 59.9, 2)
    moments.add("view_item", "web", 59.9, 2, product_id="lamp")
    moments.add("payment_failed", "web", 59.8, 3)
    moments.add("purchase", "web", 59.8, 3, order_id="o1", amount=Decimal("100"))
    moments.add("delivered", "other", 57, 4, order_id="o1")
    moments.add("review", "review", 50, 5, score=0.5)
    moments.add("review", "review", 49, 6, score=1.0)
    moments.add("survey", "survey", 48, 7, score=0.4)
    moments.add("survey", "survey", 47, 8, score=-0.4)
    moments.add("view_item", "app", 30, 9, product_id="rug")
    moments.add("mention", "social", 25, 10, text="Wat een lamp")
    # An online visit 14 days before at most: the first store purchase was researched, not the last.
    moments.add("purchase", "store", 20, 11, order_id="o2", store_id="S1", amount=Decimal("30"))
    moments.add("purchase", "store", 1, 12, order_id="o3", store_id="S2", amount=Decimal("20"))
    moments.add("view_item", "web", -1, 13, product_id="from the future")
    return moments.rows


def browser() -> list[Row]:
    moments = Timeline(BROWSER)
    moments.add("add_to_cart", "web", 15, 1, product_id="lamp")  # too long ago
    moments.add("add_to_cart", "web", 9, 2, product_id="rug")
    moments.add("purchase", "web", 8, 2, order_id="o4", amount=Decimal("1"))
    moments.add("add_to_cart", "web", 5, 3, product_id="lamp")
    moments.add("add_to_cart", "web", 5, 3, product_id="lamp")
    moments.add("add_to_cart", "web", 5, 3, product_id="lamp")
    moments.add("remove_from_cart", "web", 4, 4, product_id="lamp")
    moments.add("add_to_cart", "web", 4, 4, product_id="rug")
    moments.add("add_to_cart", "app", 3, 5, product_id="vase")
    moments.add("remove_from_cart", "app", 3, 5, product_id="vase")
    moments.add("purchase", "store", 2, 6, order_id="o5", store_id="S1", amount=Decimal("60"))
    return moments.rows


def stranger() -> list[Row]:
    moments = Timeline(STRANGER)
    moments.add("view_item", "web", 10.5, 1)
    moments.add("view_item", "web", 10.5, 1)
    moments.add("view_item", "web", 9, 2)
    moments.add("view_item", "app", 8, 3)
    moments.add("view_item", "app", 7, 4)
    return moments.rows


def returner() -> list[Row]:
    moments = Timeline(RETURNER)
    for n, days in enumerate((90, 80, 70, 60, 50), start=1):
        moments.add("purchase", "web", days, n, order_id=f"r{n}", amount=Decimal("100"))
    moments.add("return", "store", 40, 6, order_id="back1", store_id="S1", amount=Decimal("-25"))
    moments.add("return", "store", 30, 7, order_id="back3", amount=Decimal("-100"))
    return moments.rows


def complainer() -> list[Row]:
    moments = Timeline(COMPLAINER)
    moments.add("ticket", "service", 5, 1, record_id="f1")
    moments.add("chat", "service", 4, 2, record_id="f2")
    return moments.rows


def order(order_id: str, **more: Any) -> Row:
    return {
        "order_id": order_id,
        "kind": "sale",
        "channel": "web",
        "status": "completed",
        "ordered_at": AS_OF,
        "total_amount": Decimal("0"),
        **more,
    }


ORDERS: list[Row] = [
    order("o1", discount_amount=Decimal("50"), payment_method="Mollie"),
    order("o2", discount_amount=Decimal("0"), payment_method="pin"),
    order("o3", payment_method="pin"),
    order("o4", payment_method="ideal"),
    order("o5"),
    order("r1", refunded_amount=Decimal("10"), refunded_at=AS_OF - timedelta(days=80)),
    order("r2", status="refunded"),
    order("r3", refunded_amount=Decimal("100")),  # the till's receipt tells the same
    order("r4", refunded_amount=Decimal("7"), refunded_at=AS_OF + timedelta(days=1)),
    order("r5", refunded_amount=Decimal("0")),
    order("back1", kind="return"),
    order("back3", kind="return", refers_to_order_id="r3"),
]
PAYMENTS: list[Row] = [
    {"payment_id": "p1", "order_id": "o1", "method": "klarna", "status": "failed"},
    {"payment_id": "p2", "order_id": "o1", "method": "ideal", "status": "paid"},
]
PRODUCTS: list[Row] = [
    {"product_id": "lamp", "category": "light", "brand": "Lumen", "price_amount": Decimal("40")},
    {"product_id": "rug", "category": "floor", "price_amount": Decimal("60")},
    {"product_id": "vase", "category": "decoration", "price_amount": Decimal("9")},
]


def line(order_id: str, product_id: str, amount: str, quantity: int = 1) -> Row:
    return {
        "order_line_id": f"{order_id}.{product_id}",
        "order_id": order_id,
        "product_id": product_id,
        "quantity": quantity,
        "line_amount": Decimal(amount),
    }


LINES: list[Row] = [
    line("o1", "lamp", "40"),
    line("o1", "rug", "60"),
    line("o2", "lamp", "30"),
    line("o2", "unknown", "1"),
    line("o3", "vase", "-9", quantity=-1),
    line("o5", "rug", "60"),
]
FEEDBACK: list[Row] = [
    {"feedback_id": "f1", "kind": "ticket", "channel": "service", "status": "solved"},
    {"feedback_id": "f2", "kind": "chat", "channel": "service", "status": "open"},
]


HOUSEHOLDS: list[Row] = [
    {"customer_id": SHOPPER, "household_id": SHOPPER, "customers": 2},
    {"customer_id": BROWSER, "household_id": SHOPPER, "customers": 2},
]


def portraits_of(
    engine: Engine, timeline: Sequence[Row], **tables: Sequence[Row]
) -> dict[int, dict[str, Any]]:
    given = {
        "customers": CUSTOMERS,
        "orders": ORDERS,
        "order_lines": LINES,
        "products": PRODUCTS,
        "payments": PAYMENTS,
        "feedback": FEEDBACK,
        "households": HOUSEHOLDS,
        "undated_purchases": (),
        **tables,
    }
    inputs = {
        name: rows_of(name, [{"ordered_at": AS_OF, "created_at": AS_OF, **row} for row in rows])
        for name, rows in given.items()
    }
    expression = portraits.portraits(
        timeline=rows_of("timeline", timeline),
        occurrences=rows_of("occurrences", ()),
        **inputs,
        engine=engine,
        as_of=AS_OF,
        time_zone="Europe/Amsterdam",
        **afresh(portraits.portraits),
    )
    return {row["customer_id"]: row for row in made("portraits", expression, engine)}


@pytest.fixture(scope="module")
def found(duckdb_engine: Engine) -> dict[int, dict[str, Any]]:
    moments = [*shopper(), *browser(), *stranger(), *returner(), *complainer()]
    return portraits_of(duckdb_engine, moments)


def of(row: Row, *names: str) -> list[Any]:
    return [row[name] for name in names]


def test_every_customer_has_one_portrait(found: dict[int, Any]) -> None:
    assert sorted(found) == [SHOPPER, BROWSER, STRANGER, RETURNER, COMPLAINER]
    assert of(found[SHOPPER], "name", "is_known") == ["Ann Smit", True]


def test_who_lives_together_is_told_and_nothing_of_whom_no_address_is_known(
    found: dict[int, Any],
) -> None:
    names = ("household_id", "household_customers")
    assert of(found[SHOPPER], *names) == of(found[BROWSER], *names) == [SHOPPER, 2]
    assert of(found[STRANGER], *names) == [None, None]


def test_age_is_in_whole_years_on_the_local_day(found: dict[int, Any]) -> None:
    assert [found[c]["age_years"] for c in (SHOPPER, BROWSER, STRANGER)] == [45, 46, None]


def test_nobody_is_older_than_anybody_ever_was() -> None:
    born = ibis.memtable({"born": [date(1904, 1, 1), date(1630, 8, 1), date(2199, 1, 1)]})
    years = born.select(years=age(born["born"].cast("date"), datetime(2026, 3, 1), "UTC"))
    assert years.to_pyarrow()["years"].to_pylist() == [122, None, None]


def test_what_lies_after_the_moment_does_not_count(found: dict[int, Any]) -> None:
    row = found[SHOPPER]
    assert row["events"] == 15
    assert row["last_seen_at"] == AS_OF - timedelta(days=1)
    assert row["first_seen_at"] == AS_OF - timedelta(days=60)


def test_a_visit_is_one_in_which_the_customer_did_something(found: dict[int, Any]) -> None:
    # Not the mail that was sent, nor the parcel that was brought.
    assert found[SHOPPER]["sessions"] == 10
    assert found[SHOPPER]["channels"] == [
        "app",
        "mail",
        "review",
        "social",
        "store",
        "survey",
        "web",
    ]


def test_the_preferred_channel_has_most_visits_and_of_equals_the_most_recent(
    found: dict[int, Any],
) -> None:
    assert found[STRANGER]["preferred_channel"] == "app"
    assert found[BROWSER]["preferred_channel"] == "web"
    assert found[COMPLAINER]["preferred_channel"] == "service"


def test_the_preferred_hour_is_on_the_local_clock(found: dict[int, Any]) -> None:
    # Noon in UTC is two o'clock in summer time, which begins on the day itself, and one before.
    assert found[RETURNER]["preferred_hour"] == 13
    assert found[STRANGER]["preferred_hour"] == 13
    # Once on each day of the week: the last of them, a Friday.
    assert found[RETURNER]["preferred_weekday"] == 5


def test_what_was_done_and_said_is_counted(found: dict[int, Any]) -> None:
    row = found[SHOPPER]
    assert of(row, "mails_sent", "mails_opened", "mails_clicked", "payments_failed") == [1] * 4
    assert of(row, "reviews", "review_score", "mentions", "tickets") == [2, 0.75, 1, 0]
    assert row["last_said_at"] == AS_OF - timedelta(days=25)
    assert of(row, "last_said_channel", "last_said_event") == ["social", "mention"]
    assert row["last_said_text"] == "Wat een lamp"
    assert of(found[COMPLAINER], "tickets", "reviews", "review_score") == [2, 0, None]


def test_nps_is_the_last_answer_from_nought_to_ten(found: dict[int, Any]) -> None:
    assert found[SHOPPER]["nps_score"] == 3
    assert found[BROWSER]["nps_score"] is None


def test_purchases_are_counted_with_their_money_and_rhythm(found: dict[int, Any]) -> None:
    row = found[SHOPPER]
    assert of(row, "orders", "orders_web", "orders_store") == [3, 1, 2]
    assert of(row, "revenue_amount", "average_order_amount", "returned_amount") == [
        Decimal("150"),
        Decimal("50"),
        Decimal("0"),
    ]
    assert row["average_days_between_orders"] == pytest.approx(29.4)
    assert row["first_order_at"] == AS_OF - timedelta(days=59.8)
    # 50 of what would have been 200.
    assert row["discount_share"] == 0.25
    assert row["offer_share"] == 0.5, "of the two purchases that tell"
    assert found[RETURNER]["offer_share"] is None
    assert row["order_interval_variation"] == pytest.approx(0.5, abs=0.001)
    assert found[RETURNER]["order_interval_variation"] == 0, "every ten days"
    assert found[BROWSER]["order_interval_variation"] is None, "two purchases are no rhythm"


def test_purchase_preferences_go_by_money_and_number(found: dict[int, Any]) -> None:
    row = found[SHOPPER]
    assert of(row, "preferred_purchase_channel", "preferred_payment_method") == ["web", "pin"]
    # Of equals the most recent.
    assert row["preferred_store_id"] == "S2"
    # What was paid by is surer than what the webshop says of it.
    assert found[BROWSER]["preferred_payment_method"] == "ideal"


def test_each_channel_tells_since_when_and_what_was_bought_there(duckdb_engine: Engine) -> None:
    step = portraits.customer_channels(
        rows_of("timeline", shopper()),
        rows_of("occurrences", ()),
        engine=duckdb_engine,
        as_of=AS_OF,
        **afresh(portraits.customer_channels),
    )
    rows = made("customer_channels", step, duckdb_engine)
    told = [(row["channel"], row["visits"], row["orders"], row["bought_amount"]) for row in rows]
    assert told == [
        ("app", 1, 0, 0),
        ("mail", 1, 0, 0),  # what was sent is not a visit
        ("review", 2, 0, 0),
        ("social", 1, 0, 0),
        ("store", 2, 2, 50),
        ("survey", 2, 0, 0),
        ("web", 2, 1, 100),
    ]
    store = next(row for row in rows if row["channel"] == "store")
    assert of(store, "first_at", "last_at") == [AS_OF - timedelta(20), AS_OF - timedelta(1)]


def test_products_categories_and_brands_are_those_bought(found: dict[int, Any]) -> None:
    row = found[SHOPPER]
    assert of(row, "brands", "preferred_brand") == [["Lumen"], "Lumen"]
    assert of(found[STRANGER], "brands", "preferred_brand") == [[], None]
    assert of(row, "products", "categories", "preferred_category") == [
        3,
        ["floor", "light"],
        "light",
    ]
    assert of(found[STRANGER], "products", "categories", "preferred_category") == [0, [], None]


def test_what_came_back_is_counted_once(found: dict[int, Any]) -> None:
    row = found[RETURNER]
    # Two refunds (10, and the whole of 100) and two receipts (25 and 100).
    assert of(row, "returns", "returned_amount") == [4, Decimal("235")]
    assert of(row, "revenue_amount", "return_share") == [Decimal("265"), 0.47]


def test_an_open_basket_is_what_was_not_bought_since_on_any_channel(
    found: dict[int, Any],
) -> None:
    # Two lamps; the rug was bought in the store, the rest long ago or taken out again.
    assert found[BROWSER]["open_basket_amount"] == Decimal("80")
    assert found[STRANGER]["open_basket_amount"] is None


def test_a_ticket_that_is_not_solved_is_an_open_complaint(found: dict[int, Any]) -> None:
    assert found[COMPLAINER]["has_open_complaint"]
    assert not found[SHOPPER]["has_open_complaint"]


def test_a_store_purchase_soon_after_an_online_visit_was_researched_online(
    found: dict[int, Any],
) -> None:
    assert found[SHOPPER]["research_online_buy_offline_orders"] == 1
    assert found[BROWSER]["research_online_buy_offline_orders"] == 1


def test_a_customer_of_whom_nothing_happened_has_a_portrait_of_noughts(
    duckdb_engine: Engine,
) -> None:
    rows = portraits_of(duckdb_engine, [])
    assert len(rows) == len(CUSTOMERS)
    row = rows[SHOPPER]
    assert of(row, "events", "sessions", "orders", "returns") == [0, 0, 0, 0]
    assert of(row, "channels", "revenue_amount", "first_seen_at", "return_share") == [
        [],
        Decimal("0"),
        None,
        None,
    ]


def undated(channel: str, orders: int, amount: str, first: float | None, last: float) -> Row:
    return {
        "customer_id": SHOPPER,
        "channel": channel,
        "orders": orders,
        "amount": Decimal(amount),
        "first_ordered_at": None if first is None else AS_OF - timedelta(days=first),
        "last_ordered_at": AS_OF - timedelta(days=last),
    }


def test_purchases_without_a_day_are_counted_and_what_needs_a_day_rests_on_the_others(
    duckdb_engine: Engine, found: dict[int, Any]
) -> None:
    totals = [undated("web", 7, "700", 400, 70), undated("store", 10, "50", 300, 0.5)]
    row = portraits_of(duckdb_engine, shopper(), undated_purchases=totals)[SHOPPER]
    dated = found[SHOPPER]
    assert of(dated, "orders", "undated_orders", "orders_web", "orders_store") == [3, 0, 1, 2]
    assert of(row, "orders", "undated_orders", "orders_web", "orders_store") == [20, 17, 8, 12]
    assert row["revenue_amount"] == dated["revenue_amount"] + 750 == 900
    assert row["average_order_amount"] == 45
    assert row["first_order_at"] == AS_OF - timedelta(days=400)
    assert row["last_order_at"] == AS_OF - timedelta(days=0.5)
    assert row["average_days_between_orders"] == pytest.approx(399.5 / 19)
    for name in ("order_interval_variation", "discount_share", "offer_share", "return_share",
                 "events", "sessions", "first_seen_at", "last_seen_at"):  # fmt: skip
        assert row[name] == dated[name], name
    assert row["preferred_purchase_channel"] == "web"


def test_when_a_total_does_not_say_when_it_began_nothing_is_said_of_the_first_purchase(
    duckdb_engine: Engine,
) -> None:
    totals = [undated("web", 7, "700", None, 70)]
    row = portraits_of(duckdb_engine, shopper(), undated_purchases=totals)[SHOPPER]
    assert row["orders"] == 10
    assert of(row, "first_order_at", "average_days_between_orders") == [None, None]
    assert row["last_order_at"] == AS_OF - timedelta(days=1)


def test_who_has_only_purchases_without_a_day_has_them_in_the_portrait(
    duckdb_engine: Engine,
) -> None:
    row = portraits_of(duckdb_engine, (), undated_purchases=[undated("store", 4, "100", 300, 30)])[
        SHOPPER
    ]
    names = ("orders", "undated_orders", "orders_store", "revenue_amount", "events", "last_seen_at")
    assert of(row, *names) == [4, 4, 4, 100, 0, None]
    assert row["preferred_purchase_channel"] == "store"
    assert row["average_days_between_orders"] == 90


def test_a_date_of_a_total_without_purchases_of_its_own_moves_the_last_purchase(
    duckdb_engine: Engine,
) -> None:
    row = portraits_of(
        duckdb_engine, shopper(), undated_purchases=[undated("store", 0, "0", None, 0.25)]
    )[SHOPPER]
    assert of(row, "orders", "undated_orders") == [3, 0]
    assert row["last_order_at"] == AS_OF - timedelta(days=0.25)
    assert row["first_order_at"] == AS_OF - timedelta(days=59.8)
