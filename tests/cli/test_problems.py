"""In which language a command says what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.test_commands import fail

from klantreis import Workspace
from klantreis.settings import FILE_NAME

Told = Callable[..., str]


@pytest.fixture
def told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Told:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return lambda *arguments: fail(capsys, monkeypatch, *arguments)


def test_it_is_that_of_the_workspace(tmp_path: Path, told: Told) -> None:
    Workspace.create(tmp_path, locale="nl").close()
    assert told("tables", tmp_path, "custmers").startswith(
        "Fout: Onbekende tabel: gevonden: 'custmers'; toegestaan: persons,"
    )
    (tmp_path / FILE_NAME).write_text('[workspace]\nlocale = "en"\n')
    assert told("tables", tmp_path, "custmers").startswith(
        "Error: Unknown table: got 'custmers'; allowed: persons,"
    )


def test_it_is_the_one_that_is_asked_for(tmp_path: Path, told: Told) -> None:
    Workspace.create(tmp_path, locale="nl").close()
    assert "Error: Nothing was imported yet" in told("run", tmp_path, "--language", "en")


def test_settings_that_are_wrong_are_told_in_the_language_that_they_name(
    tmp_path: Path, told: Told
) -> None:
    (tmp_path / FILE_NAME).write_text('[workspace]\nlocale = "nl"\nname =\n')
    assert told("run", tmp_path).startswith("Fout: Geen geldige TOML")


def test_without_a_workspace_it_is_that_of_the_machine(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told("run", tmp_path).startswith("Error: This folder is no workspace")
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")
    assert told("run", tmp_path).startswith("Fout: Deze map is geen werkruimte")
