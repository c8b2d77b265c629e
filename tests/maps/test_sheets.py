from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.errors import UnreadableFileError
from klantreis.maps import (
    LANES,
    Cards,
    Filled,
    SheetWords,
    Stamp,
    added,
    commented,
    edited,
    fill_in,
    read_sheets,
    removed,
    write_sheets,
)
from klantreis.maps.cards import clean

NOON = datetime(2026, 1, 1, 12)
PHASES = {"see": "Zien", "do": "Doen: kopen / betalen?"}
DUTCH = {
    "response": "Reactie",
    "pain": "Pijnpunt",
    "gain": "Voordeel",
    "opportunity": "Kans",
    "action": "Actie",
    "note": "Notitie",
}
WORDS = SheetWords("Vul aan.", ("Baan", "Tekst", "Opmerking"), PHASES, DUTCH)


def stamp(number: int = 9) -> Stamp:
    return Stamp(number, "sheet", NOON)


def taken_in(cards: Cards, content: bytes) -> Filled:
    rows = read_sheets(content)
    return fill_in(cards, rows, phases=tuple(PHASES), lane_names=[DUTCH], stamp=stamp())


def filled_in(content: bytes, cells: dict[str, Any], sheet: int = 0) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for address, value in cells.items():
        book.worksheets[sheet][address] = value
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def one_pain() -> Cards:
    return added(Cards(), "a", "pain", "see", "Waits long", stamp(1))


TEXTS = st.text(max_size=60).map(lambda text: clean(f"{text}.")) | st.sampled_from(
    ["=1+1", "_x0041_", "#REF?", "0012", "1,5", "TRUE", "https://x.nl", "'t is duur"]
)
MAPS = st.lists(st.tuples(st.sampled_from(LANES), st.sampled_from(list(PHASES)), TEXTS), max_size=5)


def on_a_map(entries: list[tuple[str, str, str]]) -> Cards:
    cards = Cards()
    for number, (lane, phase, text) in enumerate(entries):
        cards = added(cards, f"c{number}", lane, phase, text, stamp(1))
    return cards


@settings(max_examples=15)
@given(MAPS)
def test_a_sheet_that_nobody_touched_changes_nothing(entries: list[tuple[str, str, str]]) -> None:
    cards = on_a_map(entries)
    filled = taken_in(cards, write_sheets(cards, WORDS))
    assert filled.cards == cards
    assert (filled.unchanged, filled.problems) == (len(entries), ())


@settings(max_examples=15)
@given(MAPS, MAPS)
def test_what_colleagues_add_comes_in_once_however_often_it_is_taken_in(
    entries: list[tuple[str, str, str]], more: list[tuple[str, str, str]]
) -> None:
    cards = on_a_map(entries)
    content = write_sheets(cards, WORDS)
    for place, phase in enumerate(PHASES):
        new = [(lane, text) for lane, at, text in more if at == phase]
        first = 3 + sum(at == phase for _, at, _ in entries)
        cells: dict[str, Any] = {}
        for row, (lane, text) in enumerate(new, start=first):
            # A text that starts with = is written as text, as Excel does in a text cell.
            cells |= {f"D{row}": DUTCH[lane], f"E{row}": text}
        content = written_as_text(content, cells, place)
    once = taken_in(cards, content)
    assert once.problems == ()
    got = sorted((c.lane, c.phase, c.text) for c in once.cards.cards)
    assert got == sorted([*entries, *more])
    assert taken_in(once.cards, content).cards == once.cards


def written_as_text(content: bytes, cells: dict[str, Any], sheet: int) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for address, value in cells.items():
        cell = book.worksheets[sheet][address]
        cell.value = value
        cell.data_type = "s"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_changed_row_changes_its_card_and_keeps_its_id() -> None:
    content = filled_in(write_sheets(one_pain(), WORDS), {"E3": "Waits an hour", "D3": "kans "})
    filled = taken_in(one_pain(), content)
    (card,) = filled.cards.cards
    assert (card.card_id, card.lane, card.text) == ("a", "opportunity", "Waits an hour")
    assert filled.changed == 1
    assert taken_in(filled.cards, content).cards == filled.cards


