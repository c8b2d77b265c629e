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


def test_identity_and_strategy_stand_beside_the_tests_and_in_the_report(
    client: TestClient,
) -> None:
    data = {"csrf": token(client), "seen": 0, "identity": "A <home> shop", "not_done": "Kitchens"}
    html = client.post("/value/strategy", data=data).text
    assert "A &lt;home&gt; shop" in html
    parts = {one["part"]: one for one in client.get("/value.json").json()["strategy"]}
    assert parts["identity"]["by"] == "owner"
    assert parts["goal"]["text"] == ""
    overtaken = client.post("/value/strategy", data=data | {"csrf": token(client), "goal": "Big"})
    assert "refused=changed" in str(overtaken.url)
    report = client.get("/report.json").json()
    assert [one["part"] for one in report["strategy"]] == ["identity", "not_done"]
    assert "A &lt;home&gt; shop" in client.get("/report").text


def turn(client: TestClient, way: str, part: str, seen: int) -> str:
    data = {"csrf": token(client), "part": part, "seen": seen}
    return str(client.post(f"/value/{way}", data=data).url)


@pytest.mark.parametrize("part", ["strategy", "needs", "canvas"])
def test_the_last_change_of_a_part_is_taken_back_and_done_again(
    client: TestClient, part: str
) -> None:
    csrf = token(client)
    now = client.get("/value.json").json()
    seen = now[f"{part}_history"]["number"]
    topic = now["needs"][0]["topic"]
    changes: dict[str, tuple[str, dict[str, object]]] = {
        "strategy": ("/value/strategy", {"seen": seen, "goal": "First in town"}),
        "needs": ("/value/needs", {"topic": topic, "fit": 4, "cost": 1} | _seen(now["needs"][0])),
        "canvas": ("/value/offers", {"side": "product", "text": "A sofa"}),
    }
    path, data = changes[part]
    client.post(path, data={"csrf": csrf, **data})
    changed = client.get("/value.json").json()
    assert changed[f"{part}_history"]["number"] == seen + 1
    assert "refused" not in turn(client, "undo", part, seen + 1)
    assert _told(client, part) == _told_of(now, part)
    assert "refused=changed" in turn(client, "redo", part, seen + 1)
    turn(client, "redo", part, seen + 2)
    assert _told(client, part) == _told_of(changed, part)
    assert "refused=nothing" in turn(client, "redo", part, seen + 3)
    assert "refused=gone" in turn(client, "undo", "nonsense", 1)


def _seen(need: dict[str, object]) -> dict[str, object]:
    return {f"seen_{name}": need[name] for name in ("fit", "cost", "decision", "reason")}


def _told(client: TestClient, part: str) -> object:
    return _told_of(client.get("/value.json").json(), part)


def _told_of(page: dict[str, object], part: str) -> object:
    return page["offers" if part == "canvas" else part]
