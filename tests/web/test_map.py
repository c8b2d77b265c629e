from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pypdfium2
import pytest
from pptx import Presentation
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.workspace import MapPlace, Workspace

ON = {"model": "see_think_do_care", "variant": "as_is"}


class Desk:
    """Someone at a map of their own."""

    def __init__(self, shop: Workspace, subject: str) -> None:
        self.client: Any = TestClient(create_app(shop, is_open=True), follow_redirects=True)
        self.on = ON | {"subject": subject}
        self.token = ""

    def look(self, **query: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/map.json", params=self.on | query).json()
        return found

    def do(self, what: str, **values: object) -> httpx.Response:
        if not self.token:
            html = self.client.get("/map", params=self.on).text
            found = re.search(r'"X-CSRF-Token": "([^"]+)"', html)
            assert found
            self.token = found[1]
        answer: httpx.Response = self.client.post(
            f"/map/{what}", data=self.on | {"csrf": self.token} | values
        )
        assert answer.status_code == 200, answer.text
        return answer

    def cards(self) -> dict[tuple[str, str], list[str]]:
        return {
            (lane["lane"], cell["phase"]): [card["text"] for card in cell["cards"]]
            for lane in self.look()["lanes"]
            for cell in lane["cells"]
            if cell["cards"]
        }

    def card_id(self, text: str) -> str:
        return next(
            str(card["card_id"])
            for lane in self.look()["lanes"]
            for cell in lane["cells"]
            for card in cell["cards"]
            if card["text"] == text
        )


@pytest.fixture
def desk(shop: Workspace, request: pytest.FixtureRequest) -> Desk:
    """A map that no other test uses: each test has a segment and model of its own."""
    subjects = [one.code for one in shop.maps.subjects()[1:]]
    number = sum(map(ord, request.node.name)) % len(subjects)
    desk = Desk(shop, subjects[number])
    for model in shop.maps.models():
        desk.on["model"] = model
        if not desk.look()["number"]:
            return desk
    raise AssertionError("no empty map left")


def test_measured_lanes_come_from_the_tables(shop: Workspace) -> None:
    page = Desk(shop, "all").look()
    assert [column["phase"] for column in page["columns"]] == ["see", "think", "do", "care"]
    stops = shop.rows(
        shop.table("drop_offs").filter(shop.table("drop_offs")["phase_model"] == ON["model"])
    )
    shares = {row["phase"]: row["drop_off_share"] for row in stops}
    for column in page["columns"]:
        assert column["stopped"]["value"] == pytest.approx(shares[column["phase"]])
        assert column["stopped"]["evidence"]["kind"] == "measured"
    think = page["columns"][1]["touchpoints"]
    viewed = next(one for one in think if one["touchpoint"] == "web.view_item")
    steps = shop.table("steps")
    seen = (steps["event"] == "view_item") & (steps["moment"] != "after")
    assert viewed["steps"] == shop.rows(steps.aggregate(n=steps.count(where=seen)))[0]["n"]


def test_a_segment_has_measures_of_its_own(shop: Workspace) -> None:
    everyone = Desk(shop, "all").look()
    some = Desk(shop, "segment.rfm.champions").look()
    assert some["subject"]["name"] == "champions"
    assert 0 < some["journeys"]["value"] < everyone["journeys"]["value"]
    met = [sum(t["steps"] for t in p["columns"][2]["touchpoints"]) for p in (some, everyone)]
    assert 0 < met[0] < met[1]


def test_chosen_measures_stand_in_their_phase(shop: Workspace) -> None:
    shop.kpis.choose("conversion", target=0.9, alarm=0.8, by="Ann")
    try:
        columns = Desk(shop, "all").look()["columns"]
        assert [[kpi["measure"] for kpi in one["kpis"]] for one in columns] == [
            [],
            [],
            ["conversion"],
            [],
        ]
        assert columns[2]["kpis"][0]["standing"] == "alarm"
        champions = Desk(shop, "segment.rfm.champions").look()["columns"]
        assert not any(one["kpis"] for one in champions)
    finally:
        shop.kpis.drop("conversion", by="Ann")


def test_a_persona_has_a_map_of_its_own(shop: Workspace) -> None:
    own = next(one for one in shop.maps.subjects() if one.kind == "persona")
    page = Desk(shop, own.code).look()
    assert page["subject"]["name_nl"]
    assert 0 < page["subject"]["customers"] < Desk(shop, "all").look()["subject"]["customers"]
    assert 0 < page["journeys"]["value"] < Desk(shop, "all").look()["journeys"]["value"]


def test_a_group_that_there_is_not_shows_everyone(shop: Workspace) -> None:
    assert Desk(shop, "segment.rfm.kings").look()["subject"]["code"] == "all"


def test_cards_are_put_written_moved_and_taken_off(desk: Desk) -> None:
    first = desk.look()["columns"][0]["phase"]
    second = desk.look()["columns"][1]["phase"]
    desk.do("cards", lane="pain", phase=first, text="Waits <b>long</b>")
    desk.do("cards", lane="pain", phase=first, text="No sizes")
    assert desk.cards() == {("pain", first): ["Waits <b>long</b>", "No sizes"]}
    html = desk.do(
        "cards/text", card_id=desk.card_id("No sizes"), seen=2, text="No shoe sizes"
    ).text
    assert "Waits &lt;b&gt;long&lt;/b&gt;" in html
    card = desk.card_id("No shoe sizes")
    desk.do("cards/place", card_id=card, seen=3, lane="gain", phase=second, at=0)
    desk.do("cards/way", card_id=card, seen=4, way="left")
    assert desk.cards()["gain", first] == ["No shoe sizes"]
    desk.do("cards/off", card_id=card, seen=5)
    assert desk.cards() == {("pain", first): ["Waits <b>long</b>"]}


def test_who_comes_second_is_told_and_keeps_what_was_typed(desk: Desk) -> None:
    phase = desk.look()["columns"][0]["phase"]
    desk.do("cards", lane="pain", phase=phase, text="Waits long")
    card = desk.card_id("Waits long")
    desk.do("cards/text", card_id=card, seen=1, text="Waits an hour")
    refused = desk.do("cards/text", card_id=card, seen=1, text="Waits a day")
    assert "refused=changed" in str(refused.url)
    assert "intussen gewijzigd" in refused.text
    assert "Waits a day" in refused.text
    assert desk.cards() == {("pain", phase): ["Waits an hour"]}


def test_a_change_of_a_card_that_is_gone_is_told(desk: Desk) -> None:
    refused = desk.do("cards/text", card_id="nothing", seen=1, text="x")
    assert "refused=gone" in str(refused.url)
    assert "refused=wrong" in str(desk.do("cards", lane="pain", phase="kitchen", text="x").url)
    assert desk.look()["number"] == 0


def test_undo_and_redo_go_back_and_forth(desk: Desk) -> None:
    phase = desk.look()["columns"][0]["phase"]
    desk.do("cards", lane="pain", phase=phase, text="One")
    desk.do("cards", lane="pain", phase=phase, text="Two")
    desk.do("undo", seen=2)
    assert desk.cards() == {("pain", phase): ["One"]}
    page = desk.look()
    assert (page["can_undo"], page["can_redo"]) == (True, True)
    assert "refused=changed" in str(desk.do("undo", seen=2).url)
    desk.do("redo", seen=3)
    assert desk.cards() == {("pain", phase): ["One", "Two"]}
    told = [(one["change"], one["by"]) for one in desk.look()["versions"]]
    assert told == [("redo", "owner"), ("undo", "owner"), *[("card_added", "owner")] * 2]


def test_a_card_rests_on_numbers_pages_and_quotes_that_exist(desk: Desk) -> None:
    phase = desk.look()["columns"][0]["phase"]
    desk.do("cards", lane="pain", phase=phase, text="One")
    card = desk.card_id("One")
    for kind, reference, is_taken in (
        ("number", f"stopped:{phase}", True),
        ("number", "stopped:kitchen", False),
        ("page", "/journey", True),
        ("page", "https://elsewhere.example", False),
        ("page", "//elsewhere.example", False),
        ("quote", "nobody:1", False),
    ):
        answer = desk.do("cards/grounds", card_id=card, seen=1, kind=kind, reference=reference)
        assert ("refused" not in str(answer.url)) == is_taken, reference
    shown = desk.look(card=card)["chosen"]["grounds"]
    assert [one["reference"] for one in shown] == [f"stopped:{phase}", "/journey"]
    assert shown[0]["figure"]["evidence"]["kind"] == "measured"
    desk.do("cards/grounds/off", card_id=card, seen=1, kind="page", reference="/journey")
    assert len(desk.look(card=card)["chosen"]["grounds"]) == 1


def test_comments_say_who_and_when(desk: Desk) -> None:
    phase = desk.look()["columns"][0]["phase"]
    desk.do("cards", lane="note", phase=phase, text="One")
    card = desk.card_id("One")
    desk.do("cards/comments", card_id=card, seen=1, text="Really?")
    (remark,) = desk.look(card=card)["chosen"]["comments"]
    assert (remark["text"], remark["by"]) == ("Really?", "owner")


def test_the_to_be_map_starts_from_the_as_is_map_and_shows_what_is_new(desk: Desk) -> None:
    phase = desk.look()["columns"][0]["phase"]
    desk.do("cards", lane="pain", phase=phase, text="Waits long")
    desk.on["variant"] = "to_be"
    desk.do("copy", source="as_is")
    desk.do("cards", lane="gain", phase=phase, text="Waits short")
    assert "refused=wrong" in str(desk.do("copy", source="as_is").url)
    both = desk.look(variant="both")
    shown = {
        (lane["variant"], card["text"]): card["is_new"]
        for lane in both["lanes"]
        for cell in lane["cells"]
        for card in cell["cards"]
    }
    assert shown == {
        ("as_is", "Waits long"): False,
        ("to_be", "Waits long"): False,
        ("to_be", "Waits short"): True,
    }


def test_two_who_write_at_once_on_different_cards_both_get_their_way(shop: Workspace) -> None:
    place = MapPlace("segment.rfm.champions", "awareness_to_advocacy", "to_be")
    one = shop.maps.add(place, "pain", "awareness", "One", by="Ann")
    two = shop.maps.add(place, "pain", "awareness", "Two", by="Bob")
    shop.maps.edit(place, one, "One!", seen=2, by="Ann")
    shop.maps.edit(place, two, "Two!", seen=2, by="Bob")
    assert [card.text for card in shop.maps.read(place).cards.cards] == ["One!", "Two!"]


def test_emotion_and_needs_fill_themselves_with_what_they_rest_on(shop: Workspace) -> None:
    page = Desk(shop, "all").look()
    lowest = min(page["emotions"], key=lambda point: point["score"]["value"])
    assert (lowest["phase"], lowest["event"]) == ("think", "ticket")
    assert lowest["score"]["evidence"]["needed"] > lowest["score"]["evidence"]["n"]
    assert {p["score"]["evidence"]["kind"] for p in page["emotions"]} == {"measured", "asked"}
    think = page["columns"][1]["needs"]
    assert {need["topic"] for need in think} == {"product_details", "stock"}
    assert page["columns"][0]["needs"] == []


def test_the_sheet_comes_back_onto_the_map_without_loss_or_doubles(desk: Desk) -> None:
    phase = desk.look()["columns"][0]["phase"]
    desk.do("cards", lane="pain", phase=phase, text="Waits long")
    sheet = desk.client.get("/map.xlsx", params=desk.on | {"lang": "nl"}).content
    book = openpyxl.load_workbook(BytesIO(sheet))
    book.worksheets[0]["E3"] = "Waits an hour"
    book.worksheets[0]["D4"], book.worksheets[0]["E4"] = "Kansen", "Call back"
    book.worksheets[0]["D5"], book.worksheets[0]["E5"] = "Keuken", "Cook"
    filled = BytesIO()
    book.save(filled)
    for _ in range(2):
        answer = desk.client.post(
            "/map/sheet",
            data=desk.on | {"csrf": desk.token},
            files={"file": ("filled.xlsx", filled.getvalue())},
        )
        assert answer.status_code == 200
        assert desk.cards() == {
            ("pain", phase): ["Waits an hour"],
            ("opportunity", phase): ["Call back"],
        }
    report = desk.look()["report"]
    assert (report["file"], report["new"], report["unchanged"]) == ("filled.xlsx", 0, 2)
    (problem,) = report["problems"]
    assert (problem["cell"], problem["reason"], problem["found"]) == (
        "D5",
        "unknown_lane",
        "Keuken",
    )


def test_another_file_than_a_sheet_is_refused(desk: Desk) -> None:
    desk.do("undo", seen=0)
    answer = desk.client.post(
        "/map/sheet", data=desk.on | {"csrf": desk.token}, files={"file": ("a.xlsx", b"a;b")}
    )
    assert "refused=sheet" in str(answer.url)


def test_the_map_goes_along_on_paper_as_picture_and_as_slides(desk: Desk) -> None:
    phase = desk.look()["columns"][0]["phase"]
    desk.do("cards", lane="pain", phase=phase, text="Waits <b>long</b>")
    files = {
        kind: desk.client.get(f"/map.{kind}", params=desk.on | {"lang": "en"}).content
        for kind in ("pdf", "png", "pptx")
    }
    text = pypdfium2.PdfDocument(files["pdf"])[0].get_textpage().get_text_range()
    assert "Waits <b>long</b>" in text
    assert "what is their journey like?" in text
    assert files["png"].startswith(b"\x89PNG")
    slide = Presentation(BytesIO(files["pptx"])).slides[0]
    shapes = [shape for shape in slide.shapes if shape.has_text_frame]
    assert "Waits <b>long</b>" in [shape.text_frame.text for shape in shapes]
