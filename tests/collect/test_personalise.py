from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.collect import create_app
from klantreis.collect.app import LOOKS_EVERY_SECONDS
from klantreis.workspace import SoughtRecord
from tests.copying import copy_workspace


@pytest.fixture(scope="module")
def keys(shared_shop: Workspace) -> dict[str, str]:
    make = shared_shop.keys.make
    return {
        "collect": make("site", "collect", source="webshop", by="owner"),
        "read": make("site", "read", by="owner"),
    }


@pytest.fixture(scope="module")
def shared_shop(shop_folder: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = copy_workspace(shop_folder, tmp_path_factory.mktemp("personalise") / "shop")
    with Workspace.open(folder) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def client(shared_shop: Workspace, keys: dict[str, str]) -> Iterator[TestClient]:
    assert shared_shop.profiles.open() is not None
    with TestClient(create_app(shared_shop)) as client:
        for _ in range(50):
            if ask(client, keys, "nobody").status_code == 200:
                break
            time.sleep(LOOKS_EVERY_SECONDS / 20)
        yield client


def ask(client: TestClient, keys: dict[str, str], visitor_id: str) -> Any:
    return client.get(f"/v1/personalise/{visitor_id}", auth=(keys["read"], ""))


def send(client: TestClient, keys: dict[str, str], **call: Any) -> None:
    answer = client.post("/v1/batch", json={"batch": [call]}, auth=(keys["collect"], ""))
    assert answer.json() == {"success": True}


def known_user(shop: Workspace) -> tuple[str, int]:
    (row,) = shop.sql(
        """SELECT i.value, l.customer_id FROM identifiers i JOIN links l USING (person_id)
        JOIN portraits p USING (customer_id)
        WHERE i.kind = 'user_id' AND p.orders > 0 ORDER BY 2 LIMIT 1"""
    ).to_pylist()
    return row["value"], row["customer_id"]


def test_a_known_customer_gets_what_the_tables_say(
    client: TestClient, keys: dict[str, str], shared_shop: Workspace
) -> None:
    user, customer_id = known_user(shared_shop)
    told = ask(client, keys, user).json()
    assert (told["customer_id"], told["is_live"]) == (customer_id, False)
    members = shared_shop.table("memberships")
    own = shared_shop.rows(members.filter(members["customer_id"] == customer_id))
    assert told["segments"] == {row["segmentation"]: row["segment"] for row in own}
    assert len(told["products"]) == 5
    checks = shared_shop.rows(shared_shop.table("recommendation_checks"))
    best = max(checks, key=lambda row: row["hit_share"] or 0)
    assert (told["method"], told["checked_customers"]) == (best["method"], best["customers"])


def test_a_stranger_gets_a_welcome_and_what_is_bought_most(
    client: TestClient, keys: dict[str, str]
) -> None:
    told = ask(client, keys, "nobody").json()
    assert (told["customer_id"], told["next_best_action"]) == (None, "welcome")
    assert {each["because"] for each in told["products"]} == {"most_bought"}


def test_the_next_answer_knows_what_was_just_collected(
    client: TestClient, keys: dict[str, str]
) -> None:
    def track(event: str, **properties: Any) -> dict[str, Any]:
        send(client, keys, type="track", event=event, anonymousId="v.1", properties=properties)
        told: dict[str, Any] = ask(client, keys, "v.1").json()
        return told

    first = ask(client, keys, "v.1").json()["products"][0]["product_id"]
    told = track("Product Added", product_id=first, quantity=2)
    assert (told["basket"], told["next_best_action"], told["phase"]) == (
        {first: 2},
        "finish_basket",
        "do",
    )
    assert first not in [each["product_id"] for each in told["products"]]
    told = track("Payment Failed")
    assert (told["last_payment"], told["next_best_action"]) == ("failed", "help_with_payment")
    told = track("Order Completed", order_id="1")
    assert (told["basket"], told["next_best_action"]) == ({}, "thank")


def test_who_signs_in_takes_the_basket_along(client: TestClient, keys: dict[str, str]) -> None:
    added = {"type": "track", "event": "Product Added", "properties": {"product_id": "P1"}}
    send(client, keys, anonymousId="v.2", **added)
    send(client, keys, type="identify", anonymousId="v.2", userId="u.2")
    assert ask(client, keys, "u.2").json()["basket"] == {"P1": 1}


def test_a_write_key_reads_nothing(client: TestClient, keys: dict[str, str]) -> None:
    answer = client.get("/v1/personalise/nobody", auth=(keys["collect"], ""))
    assert answer.status_code == 401
    assert client.get("/v1/personalise/nobody").status_code == 401


def test_after_a_restart_the_live_state_is_there_again(
    client: TestClient, keys: dict[str, str], shared_shop: Workspace
) -> None:
    send(
        client,
        keys,
        type="track",
        event="Product Added",
        anonymousId="v.3",
        properties={"product_id": "P3"},
    )
    with TestClient(create_app(shared_shop)) as restarted:
        for _ in range(100):
            answer = ask(restarted, keys, "v.3")
            if answer.status_code == 200:
                break
        assert answer.json()["basket"] == {"P3": 1}


def seek(client: TestClient, keys: dict[str, str], **record: Any) -> Any:
    return client.post("/v1/lookup", json=record, auth=(keys["read"], ""))


def test_a_record_finds_its_customer(
    client: TestClient, keys: dict[str, str], shared_shop: Workspace
) -> None:
    (row,) = shared_shop.sql(
        """SELECT p.first_name, p.last_name, p.street, p.house_number, p.birth_on, l.customer_id
        FROM persons p JOIN links l USING (person_id)
        WHERE p.birth_on > DATE '1971-01-01' AND p.street IS NOT NULL ORDER BY person_id LIMIT 1"""
    ).to_pylist()
    customer_id = row.pop("customer_id")
    for _ in range(100):
        answer = seek(client, keys, **row | {"birth_on": row["birth_on"].isoformat()})
        if answer.status_code != 503:
            break
        time.sleep(LOOKS_EVERY_SECONDS / 20)
    told = answer.json()
    assert (told["customer_id"], told["band"], told["rule"]) == (customer_id, "match", "matched")
    assert {one["field"] for one in told["fields"]} >= {"last_name", "birth_date", "address"}
    sought = SoughtRecord(**row)
    assert shared_shop.identity.lookup(sought).customer_id == customer_id


def test_a_record_that_cannot_be_read_is_refused_without_its_values(
    client: TestClient, keys: dict[str, str]
) -> None:
    assert "e-mail" in seek(client, keys, **{"e-mail": "ann@huis.nl"}).json()["error"]
    answer = seek(client, keys, birth_on="31-5-1980", email="ann@huis.nl")
    assert (answer.status_code, "1980" in answer.text) == (400, False)
    assert seek(client, keys, email=17).status_code == 400
    body = client.post("/v1/lookup", json={}, auth=(keys["collect"], ""))
    assert body.status_code == 401
