from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from klantreis.worker import work_once
from tests.worker.baskets import NOON, make_baskets


@pytest.fixture
def baskets(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_baskets(tmp_path / "shop")
    text = workspace.campaigns.one("abandoned_basket").text
    workspace.campaigns.save(text.replace('"email"', '"file"'), by="Ann")
    yield workspace
    workspace.close()


@pytest.fixture
def client(baskets: Workspace) -> httpx.Client:
    return TestClient(create_app(baskets, is_open=True), follow_redirects=False)


def token(client: httpx.Client) -> str:
    found = re.search(r'"X-CSRF-Token": "([^"]+)"', client.get("/campaigns").text)
    assert found
    return found[1]


def test_a_campaign_is_started_and_stopped(client: httpx.Client, baskets: Workspace) -> None:
    for way, runs in (("stop", False), ("start", True)):
        answer = client.post(f"/campaigns/win_back/{way}", data={"csrf": token(client)})
        assert answer.headers["location"] == "/campaigns/win_back"
        assert baskets.campaigns.one("win_back").is_running is runs


def test_a_wrong_flow_is_kept_as_a_draft_with_what_is_wrong(
    client: httpx.Client, baskets: Workspace
) -> None:
    before = baskets.campaigns.one("abandoned_basket").text
    wrong = before.replace("wait_hours = 4\n", "wait_hours = -4\n")
    data = {"csrf": token(client), "text": wrong}
    client.post("/campaigns/abandoned_basket/flow", data=data)
    assert baskets.campaigns.one("abandoned_basket").text == before
    page = client.get("/campaigns/abandoned_basket.json").json()
    assert "wait_hours in step 1" in page["problem"]
    assert page["text"] == wrong
    right = before.replace("wait_hours = 4\n", "wait_hours = 5\n")
    client.post("/campaigns/abandoned_basket/flow", data={**data, "text": right})
    assert baskets.campaigns.one("abandoned_basket").text == right
    assert client.get("/campaigns/abandoned_basket.json").json()["problem"] == ""


def test_the_page_says_who_would_get_it_and_the_log_who_did(
    client: httpx.Client, baskets: Workspace
) -> None:
    page = client.get("/campaigns/abandoned_basket.json").json()
    assert [(one["action"], one["customers"]) for one in page["outcomes"]] == [("sent", 5)]
    work_once(baskets, now=NOON)
    page = client.get("/campaigns/abandoned_basket.json", params={"action": "sent"}).json()
    assert {line["letter"] for line in page["log"]} == {"reminder"}
    assert len(page["log"]) == 5
    (line,) = (
        one
        for one in client.get("/campaigns.json").json()["campaigns"]
        if one["name"] == "abandoned_basket"
    )
    assert (line["sent"], line["audience"], line["is_running"]) == (5, 5, True)


def test_a_mail_program_unsubscribes_with_one_click(
    client: httpx.Client, baskets: Workspace
) -> None:
    path = baskets.campaigns.unsubscribe_url(3).removeprefix(baskets.settings.public_url)
    assert client.get(path).status_code == 200
    assert baskets.state.campaigns.withdrawn()[0] == frozenset()
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text) == (200, "Unsubscribed")
    assert baskets.state.campaigns.withdrawn()[0] == {3}
    forged = client.post("/unsubscribe/4-0123", data={"List-Unsubscribe": "One-Click"})
    assert forged.status_code == 404
    work_once(baskets, now=NOON)
    reasons = {one.reason: one for one in baskets.state.campaigns.log("abandoned_basket")}
    assert reasons["no_consent"].customer_id == 3


def test_a_person_unsubscribes_on_the_page(client: httpx.Client, baskets: Workspace) -> None:
    path = baskets.campaigns.unsubscribe_url(2).removeprefix(baskets.settings.public_url)
    assert "U bent afgemeld" in client.post(path, headers={"accept-language": "nl"}).text
    assert client.post("/unsubscribe/nonsense").status_code == 404


def test_an_audience_is_counted_and_a_mistake_shown_at_its_place(client: httpx.Client) -> None:
    found = client.get("/audiences.json", params={"rule": "did 'add_to_cart' in last 1 day"})
    assert (found.json()["customers"], found.json()["problem"]) == (5, None)
    wrong = client.get("/audiences.json", params={"rule": "is_known and\n order > 1"}).json()
    problem = wrong["problem"]
    assert (problem["kind"], problem["line"], problem["column"]) == ("unknown_name", 2, 2)
    assert problem["shown"][problem["caret"].index("^")] == "o"


def test_words_for_a_rule_are_told_in_the_readers_language_and_leave_no_trace(
    client: httpx.Client, baskets: Workspace
) -> None:
    query = {"rule": "is_known and did 'add_to_ca", "at": "27"}
    told = client.get("/audiences/words.json", params=query, headers={"accept-language": "nl"})
    assert told.json()["words"] == [
        {
            "text": "'add_to_cart'",
            "start": 17,
            "end": 27,
            "kind": "gebeurtenis",
            "meaning": "In winkelmand gelegd",
            "lang": "nl",
        }
    ]
    churn = {"rule": "churn", "at": "5"}
    meanings = {
        "nl": "kans op geen enkele bestelling in de komende twaalf maanden",
        "en": "chance of no order in the next twelve months",
    }
    for language, meaning in meanings.items():
        told = client.get(
            "/audiences/words.json", params=churn, headers={"accept-language": language}
        )
        assert told.json()["words"][0]["meaning"] == meaning
    assert [line for line in baskets.state.audit.lines() if "words" in line.action] == []


def test_the_count_is_as_large_as_the_list(client: httpx.Client) -> None:
    for rule in ("did 'add_to_cart' in last 1 day", "did 'add_to_cart' then not 'purchase'"):
        counted = client.get("/audiences.json", params={"rule": rule}).json()["customers"]
        lines = client.get("/audiences/customers.csv", params={"rule": rule}).text.splitlines()
        assert counted == len(lines) - 1 > 0


def test_a_hashed_list_holds_no_address_and_nobody_who_said_no(
    client: httpx.Client, baskets: Workspace
) -> None:
    baskets.state.campaigns.withdraw(1, "", way="page", at=NOON)
    query = {"rule": "is_known", "platform": "google"}
    lines = client.get("/audiences/hashed.csv", params=query).text.splitlines()
    assert len(lines) == 1 + 4
    assert "@" not in "".join(lines)
    assert client.get("/audiences/hashed.csv", params={**query, "platform": "x"}).status_code == 404


def test_the_effect_of_an_own_campaign_is_measured_after_its_days(baskets: Workspace) -> None:
    work_once(baskets, now=NOON - timedelta(hours=1))
    assert baskets.effects.own("abandoned_basket") is None
