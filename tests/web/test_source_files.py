"""Files that were taken in: found, taken back and read again, by keyboard and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.web import create_app, waiting
from tests.web.conftest import Serving
from tests.web.forms import csrf_in
from tests.workspace.test_read_again import MAPPING, ORDERS, SETTINGS, map_as, orders, put

LIST = "/sources/kassa/files"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    """Many daily files of one source, the last of which should not have come."""
    folder = tmp_path / "shop"
    Workspace.create(folder, name="Huis").close()
    with (folder / "klantreis.toml").open("a") as settings:
        settings.write(SETTINGS)
    map_as(folder, MAPPING)
    for day in range(1, 61):
        put(folder, f"dag-{day:02}.csv", of_day(day))
    with Workspace.open(folder) as workspace:
        workspace.import_exports()
        put(folder, "dag-99.csv", of_day(60) + "99;Z;99,00;0,00;2026-03-09\n")
        workspace.import_exports()
        yield workspace


def of_day(day: int) -> str:
    return ORDERS.replace("\n1;", f"\n{day}a;").replace("\n2;", f"\n{day}b;")


@pytest.fixture
def door(shop: Workspace) -> httpx.Client:
    return TestClient(create_app(shop, is_open=True), follow_redirects=False)


def token(door: httpx.Client) -> dict[str, str]:
    return {"csrf": csrf_in(door.get("/sources/import?lang=en").text)}


def of(shop: Workspace, name: str) -> str:
    return next(one.file_id for one in shop.files.taken("kassa") if one.name == name)


def test_a_long_list_comes_in_pages_the_newest_first_and_is_searched(door: httpx.Client) -> None:
    first = door.get(f"{LIST}.json").json()
    assert (first["total"], len(first["files"])) == (61, 50)
    assert first["files"][0]["path"].endswith("dag-99.csv")
    second = door.get(f"{LIST}.json", params={"page": 2}).json()
    assert [one["path"][-6:-4] for one in second["files"]] == [f"{n:02}" for n in range(11, 0, -1)]
    found = door.get(f"{LIST}.json", params={"q": "DAG 07"}).json()
    assert [one["path"] for one in found["files"]] == ["exports/kassa/dag-07.csv"]
    assert door.get(f"{LIST}.json", params={"only": "waits"}).json()["files"] == []
    assert door.get("/sources/nowhere/files").status_code == 404
    assert door.get(f"{LIST}/nowhere").status_code == 404


def test_what_would_go_is_said_before_anything_goes(shop: Workspace, door: httpx.Client) -> None:
    told = door.get(f"{LIST}/{of(shop, 'dag-99.csv')}.json").json()
    assert (told["rows"], told["elsewhere"], told["merged"]) == (3, 2, 0)
    html = door.get(f"{LIST}/{of(shop, 'dag-99.csv')}?lang=en").text
    assert "3 rows go from the tables." in html
    assert "Of these 2 records stay, because other files tell of them too." in html
    assert len(orders(shop)) == 121


@pytest.mark.parametrize("deed", ["back", "read"])
def test_a_forged_request_changes_nothing(shop: Workspace, door: httpx.Client, deed: str) -> None:
    before = len(shop.files.taken())
    address = f"{LIST}/{of(shop, 'dag-99.csv')}/{deed}"
    assert door.post(address, data={"csrf": "forged"}).status_code == 403
    assert (len(shop.files.taken()), shop.files.waiting()) == (before, ())


def test_while_a_run_is_at_work_it_says_so_and_changes_nothing(
    shop: Workspace, door: httpx.Client
) -> None:
    here = f"{LIST}/{of(shop, 'dag-99.csv')}"
    form = token(door)
    with shop.store.writing():
        for deed in ("back", "read"):
            answer = door.post(f"{here}/{deed}", data=form)
            html = door.get(answer.headers["location"].replace("#refused", "&lang=en")).text
            assert "nothing has changed. Another import or run is at work" in html
    assert len(orders(shop)) == 121
    assert (shop.folder / "exports/kassa/dag-99.csv").exists()


def test_much_is_left_to_the_command(
    shop: Workspace, door: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "AT_ONCE_BYTES", 10)
    map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
    html = door.get(f"{LIST}?lang=en").text
    assert "61 files" in html
    assert "the mapping has changed" in html
    assert "klantreis import shop" in html
    assert "Import it now" not in html
    answer = door.post(f"{LIST}/read", data=token(door))
    assert len(shop.files.waiting()) == 61
    assert (
        "61 files still wait"
        in door.get(answer.headers["location"].replace("#done", "&lang=en")).text
    )


def test_what_waits_is_imported_from_the_page_of_its_source(
    shop: Workspace, door: httpx.Client
) -> None:
    map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
    put(shop.folder, "dag-98.csv", of_day(98))
    reasons = door.get(f"{LIST}.json").json()["waiting"]["reasons"]
    assert reasons == [{"why": "mapping", "files": 61}, {"why": "new", "files": 1}]
    answer = door.post(f"{LIST}/read", data=token(door))
    html = door.get(answer.headers["location"].replace("#done", "&lang=en")).text
    assert "61 files were read again." in html
    assert shop.files.waiting() == ()
    assert len(door.get(f"{LIST}.json", params={"only": "again"}).json()["files"]) == 50


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [390, 1440])
def test_take_a_file_back_by_keyboard_without_javascript(
    browser: Browser, shop: Workspace, serving: Serving, width: int
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    with serving(shop) as site:
        page.goto(f"{site}{LIST}?lang=nl")
        page.get_by_label("Deel van de naam").fill("dag-99")
        page.keyboard.press("Enter")
        expect(page.locator(".taken tbody tr")).to_have_count(1)
        page.get_by_role("link", name="dag-99.csv").press("Enter")
        expect(page.locator("#take-back")).to_contain_text("3 rijen gaan uit de tabellen")
        page.get_by_role("button", name="Haal dit bestand weer weg").press("Enter")
        expect(page.locator("#done")).to_contain_text("Weggehaald: dag-99.csv, met 3 rijen.")
        expect(page.locator("#done")).to_contain_text("taken-back/kassa/dag-99.csv")
        expect(page.locator("#done")).to_contain_text("volgen als alles wordt bijgewerkt")
        page.get_by_role("link", name="dag-60.csv").press("Enter")
        page.get_by_role("button", name="Nu opnieuw lezen").press("Enter")
        expect(page.locator("#done")).to_contain_text("1 bestand is opnieuw gelezen")
    context.close()
    assert len(orders(shop)) == 120
    assert not (shop.folder / "exports/kassa/dag-99.csv").exists()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_are_accessible_and_fit_the_screen(
    page: Page, shop: Workspace, serving: Serving, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
    file_id = of(shop, "dag-60.csv")
    (shop.folder / "exports/kassa/dag-01.csv").unlink()
    with serving(shop) as site:
        for address in (LIST, f"{LIST}?page=2", f"{LIST}/{file_id}"):
            page.goto(f"{site}{address}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            for box in (one.bounding_box() for one in page.locator("table").all()):
                assert box is not None
                assert box["x"] + box["width"] <= width
