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
    assert "U schreef: “Tell · 2026-02-10 · 2026-03-10”" in client.get(late).text
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
    client.post(
        "/value/needs",
        data={"csrf": csrf, "topic": "stock", "fit": 5, "cost": 2, "decision": "chosen"},
    )
    client.post("/value/strategy", data={"csrf": csrf, "seen": 0, "goal": "Elk huis af"})
    client.post("/plan/cycles", data={"csrf": csrf, "starts_on": "2026-07-01"})
    client.post("/value/strategy", data={"csrf": csrf, "seen": 1, "goal": "Elke tuin af"})
    page = plan(client)
    assert (page["starts_on"], page["ends_on"], page["actions"]) == ("2026-07-01", "2027-06-30", [])
    assert [one["title"] for one in page["last"]["actions"]] == ["Mend", "Tell"]
    assert [(row["then"], row["now"]) for row in page["last"]["needs"]] == [("chosen", "chosen")]
    assert page["last"]["strategy"] == [
        {"part": "goal", "then": "Elk huis af", "now": "Elke tuin af"}
    ]
    chosen = {row["kpi"]["measure"]: row for row in page["last"]["kpis"]}
    assert chosen["revenue"]["then"] == chosen["revenue"]["kpi"]["now"]["value"]


def test_choices_of_kpis_are_taken_back_and_done_again(client: TestClient) -> None:
    client.post("/kpis", data={"csrf": token(client), "measure": "nps", "target": "20"})
    history = client.get("/kpis.json").json()["history"]
    assert (history["versions"][0]["change"], history["versions"][0]["by"]) == (
        "kpi_chosen",
        "owner",
    )
    assert history["versions"][0]["about"]["en"] == "NPS"
    for way, is_there in (("undo", False), ("redo", True)):
        seen = client.get("/kpis.json").json()["history"]["number"]
        client.post(f"/kpis/{way}", data={"csrf": token(client), "seen": seen})
        phases = client.get("/kpis.json").json()["phases"]
        chosen = {kpi["measure"] for phase in phases for kpi in phase["kpis"]}
        assert ("nps" in chosen) == is_there
    late = client.post("/kpis/undo", data={"csrf": token(client), "seen": 1})
    assert "refused=changed" in str(late.url)


def test_a_persona_has_values_of_its_own_and_levels_only_where_they_are_given(
    client: TestClient,
) -> None:
    client.post("/kpis", data={"csrf": token(client), "measure": "orders", "target": "100"})
    everybody = client.get("/kpis.json").json()
    persona = everybody["personas"][0]["code"]
    own = client.get(f"/kpis.json?persona={persona}").json()
    assert own["persona"]["code"] == persona
    assert 0 < orders(own)["now"]["value"] < orders(everybody)["now"]["value"]
    assert (orders(own)["target"], orders(own)["standing"]) == (None, "no_target")
    row = next(one for one in everybody["compared"] if one["kpi"]["measure"] == "orders")
    assert row["personas"][0]["value"] == orders(own)["now"]["value"]
    client.post(
        "/kpis",
        data={"csrf": token(client), "measure": "orders", "target": "7", "persona": persona},
    )
    assert orders(client.get(f"/kpis.json?persona={persona}").json())["target"] == 7
    assert orders(client.get("/kpis.json").json())["target"] == 100
    shown = client.get(f"/map.json?subject=persona.persona.{persona}").json()["columns"]
    kpis = {kpi["measure"]: kpi for column in shown for kpi in column["kpis"]}
    assert kpis["orders"]["now"] == orders(own)["now"]


def orders(page: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in page["library"] if one["measure"] == "orders")
    return found


def test_a_closed_cycle_cannot_be_taken_back(own: Workspace, client: TestClient) -> None:
    day = own.plan.cycle().starts_on
    put(client, "Paint", day.isoformat(), day.isoformat())
    seen = plan(client)["history"]["number"]
    client.post("/plan/undo", data={"csrf": token(client), "seen": seen})
    assert "Paint" not in {one["title"] for one in plan(client)["actions"]}
    client.post("/plan/redo", data={"csrf": token(client), "seen": seen + 1})
    assert "Paint" in {one["title"] for one in plan(client)["actions"]}
    own.plan.start_cycle(day + timedelta(days=400), by="Ann")
    frozen = own.plan.cycles()
    now = plan(client)
    assert not now["history"]["can_undo"]
    answer = client.post(
        "/plan/undo", data={"csrf": token(client), "seen": now["history"]["number"]}
    )
    assert "refused=nothing" in str(answer.url)
    assert own.plan.cycles() == frozen


def test_an_opportunity_is_planned_from_its_row(client: TestClient) -> None:
    key = plan(client)["opportunities"][0]["key"]
    page = client.get("/plan.json", params={"improve": key}).json()
    assert page["improves"]["key"] == key
    assert not page["improves"]["action_id"]
    html = client.get("/plan", params={"improve": key, "lang": "en"}).text
    assert 'value="Improve: ' in html
    first = plan(client)["starts_on"]
    assert "refused" not in put(client, "Repair it", first, first, opportunity=key)
    planned = plan(client)["opportunities"][0]["action_id"]
    assert planned in {one["action_id"] for one in plan(client)["actions"]}
    assert plan(client)["improves"] is None


def test_a_share_is_expected_in_per_cent_and_an_answer_is_asked(client: TestClient) -> None:
    start = plan(client)["starts_on"]
    put(client, "Tidy", start, start, measure="conversion", expected="1,5%")
    one = next(one for one in plan(client)["actions"] if one["title"] == "Tidy")
    assert one["expected"] == pytest.approx(0.015)
    assert "1,5" in client.get("/plan.csv?lang=nl").text
    library = {kpi["measure"]: kpi for kpi in client.get("/kpis.json").json()["library"]}
    assert library["nps"]["now"]["evidence"]["kind"] == "asked"
    assert library["orders"]["now"]["evidence"]["kind"] == "measured"
