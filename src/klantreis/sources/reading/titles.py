"""Titles above the column names, and totals below and between the rows, as reports have them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from klantreis.sources.reading.delimited import Bad, Records
from klantreis.sources.reading.dialect import decoded, file_bytes, separator_of, unique_names
from klantreis.sources.reading.spreadsheet import sheet_names, sheet_rows
from klantreis.sources.reading.subtotals import subtotals

__all__ = [
    "HEADING_WITHIN",
    "First",
    "first_rows",
    "is_total",
    "separator_below_titles",
    "without_totals",
]

HEADING_WITHIN = 20  # lines: titles above the column names are never more than this
HEAD_BYTES = 2**16
LAST_ROWS = 10  # among which totals are looked for
TOTAL = re.compile(
    r"(?:grand |general |eind|sub)?-?(?:totaal|total|totals|totalen|gesamt|gesamtsumme)(?: generaal)?\s*(?::.*)?",
    re.IGNORECASE,
)

First = tuple[int, tuple[str, ...]]  # a line, and what would be the columns if it named them


def first_rows(path: Path, file_id: str, form: str, sheet: str = "") -> Sequence[First]:
    """The first lines of a file that say something, as if each had the names of the columns.

    Args:
        file_id: of the content, under which the answer is remembered.
        form: `delimited` or `excel`; any other form has no titles.
        sheet: of a workbook; empty for the first.
    """
    return _first_rows(path, file_id, form, sheet) if form in ("delimited", "excel") else ()


@lru_cache(maxsize=1_024)
def _first_rows(path: Path, file_id: str, form: str, sheet: str) -> Sequence[First]:
    if form == "excel":
        if sheet and sheet not in sheet_names(path):
            return ()
        rows = islice(sheet_rows(path, sheet), HEADING_WITHIN)
        return tuple((line, _names([cell or "" for cell in cells])) for line, cells in rows)
    text = decoded(file_bytes(path, HEAD_BYTES))[0].decode("utf-8", errors="replace")
    separator = separator_below_titles(text)
    lines = text.splitlines()[:HEADING_WITHIN]
    records = ((n, next(csv.reader([line], delimiter=separator), [])) for n, line in _told(lines))
    return tuple((line, _names(cells)) for line, cells in records if any(map(str.strip, cells)))


def _told(lines: Sequence[str]) -> Sequence[tuple[int, str]]:
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _names(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return tuple(unique_names(cells))


def separator_below_titles(text: str) -> str:
    """The separator of the lines below any titles: a title has none outside quotes."""
    lines = text.splitlines()[:200]
    signs = {sign: [_separators(line, sign) for line in lines] for sign in ";,\t|"}
    widths = {sign: Counter(filter(None, counts)) for sign, counts in signs.items()}
    usual = {sign: next(iter(counts.most_common(1)), (0, 0)) for sign, counts in widths.items()}
    best = max(usual, key=lambda sign: (usual[sign][1], usual[sign][0]))
    first = next((place for place, count in enumerate(signs[best]) if count == usual[best][0]), 0)
    return separator_of("\n".join(lines[first : first + 20]))


def _separators(line: str, sign: str) -> int:
    """How often a sign stands between the cells of a line."""
    try:
        return max(len(next(csv.reader([line], delimiter=sign), [])) - 1, 0)
    except csv.Error:
        return 0


def is_total(cells: Sequence[str | None]) -> bool:
    """Whether a row tells the total of those above it: by the first of its cells that is filled.

    >>> is_total([None, "Totaal:", "1.234,56"]), is_total(["Total: Account", "5"])
    (True, True)
    >>> is_total(["Total Gel 500 ml", "5"]), is_total([])
    (False, False)
    """
    first = next((cell.strip() for cell in cells if cell and cell.strip()), "")
    return bool(TOTAL.fullmatch(first))


def without_totals(records: Records, separator: str) -> Records:
    """The records without totals, which are put apart: at their end, with a note below those, and
    between them.

    Args:
        separator: what stands between the values of a row that is put apart.
    """
    table = records.columns
    first = max(table.num_rows - LAST_ROWS, 0)
    last = [tuple(row.values()) for row in table.slice(first).to_pylist()]
    totals = [place for place, cells in enumerate(last) if is_total(cells)]
    below = range(totals[-1] + 1, len(last)) if totals else ()
    at_end = [*totals, *(place for place in below if _is_note(last[place]))]
    apart = sorted({*(first + place for place in at_end), *subtotals(table)})
    if not apart:
        return records
    kept = np.ones(table.num_rows, bool)
    kept[apart] = False
    rows = table.take(pa.array(apart)).to_pylist()
    told = (
        Bad(
            line=int(records.lines[place]),
            width=table.num_columns,
            text=separator.join(cell or "" for cell in row.values()),
            reason="total",
        )
        for place, row in zip(apart, rows, strict=True)
    )
    return replace(
        records,
        columns=table.filter(pa.array(kept)),
        lines=records.lines[kept],
        bad=(*records.bad, *told),
    )


def _is_note(cells: Sequence[str | None]) -> bool:
    """Whether a row is a text and no record: as `Made on 1 January`."""
    return len(cells) > 2 and sum(bool(cell and cell.strip()) for cell in cells) == 1
