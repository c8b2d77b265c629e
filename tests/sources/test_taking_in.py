"""What is read is written once a key, and every record is accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from klantreis.engine import Engine, connect
from klantreis.errors import ContractError, InputError
from klantreis.sources import ExportFile, Reading, recognise_source, take_in
from klantreis.sources.mailchimp import source as mailchimp
from klantreis.sources.social import source as social
from klantreis.sources.till import source as till
from tests.sources.files import IMPORTED_AT, SAMPLES, export_file, log_of, rows_of, taken, written

ACTIVITY = "Email Address,Campaign,Subject,Action,Timestamp,URL\n"
RECEIPTS = "Bonnummer;Filiaal;Kassa;Datum;Tijd;Klantkaart;E-mail;Regel;Artikel;Omschrijving;Aantal;Prijs;Korting;Bedrag;Betaalwijze\n"


def mention(text: str, number: int = 1) -> str:
    return (
        f'{{"id": "m{number}", "platform": "x", "created_at": "2026-01-12T08:51:40Z", '
        f'"author": {{"handle": "jan"}}, "text": "{text}"}}\n'
    )


def test_of_records_with_one_key_the_first_of_the_last_file_is_kept(tmp_path: Path) -> None:
    files = [
        export_file(written(tmp_path / "a.json", mention("old") + mention("old too"))),
        export_file(written(tmp_path / "b.json", mention("new") + mention("new too"))),
    ]
    parts = taken(social, files, tmp_path / "parts")
    assert [row["text"] for row in rows_of(parts)["feedback"]] == ["new"]
    logged = [line for part in parts for line in part.log if line.table_name == "feedback"]
    assert [(line.rows_read, line.rows_loaded, line.rows_doubled) for line in logged] == [
        (2, 1, 1),
        (2, 1, 1),
    ]


def test_a_person_in_several_files_is_seen_first_and_last_in_all_of_them(tmp_path: Path) -> None:
    files = [
        export_file(written(tmp_path / name, ACTIVITY + f"jan@x.nl,N,S,open,{moment},\n"))
        for name, moment in (("b.csv", "2026-03-01T10:00:00Z"), ("a.csv", "2026-01-01T10:00:00Z"))
    ]
    rows = rows_of(taken(mailchimp, files, tmp_path / "parts"))
    assert [row["created_at"] for row in rows["persons"]] == [datetime(2026, 1, 1, 10)]
    assert [(row["first_seen_at"], row["last_seen_at"]) for row in rows["identifiers"]] == [
        (datetime(2026, 1, 1, 10), datetime(2026, 3, 1, 10))
    ]


def test_a_value_that_several_tables_wanted_is_in_quarantine_once(tmp_path: Path) -> None:
    line = "B1;F1;1;05-01-2026;10:00:00;;;1;A1;Lamp;1;x;0,00;x;PIN\n"
    file = export_file(written(tmp_path / "bonnen.csv", RECEIPTS + line))
    parts = taken(till, [file], tmp_path / "parts")
    entries = rows_of(parts)["quarantine"]
    assert [(e["line"], e["column"], e["found"]) for e in entries] == [
        (2, "Bedrag", "x"),
        (2, "Prijs", "x"),
    ]
    assert {entry["row"] for entry in entries} == {line.strip()}
    assert len({entry["quarantine_id"] for entry in entries}) == 2


def test_a_file_with_nothing_but_a_heading_is_logged_with_noughts(tmp_path: Path) -> None:
    file = export_file(written(tmp_path / "bonnen.csv", RECEIPTS))
    parts = taken(till, [file], tmp_path / "parts")
    assert rows_of(parts) == {}
    assert {name: line.rows_read for name, line in log_of(parts).items()} == dict.fromkeys(
        ("orders", "order_lines", "persons", "identifiers"), 0
    )


def test_the_log_tells_what_was_recognised_and_the_period(tmp_path: Path) -> None:
    parts = taken(till, [export_file(SAMPLES / "till" / "bonnen_2026-01.csv")], tmp_path)
    line = log_of(parts)["orders"]
    assert (line.encoding, line.separator, line.decimal_sign) == ("Windows-1252", ";", ",")
    assert line.time_zone == "Europe/Amsterdam"
    assert line.first_at == datetime(2026, 1, 5, 13, 22, 11)
    assert line.last_at == datetime(2026, 10, 25, 1, 30)
    assert line.imported_at == IMPORTED_AT
    assert {part.part_id for part in parts} == {
        part.part_id
        for part in taken(till, [export_file(SAMPLES / "till" / "bonnen_2026-01.csv")], tmp_path)
    }


def test_a_connector_that_loses_records_is_found_out(tmp_path: Path) -> None:
    class Careless:
        name = "careless"
        tables = social.tables

        def recognise(self, file: ExportFile) -> float:
            return 0.0

        def read(self, files: Sequence[ExportFile], engine: Engine) -> Reading:
            reading = social.read(files, engine)
            tables = {name: table.limit(1) for name, table in reading.tables.items()}
            return replace(reading, tables=tables)

    file = export_file(written(tmp_path / "a.json", mention("one", 1) + mention("two", 2)))
    with pytest.raises(ContractError, match=r"careless loses records of feedback.*a\.json"):
        take_in(Careless(), [file], connect("duckdb"), tmp_path / "parts", IMPORTED_AT)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("shopify/orders_export_2026-01.csv", "shopify"),
        ("till/bonnen_2026-01.csv", "till"),
        ("ga4/events_20260105.json.gz", "ga4"),
        ("zendesk/tickets_2026-01.json", "zendesk"),
        ("mollie/payments_2026-01.json", "mollie"),
        ("leaflet/folder_2026-w02.json", "leaflet"),
        ("survey/enquete_2026.csv", "survey"),
    ],
)
def test_files_are_recognised_by_what_stands_in_them(file: str, name: str) -> None:
    assert recognise_source(export_file(SAMPLES / file)).name == name


def test_what_nobody_recognises_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = export_file(written(tmp_path / "notes.csv", "colour;shape\nred;round\n"), "odd")
    with pytest.raises(InputError, match=r"notes\.csv.*\[sources\.odd\] connector"):
        recognise_source(file)


def test_the_log_tells_the_kind_of_file_its_headings_and_which_are_read(tmp_path: Path) -> None:
    lines = RECEIPTS.splitlines()
    file = export_file(written(tmp_path / "bonnen.csv", f"{lines[0]};Kassalade\n"))
    line = log_of(taken(till, [file], tmp_path / "parts"))["orders"]
    assert line.headings == (*lines[0].split(";"), "Kassalade")
    assert "Bedrag" in line.headings_read
    assert "Kassalade" not in line.headings_read
    names = {"Betaalwijze": "Kassalade"}
    accepted = export_file(tmp_path / "bonnen.csv", renamed=names)
    line = log_of(taken(till, [accepted], tmp_path / "accepted"))["orders"]
    assert "Kassalade" in line.headings_read
    lines = [mention("one", number) for number in range(20)]
    lines[3] = lines[3].replace('"platform": "x", ', '"platform": "x", "likes": 4, ')
    spoken = export_file(written(tmp_path / "a.json", "".join(lines)))
    line = log_of(taken(social, [spoken], tmp_path / "spoken"))["feedback"]
    assert line.headings == ("id", "platform", "created_at", "author", "text")
    assert line.headings_read == line.headings
