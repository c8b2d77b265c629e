"""A grid of counts whose tone tells how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import MUTED, heat, readable_on
from klantreis.charts.svg import drawing, label, linked, rounded
from klantreis.charts.text import shortened, text_width

__all__ = ["HeatCell", "heat_grid"]

CELL_WIDTH = 104
CELL_HEIGHT = 62
GAP = 4
HEAD = 28
FOOT = 52


@dataclass(frozen=True)
class HeatCell:
    """One cell.

    Attributes:
        row, column: place, both from 0, the first row on top.
        value: what the tone tells.
        label: the value as it is written.
        note: a second, smaller line; cut off where it does not fit.
        name: what a screen reader speaks and the pointer shows.
        href: where the cell leads.
    """

    row: int
    column: int
    value: float
    label: str
    name: str
    note: str = ""
    href: str = ""


def heat_grid(
    cells: Sequence[HeatCell],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    row_title: str,
    column_title: str,
    title: str,
    description: str,
) -> str:
    """Draw the grid.

    Args:
        cells: at most one for each place.
        rows: names of the rows, from the top.
        columns: names of the columns, from the left.
        row_title, column_title: what rows and columns stand for.
        title, description: for who cannot see the drawing.

    Returns:
        SVG text.
    """
    left = 14 + max(text_width(name, 13) for name in (*rows, row_title))
    highest = max((cell.value for cell in cells), default=0)
    width = left + len(columns) * (CELL_WIDTH + GAP)
    bottom = HEAD + len(rows) * (CELL_HEIGHT + GAP)
    parts = [label(row_title, 0, 16, fill=MUTED, weight=600)]
    parts += [
        label(name, 0, HEAD + (place + 0.5) * (CELL_HEIGHT + GAP) + 3, fill=MUTED)
        for place, name in enumerate(rows)
    ]
    parts += [
        label(
            name,
            left + (place + 0.5) * (CELL_WIDTH + GAP),
            bottom + 18,
            fill=MUTED,
            anchor="middle",
        )
        for place, name in enumerate(columns)
    ]
    parts.append(
        label(
            column_title, (left + width) / 2, bottom + 42, fill=MUTED, weight=600, anchor="middle"
        )
    )
    parts += [_cell(cell, left, highest) for cell in cells]
    return drawing(parts, width=width, height=bottom + FOOT, title=title, description=description)


def _cell(cell: HeatCell, left: float, highest: float) -> str:
    x = left + cell.column * (CELL_WIDTH + GAP)
    y = HEAD + cell.row * (CELL_HEIGHT + GAP)
    ground = heat(cell.value, highest)
    ink = readable_on(ground)
    middle = x + CELL_WIDTH / 2
    note = shortened(cell.note, CELL_WIDTH - 12, 11)
    parts = rounded(x, y, CELL_WIDTH, CELL_HEIGHT, ground)
    parts += label(
        cell.label,
        middle,
        y + (28 if note else 37),
        size=15,
        fill=ink,
        weight=600,
        anchor="middle",
    )
    if note:
        parts += label(note, middle, y + 46, size=11, fill=ink, anchor="middle")
    return linked(parts, cell.href, cell.name)
