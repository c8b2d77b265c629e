"""Columns that were renamed in an export: named, accepted, obeyed and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from klantreis import Workspace
from klantreis.cli.app import app
from klantreis.errors import InputError, NotFoundError

CRM = "Klantnummer;Kaartnummer;Voornaam;Achternaam;E-mail;Postcode\n"
MAPPING = """
[[table]]
table = "products"
columns = { product_id = "Artikel", price_amount = "Prijs" }
"""
NEW = CRM.replace("E-mail", "E-mailadres")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "shop") as workspace:
        yield workspace


def write(shop: Workspace, name: str, heading: str, *rows: str, source: str = "crm") -> None:
    folder = shop.folder / "exports" / source
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(heading + "\n".join(rows) + "\n", encoding="utf-8")


def emails(shop: Workspace) -> set[str]:
    return {
        row["email"]
        for part in shop.state.import_parts()
        if part.table_name == "persons"
        for path in shop.store.absolute(part.files)
        for row in pq.read_table(path).to_pylist()
    }


def test_a_renamed_column_is_accepted_obeyed_and_taken_back(shop: Workspace) -> None:
    write(shop, "1.csv", CRM, "1;26;An;Bos;an@x.nl;1234AB")
    shop.import_exports()
    assert shop.columns.problems() == ()
    write(shop, "2.csv", NEW, "2;27;Bo;Dam;bo@x.nl;1234AB")
    assert shop.import_exports().files == 0
    [problem] = shop.columns.problems()
    assert (problem.path, problem.source) == ("exports/crm/2.csv", "crm")
    assert (dict(problem.lacking), problem.fresh) == ({"E-mail": "E-mailadres"}, ("E-mailadres",))
    shop.columns.accept("crm", "E-mail", "E-mailadres", by="ann")
    # One of before and one of after, read together.
    write(shop, "3.csv", CRM, "3;28;Cas;Eik;cas@x.nl;1234AB")
    assert shop.import_exports().files == 2
    assert emails(shop) == {"an@x.nl", "bo@x.nl", "cas@x.nl"}
    assert shop.columns.problems() == ()
    shop.columns.take_back("crm", "E-mail", by="ann")
    write(shop, "4.csv", NEW, "4;29;Dot;Fok;dot@x.nl;1234AB")
    assert shop.import_exports().files == 0
    with pytest.raises(NotFoundError):
        shop.columns.take_back("crm", "E-mail", by="ann")


def test_a_file_that_is_merely_another_one_names_no_columns(shop: Workspace) -> None:
    write(shop, "other.csv", "Klantnummer;Kleur;Maat\n", "1;rood;M")
    shop.import_exports()
    [problem] = shop.columns.problems()
    assert problem.lacking == {}
    assert problem.parts[0] == "No connector recognises the file"


def test_a_value_under_a_new_name_is_repaired(shop: Workspace) -> None:
    """The quarantine names the column as the connector does."""
    (shop.folder / "artikelen.toml").write_text(MAPPING, encoding="utf-8")
    with (shop.folder / "klantreis.toml").open("a", encoding="utf-8") as settings:
        settings.write('[sources.artikelen]\nconnector = "mapping"\nmapping = "artikelen.toml"\n')
    with Workspace.open(shop.folder) as again:
        write(again, "1.csv", "Artikel;Bedrag\n", "A;veel", source="artikelen")
        again.columns.accept("artikelen", "Prijs", "Bedrag", by="ann")
        assert again.import_exports().quarantined == 1
        [entry] = again.repairs.aside()
        done = again.repairs.repair({entry["quarantine_id"]: "12"}, by="ann")
        assert (done.loaded, done.problems) == (1, ())
        assert again.repairs.aside() == []


@pytest.mark.parametrize(("known", "now"), [("", "b"), ("a", " "), ("a", "A"), ("a", "b" * 501)])
def test_what_is_no_new_name_is_refused(shop: Workspace, known: str, now: str) -> None:
    with pytest.raises(InputError):
        shop.columns.accept("crm", known, now, by="ann")


def test_the_command_line_accepts_lists_and_takes_back(shop: Workspace) -> None:
    write(shop, "2.csv", NEW, "2;27;Bo;Dam;bo@x.nl;1234AB")
    folder = str(shop.folder)
    run = CliRunner().invoke
    imported = run(app, ["import", folder])
    assert imported.exit_code == 1
    assert "klantreis columns" in imported.stderr.replace("\n", " ")
    asked = run(app, ["columns", folder]).stderr
    assert "de kolom E-mail ontbreekt, misschien heet die nu E-mailadres" in asked
    asked = run(app, ["columns", folder, "--language", "en"]).stderr
    assert "the column E-mail is lacking, perhaps it is called E-mailadres now" in asked
    said = run(app, ["columns", folder, "--source", "crm", "--column", "E-mail=E-mailadres"])
    assert "Ingelezen: 1 bestand" in said.stderr
    assert "crm: E-mail heet nu E-mailadres (" in said.stdout
    listed = run(app, ["columns", folder, "--language", "en"]).stdout
    assert "crm: E-mail is now called E-mailadres (" in listed
    run(app, ["columns", folder, "--source", "crm", "--take-back", "E-mail"])
    assert run(app, ["columns", folder]).stdout == ""
