from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from pptx import Presentation
from starlette.testclient import TestClient

from klantreis.web import create_app
from klantreis.workspace import PlannedAction, Workspace
from tests.web.shop import make_workspace


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_workspace(Path(tmp_path_factory.mktemp("report")) / "shop")
    workspace.kpis.choose("conversion", target=0.5, by="Ann")
    action = PlannedAction(
        "", "Call <back>", "Ann", date(2026, 2, 1), date(2026, 2, 9), measure="orders", expected=9
    )
    workspace.plan.add(action, by="Ann")
    return workspace


@pytest.fixture
def client(own: Workspace) -> TestClient:
    return TestClient(create_app(own, is_open=True))


def test_the_report_tells_what_is_measured_and_stored(client: TestClient, own: Workspace) -> None:
    page = client.get("/report.json").json()
    (kpi,) = page["kpis"]
    assert kpi["now"]["value"] == own.kpis.take("conversion").now.value
    (action,) = page["actions"]
    assert (action["title"], action["expected"]) == ("Call <back>", 9)
    assert action["measure"]["now"]["value"] == own.kpis.take("orders").now.value
    emotions = [one["emotion"]["value"] for one in page["lowest"]]
    assert emotions == sorted(emotions)
    assert all(one["emotion"]["evidence"]["n"] >= 30 for one in page["lowest"])
    assert {one["source"]: one["quarantined"] for one in page["sources"]}["till"] == 60


def test_what_nobody_measured_is_said_and_not_made_up(client: TestClient) -> None:
    page = client.get("/report.json").json()
    assert page["campaigns"] == []
    assert "No campaign was measured against a holdout yet" in client.get("/report?lang=en").text


def test_the_report_goes_along_on_paper_and_as_slides(client: TestClient) -> None:
    paper = pypdfium2.PdfDocument(client.get("/report.pdf?lang=nl").content)
    text = " ".join(page.get_textpage().get_text_range() for page in paper)
    assert "Call <back>" in text
    assert "Wat bracht dit kwartaal" in text
    deck = Presentation(BytesIO(client.get("/report.pptx?lang=en").content))
    assert len(deck.slides) == 5
    cells = [
        cell.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    assert "Call <back>" in cells