def test_what_was_changed_on_the_map_meanwhile_stands_and_the_cell_is_named() -> None:
    content = filled_in(write_sheets(one_pain(), WORDS), {"E3": "Waits an hour"})
    now = edited(one_pain(), "a", "Waits a day", seen=1, stamp=stamp(2))
    filled = taken_in(now, content)
    assert filled.cards == now
    (problem,) = filled.problems
    assert (problem.sheet, problem.cell, problem.reason) == ("1 Zien", "E3", "changed_meanwhile")


def test_a_card_that_was_taken_off_does_not_come_back() -> None:
    content = write_sheets(one_pain(), WORDS)
    gone = removed(one_pain(), "a", seen=1)
    assert taken_in(gone, content) == Filled(gone, 0, 0, 0, 0, ())
    changed = taken_in(gone, filled_in(content, {"E3": "Still waits"}))
    assert [problem.reason for problem in changed.problems] == ["taken_off"]
    new = filled_in(content, {"D4": "Notitie", "E4": "New"})
    once = taken_in(one_pain(), new).cards
    without = removed(once, once.cards[1].card_id, seen=99)
    assert taken_in(without, new).cards == without


def test_a_row_that_is_missing_takes_nothing_off() -> None:
    book = openpyxl.load_workbook(BytesIO(write_sheets(one_pain(), WORDS)))
    book.worksheets[0].delete_rows(3)
    buffer = BytesIO()
    book.save(buffer)
    assert taken_in(one_pain(), buffer.getvalue()).cards == one_pain()


@pytest.mark.parametrize(
    ("cells", "cell", "reason", "found"),
    [
        ({"D4": "Keuken", "E4": "x"}, "D4", "unknown_lane", "Keuken"),
        ({"D4": "Kans"}, "E4", "no_text", ""),
        ({"D3": None, "E3": None}, "E3", "no_text", ""),
        ({"D4": "Kans", "E4": "x" * 1001}, "E4", "too_long", "x" * 60),
        ({"D4": "Kans", "E4": "#N/A"}, "E4", "error_value", "#"),
        ({"F3": "x" * 1001}, "F3", "too_long", "x" * 60),
    ],
)
def test_a_bad_cell_is_named_by_sheet_and_cell(
    cells: dict[str, Any], cell: str, reason: str, found: str
) -> None:
    filled = taken_in(one_pain(), filled_in(write_sheets(one_pain(), WORDS), cells))
    assert filled.cards == one_pain()
    (problem,) = filled.problems
    assert (problem.sheet, problem.cell) == ("1 Zien", cell)
    assert (problem.reason, problem.found) == (reason, found)


def test_numbers_and_comments_are_taken_as_they_stand() -> None:
    content = filled_in(
        write_sheets(one_pain(), WORDS), {"D4": "Notitie", "E4": 2026, "F3": "Seen on Monday"}
    )
    filled = taken_in(one_pain(), content)
    assert [card.text for card in filled.cards.cards] == ["Waits long", "2026"]
    assert [c.text for c in filled.cards.cards[0].comments] == ["Seen on Monday"]
    assert taken_in(filled.cards, content).comments == 0


def test_comments_on_the_map_are_no_reason_to_refuse_a_row() -> None:
    content = filled_in(write_sheets(one_pain(), WORDS), {"E3": "Waits an hour"})
    talked = commented(one_pain(), "a", "Hm", stamp=stamp(2))
    assert taken_in(talked, content).changed == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"a;b;c\n"])
def test_another_file_is_refused_with_what_is_allowed(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="exported from a journey map"):
        read_sheets(content)


def test_an_excel_file_that_is_not_ours_is_refused() -> None:
    buffer = BytesIO()
    openpyxl.Workbook().save(buffer)
    with pytest.raises(UnreadableFileError, match="hidden columns"):
        read_sheets(buffer.getvalue())
