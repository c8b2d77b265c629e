from __future__ import annotations

import inspect
import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.test_commands import call, fail
from tests.web.shop import make_workspace
from tests.worker.baskets import NOON, make_baskets

from klantreis import Workspace
from klantreis.cli.app import COMMANDS

# What it tells is a reference in English, as --help is.
ENGLISH = ("tables",)
TOLD = (
    ("kpis", ("Maat", "Toestand", "Einddoel"), ("Measure", "State", "End goal")),
    ("plan", ("Te winnen", "aangenomen", "Cyclus van"), ("To be won", "assumed", "Cycle of")),
    ("needs", ("Behoefte", "Besluit", "nog open"), ("Need", "Decision", "still open")),
    ("strategy", ("Wie we zijn", "Tekst"), ("Who we are", "Text")),
    ("users", ("Gebruikersnaam", "Aangemeld"), ("User name", "Signed in")),
    ("quality", ("Bron", "Apart gezet", "Gaten"), ("Source", "Put aside", "Gaps")),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with make_workspace(tmp_path_factory.mktemp("languages") / "shop") as workspace:
        return workspace.folder


def test_every_command_can_be_told_its_language() -> None:
    for command in COMMANDS:
        options = inspect.signature(command.command).parameters
        assert ("language" in options) == (command.NAME not in ENGLISH), command.NAME


@pytest.mark.parametrize(("command", "dutch", "english"), TOLD, ids=[one[0] for one in TOLD])
def test_a_command_speaks_the_language_of_the_workspace_or_the_one_asked_for(
    shop: Path, command: str, dutch: tuple[str, ...], english: tuple[str, ...]
) -> None:
    told = call(command, shop)
    assert all(word in told for word in dutch)
    assert not any(word in told for word in english)
    asked = call(command, shop, "--language", "en")
    assert all(word in asked for word in english)
    assert not any(word in asked for word in dutch)


def test_retention_is_told_in_both_languages(shop: Path) -> None:
    told = call("retain", shop, "--dry-run")
    assert "altijd" in told
    assert "30 dagen" in told
    asked = call("retain", shop, "--dry-run", "--language", "en")
    assert "for ever" in asked
    assert "30 days" in asked


def test_an_unknown_language_is_refused_before_anything_changes(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = ("--choose", "conversion", "--language", "fy")
    assert "toegestaan: nl, en" in fail(capsys, monkeypatch, "kpis", shop, *wrong)
    with Workspace.open(shop) as workspace:
        assert "conversion" not in {one.kpi.measure for one in workspace.kpis.chosen()}


def test_what_programs_read_is_the_same_in_both_languages(shop: Path) -> None:
    sql = "SELECT customer_id, email, created_at FROM customers ORDER BY customer_id LIMIT 5"
    dutch, english = (
        call("query", shop, sql, "--csv", "--language", language) for language in ("nl", "en")
    )
    assert dutch == english


def test_what_people_said_yes_to_is_told_in_both_languages(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    make_baskets(folder).close()
    said = ("--refuses", "email_marketing", "--heard-by", "per brief", "--on", "2026-01-14")
    told = call("person", folder, "1", *said)
    assert "reclame per e-mail" in told
    assert "14 jan 2026" in told
    assert "opgeschreven door" in told
    asked = call("person", folder, "1", "--language", "en")
    assert "advertising by e-mail" in asked
    assert "14 Jan 2026" in asked


def test_the_worker_tells_what_it_decided_in_both_languages(tmp_path: Path) -> None:
    for language, entered in (("nl", "binnengekomen 5"), ("en", "entered 5")):
        folder = tmp_path / language
        make_baskets(folder).close()
        at = (NOON + timedelta(minutes=5)).isoformat(timespec="minutes")
        assert entered in call("work", folder, "--at", at, "--language", language)


def test_a_new_workspace_is_told_of_in_its_own_language(tmp_path: Path) -> None:
    assert "zet de exports" in call("init", tmp_path / "nl")
    assert "put each system's exports" in call("init", tmp_path / "en", "--locale", "en")


def test_a_look_up_as_json_stays_as_it_is(shop_folder: Path) -> None:
    asked = ("who", shop_folder, "--name", "Q Xyz", "--town", "Elders", "--json", "--language")
    dutch, english = (json.loads(call(*asked, language)) for language in ("nl", "en"))
    assert dutch == english
    assert dutch["band"] == "none"
