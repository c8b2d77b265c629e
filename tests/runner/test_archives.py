"""Zip files below `exports/` are read as the files in them, and never trusted."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.errors import UnreadableFileError
from klantreis.runner.archives import members, unpacked
from klantreis.runner.exports import Found
from tests.brief import run_sources

SAMPLES = Path(__file__).parent.parent / "sources" / "samples" / "mailchimp"


def found(path: Path) -> Found:
    return Found(path, f"exports/mailchimp/{path.name}", "mailchimp", path.stat().st_size, 0.0)


def zipped(path: Path, **files: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def audience(path: Path) -> Path:
    names = ("subscribed", "unsubscribed", "cleaned")
    files = {f"audience/{n}_export.csv": (SAMPLES / f"{n}_export.csv").read_bytes() for n in names}
    return zipped(path, **files, **{"__MACOSX/._subscribed.csv": b"x", "audience/.DS_Store": b"x"})


def test_an_audience_is_taken_in_as_it_was_downloaded_and_only_once(tmp_path: Path) -> None:
    shop = Workspace.create(tmp_path / "shop")
    audience(shop.folder / "exports" / "mailchimp" / "audience.zip")
    first = shop.import_exports()
    assert (first.files, first.problems) == (3, ())
    assert first.quarantined == 3
    assert not (shop.folder / ".klantreis" / "unpacked").exists()
    assert shop.import_exports().files == 0
    run_sources(shop)
    log = {
        (row["path"], row["table_name"]): row
        for row in shop.tables["imports"].execute().to_dict("records")
    }
    line = log["exports/mailchimp/audience.zip/audience/unsubscribed_export.csv", "consents"]
    assert line["rows_loaded"] == 2


def test_a_name_that_leads_elsewhere_leads_nowhere(tmp_path: Path) -> None:
    file = found(zipped(tmp_path / "a.zip", **{"../../etc/passwd": b"x", "..\\b\\c.csv": b"y"}))
    inside = list(members(file))
    assert [one.shown_path for one in inside] == [
        "exports/mailchimp/a.zip/etc/passwd",
        "exports/mailchimp/a.zip/b/c.csv",
    ]
    for one in inside:
        opened = unpacked(one, tmp_path / "unpacked")
        assert (tmp_path / "unpacked").resolve() in opened.path.resolve().parents


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    file = found(zipped(tmp_path / "a.zip", **{"a.csv": b"0" * (300 * 2**20)}))
    with pytest.raises(UnreadableFileError, match="314,572,800 bytes"):
        list(members(file))


def test_a_broken_zip_file_is_a_problem_of_its_own(tmp_path: Path) -> None:
    shop = Workspace.create(tmp_path / "shop")
    whole = audience(shop.folder / "exports" / "mailchimp" / "whole.zip")
    content = whole.read_bytes()
    (whole.parent / "half.zip").write_bytes(content[: len(content) // 2])
    damaged = bytearray(content)
    damaged[60] ^= 0xFF  # within the first file
    (whole.parent / "odd.zip").write_bytes(bytes(damaged))
    taken = shop.import_exports()
    assert taken.files == 3
    assert {problem.path.split("/")[2] for problem in taken.problems} == {"half.zip", "odd.zip"}
