"""Takes one customer's rows out of a file; every other row keeps its bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

from klantreis.workspace.needles import Needles
from klantreis.workspace.their_rows import rows_with_identifier, rows_with_value
from klantreis.workspace.their_rows import without_rows as without_rows_of

__all__ = ["is_their_object", "rewritten", "without_rows"]

# Columns that hold the number of an order, or of a record of a person, in usual exports.
OF_ORDERS = re.compile(r"order|bestel|bon|factuur|receipt|^name$|reference|description", re.I)
OF_PERSONS = re.compile(
    r"(^|[_ ])id$|customer|klant|contact|member|user|visitor|respond|requester", re.I
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
PARTS_OF_A_WRAPPER = 5  # as `{"tickets": [...], "count": 2, "next_page": null}`
RECORDS_AT_ONCE = 500
LINES_OF_A_RECORD = 200  # more lines than this between two quotes: the quotes do not pair


def rewritten(file: Path, source: str, needles: Needles) -> bool:
    """Rewrite a file in place without the customer's rows; False when it holds none.

    Args:
        source: folder below `exports/` that it belongs to; empty for other files.
    """
    content = file.read_bytes()
    kept = without_rows(file.name, content, source, needles)
    if kept is None or kept == content:
        return False
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(kept)
    part.replace(file)
    return True


def without_rows(name: str, content: bytes, source: str, needles: Needles) -> bytes | None:
    """The content of a file without the customer's rows; None for a kind that we cannot rewrite."""
    kind = name.lower().rpartition(".")[2]
    if content[:2] == b"\x1f\x8b":
        inside = gzip.decompress(content)
        kept = without_rows(name.removesuffix(".gz"), inside, source, needles)
        return content if kept == inside else None if kept is None else gzip.compress(kept, mtime=0)
    if kind == "xlsx":
        return _without_sheet_rows(content, source, needles)
    if kind == "parquet" or content[:4] == b"PAR1":
        return _without_parquet_rows(content, source, needles)
    if content[:2] == b"PK":
        return _without_members(content, source, needles)
    if b"\0" in content[:8192] and content[:2] not in UTF_16:
        return None  # a database or a picture: no rows of text
    is_wide = content[:2] in UTF_16
    if not (is_wide or needles.is_in(content) or needles.may_refer(content, source)):
        return content
    if content.lstrip()[:1] in (b"{", b"["):
        return _without_objects(content, source, needles)
    return _without_lines(content, source, needles)


# Text with a line a record


def _kept(
    records: Sequence[bytes],
    is_theirs: Callable[[bytes], bool],
    source: str,
    needles: Needles,
) -> Iterator[bytes]:
    """The records that stay; many that hold nothing are looked at as one, which is far faster."""
    for start in range(0, len(records), RECORDS_AT_ONCE):
        portion = records[start : start + RECORDS_AT_ONCE]
        together = b"".join(portion)
        if needles.is_in(together) or needles.may_refer(together, source):
            yield from (one for one in portion if not is_theirs(one))
        else:
            yield together


def _without_lines(content: bytes, source: str, needles: Needles) -> bytes:
    encoding = _encoding(content)
    if encoding == "utf-16":
        return _without_wide_lines(content, source, needles)
    records = list(_records(content))
    if not records:
        return content
    heading = records[0].decode(encoding, "replace")
    separator = max(";,\t|", key=heading.count)
    columns = _fields(heading.strip("\ufeff\r\n"), separator)

    def is_theirs(record: bytes) -> bool:
        if needles.is_in(record):
            return True
        if not needles.may_refer(record, source):
            return False
        fields = _fields(record.decode(encoding, "replace"), separator)
        row = dict(zip(columns, (field.strip() for field in fields), strict=False))
        return _refers(row, source, needles)

    first = b"" if needles.is_in(records[0]) else records[0]  # some files have no heading
    return first + b"".join(_kept(records[1:], is_theirs, source, needles))


def _without_wide_lines(content: bytes, source: str, needles: Needles) -> bytes:
    """UTF-16, as Excel writes "Unicode text": rewritten by way of UTF-8, in the same byte order."""
    order = "utf-16-le" if content[:2] == UTF_16[0] else "utf-16-be"
    plain = content[2:].decode(order).encode("utf-8")
    return content[:2] + _without_lines(plain, source, needles).decode("utf-8").encode(order)


def _records(content: bytes) -> Iterator[bytes]:
    """Lines, those between two quotes together."""
    waiting: list[bytes] = []
    for line in content.splitlines(keepends=True):
        waiting.append(line)
        is_whole = b"".join(waiting).count(b'"') % 2 == 0
        if is_whole:
            yield b"".join(waiting)
        elif len(waiting) <= LINES_OF_A_RECORD:
            continue
        else:
            yield from waiting
        waiting = []
    yield from waiting


