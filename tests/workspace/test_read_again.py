"""Files are read again when how their source is read has changed, and only then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from klantreis import Workspace
from klantreis.errors import StoppedError
from klantreis.runner import Import, importing
from klantreis.words import translator
from klantreis.words.imports import again_told
from tests.brief import run_sources

ORDERS = "nr;klant;bedrag;korting;datum\n1;A;10,00;1,00;2026-01-05\n2;B;20,00;2,00;2026-01-06\n"
MAPPING = """
[[file]]
[[file.table]]
table = "orders"
[file.table.columns]
order_id = "kassa:{nr}"
person_id = "kassa:{klant}"
kind = { value = "sale" }
channel = { value = "store" }
status = { value = "completed" }
ordered_at = "datum"
total_amount = "bedrag"
"""
SETTINGS = """
[sources.kassa]
connector = "mapping"
mapping = "mappings/kassa.toml"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    folder = tmp_path / "shop"
    Workspace.create(folder, name="Huis").close()
    with (folder / "klantreis.toml").open("a") as settings:
        settings.write(SETTINGS)
    map_as(folder, MAPPING)
    put(folder, "a.csv", ORDERS)
    return Workspace.open(folder)


def map_as(folder: Path, mapping: str) -> None:
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "kassa.toml").write_text(mapping)


def put(folder: Path, name: str, text: str) -> None:
    exports = folder / "exports" / "kassa"
    exports.mkdir(parents=True, exist_ok=True)
    (exports / name).write_text(text)


def orders(shop: Workspace) -> dict[str, float]:
    run_sources(shop)
    rows = shop.rows(shop.table("orders"))
    return {row["order_id"]: float(row["total_amount"]) for row in rows}


def test_a_corrected_mapping_is_used_for_what_was_taken_in(shop: Workspace) -> None:
    with shop:
        assert shop.import_exports().again == 0
        assert orders(shop) == {"kassa:1": 10.0, "kassa:2": 20.0}
        map_as(shop.folder, MAPPING.replace('"bedrag"', '"korting"'))
        taken = shop.import_exports()
        assert (taken.files, taken.again, taken.kept, taken.rows) == (1, 1, 0, 2)
        assert orders(shop) == {"kassa:1": 1.0, "kassa:2": 2.0}
        assert shop.import_exports().files == 0


def test_rows_that_no_longer_come_of_it_are_gone(shop: Workspace) -> None:
    with shop:
        shop.import_exports()
        map_as(shop.folder, MAPPING.replace("kassa:{nr}", "till:{nr}"))
        shop.import_exports()
        assert orders(shop) == {"till:1": 10.0, "till:2": 20.0}
        assert len(shop.rows(shop.table("imports"))) == 1


def test_what_was_put_aside_is_taken_in_by_a_mapping_that_fits(shop: Workspace) -> None:
    with shop:
        map_as(shop.folder, MAPPING.replace('"bedrag"', '"klant"'))
        assert shop.import_exports().quarantined == 2
        map_as(shop.folder, MAPPING)
        taken = shop.import_exports()
        assert (taken.again, taken.quarantined) == (1, 0)
        assert orders(shop) == {"kassa:1": 10.0, "kassa:2": 20.0}
        assert not shop.rows(shop.table("quarantine"))


def test_the_file_that_came_last_still_holds(shop: Workspace) -> None:
    with shop:
        put(shop.folder, "z.csv", ORDERS.replace("10,00", "99,00"))
        shop.import_exports()
        put(shop.folder, "b.csv", ORDERS.replace("10,00", "11,00"))
        shop.import_exports()
        assert orders(shop)["kassa:1"] == 11.0
        map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
        assert shop.import_exports().again == 3
        assert orders(shop)["kassa:1"] == 11.0


def test_the_file_that_came_last_holds_when_only_some_were_read_again(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "FILES_AT_ONCE", 2)
    take = Import._take
    taken: list[Any] = []

    def stopped(self: Import, *asked: Any) -> Any:
        if taken:
            raise KeyboardInterrupt
        taken.append(asked)
        return take(self, *asked)

    with shop:
        for name in "bcdef":
            put(shop.folder, f"{name}.csv", ORDERS.replace("10,00", f"{ord(name)},00"))
        shop.import_exports()
        assert orders(shop)["kassa:1"] == ord("f")
        map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
        for number in range(1, 3):
            with monkeypatch.context() as patched:
                patched.setattr(Import, "_take", stopped)
                with pytest.raises(StoppedError):
                    shop.import_exports()
            taken.clear()
            assert orders(shop)["kassa:1"] == ord("f"), f"{number} of three were read again"
        assert shop.import_exports().again == 2
        assert orders(shop)["kassa:1"] == ord("f")
        (shop.folder / "exports/kassa/f.csv").unlink()
        shop.take_back("exports/kassa/f.csv")
        assert shop.import_exports().again == 1
        assert orders(shop)["kassa:1"] == ord("e")


def test_a_file_that_is_not_there_any_more_keeps_its_rows_and_is_told(shop: Workspace) -> None:
    with shop:
        put(shop.folder, "b.csv", ORDERS.replace("\n1;", "\n3;").replace("\n2;", "\n4;"))
        shop.import_exports()
        (shop.folder / "exports" / "kassa" / "b.csv").unlink()
        map_as(shop.folder, MAPPING.replace('"bedrag"', '"korting"'))
        taken = shop.import_exports()
        assert (taken.again, taken.kept) == (1, 1)
        known = {"kassa:1": 1.0, "kassa:2": 2.0, "kassa:3": 10.0, "kassa:4": 20.0}
        assert orders(shop) == known
        told = list(again_told(translator("en", "Europe/Amsterdam"), taken))
        assert [line.split(":")[0].split(",")[0] for line in told] == [
            "Of these 1 file read again",
            "Not read again",
        ]
        assert shop.import_exports().again == 0


def test_a_mapping_that_does_not_fit_leaves_what_was_read(shop: Workspace) -> None:
    with shop:
        shop.import_exports()
        map_as(shop.folder, MAPPING.replace('"bedrag"', '"prijs"'))
        taken = shop.import_exports()
        assert (taken.files, len(taken.problems)) == (0, 1)
        assert orders(shop) == {"kassa:1": 10.0, "kassa:2": 20.0}


def test_settings_of_a_source_are_part_of_how_it_is_read(shop: Workspace) -> None:
    with shop:
        shop.import_exports()
        folder = shop.folder
    with (folder / "klantreis.toml").open("a") as settings:
        settings.write('time_zone = "UTC"\n')
    with Workspace.open(folder) as again:
        assert again.import_exports().again == 1
        run_sources(again)
        rows = again.rows(again.table("orders"))
        assert {one["ordered_at"].hour for one in rows} == {0}


def test_a_repaired_row_stays_repaired(shop: Workspace) -> None:
    with shop:
        put(shop.folder, "a.csv", ORDERS.replace("10,00", "tien"))
        assert shop.import_exports().quarantined == 1
        (entry,) = shop.repairs.aside()
        assert shop.repairs.repair({entry["quarantine_id"]: "12,00"}, by="ann").loaded == 1
        map_as(shop.folder, MAPPING.replace('"completed"', '"pending"'))
        assert shop.import_exports().again == 1
        assert orders(shop) == {"kassa:1": 12.0, "kassa:2": 20.0}
