"""A workspace that is open takes changed settings over, and keeps those of before when they are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.settings import FILE_NAME


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        yield workspace


def write(workspace: Workspace, text: str) -> None:
    (workspace.folder / FILE_NAME).write_text(text, encoding="utf-8")


def told(workspace: Workspace) -> str:
    """What is wrong with the settings, and where."""
    return str(workspace.settings_problem or "")


def test_what_was_not_changed_is_not_read_again(empty: Workspace) -> None:
    before = empty.settings
    assert not empty.follow_settings()
    assert empty.settings is before


def test_changed_settings_hold_in_every_room(empty: Workspace) -> None:
    write(
        empty,
        '[workspace]\nname = "Haard"\n[retention]\naudit_days = 30\n',
    )
    assert empty.follow_settings()
    assert empty.settings.name == "Haard"
    kept = {one.kind: one.days for one in empty.retention.look(datetime(2026, 1, 1))}
    assert kept["audit"] == 30
    assert not empty.follow_settings()


def test_wrong_settings_change_nothing_until_they_are_right(empty: Workspace) -> None:
    write(empty, "[workspace]\nname = 7\n")
    assert empty.follow_settings()
    assert empty.settings.name == "Huis"
    assert FILE_NAME in told(empty)
    assert not empty.follow_settings()
    write(empty, '[workspace]\nname = "Haard"\n')
    assert empty.follow_settings()
    assert empty.settings.name == "Haard"
    assert not told(empty)


def test_without_a_file_the_defaults_hold(empty: Workspace) -> None:
    (empty.folder / FILE_NAME).unlink()
    assert empty.follow_settings()
    assert empty.settings.name == "Klantreis"
