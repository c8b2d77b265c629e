"""One and the same JSON, written on one line, by lines or in a list: read alike, or refused; never left out."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from klantreis.errors import InputError, UnreadableFileError
from klantreis.sources import recognise_source
from tests.sources.files import SAMPLES, export_file, rows_of, taken, written

DOCUMENTS = (
    "kiyoh/reviews_2026-01.json",
    "trustpilot/reviews_2026-01.json",
    "magento/orders_2026-01.json",
    "lightspeed/orders_ecom.json",
    "zendesk/chats.json",
)
BY_LINES = (
    "ga4/events_20260105.json.gz",
    "klaviyo/events.jsonl",
    "mollie/payments_2026-01.json",
    "search_console/rows.jsonl",
    "segment/calls.jsonl",
    "social/mentions.json",
    "zendesk/tickets_2026-01.json",
)


def loaded(path: Path) -> dict[str, list[dict[str, Any]]]:
    file = export_file(path)
    tables = rows_of(taken(recognise_source(file), [file], path.parent / "parts"))
    return {name: [{**row, "file_id": ""} for row in rows] for name, rows in tables.items()}


@pytest.mark.parametrize("sample", DOCUMENTS)
def test_a_document_on_one_line_gives_what_it_gives_on_many(tmp_path: Path, sample: str) -> None:
    many = SAMPLES / sample
    text = json.dumps(json.loads(many.read_text(encoding="utf-8")))
    one = loaded(written(tmp_path / "one" / many.name, text))
    usual = loaded(written(tmp_path / "many" / many.name, many.read_bytes()))
    assert {**one, "quarantine": []} == {**usual, "quarantine": []}


def test_a_list_of_records_may_come_as_a_record_on_each_line(tmp_path: Path) -> None:
    listed = SAMPLES / "woocommerce" / "customers.json"
    records = json.loads(listed.read_text(encoding="utf-8"))
    lines = "\n".join(map(json.dumps, records))
    by_lines = loaded(written(tmp_path / "lines" / listed.name, lines))
    usual = loaded(written(tmp_path / "list" / listed.name, listed.read_bytes()))
    assert by_lines["persons"] == usual["persons"]


def records_of(sample: str) -> list[dict[str, Any]]:
    """The records of a sample that can be read at all."""
    content = (SAMPLES / sample).read_bytes()
    text = (gzip.decompress(content) if sample.endswith(".gz") else content).decode("utf-8-sig")
    found = []
    for line in text.splitlines():
        with suppress(ValueError):
            found.append(json.loads(line))
    return found


def in_a_list(records: list[dict[str, Any]], shape: str) -> str:
    if shape == "a record on each line":
        return "[\n" + ",\n".join(map(json.dumps, records)) + "\n]\n"
    return json.dumps(records, indent=2 if shape == "many lines" else None)


def without_places(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """The rows without where they stood; the quarantine shows a row as it stood."""
    left_out = ("line", "row", "quarantine_id", "path")
    return {
        name: sorted(repr({k: v for k, v in row.items() if k not in left_out}) for row in rows)
        for name, rows in tables.items()
    }


@pytest.mark.parametrize("shape", ["one line", "many lines", "a record on each line"])
@pytest.mark.parametrize("sample", BY_LINES)
def test_what_comes_by_lines_may_come_as_one_list(tmp_path: Path, sample: str, shape: str) -> None:
    name = Path(sample).name.removesuffix(".gz")
    records = records_of(sample)
    by_lines = loaded(written(tmp_path / "lines" / name, "\n".join(map(json.dumps, records))))
    listed = loaded(written(tmp_path / "list" / name, in_a_list(records, shape)))
    assert any(rows for table, rows in listed.items() if table != "quarantine")
    assert without_places(listed) == without_places(by_lines)


def test_an_element_of_a_list_of_events_that_is_none_is_put_aside_by_its_number(
    tmp_path: Path,
) -> None:
    first, *_ = records_of(BY_LINES[0])
    odd = {**first, "event_timestamp": "gisteren"}
    text = json.dumps([first, 3, odd], indent=2).encode("utf-16")
    [unreadable, untimed] = loaded(written(tmp_path / "events.json", text))["quarantine"]
    assert (unreadable["line"], unreadable["row"]) == (2, "3")
    assert (untimed["line"], untimed["found"]) == (3, "gisteren")
    assert json.loads(untimed["row"]) == odd


def test_a_list_of_events_that_breaks_off_is_refused(tmp_path: Path) -> None:
    text = json.dumps(records_of(BY_LINES[0])[:2], indent=2)[:-20]
    with pytest.raises(UnreadableFileError, match="The file is damaged"):
        loaded(written(tmp_path / "events.json", text))


@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "many lines"])
def test_records_in_a_list_that_the_mapping_does_not_name_are_no_export_of_it(
    tmp_path: Path, indent: int | None
) -> None:
    records = json.loads((SAMPLES / "woocommerce" / "customers.json").read_text(encoding="utf-8"))
    within = written(tmp_path / "customers.json", json.dumps({"data": records}, indent=indent))
    with pytest.raises(InputError, match="No connector recognises the file"):
        recognise_source(export_file(within))


@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "many lines"])
def test_a_list_of_documents_is_refused_and_not_read_as_nothing(
    tmp_path: Path, indent: int | None
) -> None:
    document = json.loads((SAMPLES / DOCUMENTS[0]).read_text(encoding="utf-8"))
    pages = written(tmp_path / "reviews.json", json.dumps([document, document], indent=indent))
    with pytest.raises(UnreadableFileError, match=r"lacks the list with the records.*'reviews'"):
        loaded(pages)