def _fields(record: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=separator), [])
    except csv.Error:
        return record.split(separator)


def _encoding(content: bytes) -> str:
    if content[:2] in UTF_16:
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _refers(row: Mapping[str, Any], source: str, needles: Needles) -> bool:
    """Whether a row names one of their orders, or the source's own number of them."""
    own = needles.numbers(source)
    for column, value in row.items():
        written = str(value).strip().lower()
        if not written or column is None:
            continue
        if written.lstrip("#") in needles.order_numbers and OF_ORDERS.search(column):
            return True
        if written in own and OF_PERSONS.search(column):
            return True
    return False


# JSON


def _without_objects(content: bytes, source: str, needles: Needles) -> bytes:
    """JSON lines line by line; otherwise the elements of the list that the file holds."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    if _is_list(text):
        return _without_elements(text, source, needles).encode("utf-8")
    lines = content.splitlines(keepends=True)
    return b"".join(
        _kept(lines, lambda one: is_their_object(one, source, needles), source, needles)
    )


def _is_list(text: str) -> bool:
    """Whether a file is one list, or one object with little more than a list in it."""
    try:
        held = json.loads(text)
    except ValueError:
        return False
    is_wrapped = isinstance(held, dict) and len(held) <= PARTS_OF_A_WRAPPER
    return isinstance(held, list) or (is_wrapped and any(map(_is_objects, held.values())))


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def is_their_object(line: bytes, source: str, needles: Needles) -> bool:
    """Whether a line of JSON is about the customer."""
    if needles.is_in(line):
        return True
    if not needles.may_refer(line, source):
        return False
    try:
        return _refers_deeply(json.loads(line), source, needles)
    except ValueError:
        return False


def _refers_deeply(value: Any, source: str, needles: Needles) -> bool:
    if isinstance(value, dict):
        plain = {k: v for k, v in value.items() if not isinstance(v, dict | list)}
        nested = (v for v in value.values() if isinstance(v, dict))
        return _refers(plain, source, needles) or any(
            _refers_deeply(v, source, needles) for v in nested
        )
    return False


def _without_elements(text: str, source: str, needles: Needles) -> str:
    start = text.find("[")
    if start < 0:
        return text
    decoder = json.JSONDecoder()
    kept, place, begin = [], start + 1, text[: start + 1]
    while True:
        place += len(text[place:]) - len(text[place:].lstrip(" \t\r\n,"))
        if place >= len(text) or text[place] == "]":
            break
        value, end = decoder.raw_decode(text, place)
        element = text[place:end]
        if not needles.is_in_text(element) and not _refers_deeply(value, source, needles):
            kept.append(element)
        place = end
    whole = text[start + 1 : place]
    separator = re.search(r"[}\]\"\d]\s*(,\s*)", whole)
    lead = whole[: len(whole) - len(whole.lstrip())]
    trail = whole[len(whole.rstrip()) :]
    return begin + lead + (separator[1] if separator else ",").join(kept) + trail + text[place:]


# Tables and containers


def _without_parquet_rows(content: bytes, source: str, needles: Needles) -> bytes:
    table = pq.read_table(io.BytesIO(content))
    named = rows_with_identifier(table, needles)
    meant = rows_with_value(
        table, lambda name, value: _refers_deeply({name: value}, source, needles)
    )
    kept = without_rows_of(table, named, meant)
    if kept is table:
        return content
    written = io.BytesIO()
    pq.write_table(kept, written, compression="zstd")
    return written.getvalue()


def _without_sheet_rows(content: bytes, source: str, needles: Needles) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    removed = 0
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        heading = [str(cell or "") for cell in rows[0]] if rows else []
        for number in range(len(rows), 1, -1):
            row = ["" if cell is None else str(cell) for cell in rows[number - 1]]
            named = dict(zip(heading, row, strict=False))
            if needles.is_in_text("\n".join(row)) or _refers(named, source, needles):
                sheet.delete_rows(number)
                removed += 1
    if not removed:
        return content
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _without_members(content: bytes, source: str, needles: Needles) -> bytes | None:
    written, is_changed = io.BytesIO(), False
    with (
        zipfile.ZipFile(io.BytesIO(content)) as held,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in held.infolist():
            inside = held.read(entry)
            kept = without_rows(entry.filename, inside, source, needles)
            if kept is None:
                return None
            is_changed |= kept != inside
            made.writestr(entry, kept)
    return written.getvalue() if is_changed else content
