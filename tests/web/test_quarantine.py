"""Repairing what was put aside, with the mouse and by keyboard, one value and many at once."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app
from tests.brief import run_briefly
from tests.web.conftest import Serving
from tests.workspace.test_repairs import LINES, write


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
