"""Bringing everything up to date from the pages, in a process of its own that everybody can follow."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from klantreis import Workspace
from klantreis.errors import WorkspaceError, message
from klantreis.runner import Finished
from klantreis.settings import FILE_NAME
from klantreis.tables import SOURCE_TABLES
from klantreis.web import create_app
from klantreis.workspace import starting
from tests.brief import BRIEFLY
from tests.conftest import ROOT
from tests.web.conftest import Serving
from tests.web.forms import token
from tests.web.test_signing_in import sign_in
from tests.workspace.test_read_again import MAPPING, ORDERS, SETTINGS, map_as, put

PERSONS = """
[[file.table]]
table = "persons"
[file.table.columns]
person_id = "kassa:{klant}"
"""
PASSWORD = "vier paarse fietsen"
LONGEST_SECONDS = 120.0


@pytest.fixture
def door(small_shop: Workspace) -> httpx.Client:
    return TestClient(create_app(small_shop, is_open=True), follow_redirects=False)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that is started only makes the first tables."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'src'}")
    monkeypatch.setattr(
        starting, "COMMAND", (sys.executable, "-m", "tests.web.brief_command", "run")
    )


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that the pages started."""
    processes: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*arguments: Any, **how: Any) -> subprocess.Popen[bytes]:
        processes.append(real(*arguments, **how))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return processes


def click(door: httpx.Client) -> httpx.Response:
    found = door.get("/update?lang=en").text.split('name="csrf" value="')
    csrf = found[1].split('"')[0] if len(found) > 1 else door.cookies["klantreis_csrf"]
    return door.post("/update/start", data={"csrf": csrf})


def told(door: httpx.Client) -> dict[str, Any]:
    page: dict[str, Any] = door.get("/update.json").json()
    return page


def until(is_so: Callable[[], bool]) -> None:
    latest = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        assert time.monotonic() < latest, "it takes too long"
        time.sleep(0.05)


def add_orders(workspace: Workspace) -> None:
    map_as(workspace.folder, MAPPING + PERSONS)
    put(workspace.folder, "orders.csv", ORDERS)
    with (workspace.folder / FILE_NAME).open("a") as settings:
        settings.write(SETTINGS)


def test_what_waits_is_taken_in_and_shown_without_a_restart(
    door: httpx.Client, small_shop: Workspace, brief: None
) -> None:
    before = door.get("/healthz").json()["publication"]
    customers = door.get("/customers.json").json()["paging"]["total"]
    add_orders(small_shop)
    page = told(door)
    assert (page["is_at_work"], page["uncounted"]["waiting"]["files"]) == (False, 1)
    assert "1 file waits to be taken in" in door.get("/update?lang=en").text
    assert click(door).headers["location"] == "/update"
    assert told(door)["is_at_work"]
    until(lambda: not told(door)["is_at_work"])
    page = told(door)
    update = page["update"]
    assert (update["status"], update["by"], update["is_new"]) == ("done", "owner", True)
    assert (update["files"], update["rows"], update["more"]) == (1, 4, 2)
    assert page["uncounted"]["waiting"]["files"] == 0
    assert door.get("/healthz").json()["publication"] > before
    assert door.get("/customers.json").json()["paging"]["total"] == customers + 2
    shown = door.get("/update?lang=en").text
    assert f"Ready: {update['customers']} customers" in shown
    assert "2 more than before" in shown
    line = small_shop.state.audit.lines(action="update_start")[0]
    assert (line.actor, line.subject) == ("owner", "/update/start")


def test_one_that_is_killed_is_told_as_broken_off_and_can_be_done_again(
    door: httpx.Client,
    small_shop: Workspace,
    started: list[subprocess.Popen[bytes]],
) -> None:
    """The very command that the pages start, killed in the middle."""
    before = small_shop.published
    click(door)
    until(lambda: bool(told(door)["update"]["done"]))
    started[0].kill()
    until(lambda: not told(door)["is_at_work"])
    assert told(door)["update"]["status"] == "broken_off"
    shown = door.get("/update?lang=en").text
    assert "was broken off" in shown
    assert 'role="alert"' in shown
    assert "Bring everything up to date" in shown
    assert small_shop.published == before


