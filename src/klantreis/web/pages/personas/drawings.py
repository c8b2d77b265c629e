"""The chart of the page of all personas: the overlap of needs between target groups."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import HeatCell, heat_grid
from klantreis.web.marks import Svg, svg
from klantreis.web.named import Named
from klantreis.web.pages.personas.context import Personas
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: Personas, words: Translator) -> Mapping[str, Svg]:
    """Draw the matrix; nothing with fewer than two groups."""
    if not page.overlaps:
        return {}
    names = [_name(group, words) for group in page.groups]
    cells = [
        HeatCell(
            row=own.row - 1,
            column=own.column,
            value=own.overlap**2,  # the tones go by the square root
            label=words.percent(own.overlap),
            note=words.interval(own.low, own.high, "share"),
            name=f"{names[own.row]} · {names[own.column]}: {words.percent(own.overlap)}, "
            + words.text(
                "95%% interval %(interval)s", interval=words.interval(own.low, own.high, "share")
            ),
        )
        for own in page.overlaps
    ]
    return {
        "overlaps": svg(
            heat_grid(
                cells,
                rows=names[1:],
                columns=[_short(name) for name in names[:-1]],
                row_title=words.text("Target group"),
                column_title=words.text("Target group"),
                title=words.text("Overlap of needs"),
                description=words.text(
                    "For each pair of target groups how far their needs overlap; darker is more."
                ),
            )
        )
    }


def _name(group: Named, words: Translator) -> str:
    return group.told(words.language) or words.code("segment", group.code)


def _short(name: str) -> str:
    return name if len(name) <= 14 else name[:13].rstrip() + "…"
