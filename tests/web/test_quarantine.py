"""Repairing what was put aside, with the mouse and by keyboard, one value and many at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from tests.brief import run_briefly, run_until
from tests.web.conftest import Serving
from tests.workspace.test_repairs import LINES, write

SALES = """
[[table]]
table = "orders"
[table.columns]
order_id = "{source}:{Bon}"
ordered_at = "Datum"
total_amount = "Bedrag"
kind = { value = "sale" }
status = { value = "completed" }
channel = { value = "store" }
"""
REPORT = """\
Datum;Bon;Filiaal;Bedrag
01-04-2026;1;Zuid;10,50
02-04-2026;2;Noord;1.000,00
Totaal april;;;1.010,50
03-05-2026;3;Zuid;duur
Totaal mei;;;7,00
Eindtotaal;;;1.017,50
"""


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    more = tuple(
        f"C{n};F01;1;03-03-2026;11:00:00;;;1;A-2;Vaas;1;19,95;0,00;EUR? 19,95;pin" for n in range(3)
    )
    with Workspace.create(tmp_path_factory.mktemp("aside") / "shop", name="Huis") as workspace:
        write(workspace, "bonnen.csv", (*LINES, *more))
        workspace.import_exports()
        run_briefly(workspace)
        yield workspace


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_one_value_by_keyboard_and_many_by_a_rule(
    page: Page, run_once: Workspace, serving: Serving
) -> None:
    with serving(run_once) as site:
        page.goto(f"{site}/sources/quarantine?source=till&reason=not_a_number&lang=nl")
        row = page.locator("tr", has_text="abc").first
        row.locator("summary").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type("19,95")
        page.keyboard.press("Enter")
        expect(page.locator("#done")).to_contain_text("1 hersteld en ingelezen, 0 nog niet goed")
        expect(page.locator("tr", has_text="abc").first).to_contain_text("ingelezen")
        page.get_by_label("Vervang").fill("EUR? ")
        page.get_by_role("button", name="Toon wat het verandert").click()
        expect(page.locator("tr", has_text="bonnen.csv").first).to_contain_text("19,95")
        assert Axe().run(page).violations_count == 0
        page.get_by_role("button", name="3 waarden veranderen en opnieuw insturen").click()
        expect(page.locator("#done")).to_contain_text("3 hersteld en ingelezen")
    left = {row["reason"] for row in run_once.repairs.aside()}
    assert "not_a_number" not in left
    assert {one.repaired_by for one in run_once.state.repairs.all()} != {""}


def test_what_is_still_wrong_is_said_on_the_page(run_once: Workspace) -> None:
    door: httpx.Client = TestClient(create_app(run_once, is_open=True))
    html = door.get("/sources/quarantine?lang=en").text
    csrf = html.split("X-CSRF-Token")[1].split(": ")[1].split('"')[1]
    entry = next(row for row in run_once.repairs.aside() if row["reason"] == "not_a_time")
    data = {"entry": entry["quarantine_id"], "value": "overmorgen"}
    answer = door.post("/sources/quarantine/repair", data=data, headers={"x-csrf-token": csrf})
    assert dict(answer.url.params)["still"] == "1"
    assert "0 repaired and taken in, 1 still not right" in answer.text
    assert entry["quarantine_id"] in {row["quarantine_id"] for row in run_once.repairs.aside()}


def test_what_an_import_put_aside_is_repaired_before_any_run(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        write(workspace, "bonnen.csv", LINES)
        workspace.import_exports()
        door: httpx.Client = TestClient(create_app(workspace, is_open=True))
        told = door.get("/sources/quarantine.json").json()
        assert told["total"] == len(told["rows"]) == len(workspace.repairs.aside()) > 1
        assert not any(row["is_new"] for row in told["rows"])
        html = door.get("/sources/quarantine?lang=nl").text
        assert "een getal zoals 1.234,56" in html
        entry = next(row for row in told["rows"] if row["found"] == "abc")
        csrf = html.split("X-CSRF-Token")[1].split(": ")[1].split('"')[1]
        data = {"entry": entry["quarantine_id"], "value": "19,95"}
        door.post("/sources/quarantine/repair", data=data, headers={"x-csrf-token": csrf})
        assert door.get("/sources/quarantine.json").json()["total"] == told["total"] - 1
        assert "1 bestand is al ingelezen" in door.get("/sources?lang=nl").text


def test_rows_that_tables_lack_stand_beside_the_values_that_were_put_aside(
    tmp_path: Path,
) -> None:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        write(workspace, "bonnen.csv", LINES)
        workspace.import_exports()
        run_until(workspace, "source_quality")
        door: httpx.Client = TestClient(create_app(workspace, is_open=True))
        sources = door.get("/sources.json").json()
        aside = door.get("/sources/quarantine.json").json()
        assert sources["listed"] == aside["total"] == len(workspace.repairs.aside())
        assert aside["lacking"] == sources["quarantined"]["value"]
        # Of a line of a receipt that cannot be read, its order and its line are lacking.
        (till,) = sources["sources"]
        assert till["quarantined"] > till["listed"] > 0
        assert f"door {till['listed']} waarden" in door.get("/sources?lang=nl").text
        told = door.get("/sources/quarantine?source=till&lang=en").text
        assert f"Tables lack {till['quarantined']} rows for them" in told
        # Of one reason it is not counted.
        one = door.get("/sources/quarantine.json?source=till&reason=not_a_number").json()
        assert one["lacking"] is None


def test_what_was_put_aside_since_the_run_comes_first(reported: Workspace) -> None:
    wrong = REPORT.replace("03-05-2026;3;Zuid;duur", "03-05-2026;9;Zuid;gratis")
    (reported.folder / "exports/report/b.csv").write_text(wrong, encoding="utf-8")
    door: httpx.Client = TestClient(create_app(reported, is_open=True))
    before = door.get("/sources/quarantine.json").json()
    reported.import_exports()
    told = door.get("/sources/quarantine.json").json()
    assert [row["is_new"] for row in told["rows"]] == [True] * 4 + [False] * 4
    assert (before["total"], told["total"], told["paging"]["total"]) == (4, 8, 8)
    since = door.get("/sources.json").json()["since"]
    assert since == door.get("/sources/report.json").json()["since"]
    assert since == {"fresh": 1, "gone": 0, "again": 0}
    assert "1 bestand ingelezen. De cijfers" in door.get("/sources?lang=nl").text
    only = door.get("/sources/quarantine.json?reason=not_a_number").json()["rows"]
    assert [(row["found"], row["is_new"]) for row in only] == [("gratis", True), ("duur", False)]
    assert "nieuw sinds de laatste run" in door.get("/sources/quarantine?lang=nl").text


@pytest.fixture
def reported(tmp_path: Path) -> Iterator[Workspace]:
    """A report with totals between and below its rows, and one row that is really wrong."""
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        folder = workspace.folder
        with (folder / "klantreis.toml").open("a", encoding="utf-8") as settings:
            settings.write(
                '\n[sources.report]\nconnector = "mapping"\nmapping = "mappings/report.toml"\n'
            )
        for name, text in (("mappings/report.toml", SALES), ("exports/report/a.csv", REPORT)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    with Workspace.open(folder) as workspace:
        workspace.import_exports()
        run_briefly(workspace)
        yield workspace


def test_totals_of_a_report_are_told_as_left_out_on_purpose(reported: Workspace) -> None:
    door: httpx.Client = TestClient(create_app(reported, is_open=True))
    told = door.get("/sources/quarantine.json").json()
    assert (told["total"], told["totals"]) == (4, 3)
    assert [row["filled"] for row in told["rows"] if row["reason"] == "total"] == [
        ["Totaal april", "1.010,50"], ["Totaal mei", "7,00"], ["Eindtotaal", "1.017,50"]
    ]  # fmt: skip
    page = door.get("/sources/quarantine?lang=nl").text
    assert "3 ervan zijn totalen van het rapport" in page
    assert page.count("Geen totaal?<span") == 3
    # Among other reasons nothing is said of them.
    wrong = door.get("/sources/quarantine?lang=nl&reason=not_a_number").text
    assert "totalen van het rapport" not in wrong
    assert "Geen totaal?<span" not in wrong


def test_what_was_taken_for_a_total_comes_in_when_it_is_written_as_a_record(
    reported: Workspace,
) -> None:
    door: httpx.Client = TestClient(create_app(reported, is_open=True))
    html = door.get("/sources/quarantine?lang=en").text
    csrf = html.split("X-CSRF-Token")[1].split(": ")[1].split('"')[1]
    entry = next(row for row in reported.repairs.aside() if row["found"] == "Totaal mei;;;7,00")
    data = {"entry": entry["quarantine_id"], "value": "04-05-2026;4;Totaal mei;7,00"}
    answer = door.post("/sources/quarantine/repair", data=data, headers={"x-csrf-token": csrf})
    assert "1 repaired and taken in, 0 still not right" in answer.text
    assert entry["quarantine_id"] not in {row["quarantine_id"] for row in reported.repairs.aside()}


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [390, 1440])
def test_rows_that_were_put_aside_fit_the_screen(
    page: Page, reported: Workspace, serving: Serving, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    with serving(reported) as site:
        page.goto(f"{site}/sources/quarantine?lang=nl")
        box = page.locator("table.rejected").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width
        assert Axe().run(page).violations_count == 0
