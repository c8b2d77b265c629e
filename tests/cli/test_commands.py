from __future__ import annotations

import csv
import errno
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.brief import run_until
from tests.worker.baskets import make_baskets
from typer.testing import CliRunner

from klantreis import Workspace
from klantreis.cli import app as cli
from klantreis.cli.app import app
from klantreis.errors import StoppedError
from klantreis.tables import TABLES
from klantreis.workspace.audience_members import AudienceMembers

COMMANDS = (
    "init",
    "simulate",
    "guess",
    "import",
    "run",
    "serve",
    "demo",
    "tables",
    "query",
    "export",
    "files",
    "quality",
    "quarantine",
    "document",
    "strategy",
    "needs",
    "kpis",
    "plan",
    "users",
    "audiences",
    "backup",
    "restore",
    "person",
    "retain",
    "who",
)


def call(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


def fail(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str | Path
) -> str:
    monkeypatch.setattr("sys.argv", ["klantreis", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("module", "left_out"),
    [
        ("klantreis.cli", {"klantreis.workspace", "duckdb", "ibis", "pyarrow", "sqlalchemy"}),
        ("klantreis.workspace", {"pandas", "scipy.optimize", "splink", "sklearn"}),
    ],
)
def test_nobody_waits_for_libraries_that_are_not_used(module: str, left_out: set[str]) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert module in loaded.split()
    assert not left_out.intersection(loaded.split())


def test_help_names_every_command_with_what_it_does() -> None:
    text = call("--help")
    for command in COMMANDS:
        assert f" {command} " in text
        assert "Usage" in call(command, "--help")


def test_a_new_workspace_says_where_exports_go(tmp_path: Path) -> None:
    text = call("init", tmp_path / "shop", "--name", "Huis")
    assert "exports/shopify" in text
    assert Workspace.open(tmp_path / "shop").settings.name == "Huis"


def test_commands_to_copy_hold_a_folder_with_blanks_together(tmp_path: Path) -> None:
    folder = tmp_path / "café & co"
    assert f"klantreis import '{folder}' && klantreis run '{folder}'" in call("init", folder)


def test_a_run_can_take_in_what_waits_first(
    small_shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLANTREIS_BY", "every night")
    (small_shop.folder / "exports" / "till" / "leeg.csv").write_text("", encoding="utf-8")
    told = " ".join(call("run", small_shop.folder, "--import", "--language", "en", code=1).split())
    assert "Taken in: 0 files" in told
    assert "Not taken in: exports/till/leeg.csv" in told
    assert "Published" in told, "one file that cannot be read does not keep the others"
    last = small_shop.updates.last
    assert last is not None
    assert (last.status, last.by, last.not_taken) == ("done", "every night", 1)


def test_import_and_run_of_a_small_shop_of_one_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Workspace, "_make_tables", lambda shop, **_: run_until(shop, "source_columns")
    )
    call("init", tmp_path)
    till = tmp_path / "exports" / "till"
    till.mkdir(parents=True)
    heading = "Bonnummer;Filiaal;Kassa;Datum;Tijd;Klantkaart;E-mail;Regel;Artikel;Omschrijving;Aantal;Prijs;Korting;Bedrag;Betaalwijze"
    lines = [
        "B1;F01;1;02-03-2026;10:15:00;2600000000017;;1;A-1;Kussen;2;12,50;0,00;25,00;pin",
        "B2;F01;1;03-03-2026;11:00:00;2600000000017;;1;A-2;Vaas;1;19,95;0,00;abc;pin",
        "B3;F02;1;04-03-2026;12:00:00;;ann@voorbeeld.nl;1;A-2;Vaas;1;1.019,95;0,00;1.019,95;contant",
    ]
    (till / "bonnen.csv").write_text("\n".join([heading, *lines]), encoding="cp1252")
    assert "Ingelezen: 1 bestand, 8 rijen, en 1 in quarantaine" in " ".join(
        call("import", tmp_path).split()
    )
    call("run", tmp_path)
    orders = call(
        "query", tmp_path, "SELECT order_id, total_amount FROM orders ORDER BY 1", "--csv"
    )
    assert list(csv.reader(io.StringIO(orders)))[1:] == [
        ["till:B1", "25.0000"],
        ["till:B3", "1019.9500"],
    ]
    assert "till" in call("quality", tmp_path)
    assert "Gaten: 0" in call("quality", tmp_path, "--source", "till")
    of_till = call("quality", tmp_path, "--source", "till", "--language", "en")
    assert "Gaps: 0" in of_till
    assert "nothing to compare with yet" in of_till
    aside = call("quarantine", tmp_path)
    assert "abc" in aside
    assert "Bedrag" in aside
    assert "gevonden 'abc'; mag zijn: " in aside
    assert "found 'abc'; allowed: " in call("quarantine", tmp_path, "--language", "en")
    assert "1 waarde geschreven naar" in call(
        "quarantine", tmp_path, "--export", tmp_path / "aside.csv"
    )
    assert "Taken in: 0 files" in call("import", tmp_path, "--language", "en")


def test_guess_writes_a_mapping_that_reads_the_file(tmp_path: Path) -> None:
    call("init", tmp_path)
    contacts = tmp_path / "exports" / "relaties"
    contacts.mkdir(parents=True)
    file = contacts / "relaties.csv"
    file.write_text("Relatienr;Achternaam;E-mail\n1;Bos;a@b.nl\n2;Dam;c@d.nl\n", encoding="cp1252")
    mapping = tmp_path / "mappings" / "relaties.toml"
    text = call("guess", tmp_path, file, "--output", mapping)
    assert "identifiers.customer_number" in text
    settings = tmp_path / "klantreis.toml"
    section = '[sources.relaties]\nconnector = "mapping"\nmapping = "mappings/relaties.toml"'
    assert section in text
    settings.write_text(f"{settings.read_text()}\n{section}")
    assert "Ingelezen: 1 bestand" in call("import", tmp_path)


def test_guess_does_not_write_over_a_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call("init", tmp_path)
    file = tmp_path / "klanten.csv"
    file.write_text("E-mail;Telefoon\na@b.nl;06-12345678\n", encoding="utf-8")
    mapping = tmp_path / "klanten.toml"
    mapping.write_text("# by hand\n", encoding="utf-8")
    told = fail(capsys, monkeypatch, "guess", tmp_path, file, "--output", mapping)
    assert "klanten.toml" in told
    assert mapping.read_text(encoding="utf-8") == "# by hand\n"


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call("init", tmp_path)
    told = fail(capsys, monkeypatch, "backup", tmp_path, tmp_path / "nowhere" / "at" / "all.zip")
    assert "nowhere" in told


def test_guess_prints_the_mapping_as_it_would_write_it(tmp_path: Path) -> None:
    """Also `:email:` and `:phone:`, which a terminal library may take for drawings."""
    call("init", tmp_path)
    file = tmp_path / "klanten.csv"
    file.write_text("E-mail;Telefoon\na@b.nl;06-12345678\nc@d.nl;06-87654321\n", encoding="utf-8")
    mapping = tmp_path / "klanten.toml"
    call("guess", tmp_path, file, "--output", mapping)
    assert "{source}:email:{E-mail|lower}" in mapping.read_text(encoding="utf-8")
    assert mapping.read_text(encoding="utf-8") in call("guess", tmp_path, file)


def test_guess_says_why_totals_are_not_used(tmp_path: Path) -> None:
    call("init", tmp_path)
    file = tmp_path / "klanten.csv"
    file.write_text("E-mail;Aantal orders;Omzet\na@b.nl;3;9,50\n", encoding="utf-8")
    assert "geen kolom zegt wanneer de laatste was" in call("guess", tmp_path, file)
    text = call("guess", tmp_path, file, "--language", "en")
    assert "Totals of purchases are not used: no column says when the last one was" in text


def test_tables_shows_rows_and_columns(shop_folder: Path) -> None:
    text = call("tables", shop_folder)
    assert all(name in text for name in TABLES)
    assert "recency_days" in call("tables", shop_folder, "rfm")


def test_query_answers_sql_over_the_tables(shop_folder: Path) -> None:
    text = call("query", shop_folder, "SELECT count(*) AS n FROM customers", "--csv")
    with Workspace.open(shop_folder) as workspace:
        published = workspace.published
        assert published is not None
        assert text.split() == ['"n"', str(published.tables["customers"].rows)]


def rows_in(file: Path) -> int:
    if file.suffix == ".parquet":
        return int(pq.read_metadata(file).num_rows)
    if file.suffix == ".xlsx":
        return len(list(openpyxl.load_workbook(file, read_only=True).worksheets[0].rows)) - 1
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        return len([json.loads(line) for line in text.splitlines()])
    return len(list(csv.DictReader(io.StringIO(text))))


@pytest.mark.parametrize("format", ["csv", "parquet", "json", "xlsx"])
def test_export_writes_the_whole_table(shop_folder: Path, tmp_path: Path, format: str) -> None:
    file = tmp_path / f"rfm.{format}"
    call("export", shop_folder, "rfm", "--format", format, "--to", file)
    count = rows_in(file)
    with Workspace.open(shop_folder) as workspace:
        published = workspace.published
        assert published is not None
        assert count == published.tables["rfm"].rows > 0


def test_errors_are_one_clear_line_without_a_traceback(
    shop_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "klantreis init" in fail(capsys, monkeypatch, "run", tmp_path)
    assert "custmers" in fail(capsys, monkeypatch, "query", shop_folder, "SELECT * FROM custmers")
    assert "toegestaan: persons" in fail(capsys, monkeypatch, "tables", shop_folder, "custmers")
    empty = tmp_path / "empty"
    Workspace.create(empty).close()
    assert "exports/shopify/orders.csv" in fail(capsys, monkeypatch, "import", empty)


def test_what_the_machine_refuses_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Workspace) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "orders.parquet")

    Workspace.create(tmp_path).close()
    monkeypatch.setattr(Workspace, "import_exports", lambda self, **_: full(self))
    told = fail(capsys, monkeypatch, "import", tmp_path, "--language", "en")
    assert told.endswith(
        "Error: The machine refuses in orders.parquet: got No space left on device."
    )


def test_a_state_that_cannot_be_opened_is_told_with_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.create(tmp_path).close()
    broken = tmp_path / ".klantreis" / "state.sqlite"
    broken.write_bytes(b"no database" * 100)
    told = fail(capsys, monkeypatch, "tables", tmp_path)
    assert "De toestand is niet te openen" in told
    assert "not a database" in told


def test_an_import_that_is_stopped_before_the_first_file_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("klantreis.runner.importing.find_exports", stopped)
    with Workspace.create(tmp_path) as shop, pytest.raises(StoppedError, match="goes on from here"):
        shop.import_exports()


def test_audiences_are_saved_counted_exported_and_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    make_baskets(folder).close()
    rule = "did 'add_to_cart'"
    assert "5 klanten, 5 mogen mail krijgen" in call("audiences", folder, "--rule", rule)
    english = ("--rule", rule, "--language", "en")
    assert "5 customers, 5 may be mailed" in call("audiences", folder, *english)
    assert "95% interval" in call("audiences", folder, *english, "--estimate")
    saved = call("audiences", folder, "--save", "Baskets", "--rule", rule)
    assert "Baskets" in saved
    assert "Kwamen" in call("audiences", folder, "--history", "Baskets")
    assert "Came" in call("audiences", folder, "--history", "Baskets", "--language", "en")
    file = tmp_path / "list.csv"
    told = call("audiences", folder, "--export", "Baskets", "--to", file)
    assert "5 klanten" in told
    assert file.read_text().startswith("customer_id,name,email")
    call("audiences", folder, "--export", "Baskets", "--to", file, "--platform", "meta")
    assert "@" not in file.read_text()
    assert "Baskets" not in call("audiences", folder, "--remove", "Baskets")
    with Workspace.open(folder) as workspace:
        actions = {line.action for line in workspace.state.audit.lines(limit=10)}
    assert {"audiences_save", "audiences_csv", "audiences_hashed", "audiences_remove"} <= actions


def test_who_came_into_an_audience_and_who_left_it_is_shown_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, file = tmp_path / "shop", tmp_path / "came.csv"
    with make_baskets(folder) as workspace:
        workspace.audiences.save("Baskets", "did 'add_to_cart'", by="Ann")
        (size,) = workspace.state.audiences.sizes("Baskets")
        kept = AudienceMembers(workspace.store.folder)
        for days, members in ((7, [1, 2, 3, 4, 5]), (1, [1, 2, 3]), (0, [2, 3, 4, 5])):
            at = size.measured_at - timedelta(days=days)
            kept.keep(size.rule_mark, np.array(members), at=at, now_known_as={})
            workspace.state.audiences.keep_size(replace(size, measured_at=at))
    told = call("audiences", folder, "--came", "Baskets", "--to", file, "--language", "en")
    assert "Came in: 2 customers" in told
    assert "Sanne 4" in told
    assert "Sanne 1" not in told
    assert [line[:2] for line in file.read_text().splitlines()[1:]] == ["4,", "5,"]
    assert "Vertrokken: 1 klant" in call("audiences", folder, "--left", "Baskets")
    day = (size.measured_at - timedelta(days=1)).date().isoformat()
    assert "Vertrokken: 2 klanten" in call("audiences", folder, "--left", "Baskets", "--at", day)
    refused = fail(
        capsys, monkeypatch, "audiences", folder, "--left", "Baskets", "--at", "2020-01-01"
    )
    assert "toegestaan: 2026-01-13T11:00, 2026-01-14T11:00" in refused


def test_who_tells_which_customer_a_record_is_and_why(shop_folder: Path) -> None:
    with Workspace.open(shop_folder) as workspace:
        (row,) = workspace.sql(
            """SELECT customer_id, email FROM customers WHERE email IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM blocked_identifiers b WHERE b.value = email)
            ORDER BY customer_id LIMIT 1"""
        ).to_pylist()
    text = call("who", shop_folder, "--email", row["email"].upper())
    assert f"Klant {row['customer_id']}, gevonden op e-mailadres" in text
    english = call("who", shop_folder, "--email", row["email"], "--language", "en")
    assert f"Customer {row['customer_id']}, by e-mail address" in english
    assert "Niemand die we kennen" in call("who", shop_folder, "--name", "Q Xyz")
    told = json.loads(call("who", shop_folder, "--name", "Q Xyz", "--town", "Elders", "--json"))
    assert (told["customer_id"], told["band"]) == (None, "none")
    assert call("who", shop_folder, "--born", "31-5-1980", code=1) == ""


def test_the_command_line_also_starts_as_a_module() -> None:
    asked = [sys.executable, "-m", "klantreis", "--version"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("klantreis ")