def test_while_one_is_at_work_no_other_is_started(
    door: httpx.Client, small_shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    door.get("/update")  # for the token
    with small_shop.updates.telling(None, by="ann at the command line") as telling:
        telling.begin("run", 69)
        telling.started("links")
        telling.finished(Finished("links", 1, 0.1))
        assert click(door).headers["location"] == "/update?refused=busy"
        shown = door.get("/update?refused=busy&lang=en").text
        assert "so that no other one was started" in shown
        assert "by ann at the command line" in shown
        assert "step 2 of 69" in shown
        assert "Taking files in" not in shown, "a run by command takes nothing in"
        assert 'max="69" value="1"' in shown
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in shown
        assert "see how far it is" in door.get("/sources/import?lang=en&kept=crm").text
        assert "See how far it is" in door.get("/customers?lang=en").text
    assert "http-equiv" not in door.get("/update").text
    assert "See how far it is" not in door.get("/customers?lang=en").text


def test_the_one_at_work_is_stopped_before_its_next_step(
    door: httpx.Client,
    small_shop: Workspace,
    brief: None,
    started: list[subprocess.Popen[bytes]],
) -> None:
    before = small_shop.published
    assert 'action="/update/stop"' not in door.get("/update").text
    add_orders(small_shop)
    click(door)
    until(lambda: told(door)["update"]["status"] == "running")
    shown = door.get("/update?lang=en").text
    csrf = shown.split('name="csrf" value="')[1].split('"')[0]
    assert 'action="/update/stop"' in shown
    assert door.post("/update/stop", data={"csrf": csrf}).headers["location"] == "/update"
    until(lambda: not told(door)["is_at_work"])
    update = told(door)["update"]
    assert (update["status"], update["done"] < update["pieces"]) == ("stopped", True)
    assert "Somebody stopped it" in door.get("/update?lang=en").text
    assert started[0].wait(LONGEST_SECONDS) != 0
    assert small_shop.published == before
    assert small_shop.state.audit.lines(action="update_stop")[0].actor == "owner"


def test_while_it_stops_the_page_says_so(door: httpx.Client, small_shop: Workspace) -> None:
    with small_shop.updates.telling(None, by="ann") as telling:
        telling.begin("run", 3)
        telling.started("links")
        assert small_shop.updates.stop()
        shown = door.get("/update?lang=en").text
        assert "It stops before the next step" in shown
        assert 'action="/update/stop"' not in shown
        with pytest.raises(KeyboardInterrupt):
            telling.started("customers")
    assert not told(door)["is_stopping"]
    assert not small_shop.updates.stop(), "nobody is at work"
    with small_shop.updates.telling(None, by="ann") as telling:
        telling.started("links")


def test_the_page_tells_when_it_is_done_by_itself(
    door: httpx.Client, small_shop: Workspace
) -> None:
    assert 'id="by-itself"' not in door.get("/update").text
    (small_shop.folder / FILE_NAME).write_text('[workspace]\nupdate_at = "13:30, 06:00"\n')
    assert "every day at 06:00, 13:30, as long as" in door.get("/update?lang=en").text


def test_why_it_failed_is_told_in_the_readers_language(
    door: httpx.Client, small_shop: Workspace
) -> None:
    with pytest.raises(WorkspaceError), small_shop.updates.telling(None, by="ann"):
        raise WorkspaceError(message("Another import or run is at work"))
    assert "Another import or run is at work" in door.get("/update?lang=en").text
    assert "al een import of run bezig" in door.get("/update?lang=nl").text


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        ("sys.exit('Error: There is no room left.')", ["There is no room left", "", "", "", ""]),
        ("sys.exit(3)", ["The process did not begin", "", "exit 3", "", ""]),
    ],
)
def test_a_process_that_does_not_begin_says_why(
    door: httpx.Client, monkeypatch: pytest.MonkeyPatch, ends: str, why: list[str]
) -> None:
    monkeypatch.setattr(starting, "COMMAND", (sys.executable, "-c", f"import sys; {ends}"))
    click(door)
    until(lambda: not told(door)["is_at_work"])
    update = told(door)["update"]
    assert (update["status"], update["problem"]) == ("failed", why)


