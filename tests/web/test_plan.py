from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.workspace import Workspace
from tests.web.shop import make_workspace
from tests.web.test_actions import token


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(Path(tmp_path_factory.mktemp("plan")) / "shop")


@pytest.fixture
def client(own: Workspace) -> TestClient:
    return TestClient(create_app(own, is_open=True), follow_redirects=True)


def plan(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/plan.json").json()
    return found


def put(client: TestClient, title: str, first: str, last: str, **more: Any) -> str:
    data = {"csrf": token(client), "title": title, "starts_on": first, "ends_on": last, **more}
    return str(client.post("/plan/actions", data=data).url)


def test_levels_are_typed_as_dutch_and_english_readers_do(client: TestClient) -> None:
    csrf = token(client)
    for target, alarm in (("1.234,5", "1000"), ("1234.5", "€ 1.000,0")):
        client.post(
            "/kpis",
            data={"csrf": csrf, "measure": "revenue", "target": target, "alarm": alarm},
        )
        page = client.get("/kpis.json").json()
        (kpi,) = next(one["kpis"] for one in page["phases"] if one["phase"] == "do")
        assert (kpi["target"], kpi["alarm"]) == (1234.5, 1000.0)
    client.post("/kpis", data={"csrf": csrf, "measure": "conversion", "target": "12,5%"})
    kpis = client.get("/kpis.json").json()["phases"][2]["kpis"]
    assert {kpi["measure"]: kpi["target"] for kpi in kpis} == {
        "revenue": 1234.5,
        "conversion": 0.125,
    }
    answer = client.post("/kpis", data={"csrf": csrf, "measure": "conversion", "target": "a lot"})
    assert "refused=target" in str(answer.url)
    client.post("/kpis/goal", data={"csrf": csrf, "measure": "orders"})
    assert client.get("/kpis.json").json()["goal"]["measure"] == "orders"
    client.post("/kpis/off", data={"csrf": csrf, "measure": "conversion"})
    assert len(client.get("/kpis.json").json()["phases"][2]["kpis"]) == 1


def test_what_cannot_be_measured_says_what_is_lacking(client: TestClient) -> None:
    library = {one["measure"]: one for one in client.get("/kpis.json").json()["library"]}
    assert len(library) >= 25
    wallet = library["share_of_wallet"]
    assert wallet["now"]["value"] is None
    assert wallet["lacks_nl"] in client.get("/kpis?lang=nl").text


def test_the_least_positive_moment_leads_and_judged_effort_counts(client: TestClient) -> None:
    first = plan(client)["opportunities"][0]
    assert (first["effort"], first["is_judged"]) == (3, False)
    data = {"csrf": token(client), "key": first["key"], "effort": 1}
    client.post("/plan/efforts", data=data)
    again = next(one for one in plan(client)["opportunities"] if one["key"] == first["key"])
    assert (again["effort"], again["is_judged"]) == (1, True)
    assert again["score"] == pytest.approx(first["score"] * 3)


def test_a_plan_from_its_first_action_to_the_next_cycle(client: TestClient) -> None:
    _actions_are_planned_moved_and_taken_along(client)
    _who_changes_an_old_action_is_told(client)
    _a_new_cycle_freezes_the_last_one_and_shows_both(client)


def _actions_are_planned_moved_and_taken_along(client: TestClient) -> None:
    assert "refused" not in put(client, "=Repair", "2026-02-01", "2026-02-28", owner="Ann")
    first = plan(client)["actions"][0]["action_id"]
    late = put(client, "Tell", "2026-02-10", "2026-03-10", after=first)
    assert "refused=plan" in late
    assert "refused" not in put(
        client, "Tell", "2026-03-01", "2026-03-10", after=first, measure="orders", expected="12,5"
    )
    csrf = token(client)
    client.post("/plan/actions/status", data={"csrf": csrf, "action_id": first, "status": "doing"})
    page = plan(client)
    assert [(one["title"], one["status"]) for one in page["actions"]] == [
        ("=Repair", "doing"),
        ("Tell", "idea"),
    ]
    assert page["actions"][1]["expected"] == 12.5
    assert page["actions"][1]["measured"]["evidence"]["kind"] == "measured"
    assert "<svg" in client.get("/plan").text
    events = icalendar.Calendar.from_ical(client.get("/plan.ics").content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["=Repair", "Tell"]
    length = events[0].decoded("dtend") - events[0].decoded("dtstart")
    assert length == timedelta(days=28)
    lines = client.get("/plan.csv?lang=nl").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("'=Repair;Ann;2026-02-01")


def _who_changes_an_old_action_is_told(client: TestClient) -> None:
    page = plan(client)
    one = page["actions"][0]
    seen = page["number"]
    dates = ("2026-02-01", "2026-02-27")
    put(client, "Mend", *dates, action_id=one["action_id"], seen=seen)
    refused = put(client, "Fix", *dates, action_id=one["action_id"], seen=seen)
    assert "refused=changed" in refused
    assert plan(client)["actions"][0]["title"] == "Mend"


def _a_new_cycle_freezes_the_last_one_and_shows_both(client: TestClient) -> None:
    csrf = token(client)
    client.post("/kpis", data={"csrf": csrf, "measure": "revenue", "target": "1000"})
    before = plan(client)
    early = client.post("/plan/cycles", data={"csrf": csrf, "starts_on": before["starts_on"]})
    assert "refused=plan" in str(early.url)
    client.post("/plan/cycles", data={"csrf": csrf, "starts_on": "2026-07-01"})
    page = plan(client)
    assert (page["starts_on"], page["ends_on"], page["actions"]) == ("2026-07-01", "2027-06-30", [])
    assert [one["title"] for one in page["last"]["actions"]] == ["Mend", "Tell"]
    chosen = {row["kpi"]["measure"]: row for row in page["last"]["kpis"]}
    assert chosen["revenue"]["then"] == chosen["revenue"]["kpi"]["now"]["value"]
