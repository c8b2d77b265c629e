"""Whatever stands in an export: never a traceback, and every row is loaded, put aside or doubled."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from klantreis.engine import Engine, connect
from klantreis.errors import ContractError, InputError, UnreadableFileError
from klantreis.sources import Part, Source, recognise_source, take_in
from klantreis.sources.ga4 import source as ga4
from klantreis.sources.klaviyo import source as klaviyo
from klantreis.sources.mapping import source as mapping
from klantreis.sources.shopify import source as shopify
from klantreis.sources.snowplow import source as snowplow
from klantreis.sources.survey import source as survey
from klantreis.sources.till import source as till
from tests.sources.files import IMPORTED_AT, SAMPLES, export_file, log_of

PARCELS = """
format = "{form}"
[[table]]
table = "products"
[table.columns]
product_id = "id"
name = "name"
price_amount = "price"
is_active = {{ from = "active", bad = "value" }}
"""
HEADING = ("id", "name", "price", "active")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")
BROKEN = b"\x00\xff\"',;\t\n\r{}[]"
FUZZ = settings(
    max_examples=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
texts = st.text(
    st.one_of(
        st.characters(codec="cp1252", exclude_characters="\r"), st.sampled_from("\"',;\n\t0.-")
    ),
    max_size=12,
)
prices = st.one_of(st.sampled_from(["12,50", "1.234,56", "12.50", "", "x", "1e999", "٣"]), texts)
cells = st.tuples(texts, texts, prices, st.sampled_from(["ja", "nee", "", "misschien"]))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = connect("duckdb")
    yield made
    made.close()


def taken(source: Source, path: Path, engine: Engine, **options: Any) -> Sequence[Part]:
    """What is taken in of a file; nothing when it is refused with a message for people."""
    with TemporaryDirectory() as folder:
        try:
            return take_in(
                source, [export_file(path, **options)], engine, Path(folder), IMPORTED_AT
            )
        except ContractError:
            raise
        except InputError as error:
            assert path.name in str(error), error  # noqa: PT017
            return []


def accounted(parts: Sequence[Part]) -> dict[str, int]:
    """Rows read by table, after a look at whether each is somewhere."""
    lines = log_of(parts)
    for line in lines.values():
        assert line.rows_read == line.rows_loaded + line.rows_quarantined + line.rows_doubled
    return {name: line.rows_read for name, line in lines.items()}


@FUZZ
@given(
    rows=st.lists(cells, max_size=8),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from(";,\t|"),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_every_row_of_a_sound_file_is_counted(
    rows: list[tuple[str, ...]], encoding: str, separator: str, ending: str, engine: Engine
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADING, *rows])
    filled = [row for row in rows if any(cell.strip(" \t\n\xa0") for cell in row)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.toml").write_text(PARCELS.format(form="delimited"), encoding="utf-8")
        file = folder / "data.csv"
        file.write_bytes(written.getvalue().encode(encoding, errors="replace"))
        counts = accounted(taken(mapping, file, engine, mapping="mapping.toml", folder=folder))
    assert len(filled) <= counts["products"] <= len(rows)


parts = st.sampled_from(["", "Response", "Lamp", "Lamp [2]", 'a "b"', "twee\nregels", "{label}"])


@FUZZ
@given(
    heading=st.lists(st.tuples(parts, parts), max_size=4),
    rows=st.lists(st.lists(parts, min_size=4, max_size=4), max_size=5),
    has_second=st.booleans(),
    is_sheet=st.booleans(),
)
def test_every_row_below_names_over_two_lines_is_counted(
    heading: list[tuple[str, str]],
    rows: list[list[str]],
    has_second: bool,
    is_sheet: bool,
    engine: Engine,
) -> None:
    own = heading + [("", "")] * (4 - len(heading))
    lines = [["id", *(first for first, _ in own)]]
    if has_second:
        lines.append(["", *(second for _, second in own)])
    lines += [[f"nr {place}", *row] for place, row in enumerate(rows)]
    toml = PARCELS.format(form="").replace(
        "[[table]]", 'columns = ["id"]\nsubheadings = true\n[[table]]'
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.toml").write_text(toml, encoding="utf-8")
        file = folder / ("data.xlsx" if is_sheet else "data.csv")
        written = io.StringIO()
        csv.writer(written).writerows(lines)
        file.write_bytes(workbook(lines) if is_sheet else written.getvalue().encode())
        counts = accounted(taken(mapping, file, engine, mapping="mapping.toml", folder=folder))
    assert counts["products"] == len(rows)


@FUZZ
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                name: st.one_of(
                    texts, st.integers(), st.none(), st.lists(st.integers(), max_size=2)
                )
                for name in HEADING
            },
        ),
        max_size=6,
    ),
    odd=st.lists(st.sampled_from(["{", "null", "[1]", '"text"', '{"id": 1,}', "\x00"]), max_size=3),
)
def test_every_line_of_json_is_counted(
    rows: list[dict[str, Any]], odd: list[str], engine: Engine
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.toml").write_text(PARCELS.format(form="json_lines"), encoding="utf-8")
        file = folder / "data.jsonl"
        lines = ['{"id": "first"}', *(json.dumps(row) for row in rows), *odd]
        file.write_text("\n".join(lines), encoding="utf-8")
        counts = accounted(taken(mapping, file, engine, mapping="mapping.toml", folder=folder))
    assert counts["products"] == len(lines)


DAMAGED = (
    (shopify, SAMPLES / "shopify" / "orders_export_2026-01.csv"),
    (till, SAMPLES / "till" / "bonnen_2026-01.csv"),
    (snowplow, SAMPLES / "snowplow" / "enriched_2026-01-05.tsv"),
    (klaviyo, SAMPLES / "klaviyo" / "events.jsonl"),
    (klaviyo, SAMPLES / "klaviyo" / "events_2026-01.json"),
    (ga4, SAMPLES / "ga4" / "events_20260105.json.gz"),
    (ga4, SAMPLES / "ga4" / "events_20260106.parquet"),
    (survey, SAMPLES / "survey" / "surveymonkey_responses.csv"),
    (survey, SAMPLES / "survey" / "typeform_responses.csv"),
    (survey, SAMPLES / "survey" / "Customer survey(1-4).xlsx"),
)


@FUZZ
@given(
    which=st.sampled_from(range(len(DAMAGED))),
    cut=st.floats(0, 1),
    places=st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from(BROKEN)), max_size=6),
    is_packed=st.booleans(),
)
@example(which=0, cut=1.0, places=[(0.0, 0)], is_packed=False)
@example(which=2, cut=0.5, places=[(0.1, 0)], is_packed=False)
def test_a_damaged_file_is_read_or_refused(
    which: int, cut: float, places: list[tuple[float, int]], is_packed: bool, engine: Engine
) -> None:
    source, sample = DAMAGED[which]
    content = bytearray(sample.read_bytes())
    if sample.suffix == ".gz" and not is_packed:
        content = bytearray(gzip.decompress(bytes(content)))
    for place, byte in places:
        content[int(place * len(content))] = byte
    del content[max(1, int(cut * len(content))) :]
    packed = bytes(content)
    if sample.suffix == ".gz" and not is_packed:
        packed = gzip.compress(packed)
    with TemporaryDirectory() as name:
        file = Path(name) / sample.name
        file.write_bytes(packed)
        accounted(taken(source, file, engine))


ANYTHING = st.one_of(
    texts.map(lambda text: ILLEGAL_CHARACTERS_RE.sub("", text)),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.datetimes(datetime(1900, 3, 1)),
    st.dates(date(1900, 3, 1)),
    st.times(),
)


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@FUZZ
@given(
    rows=st.lists(st.lists(ANYTHING, max_size=6), max_size=6),
    cut=st.one_of(st.just(1.0), st.floats(0, 1)),
    places=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=2),
)
def test_a_workbook_of_anything_is_read_or_refused(
    rows: list[list[object]],
    cut: float,
    places: list[tuple[float, int]],
    engine: Engine,
) -> None:
    content = bytearray(workbook([HEADING, *rows]))
    for place, byte in places:
        content[int(place * len(content))] = byte
    del content[int(cut * len(content)) :]
    is_sound = cut == 1 and not places
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.toml").write_text(PARCELS.format(form=""), encoding="utf-8")
        file = folder / "data.xlsx"
        file.write_bytes(bytes(content))
        counts = accounted(taken(mapping, file, engine, mapping="mapping.toml", folder=folder))
    if is_sound:
        shown = (["" if cell is None else str(cell).strip() for cell in row] for row in rows)
        assert counts["products"] == sum(any(row) for row in shown)


def test_a_workbook_of_which_the_inside_is_damaged_is_refused(
    tmp_path: Path, engine: Engine
) -> None:
    (tmp_path / "mapping.toml").write_text(PARCELS.format(form="excel"), encoding="utf-8")
    sound = zipfile.ZipFile(io.BytesIO(workbook([HEADING, ("1", "Vaas", 12.5, "ja")])))
    for damaged in ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"):
        file = tmp_path / "data.xlsx"
        with zipfile.ZipFile(file, "w") as archive:
            for name in sound.namelist():
                whole = sound.read(name)
                archive.writestr(name, whole[: len(whole) // 2] if name == damaged else whole)
        export = export_file(file, mapping="mapping.toml", folder=tmp_path)
        with pytest.raises(UnreadableFileError, match="Not an Excel workbook"):
            take_in(mapping, [export], engine, tmp_path / "parts", IMPORTED_AT)


ODD_COLUMNS: Mapping[str, pa.Array] = {
    "categories": pa.array(["2026-01-05", "2026-01-06", None]).dictionary_encode(),
    "bytes": pa.array([b"2026-01-05", b"\xff", None]),
    "lists": pa.array([[1], [], None]),
    "maps": pa.array([[("a", 1)], None, []], pa.map_(pa.string(), pa.int64())),
    "whole numbers": pa.array([2**64 - 1, None, 1], pa.uint64()),
    "odd numbers": pa.array([float("nan"), float("inf"), None]),
    "moments": pa.array([datetime(2026, 1, 1), datetime(9999, 1, 1), None]),
    "days": pa.array([date(2026, 1, 1), date(1, 1, 1), None]),
    "hours": pa.array([time(1, 2), time(0), None]),
    "truths": pa.array([True, False, None]),
    "nothing": pa.nulls(3),
}
PAID = """
format = "parquet"
[[table]]
table = "orders"
[table.columns]
order_id = "id"
kind = { value = "sale" }
channel = { value = "web" }
status = { value = "completed" }
ordered_at = "day"
total_amount = "price"
"""


@pytest.mark.parametrize("kind", ODD_COLUMNS)
def test_columns_of_parquet_may_be_of_any_type(kind: str, tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "mapping.toml").write_text(PAID, encoding="utf-8")
    usual = {"id": ["1", "2", "3"], "day": ["2026-01-05"] * 3, "price": [1.0, 2.0, 3.0]}
    for column in usual:
        file = tmp_path / f"{column}.parquet"
        pq.write_table(pa.table({**usual, column: ODD_COLUMNS[kind]}), file)
        parts = taken(mapping, file, engine, mapping="mapping.toml", folder=tmp_path)
        assert accounted(parts) == {"orders": 3}
    if kind == "categories":
        dated = taken(mapping, tmp_path / "day.parquet", engine, mapping="mapping.toml")
        assert log_of(dated)["orders"].rows_loaded == 2


def test_a_value_of_ten_megabytes_is_read(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "mapping.toml").write_text(PARCELS.format(form="delimited"), encoding="utf-8")
    file = tmp_path / "data.csv"
    file.write_text(f'id;name;price;active\n1;"{"a" * 10_000_000}";2,50;ja\n2;b;3,50;nee\n')
    parts = taken(mapping, file, engine, mapping="mapping.toml", folder=tmp_path)
    assert accounted(parts) == {"products": 2}
    assert log_of(parts)["products"].rows_loaded == 2


def test_a_gzip_bomb_is_refused(tmp_path: Path, engine: Engine) -> None:
    file = tmp_path / "data.csv.gz"
    file.write_bytes(gzip.compress(b"id;name;price;active\n" + b"0" * (300 * 2**20), 1))
    (tmp_path / "mapping.toml").write_text(PARCELS.format(form="delimited"), encoding="utf-8")
    options: dict[str, Any] = {"mapping": "mapping.toml", "folder": tmp_path}
    with pytest.raises(UnreadableFileError, match="larger than it looks"):
        take_in(mapping, [export_file(file, **options)], engine, tmp_path / "parts", IMPORTED_AT)


def test_files_that_break_off_far_from_their_head_are_refused(
    tmp_path: Path, engine: Engine
) -> None:
    events = (
        {"event_timestamp": str(10**15 + n), "event_name": "page_view", "user_pseudo_id": str(n**9)}
        for n in range(20_000)
    )
    packed = gzip.compress("\n".join(map(json.dumps, events)).encode())
    half = tmp_path / "events_20260107.json.gz"
    half.write_bytes(packed[: len(packed) // 2])
    parquet = bytearray((SAMPLES / "ga4" / "events_20260106.parquet").read_bytes())
    parquet[4:400] = bytes(396)
    holed = tmp_path / "events_20260108.parquet"
    holed.write_bytes(bytes(parquet))
    for file in (half, holed):
        with pytest.raises(UnreadableFileError, match=r"is damaged|cannot be read"):
            take_in(ga4, [export_file(file)], engine, tmp_path / "parts", IMPORTED_AT)


def test_nothing_is_recognised_in_noise(tmp_path: Path) -> None:
    for number, content in enumerate(
        (b"\x00" * 100, b"\xff\xfe\x00", b"PK\x03\x04", b'"', b"{", b"[]")
    ):
        for suffix in (".csv", ".json", ".parquet", ".xlsx", ".csv.gz"):
            file = tmp_path / f"{number}{suffix}"
            file.write_bytes(content)
            with pytest.raises(InputError, match="No connector recognises"):
                recognise_source(export_file(file))