def test_with_wrong_settings_none_is_started(
    door: httpx.Client, small_shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    (small_shop.folder / FILE_NAME).write_text("[workspace]\nname = 7\n")
    click(door)
    update = told(door)["update"]
    assert update["status"] == "failed"
    assert update["problem"][0] == "Wrong kind of value"
    assert FILE_NAME in update["problem"][1]


def test_who_may_only_look_cannot_start_it(
    small_shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    small_shop.accounts.use_link(small_shop.accounts.add("viewer", "viewer"), PASSWORD)
    door = TestClient(create_app(small_shop), follow_redirects=False)
    sign_in(door, "viewer")
    shown = door.get("/update?lang=en").text
    assert "/update/start" not in shown
    assert "What is not counted yet?" in shown
    refused = door.post("/update/start", data={"csrf": token(door, "/account")})
    assert refused.status_code == 403
    assert "role editor" in refused.text
    assert small_shop.updates.last is None


def test_a_forged_request_starts_nothing(
    door: httpx.Client, small_shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    assert door.post("/update/start", data={"csrf": "forged"}).status_code == 403
    assert small_shop.updates.last is None


def test_before_the_first_run_it_is_begun_from_the_page(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        door = TestClient(create_app(workspace, is_open=True))
        assert "/update/start" not in door.get("/customers?lang=en").text
        add_orders(workspace)
        workspace.follow_settings()
        workspace.import_exports()
        assert "/update/start" in door.get("/customers?lang=en").text
        page = told(door)
        assert (page["published_at"], page["uncounted"]["since"]["fresh"]) == (None, 0)


def test_decisions_have_the_button_as_long_as_they_wait(
    door: httpx.Client, small_shop: Workspace
) -> None:
    links = small_shop.rows(small_shop.table("links").limit(2))
    left, right = (row["person_id"] for row in links)
    assert "/update/start" not in door.get("/identity").text
    small_shop.identity.decide(left, right, "different", by="ann")
    assert "1 decision is not counted yet" in door.get("/identity?lang=en").text
    assert "/update/start" in door.get("/identity").text
    assert told(door)["uncounted"]["decisions"] == 1
    small_shop.identity.undo(by="ann")
    assert told(door)["uncounted"]["decisions"] == 0


def test_changed_settings_are_noticed_and_wrong_ones_change_nothing(
    door: httpx.Client, small_shop: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    settings = small_shop.folder / FILE_NAME
    settings.write_text('[workspace]\nname = "Een andere naam"\n', encoding="utf-8")
    assert "Een andere naam" in door.get("/customers").text
    with caplog.at_level(logging.ERROR, "klantreis.web"):
        settings.write_text('[workspace]\nnaam = "Fout"\n', encoding="utf-8")
        shown = door.get("/customers?lang=en").text
        door.get("/segments")
    assert "Een andere naam" in shown
    assert "the settings of before hold" in shown
    assert [one.message for one in caplog.records if "settings of before" in one.message] != []
    assert len(caplog.records) == 1, "told once, not at every request"
    settings.write_text('[workspace]\nname = "Weer goed"\n', encoding="utf-8")
    shown = door.get("/customers?lang=en").text
    assert "Weer goed" in shown
    assert "the settings of before hold" not in shown


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_from_a_file_to_new_portraits_without_a_command_line(
    small_shop: Workspace, serving: Serving, page: Page, tmp_path: Path, brief: None
) -> None:
    export = tmp_path / "Relaties.csv"
    export.write_text(
        "Klantnummer;Voornaam;Achternaam;E-mailadres;Geboortedatum\n"
        "9001;Anna;Vries;anna.vries@voorbeeld.nl;03-02-1984\n"
        "9002;Bram;Bos;bram.bos@voorbeeld.nl;14-05-1985\n",
        encoding="utf-8",
    )
    with serving(small_shop) as address:
        page.goto(f"{address}/sources/import?lang=en")
        page.set_input_files("#upload", export)
        page.get_by_role("button", name="Look what it is").click()
        page.get_by_role("button", name="Keep and import").click()
        expect(page.get_by_role("status")).to_contain_text("taken in")
        page.get_by_role("button", name="Bring everything up to date").click()
        bar = page.get_by_role("progressbar")
        expect(bar).to_have_attribute("max", str(len(SOURCE_TABLES) + len(BRIEFLY)))
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Everything is being brought up to date"
        )
        assert Axe().run(page).response["violations"] == []
        expect(page.get_by_role("heading", level=1)).to_contain_text(
            "Ready", timeout=LONGEST_SECONDS * 1000
        )
        expect(bar).to_have_count(0)
        assert Axe().run(page).response["violations"] == []
        page.goto(f"{address}/customers?q=anna.vries@voorbeeld.nl")
        expect(page.locator("main")).to_contain_text("Anna Vries")
