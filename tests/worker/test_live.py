"""Decisions see what is published and what was collected since, as if it were one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klantreis import Workspace
from klantreis.worker import work_once
from tests.channels.servers import MailServer
from tests.length import LONGER, at_length
from tests.worker.arriving import Shop, call
from tests.worker.baskets import NOON
from tests.worker.test_worker import killed_at, receivers, written

START = NOON - timedelta(hours=7)
LATER = NOON + timedelta(minutes=11)


def at(hours: float) -> datetime:
    """So many hours before noon."""
    return NOON - timedelta(hours=hours)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "shop", START)
    yield shop
    shop.workspace.close()


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    with suppress(Exception):
        server.shut_down()


def test_a_basket_that_only_exists_live_enters_and_is_reminded(shop: Shop) -> None:
    shop.collect(call("Product Added", at(6), "m1", user=2))
    work_once(shop.workspace, now=NOON)
    assert shop.told() == {(2, "entered", ""), (2, "sent", "")}
    assert shop.sent() == [("reminder", "")]
    shop.publish((), NOON)  # a run that has not taken it in yet
    work_once(shop.workspace, now=NOON + timedelta(hours=45))
    assert shop.sent() == [("reminder", ""), ("last_call", "")]  # its basket is worth 80 euro


def test_a_purchase_that_only_exists_live_ends_it(shop: Shop) -> None:
    shop.publish([call("Product Added", at(6), "m1")], at(5.5))
    shop.collect(call("Order Completed", at(5), "m2", properties={"order_id": "1", "total": 80}))
    work_once(shop.workspace, now=NOON)
    assert shop.sent() == []
    assert shop.told() <= {(1, "entered", ""), (1, "exited", "bought")}


def test_a_failed_payment_that_only_exists_live_changes_the_message(shop: Shop) -> None:
    shop.publish([call("Product Added", at(6), "m1")], at(5.5))
    shop.collect(call("Payment Failed", at(5), "m2", properties={"order_id": "1"}))
    work_once(shop.workspace, now=NOON)
    assert shop.sent() == [("payment_help", "payment_failed")]


def test_a_pending_payment_and_one_that_succeeded_are_seen_live(shop: Shop) -> None:
    for user in (1, 2):
        about: dict[str, Any] = {"user": user, "properties": {"order_id": str(user)}}
        shop.collect(
            call("Product Added", at(6), f"a{user}", user=user),
            call("Payment Pending", at(5), f"b{user}", **about),
        )
    shop.collect(call("Payment Succeeded", at(4.9), "c2", user=2, properties={"order_id": "2"}))
    work_once(shop.workspace, now=NOON)
    reasons = {
        line.customer_id: line.reason
        for line in shop.workspace.state.campaigns.log("abandoned_basket", action="sent")
    }
    assert reasons == {1: "payment_pending", 2: ""}


def test_who_says_no_live_gets_nothing_also_between_decision_and_sending(shop: Shop) -> None:
    shop.publish([call("Product Added", at(6), f"m{n}", user=n) for n in (1, 2, 3)], at(5.5))
    shop.collect(call("Unsubscribed", at(5), "u1", user=1))
    shop.workspace.campaigns.decide(now=NOON)
    assert (1, "blocked", "no_consent") in shop.told()
    no = {"type": "identify", "traits": {"email_marketing": False}}
    shop.collect({**no, "userId": "2", "messageId": "u2", "timestamp": NOON.isoformat() + "Z"})
    done = work_once(shop.workspace, now=NOON)
    assert done.delivered.by_status == {"sent": 1, "dropped": 1}


def test_a_visitor_is_known_by_a_sign_in_and_else_stays_unknown(shop: Shop) -> None:
    anonymous: dict[str, Any] = call("Product Added", at(6), "m1")
    del anonymous["userId"]
    shop.collect(
        {**anonymous, "anonymousId": "v1"}, {**anonymous, "anonymousId": "v2", "messageId": "m2"}
    )
    work_once(shop.workspace, now=NOON)
    assert shop.told() == set()
    signs_in = {"type": "identify", "timestamp": at(5.9).isoformat() + "Z"}
    shop.collect({**signs_in, "anonymousId": "v1", "userId": "3", "messageId": "m3"})
    # A device that two accounts were seen with is nobody's, and neither is a new account.
    shop.collect({**signs_in, "anonymousId": "v2", "userId": "1", "messageId": "m4"})
    shop.collect({**signs_in, "anonymousId": "v2", "userId": "new", "messageId": "m5"})
    work_once(shop.workspace, now=NOON)
    assert shop.told() == {(3, "entered", ""), (3, "sent", "")}


def test_the_same_event_live_and_imported_counts_once(shop: Shop) -> None:
    shop.workspace.campaigns.save(
        shop.workspace.campaigns.one("abandoned_basket").text.replace(
            'rule = "', "rule = \"count('add_to_cart') = 1 and "
        ),
        by="Ann",
    )
    shop.collect(call("Product Added", at(6), "m1"))
    shop.publish([call("Product Added", at(6), "m1")], at(5.5))
    work_once(shop.workspace, now=NOON)
    assert shop.sent() == [("reminder", "")]


@pytest.mark.parametrize("place", ["decided", pytest.param("claimed", marks=at_length)])
def test_a_crash_before_the_handing_over_loses_and_doubles_nothing_of_live_baskets(
    tmp_path: Path, server: MailServer, place: str
) -> None:
    shop = Shop(tmp_path / "shop", START, smtp=server.url)
    shop.collect(*(call("Product Added", at(6), f"m{n}", user=n) for n in (1, 2, 3)))
    shop.workspace.close()
    killed_at(tmp_path / "shop", place)
    with Workspace.open(tmp_path / "shop") as workspace:
        work_once(workspace, now=LATER)
    assert receivers(server) == {f"sanne{number}@voorbeeld.nl": 1 for number in (1, 2, 3)}


def test_where_doubles_are_known_live_baskets_arrive_once_after_a_crash_and_an_import(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shop"
    shop = Shop(folder, START)
    calls = [call("Product Added", at(6), f"m{n}", user=n) for n in (1, 2, 3)]
    shop.collect(*calls)
    shop.workspace.close()
    killed_at(folder, "delivered")
    shop.workspace = Workspace.open(folder)
    shop.publish(calls, at(5.5))
    work_once(shop.workspace, now=LATER)
    shop.workspace.close()
    assert written(folder) == {f"sanne{number}@voorbeeld.nl": 1 for number in (1, 2, 3)}


# Every order of arrival, through tables and live

OTHERS = st.sampled_from(["Product Added", "Checkout Started", "Payment Failed", "Product Viewed"])
WAYS = st.sampled_from(["live", "tables", "both"])
STORY = st.lists(st.tuples(OTHERS, st.floats(0.0, 3.9), WAYS, st.floats(0, 4)), max_size=2)


@pytest.mark.slow
@given(
    story=STORY,
    failed_at=st.floats(0.1, 3.9),
    ways=st.tuples(WAYS, WAYS),
    known=st.tuples(st.floats(0, 4), st.floats(0, 4)),
    look=st.floats(0, 12),
)
@settings(max_examples=2 * LONGER, suppress_health_check=[HealthCheck.too_slow])
def test_after_a_failed_payment_the_service_message_goes_out_whichever_way_events_arrive(
    story: list[tuple[str, float, str, float]],
    failed_at: float,
    ways: tuple[str, str],
    known: tuple[float, float],
    look: float,
) -> None:
    """Each event is published, collected, or both, at any moment after it happened."""
    last_basket = max([0.0, *(when for event, when, _, _ in story if event == "Product Added")])
    story = [
        ("Product Added", 0.0, ways[0], known[0]),
        *story,
        ("Payment Failed", max(failed_at, last_basket), ways[1], known[1]),
    ]
    start = NOON - timedelta(hours=2)
    calls = [
        (call(event, start + timedelta(hours=when), f"m{place}"), way, max(when, came))
        for place, (event, when, way, came) in enumerate(story)
    ]
    with TemporaryDirectory() as home:
        shop = Shop(Path(home) / "shop", start, customers=1)
        collected: set[str] = set()
        for hours in (look, 24.0, 76.0):
            now = start + timedelta(hours=hours)
            here = [(one, way, came) for one, way, came in calls if came <= hours]
            for one, way, _ in here:
                if way != "tables" and one["messageId"] not in collected:
                    shop.collect(one)
                    collected.add(one["messageId"])
            # What comes both ways is published an hour after it was collected.
            late = {"live": 1000.0, "tables": 0.0, "both": 1.0}
            taken_in = [one for one, way, came in calls if came + late[way] <= hours]
            shop.publish(taken_in, now)
            work_once(shop.workspace, now=now)
        log = shop.workspace.state.campaigns.log("abandoned_basket", most=100)
        letters = [line.letter for line in log if line.action == "sent"]
        lines = {(line.action, line.letter, line.reason) for line in log}
        shop.workspace.close()
    assert letters == ["payment_help"]
    assert ("sent", "payment_help", "payment_failed") in lines
    assert ("blocked", "last_call", "payment_failed") in lines
