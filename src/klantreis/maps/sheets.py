"""The fill-in sheet: an Excel file with one sheet for each phase, out and in again.

Each row is a card. Hidden columns hold its id and the version that was written out, so that a row
that comes back is known again; a row without an id is a new card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from klantreis.errors import UnreadableFileError, message
from klantreis.maps.cards import LANES, TEXT_LENGTH, Cards

__all__ = ["SheetRow", "SheetWords", "read_sheets", "write_sheets"]

# Columns A to C are hidden: the card's id, a mark of what was written out, and the phase.
ID, MARK, PHASE, LANE, TEXT, COMMENT = range(6)
HEAD = 2  # rows above the first card: what to do, and the titles
EMPTY_ROWS = 40
SIGN = "klantreis map 1"
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class SheetWords:
    """The words of a sheet in its reader's language.

    Attributes:
        explanation: what to do, in the first row.
        titles: of the columns lane, text and comment.
        phases: name by phase, in the order of the model.
        lanes: name by lane.
    """

    explanation: str
    titles: tuple[str, str, str]
    phases: Mapping[str, str]
    lanes: Mapping[str, str]


@dataclass(frozen=True)
class SheetRow:
    """One filled row.

    Attributes:
        sheet, row: where it stands, as Excel shows it; row from 1.
        card_id: empty for a new card.
        mark: of lane and text as they were written out; empty for a new card.
        phase: id of the phase.
        lane: as it is written in the cell.
        text: as it is written in the cell.
        comment: a new comment.
        wrong: columns (`D` to `F`) whose cell holds an error instead of a text.
    """

    sheet: str
    row: int
    card_id: str
    mark: str
    phase: str
    lane: str
    text: str
    comment: str
    wrong: tuple[str, ...] = ()


def mark(lane: str, text: str) -> str:
    """A short mark by which a changed row is told from an unchanged one."""
    return hashlib.sha256(f"{lane}\0{text}".encode()).hexdigest()[:16]


def write_sheets(cards: Cards, words: SheetWords) -> bytes:
    """Write the sheets of a map.

    Returns:
        An .xlsx file.
    """
    import xlsxwriter

    buffer = BytesIO()
    # Texts stay texts: `=1+1` on a card is no formula, an address no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#1d5f5b", "font_color": "#ffffff"}),
            "told": book.add_format({"italic": True, "font_color": "#586572"}),
            "cell": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        }
        names = _sheet_names(words.phases)
        for phase in words.phases:
            _write_phase(book.add_worksheet(names[phase]), phase, cards, words, looks)
    return buffer.getvalue()


def _write_phase(
    sheet: Any, phase: str, cards: Cards, words: SheetWords, looks: Mapping[str, Any]
) -> None:
    own = [card for lane in LANES for card in cards.cell(lane, phase)]
    sheet.write_string(0, ID, SIGN)
    sheet.write_string(0, PHASE, phase)
    sheet.write_string(0, LANE, words.explanation, looks["told"])
    for column, title in zip((LANE, TEXT, COMMENT), words.titles, strict=True):
        sheet.write_string(1, column, title, looks["head"])
    for row, card in enumerate(own, start=HEAD):
        sheet.write_string(row, ID, card.card_id)
        sheet.write_string(row, MARK, mark(card.lane, card.text))
        sheet.write_string(row, LANE, words.lanes[card.lane], looks["cell"])
        sheet.write_string(row, TEXT, card.text, looks["cell"])
    last = HEAD + len(own) + EMPTY_ROWS
    sheet.data_validation(
        HEAD, LANE, last, LANE, {"validate": "list", "source": list(words.lanes.values())}
    )
    sheet.data_validation(
        HEAD, TEXT, last, TEXT,
        {"validate": "length", "criteria": "<=", "value": TEXT_LENGTH, "error_type": "warning"},
    )  # fmt: skip
    sheet.set_column(ID, PHASE, None, None, {"hidden": True})
    sheet.set_column(LANE, LANE, 20, looks["cell"])
    sheet.set_column(TEXT, COMMENT, 70, looks["cell"])
    sheet.freeze_panes(HEAD, 0)


def read_sheets(content: bytes) -> tuple[SheetRow, ...]:
    """Read the sheets of a filled-in file, row by row; empty rows are left out.

    Raises:
        UnreadableFileError: it is no Excel file, or none of ours.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    except Exception as error:  # openpyxl lets through whatever zip and XML throw
        raise _unreadable("no Excel file (.xlsx)") from error
    ours = [sheet for sheet in book.worksheets if sheet.cell(1, ID + 1).value == SIGN]
    if not ours:
        raise _unreadable("an Excel file without the hidden columns of a fill-in sheet")
    return tuple(row for sheet in ours for row in _read_phase(sheet))


def _read_phase(sheet: Any) -> Iterator[SheetRow]:
    phase = str(sheet.cell(1, PHASE + 1).value or "")
    for cells in sheet.iter_rows(min_row=HEAD + 1, max_col=COMMENT + 1):
        texts = ["" if cell.value is None else str(cell.value) for cell in cells]
        wrong = tuple(cell.column_letter for cell in cells[LANE:] if cell.data_type == "e")
        texts += [""] * (COMMENT + 1 - len(texts))
        if not any(text.strip() for text in (texts[ID], *texts[LANE:])):
            continue
        yield SheetRow(
            sheet.title,
            cells[0].row,
            texts[ID],
            texts[MARK],
            phase,
            texts[LANE],
            texts[TEXT],
            texts[COMMENT],
            wrong,
        )


def _sheet_names(phases: Mapping[str, str]) -> dict[str, str]:
    """Names that Excel takes: at most 31 letters, each once, without `[]:*?/\\`."""
    return {
        phase: f"{place} {name}".translate(FORBIDDEN)[:31].strip().strip("'")
        for place, (phase, name) in enumerate(phases.items(), start=1)
    }


def _unreadable(got: str) -> UnreadableFileError:
    return UnreadableFileError(
        message(
            "This is not a fill-in sheet",
            got=got,
            allowed="the .xlsx file that was exported from a journey map",
            next_step="export the sheet, fill it in and save it as .xlsx",
        )
    )


def lanes_by_name(words: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Lane by its name in any of our languages, in small letters, and by its code."""
    found = {lane: lane for lane in LANES}
    for names in words:
        found |= {name.strip().casefold(): lane for lane, name in names.items()}
    return found
