from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from klantreis.cli.screen import Grid

NEEDS = Grid(
    ("Behoefte", "Betekenis", "Klanten", "Aandeel"),
    [
        ("details", "Maten, materiaal en gebruik", "1.648", "27%"),
        ("store", "De winkel: drukte en personeel", "520", ""),
    ],
    right=(2, 3),
    whole=(0,),
)


def shown(grid: Grid, width: int) -> list[str]:
    """What a screen of so many columns shows, its lines without blanks behind."""
    written = io.StringIO()
    Console(file=written, width=width).print(grid)
    return [line.rstrip() for line in written.getvalue().splitlines()]


def test_a_table_is_as_wide_as_it_needs_and_folds_between_words_only() -> None:
    (wide,) = [line for line in shown(NEEDS, 200) if "details" in line]
    assert wide.split("  ")[0].strip() == "details"
    assert "Maten, materiaal en gebruik" in wide
    narrow = "\n".join(shown(NEEDS, 60))
    assert all(word in narrow for word in ("materiaal", "gebruik", "1.648", "Betekenis"))


def test_on_a_narrow_screen_each_row_is_a_block() -> None:
    assert shown(NEEDS, 40) == [
        "details",
        "Betekenis  Maten, materiaal en gebruik",
        "Klanten    1.648",
        "Aandeel    27%",
        "",
        "store",
        "Betekenis  De winkel: drukte en",
        "           personeel",
        "Klanten    520",
        "",
    ]


words = st.text("abcdef 1", min_size=0, max_size=12).map(str.strip)


@given(
    rows=st.lists(st.tuples(words, words, words), min_size=1, max_size=5),
    width=st.integers(24, 120),
)
def test_always_no_line_is_wider_than_the_screen_and_no_word_is_lost(
    rows: list[tuple[str, str, str]], width: int
) -> None:
    lines = shown(Grid(("een", "twee", "drie"), rows, right=(2,), whole=(0,)), width)
    assert max(map(len, lines)) <= width
    told = " ".join(lines).split()
    for row in rows:
        for cell in row:
            assert set(cell.split()) <= set(told)


@pytest.mark.parametrize("cell", ["[red]1[/]", "=1+1"])
def test_what_stands_in_a_cell_is_no_markup(cell: str) -> None:
    assert any(cell in line for line in shown(Grid(("a", "b"), [(cell, cell)]), 80))
