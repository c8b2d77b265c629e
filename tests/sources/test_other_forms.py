"""Exports of the same system in another form or language give what the usual one gives."""

from __future__ import annotations

from pathlib import Path

from klantreis.sources.mailchimp import source as mailchimp
from klantreis.sources.search_console import source as search_console
from klantreis.sources.snowplow import source as snowplow
from tests.sources.files import SAMPLES, export_file, log_of, rows_of, taken

OF_THE_FILE = ("file_id",)


def test_an_event_of_snowplow_is_the_same_as_text_and_as_json(tmp_path: Path) -> None:
    told = []
    for name in ("enriched_2026-01-05.tsv", "enriched_2026-01-05.jsonl"):
        export = export_file(SAMPLES / "snowplow" / name)
        rows = rows_of(taken(snowplow, [export], tmp_path / name))
        told.append(
            {
                table: sorted(
                    str({key: value for key, value in row.items() if key not in OF_THE_FILE})
                    for row in own
                )
                for table, own in rows.items()
                if table != "quarantine"  # shows each record as it stands in its file
            }
        )
    assert told[0] == told[1]
    assert len(told[0]["events"]) == 6


def test_a_german_report_of_search_console_adds_up(tmp_path: Path) -> None:
    export = export_file(SAMPLES / "search_console" / "Suchanfragen.csv")
    parts = taken(search_console, [export], tmp_path / "terms")
    rows = rows_of(parts)["search_terms"]
    assert sum(row["impressions"] for row in rows) == 6_120 + 1_800 + 240
    assert sum(row["clicks"] for row in rows) == 262
    assert {row["position"] for row in rows} == {3.87, 9.2, 1.4}
    pages = export_file(SAMPLES / "search_console" / "Seiten.csv")
    assert search_console.recognise(pages) >= 0.5
    assert log_of(taken(search_console, [pages], tmp_path / "pages"))["search_terms"].rows_read == 0


def test_members_of_an_audience_with_dutch_fields_have_their_names(tmp_path: Path) -> None:
    export = export_file(
        SAMPLES / "mailchimp" / "subscribed_email_audience_export_nl.csv", "mailchimp"
    )
    rows = rows_of(taken(mailchimp, [export], tmp_path))
    assert [(row["person_id"], row["first_name"], row["last_name"]) for row in rows["persons"]] == [
        ("mailchimp:anna.dewit@voorbeeld.nl", "Anna", "de Wit"),
        ("mailchimp:jan@voorbeeld.nl", "Jan", "Bos"),
    ]
    (consent,) = rows["consents"]
    assert consent["consent_id"] == "mailchimp:anna.dewit@voorbeeld.nl:email_marketing:granted"
