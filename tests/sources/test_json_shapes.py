"""One and the same JSON, written on one line, by lines or in a list: read alike, or refused; never left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from klantreis.errors import InputError, UnreadableFileError
from klantreis.sources import recognise_source
from tests.sources.files import export_file, rows_of, taken, written

SAMPLES = Path(__file__).parent / "samples"
DOCUMENTS = (
    "kiyoh/reviews_2026-01.json",
    "trustpilot/reviews_2026-01.json",
    "magento/orders_2026-01.json",
    "lightspeed/orders_ecom.json",
    "zendesk/chats.json",
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
