"""What holds of a record that several files tell of, however an import is cut up."""

from __future__ import annotations

from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.runner import importing
from tests.brief import run_sources

SUBSCRIBED = (
    "Email Address,First Name,Last Name,OPTIN_TIME,LAST_CHANGED\n"
    "ann@voorbeeld.nl,Ann,Wit,2026-01-02 10:00:00,2026-01-02 10:00:00\n"
)
ACTIVITY = (
    "Email Address,Campaign,Subject,Action,Timestamp,URL\n"
    "ann@voorbeeld.nl,Januari,Nieuws,open,2026-01-05T08:00:00Z,\n"
    "bob@voorbeeld.nl,Januari,Nieuws,open,2026-01-05T08:00:00Z,\n"
)


def written(folder: Path, source: str, files: dict[str, str]) -> Path:
    exports = folder / "exports" / source
    exports.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (exports / name).write_text(text, encoding="utf-8")
    return folder


def persons(workspace: Workspace) -> dict[str, tuple[str | None, ...]]:
    run_sources(workspace)
    rows = workspace.rows(workspace.table("persons"))
    return {row["person_id"].split(":")[1]: (row["first_name"], row["email"]) for row in rows}


def test_a_list_of_clicks_takes_nobodys_name_away(tmp_path: Path) -> None:
    told = {
        "ann@voorbeeld.nl": ("Ann", "ann@voorbeeld.nl"),
        "bob@voorbeeld.nl": (None, "bob@voorbeeld.nl"),
    }
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        written(workspace.folder, "mailchimp", {"subscribed_export.csv": SUBSCRIBED})
        workspace.import_exports()
        assert persons(workspace) == {"ann@voorbeeld.nl": told["ann@voorbeeld.nl"]}
        written(workspace.folder, "mailchimp", {"activity_2026-01.csv": ACTIVITY})
        workspace.import_exports()
        assert persons(workspace) == told


@pytest.mark.parametrize("at_once", [1, 2, 200])
def test_the_last_file_holds_however_many_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(importing, "FILES_AT_ONCE", at_once)
    months = range(1, 9)
    files = {
        f"subscribed_2026-{month:02}.csv": SUBSCRIBED.replace("Ann", f"Ann{month}")
        for month in months
    }
    with Workspace.create(tmp_path / "shop", name="Huis") as workspace:
        written(workspace.folder, "mailchimp", files)
        workspace.import_exports()
        assert persons(workspace) == {"ann@voorbeeld.nl": ("Ann8", "ann@voorbeeld.nl")}
