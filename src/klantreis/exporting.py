"""A table as a file for another program: CSV, Parquet, JSON lines or Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from klantreis.errors import InputError, message

__all__ = ["export_table", "write_csv"]

EXCEL_ROWS = 1_048_575
# A cell that starts so is run as a formula by spreadsheets when it is opened from CSV.
FORMULA_STARTS = "^[=+\\-@\t\r]"


def export_table(rows: pa.Table, file: Path, *, format: str, is_dutch: bool = False) -> int:
    """Write rows as a file; the old file stays until the new one is complete.

    Args:
        rows: what to write.
        file: where to.
        format: `csv`, `parquet`, `json` (one object a line) or `xlsx`.
        is_dutch: CSV with `;` and decimal comma, as Dutch Excel opens it.

    Returns:
        The number of rows written.

    Raises:
        InputError: unknown format, or more rows than an Excel sheet holds.
    """
    writers: Mapping[str, Callable[[pa.Table, Path], None]] = {
        "csv": _write_dutch_csv if is_dutch else write_csv,
        "parquet": pq.write_table,
        "json": _write_json_lines,
        "xlsx": _write_excel,
    }
    if format not in writers:
        raise InputError(message("Unknown format", got=repr(format), allowed=", ".join(writers)))
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        writers[format](rows, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return int(rows.num_rows)


def write_csv(rows: pa.Table, to: Path | IO[bytes]) -> None:
    """Write rows as CSV with commas: lists joined, and no cell that a spreadsheet would run."""
    pa_csv.write_csv(_for_text(rows), to)


def _write_dutch_csv(rows: pa.Table, file: Path) -> None:
    with file.open("wb") as sink:
        sink.write(b"\xef\xbb\xbf")  # without this mark Excel reads é as Ã©
        options = pa_csv.WriteOptions(delimiter=";")
        pa_csv.write_csv(_with_decimal_comma(_for_text(rows)), sink, options)


def _write_json_lines(rows: pa.Table, file: Path) -> None:
    import pandas as pd

    plain = rows.cast(_without_decimals(rows.schema))
    frame = plain.to_pandas(types_mapper=pd.ArrowDtype)
    frame.to_json(file, orient="records", lines=True, date_format="iso", force_ascii=False)


def _write_excel(rows: pa.Table, file: Path) -> None:
    import xlsxwriter

    if rows.num_rows > EXCEL_ROWS:
        raise InputError(
            message(
                "The table does not fit in an Excel sheet",
                got=f"{rows.num_rows:,} rows",
                allowed=f"{EXCEL_ROWS:,}",
                next_step="export it as csv or parquet",
            )
        )
    with xlsxwriter.Workbook(
        str(file),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    ) as book:
        sheet = book.add_worksheet("data")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        heading = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, rows.column_names, heading)
        for number, row in enumerate(_joined_lists(rows).to_pylist(), start=1):
            for place, value in enumerate(row.values()):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(number, place, value, moment)
                elif value is not None:
                    sheet.write(number, place, value)


def _without_decimals(schema: pa.Schema) -> pa.Schema:
    return pa.schema(
        pa.field(f.name, pa.float64() if pa.types.is_decimal(f.type) else f.type) for f in schema
    )


def _joined_lists(rows: pa.Table) -> pa.Table:
    for place, field in enumerate(rows.schema):
        if pa.types.is_list(field.type):
            joined = pc.binary_join(rows[field.name].cast(pa.list_(pa.string())), ", ")
            rows = rows.set_column(place, field.name, joined)
    return rows


def _for_text(rows: pa.Table) -> pa.Table:
    rows = _joined_lists(rows)
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = rows[field.name]
            guarded = pc.binary_join_element_wise("'", column, "")
            is_formula = pc.match_substring_regex(column, FORMULA_STARTS)
            is_number = pc.match_substring_regex(column, r"^[+-]?[0-9 ]+$")
            risky = pc.and_(is_formula, pc.invert(is_number))
            rows = rows.set_column(place, field.name, pc.if_else(risky, guarded, column))
    return rows


def _with_decimal_comma(rows: pa.Table) -> pa.Table:
    for place, field in enumerate(rows.schema):
        if pa.types.is_decimal(field.type) or pa.types.is_floating(field.type):
            text = pc.replace_substring(rows[field.name].cast(pa.string()), ".", ",")
            rows = rows.set_column(place, field.name, text)
    return rows
