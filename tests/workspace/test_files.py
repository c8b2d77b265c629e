"""The files that were taken in are told as they are now: what each gave, what waits and why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from klantreis import Workspace
from klantreis.cli.app import app
from klantreis.errors import InputError, NotFoundError, WorkspaceBusyError
from klantreis.runner.exports import content_id
from klantreis.runner.fingerprint import fingerprint
from klantreis.runner.readings import CHANGES, why_otherwise
from klantreis.state import ImportedFile
from klantreis.words.codes import codes
from klantreis.workspace import WAITS, TakenFile
from tests.brief import run_sources
from tests.workspace.test_read_again import MAPPING, ORDERS, SETTINGS, map_as, put

OTHERS = ORDERS.replace("\n1;", "\n3;").replace("\n2;", "\n4;")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "shop"
    Workspace.create(folder, name="Huis").close()
    with (folder / "klantreis.toml").open("a") as settings:
        settings.write(SETTINGS)
    map_as(folder, MAPPING)
    put(folder, "a.csv", ORDERS)
    with Workspace.open(folder) as workspace:
        workspace.import_exports()
        yield workspace


def of(shop: Workspace, name: str) -> TakenFile:
    return next(one for one in shop.files.taken("kassa") if one.name == name)


def waits(shop: Workspace) -> dict[str, str]:
    return {one.path.rsplit("/", 1)[-1]: one.why for one in shop.files.waiting()}


def orders(shop: Workspace) -> set[str]:
    run_sources(shop)
    return {row["order_id"] for row in shop.rows(shop.table("orders"))}


def test_a_file_is_told_with_what_it_gave(shop: Workspace) -> None:
    put(shop.folder, "b.csv", OTHERS.replace("10,00", "tien"))
    shop.import_exports()
    newest, oldest = shop.files.taken()
    assert [newest.name, oldest.name] == ["b.csv", "a.csv"]
    counts = (newest.rows_read, newest.rows_loaded, newest.rows_quarantined, newest.rows_doubled)
    assert counts == (2, 1, 1, 0)
    assert (oldest.first_at is not None, oldest.waits, oldest.is_there) == (True, "", True)
    assert oldest.read_again_at is None


def test_new_changed_and_failed_files_wait_until_they_are_taken_in(shop: Workspace) -> None:
    assert waits(shop) == {}
    put(shop.folder, "a.csv", ORDERS.replace("10,00", "11,50"))
    put(shop.folder, "b.csv", OTHERS)
    put(shop.folder, "c.csv", "heel;anders\n1;2\n")
    assert waits(shop) == {"a.csv": "changed", "b.csv": "new", "c.csv": "new"}
    assert shop.files.waiting_bytes() == sum(
        path.stat().st_size for path in (shop.folder / "exports/kassa").iterdir()
    )
    shop.import_exports()
    assert waits(shop) == {"c.csv": "failed"}


def test_a_file_that_was_touched_or_copied_does_not_wait(shop: Workspace) -> None:
    folder = shop.folder / "exports/kassa"
    shutil.copyfile(folder / "a.csv", folder / "copy.csv")
    (folder / "a.csv").touch()
    assert waits(shop) == {}
    assert shop.import_exports().files == 0


def test_the_very_same_file_under_another_source_is_told(shop: Workspace) -> None:
    settings = shop.folder / "klantreis.toml"
    settings.write_text(settings.read_text() + SETTINGS.replace("kassa]", "filiaal]"))
    again = shop.folder / "exports/filiaal/again.csv"
    again.parent.mkdir()
    shutil.copyfile(shop.folder / "exports/kassa/a.csv", again)
    told = CliRunner().invoke(app, ["import", str(shop.folder), "--language", "en"]).output
    expected = "exports/filiaal/again.csv holds the very same as exports/kassa/a.csv, of another"
    assert expected in told
    assert shop.import_exports().alike == ()  # said once


def test_files_in_a_zip_file_wait_one_by_one(shop: Workspace) -> None:
    def zipped(**members: str) -> None:
        with ZipFile(shop.folder / "exports/kassa/all.zip", "w") as archive:
            for name, text in members.items():
                archive.writestr(f"{name}.csv", text)

    zipped(x=OTHERS)
    assert waits(shop) == {"x.csv": "new"}
    shop.import_exports()
    assert waits(shop) == {}
    zipped(x=OTHERS, y=OTHERS.replace("\n3;", "\n5;"))
    assert waits(shop) == {"y.csv": "new"}
    (shop.folder / "exports/kassa/all.zip").write_bytes(b"PK broken")
    assert waits(shop) == {"all.zip": "new"}


def test_files_wait_to_be_read_again_and_say_why(shop: Workspace) -> None:
    map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
    assert waits(shop) == {"a.csv": "mapping"}
    assert of(shop, "a.csv").waits == "mapping"
    assert shop.files.waiting_bytes() > 0
    shop.import_exports()
    assert waits(shop) == {}
    again = of(shop, "a.csv")
    assert again.why_again == "mapping"
    assert again.read_again_at is not None
    assert again.read_again_at > again.imported_at


@pytest.mark.parametrize(
    ("setting", "why"), [('time_zone = "UTC"', "settings"), ("", ""), ("[workspace]", "time_zone")]
)
def test_what_changed_is_told_apart(shop: Workspace, setting: str, why: str) -> None:
    file = shop.folder / "klantreis.toml"
    text = file.read_text()
    if setting.startswith("["):
        text = text.replace('time_zone = "Europe/Amsterdam"', 'time_zone = "UTC"')
    file.write_text(f"{text}{setting}\n" if "=" in setting else text)
    with Workspace.open(shop.folder) as again:
        assert waits(again) == ({"a.csv": why} if why else {})


def test_a_file_that_an_earlier_version_read_so_is_not_read_again(shop: Workspace) -> None:
    """That noted how a source is read in one piece."""
    said = (shop.folder / "mappings/kassa.toml").read_bytes()
    noted = ["Europe/Amsterdam", "mapping", "mappings/kassa.toml", [], said]
    (file,) = shop.state.imported_files()
    keep(shop, file, fingerprint(noted))
    assert waits(shop) == {}
    keep(shop, file, fingerprint([*noted[:-1], b"other"]))
    assert waits(shop) == {"a.csv": "otherwise"}


def keep(shop: Workspace, file: ImportedFile, reading: str) -> None:
    shop.state.record_import([replace(file, reading=reading)], [])


def test_a_file_that_is_gone_does_not_wait_but_is_told(shop: Workspace) -> None:
    (shop.folder / "exports/kassa/a.csv").unlink()
    map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
    assert waits(shop) == {}
    assert (of(shop, "a.csv").waits, of(shop, "a.csv").is_there) == ("mapping", False)
    with pytest.raises(InputError, match="not here any more"):
        shop.files.read_again("kassa", of(shop, "a.csv").file_id)


def test_what_goes_is_told_before_it_goes(shop: Workspace) -> None:
    put(shop.folder, "b.csv", ORDERS.replace("\n1;", "\n3;"))  # 2 stands in both
    shop.import_exports()
    file = of(shop, "a.csv")
    going = shop.files.going("kassa", file.file_id)
    (table,) = going.tables
    assert (table.table, table.rows, table.elsewhere, table.merged) == ("orders", 2, 1, 0)
    assert (going.beside, going.copies, going.zipped) == (0, ("exports/kassa/a.csv",), ())
    back = shop.files.take_back("kassa", file.file_id)
    assert (back.rows, back.moved) == (2, "taken-back/kassa/a.csv")
    assert orders(shop) == {"kassa:2", "kassa:3"}
    assert waits(shop) == {}
    with pytest.raises(NotFoundError):
        shop.files.one("kassa", file.file_id)


def test_what_files_that_were_read_together_tell_too_is_told_as_not_yet_known(
    tmp_path: Path, shop: Workspace
) -> None:
    put(shop.folder, "b.csv", OTHERS)
    put(shop.folder, "c.csv", ORDERS.replace("\n1;", "\n3;"))
    shop.import_exports()
    file = of(shop, "c.csv")
    (table,) = shop.files.going("kassa", file.file_id).tables
    assert (table.rows, table.elsewhere, table.merged) == (2, 1, 1)
    assert shop.files.take_back("kassa", file.file_id).beside == 1
    assert waits(shop) == {"b.csv": "beside"}
    shop.import_exports()
    assert orders(shop) == {"kassa:1", "kassa:2", "kassa:3", "kassa:4"}
    assert of(shop, "b.csv").why_again == "beside"


def test_of_a_file_that_was_replaced_only_the_earlier_content_goes(shop: Workspace) -> None:
    earlier = of(shop, "a.csv").file_id
    put(shop.folder, "a.csv", OTHERS)
    shop.import_exports()
    back = shop.files.take_back("kassa", earlier)
    assert (back.rows, back.moved) == (2, "")
    assert (shop.folder / "exports/kassa/a.csv").exists()
    assert orders(shop) == {"kassa:3", "kassa:4"}


def test_copies_of_a_file_go_along_and_never_overwrite(shop: Workspace) -> None:
    put(shop.folder, "b.csv", OTHERS)
    shop.import_exports()
    folder = shop.folder / "exports/kassa"
    aside = shop.folder / "taken-back/kassa"
    aside.mkdir(parents=True)
    (aside / "a.csv").write_text("of an earlier time")
    shutil.copyfile(folder / "a.csv", folder / "copy.csv")
    back = shop.files.take_back("kassa", of(shop, "a.csv").file_id)
    assert back.moved == "taken-back/kassa/a-2.csv"
    assert {path.name for path in aside.iterdir()} == {"a.csv", "a-2.csv", "copy.csv"}
    assert waits(shop) == {}


def test_a_file_in_a_zip_file_with_others_is_not_taken_back(shop: Workspace) -> None:
    with ZipFile(shop.folder / "exports/kassa/all.zip", "w") as archive:
        archive.writestr("x.csv", OTHERS)
        archive.writestr("y.csv", OTHERS.replace("\n3;", "\n5;"))
    shop.import_exports()
    file = of(shop, "all.zip/x.csv")
    assert shop.files.going("kassa", file.file_id).zipped == ("exports/kassa/all.zip",)
    before = orders(shop)
    with pytest.raises(InputError, match="zip file"):
        shop.files.take_back("kassa", file.file_id)
    with pytest.raises(InputError, match="zip file"):
        shop.take_back(file.path)
    assert orders(shop) == before


def test_reading_again_is_asked_for_one_file(shop: Workspace) -> None:
    put(shop.folder, "b.csv", OTHERS)
    shop.import_exports()
    shop.files.read_again("kassa", of(shop, "b.csv").file_id)
    assert waits(shop) == {"b.csv": "asked"}
    assert shop.import_exports().again == 1
    assert of(shop, "b.csv").why_again == "asked"
    assert waits(shop) == {}


def test_nothing_is_taken_back_while_a_run_is_at_work(shop: Workspace) -> None:
    file_id = of(shop, "a.csv").file_id
    with shop.store.writing():
        for act in (shop.files.take_back, shop.files.read_again):
            with pytest.raises(WorkspaceBusyError):
                act("kassa", file_id)
    assert (shop.folder / "exports/kassa/a.csv").exists()
    assert orders(shop) == {"kassa:1", "kassa:2"}


def test_by_command(shop: Workspace) -> None:
    put(shop.folder, "b.csv", OTHERS)
    map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
    answer = CliRunner().invoke(app, ["files", str(shop.folder), "--language", "nl"])
    assert answer.exit_code == 0, answer.output
    assert "exports/kassa/a.csv" in answer.stdout
    assert "exports/kassa/b.csv" not in answer.stdout
    assert "Wacht op een import: 2 bestanden" in answer.stdout
    assert "de koppeling is veranderd: 1" in answer.stdout
    waiting = CliRunner().invoke(app, ["files", str(shop.folder), "--waiting", "--language", "en"])
    assert "exports/kassa/b.csv" in waiting.stdout
    assert "the mapping has changed" in waiting.stdout


def test_every_reason_has_words_and_every_change_is_a_reason() -> None:
    assert codes()["waits"] == WAITS
    assert set(CHANGES) <= set(WAITS)
    assert why_otherwise("a-b-c", "z-b-y") == "mapping"
    assert why_otherwise("a-b-c", "a-z-y") == "mapping"
    assert why_otherwise("a-b-c", "z-b-c") == "time_zone"


def someone_erased(shop: Workspace) -> None:
    """As an erasure leaves it: another content, known under that, with the rows of before."""
    (file,) = shop.state.imported_files()
    put(shop.folder, "a.csv", ORDERS.replace("2;B;20,00;2,00;2026-01-06\n", ""))
    path = shop.folder / file.path
    facts = path.stat()
    stands = replace(
        file, file_id=content_id(path), size_bytes=facts.st_size, changed_at=facts.st_mtime
    )
    shop.state.replace_parts({}, [stands], [file])


def test_what_a_file_gave_before_somebody_was_erased_from_it_is_replaced(shop: Workspace) -> None:
    someone_erased(shop)
    assert waits(shop) == {}
    map_as(shop.folder, MAPPING.replace("kassa:{nr}", "till:{nr}"))
    assert shop.import_exports().again == 1
    assert orders(shop) == {"till:1"}
    assert len(shop.files.taken()) == 1


def test_a_file_from_which_somebody_was_erased_is_taken_back_whole(shop: Workspace) -> None:
    put(shop.folder, "b.csv", OTHERS)
    someone_erased(shop)
    shop.import_exports()
    (shop.folder / "exports/kassa/a.csv").unlink()
    assert shop.take_back("exports/kassa/a.csv").rows == 2
    assert orders(shop) == {"kassa:3", "kassa:4"}
