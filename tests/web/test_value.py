from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.workspace import NeedTest, Workspace
from tests.web.shop import make_workspace
from tests.web.test_actions import token


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(Path(tmp_path_factory.mktemp("value")) / "shop")


@pytest.fixture
def client(own: Workspace) -> TestClient:
    return TestClient(create_app(own, is_open=True), follow_redirects=True)


def test_needs_come_measured_and_are_chosen_or_refused_with_the_reason(client: TestClient) -> None:
    first, second = client.get("/value.json").json()["needs"]
    assert first["importance"]["evidence"]["kind"] == "measured"
    assert first["importance"]["value"] >= second["importance"]["value"] > 0
    csrf = token(client)
    chosen = {"csrf": csrf, "topic": first["topic"], "fit": 5, "cost": 2, "decision": "chosen"}
    assert client.post("/value/needs", data=chosen).status_code == 200
    refused = client.post(
        "/value/needs", data={"csrf": csrf, "topic": second["topic"], "decision": "refused"}
    )
    assert "refused=reason" in str(refused.url)
    shown = client.get("/value.json").json()["needs"][0]
    assert (shown["decision"], shown["by"]) == ("chosen", "owner")
    assert shown["score"] == pytest.approx(first["importance"]["value"] * 2.5)


def test_who_decides_on_what_has_changed_meanwhile_is_told(
    client: TestClient, own: Workspace
) -> None:
    topic = client.get("/value.json").json()["needs"][1]["topic"]
    own.value.decide(NeedTest(topic, 3, 3), seen=NeedTest(topic), by="Bob")
    answer = client.post(
        "/value/needs", data={"csrf": token(client), "topic": topic, "fit": 1, "cost": 1}
    )
    assert "refused=changed" in str(answer.url)
    assert own.value.needs()[1].test.by == "Bob"


def test_an_offer_closes_the_gap_that_it_answers(client: TestClient) -> None:
    page = client.get("/value.json").json()
    assert page["answered"] == 0
    pain = page["pains"][0]
    assert (pain["event"], pain["is_answered"]) == ("ticket", False)
    data = {
        "csrf": token(client),
        "side": "reliever",
        "text": "Call <back>",
        "answers": pain["key"],
    }
    html = client.post("/value/offers", data=data).text
    assert "Call &lt;back&gt;" in html
    page = client.get("/value.json").json()
    assert (page["answered"], page["pains"][0]["is_answered"]) == (1, True)
    offer = page["offers"][0]["offer_id"]
    client.post("/value/offers/off", data={"csrf": token(client), "offer_id": offer})
    assert client.get("/value.json").json()["answered"] == 0
