"""A file that should not have been taken in is taken out again, as if it had never come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from klantreis import Workspace
from klantreis.cli.app import app
from klantreis.errors import InputError
from tests.brief import run_sources

HEADING = "Bonnummer;Filiaal;Kassa;Datum;Tijd;Klantkaart;E-mail;Regel;Artikel;Omschrijving;Aantal;Prijs;Korting;Bedrag;Betaalwijze"
RIGHT = "B1;F01;1;02-03-2026;10:15:00;2600000000017;;1;A-1;Kussen;2;12,50;0,00;25,00;pin"
OTHER = "B1;F01;1;02-03-2026;10:15:00;2600000000017;;1;A-1;Kussen;2;50,00;0,00;100,00;pin"
NEW = "B2;F01;1;03-03-2026;11:00:00;2600000000017;;1;A-2;Vaas;1;20,00;0,00;20,00;pin"
WRONG = "B3;F01;1;03-03-2026;11:00:00;2600000000017;;1;A-2;Vaas;1;20,00;0,00;abc;pin"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "shop") as workspace:
        put(workspace, "a.csv", RIGHT)
        put(workspace, "b.csv", OTHER, NEW, WRONG)
        workspace.import_exports()
        yield workspace


def put(shop: Workspace, name: str, *lines: str) -> None:
    till = shop.folder / "exports" / "till"
    till.mkdir(exist_ok=True)
    (till / name).write_text("\r\n".join([HEADING, *lines]) + "\r\n", encoding="cp1252")


def orders(shop: Workspace) -> dict[str, float]:
    run_sources(shop)
    return {row["order_id"]: float(row["total_amount"]) for row in shop.rows(shop.table("orders"))}


def test_what_it_gave_is_gone_and_what_it_stood_before_is_back(shop: Workspace) -> None:
    assert orders(shop) == {"till:B1": 100.0, "till:B2": 20.0}
    (shop.folder / "exports/till/b.csv").unlink()
    back = shop.take_back("exports/till/b.csv")
    assert back.beside == 1, "of B1 only the last was kept, so the other file is read again"
    assert shop.import_exports().again == 1
    assert orders(shop) == {"till:B1": 25.0}
    assert not shop.repairs.aside()
    told = shop.rows(shop.table("imports"))
    assert {row["path"] for row in told} == {"exports/till/a.csv"}


def test_it_may_come_again(shop: Workspace) -> None:
    held = (shop.folder / "exports/till/b.csv").read_bytes()
    (shop.folder / "exports/till/b.csv").unlink()
    shop.take_back("exports/till/b.csv")
    (shop.folder / "exports/till/b.csv").write_bytes(held)
    shop.import_exports()
    assert orders(shop) == {"till:B1": 100.0, "till:B2": 20.0}


@pytest.mark.parametrize(
    ("path", "told"),
    [("exports/till/b.csv", "still there"), ("exports/till/c.csv", "was not taken in")],
)
def test_a_file_that_cannot_be_taken_back_is_refused(shop: Workspace, path: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        shop.take_back(path)
    assert orders(shop) == {"till:B1": 100.0, "till:B2": 20.0}


def test_by_command(shop: Workspace) -> None:
    (shop.folder / "exports/till/b.csv").unlink()
    command = ["import", str(shop.folder), "--take-back", "exports/till/b.csv", "--language", "nl"]
    answer = CliRunner().invoke(app, command)
    assert answer.exit_code == 0, answer.output
    assert "Weggehaald: " in answer.stderr
    assert "1 bestand opnieuw gelezen" in answer.stderr
    assert orders(shop) == {"till:B1": 25.0}
