from __future__ import annotations

import gzip
import io
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.workspace.needles import Identifier, Needles
from klantreis.workspace.rewriting import without_rows

ANN = Needles(
    identifiers=(
        Identifier("email", "shopify", "Ann@Voorbeeld.nl"),
        Identifier("phone", "crm", "06-12345678"),
        Identifier("cookie", "ga4", "GA1.2.345.678"),
        Identifier("customer_number", "shopify", "1001"),
    ),
    persons=frozenset({"shopify:1001", "crm:7"}),
    orders=frozenset({"shopify:#5001"}),
)


def csv_after(text: str, source: str = "shopify") -> str:
    kept = without_rows("a.csv", text.encode(), source, ANN)
    assert kept is not None
    return kept.decode()


@pytest.mark.parametrize(
    "row",
    [
        "x;ann@voorbeeld.nl;",
        'x;"ANN@VOORBEELD.NL";',
        "x;mail naar ann@voorbeeld.nl, graag;",
        "x;;0612345678",
        "x;;+31 6 1234 5678",
        "x;;0031-6-12345678",
        'x;"twee\nregels ann@voorbeeld.nl";',
    ],
)
def test_a_row_with_an_identifier_goes_and_others_keep_their_bytes(row: str) -> None:
    others = [
        "a;joann@voorbeeld.nl;0612345679",
        'b;"met ""haken""";\r',
        "c;ann@voorbeeld.nl.example;",
    ]
    text = "\n".join(["naam;mail;tel", others[0], row, *others[1:], ""])
    assert csv_after(text) == "\n".join(["naam;mail;tel", *others, ""])


def test_rows_of_an_order_go_with_its_owner_and_equal_numbers_elsewhere_stay() -> None:
    text = "Name,Email,SKU,Qty\n#5001,ann@voorbeeld.nl,A,1\n#5001,,B,2\n#5002,,5001,5001\n"
    assert csv_after(text) == "Name,Email,SKU,Qty\n#5002,,5001,5001\n"


def test_a_sources_own_number_only_counts_in_that_source_and_in_a_column_of_numbers() -> None:
    text = "customer_id,price\n1001,5\n1002,1001\n"
    assert csv_after(text) == "customer_id,price\n1002,1001\n"
    assert csv_after(text, source="till") == text


def test_a_quote_that_does_not_pair_takes_no_other_rows_along() -> None:
    rows = [f'{n},5" vaas,x{n}@y.nl' if n == 3 else f"{n},vaas,x{n}@y.nl" for n in range(600)]
    rows[400] = "400,vaas,ann@voorbeeld.nl"
    kept = csv_after("\n".join(["id2,what,mail", *rows]))
    assert kept.splitlines()[1:] == rows[:400] + rows[401:]


def test_json_lines_and_lists_lose_only_their_objects() -> None:
    one, two = {"user": "GA1.2.345.678"}, {"order": {"order_id": "#5001"}}
    other = {"mail": "bob@voorbeeld.nl", "prijs": 1001}
    lines = "\n".join(map(json.dumps, (one, other, two))) + "\n"
    assert without_rows("a.json", lines.encode(), "ga4", ANN) == (json.dumps(other) + "\n").encode()
    for text, wanted in (
        (json.dumps({"tickets": [one, other, two, other]}), {"tickets": [other, other]}),
        (json.dumps([one, two], indent=2), []),
        (json.dumps([other, one], indent=2), [other]),
    ):
        kept = without_rows("a.json", text.encode(), "ga4", ANN)
        assert kept is not None
        assert json.loads(kept) == wanted


def test_packed_files_are_opened() -> None:
    text = b"mail\nann@voorbeeld.nl\nbob@voorbeeld.nl\n"
    kept = without_rows("a.csv.gz", gzip.compress(text), "shopify", ANN)
    assert kept is not None
    assert gzip.decompress(kept) == b"mail\nbob@voorbeeld.nl\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("members.csv", text)
    kept = without_rows("a.zip", packed.getvalue(), "mailchimp", ANN)
    assert kept is not None
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        assert archive.read("members.csv") == b"mail\nbob@voorbeeld.nl\n"


def test_spreadsheets_and_parquet_lose_their_rows() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["mail", "n"], ["bob@voorbeeld.nl", 1], ["ann@voorbeeld.nl", 2], ["cor@x.nl", 3]):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    kept = without_rows("a.xlsx", written.getvalue(), "crm", ANN)
    assert kept is not None
    sheet = openpyxl.load_workbook(io.BytesIO(kept)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [("mail", "n"), ("bob@voorbeeld.nl", 1), ("cor@x.nl", 3)]
    table = pa.table({"user": ["GA1.2.345.678", "other"], "n": [1, 2]})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    kept = without_rows("a.parquet", buffer.getvalue(), "ga4", ANN)
    assert kept is not None
    assert pq.read_table(io.BytesIO(kept)).to_pylist() == [{"user": "other", "n": 2}]


def test_what_excel_calls_unicode_text_is_read_too() -> None:
    text = "naam\tmail\nBob\tbob@voorbeeld.nl\nAnn\tann@voorbeeld.nl\n"
    content = b"\xff\xfe" + text.encode("utf-16-le")
    kept = without_rows("a.txt", content, "crm", ANN)
    assert kept == b"\xff\xfe" + "naam\tmail\nBob\tbob@voorbeeld.nl\n".encode("utf-16-le")


def test_a_database_is_not_taken_for_text() -> None:
    content = b"SQLite format 3\x00" + b"ann@voorbeeld.nl"
    assert without_rows("events.sqlite", content, "", ANN) is None


@given(st.lists(st.text("ab;\"\r\n,'@.é", max_size=20), max_size=8))
def test_a_file_without_the_person_keeps_every_byte(lines: list[str]) -> None:
    content = "\n".join(["mail;x", *lines]).encode()
    assert without_rows("a.csv", content, "shopify", ANN) == content
