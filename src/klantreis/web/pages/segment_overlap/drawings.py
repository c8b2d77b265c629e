"""The chart of overlap: a grid of shares, with the lift below each."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import HeatCell, heat_grid
from klantreis.charts.text import shortened
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.segment_overlap.context import OverlapPage, Shared
from klantreis.web.rendering import address
from klantreis.words import Translator

__all__ = ["draw", "group_name"]

ROOM = 100
ROW_ROOM = 190


def draw(page: OverlapPage, words: Translator) -> Mapping[str, Svg]:
    """Draw the grid; nothing without groups."""
    if not page.shared:
        return {}
    rows = {name: place for place, name in enumerate(page.rows)}
    columns = {name: place for place, name in enumerate(page.columns)}
    grid = heat_grid(
        [_cell(one, page, rows[one.row], columns[one.column], words) for one in page.shared],
        rows=[
            shortened(group_name(page.query.rows, name, words), ROW_ROOM, 13) for name in page.rows
        ],
        columns=[
            shortened(group_name(page.query.columns, name, words), ROOM, 13)
            for name in page.columns
        ],
        row_title=words.text("Of this group ..."),
        column_title=words.text("... so many are in this one too"),
        title=words.text("Overlap between groups"),
        description=words.text(
            "For each pair the part of the first group that is in the second, and how many times "
            "as usual that is. The table holds the same numbers."
        ),
    )
    return {"grid": svg(grid)}


def group_name(division: str, name: str, words: Translator) -> str:
    """A saved audience by its own name, a segment by the catalogue's."""
    return name if division == "audience" else words.segment(name)


def _cell(one: Shared, page: OverlapPage, row: int, column: int, words: Translator) -> HeatCell:
    first = group_name(page.query.rows, one.row, words)
    second = group_name(page.query.columns, one.column, words)
    lacking = words.still_needed(one.share.evidence)
    times = words.text("%(lift)s×", lift=words.number(one.lift, 1)) if one.lift else ""
    shown = lacking or " · ".join(part for part in (words.figure(one.share), times) if part)
    return HeatCell(
        row=row,
        column=column,
        value=0.0 if lacking else (one.share.value or 0.0),
        label="–" if lacking else words.figure(one.share),
        note=times,
        name=f"{first} → {second}: {shown}",
        href=address("/customers", rule=one.rule) if one.rule else "",
    )
