"""Horizontal bars: for each name one or two values on the same scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import AMBER, BRAND, INK, MUTED, OFFLINE
from klantreis.charts.svg import drawing, element, label, linked, rounded
from klantreis.charts.text import shortened, text_width

__all__ = ["Bar", "bars"]

THICKNESS = 14
ROW_GAP = 16
HEAD = 34
# The second value differs from the first by its outline too, not by its colour alone.
LOOKS = ({"fill": BRAND}, {"fill": AMBER, "stroke": OFFLINE, "stroke_width": 1.5})


@dataclass(frozen=True)
class Bar:
    """One name with its values.

    Attributes:
        name: in front of the bars.
        values: one for each series, all on one scale, not negative.
        labels: the values as they are written.
        href: where the bars lead.
    """

    name: str
    values: tuple[float, ...]
    labels: tuple[str, ...]
    href: str = ""


def bars(
    items: Sequence[Bar],
    *,
    series: Sequence[str],
    title: str,
    description: str,
    width: float = 640,
) -> str:
    """Draw the bars, in the order given.

    Args:
        items: one for each row.
        series: what the values stand for, shown above.
        title, description: for who cannot see the drawing.
        width: of the drawing.

    Returns:
        SVG text.
    """
    left = min(width * 0.4, 12 + max((text_width(bar.name, 13) for bar in items), default=0))
    right = 10 + max((text_width(text, 12) for bar in items for text in bar.labels), default=0)
    highest = max((value for bar in items for value in bar.values), default=0) or 1
    scale = (width - left - right) / highest
    row = len(series) * (THICKNESS + 2) + ROW_GAP
    parts = [_legend(series, left)]
    parts += [_row(bar, HEAD + place * row, left, scale) for place, bar in enumerate(items)]
    height = HEAD + len(items) * row
    return drawing(parts, width=width, height=height, title=title, description=description)


def _legend(series: Sequence[str], left: float) -> str:
    x, parts = left, ""
    for place, name in enumerate(series):
        parts += rounded(x, 4, 14, 14, **LOOKS[place])
        parts += label(name, x + 20, 16, size=12, fill=MUTED)
        x += 44 + text_width(name, 12)
    return parts


def _row(bar: Bar, y: float, left: float, scale: float) -> str:
    block = len(bar.values) * (THICKNESS + 2)
    parts = element("rect", x=0, y=y - 4, width=left, height=block + 8, fill="none")
    parts += label(shortened(bar.name, left - 10, 13), 0, y + block / 2 + 4, weight=600)
    for place, (value, text) in enumerate(zip(bar.values, bar.labels, strict=True)):
        top = y + place * (THICKNESS + 2)
        length = value * scale
        parts += rounded(left, top, length, THICKNESS, **LOOKS[place])
        parts += label(text, left + length + 7, top + THICKNESS - 3, size=12, fill=INK)
    return linked(parts, bar.href, f"{bar.name}: {', '.join(bar.labels)}")
