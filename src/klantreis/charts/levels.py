"""The same measure of several groups under one another, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, BRAND_SOFT, INK, LINE, MINT, MUTED
from klantreis.charts.svg import drawing, element, label, linked, rounded
from klantreis.charts.text import shortened, text_width

__all__ = ["Level", "levels"]

ROW = 30
TOP = 4


@dataclass(frozen=True)
class Level:
    """One group: its name, value and interval, and how those are written.

    Attributes:
        name: in front.
        value, low, high: on one scale; the ends are the value itself where there is no interval.
        text: behind, as `8,2%`.
        note: behind that, small, as `2.711`.
        is_meant: whether it is the group that the drawing is about.
    """

    name: str
    value: float
    low: float
    high: float
    text: str
    note: str
    is_meant: bool = False


def levels(
    items: Sequence[Level],
    *,
    title: str,
    description: str,
    width: float = 520,
) -> str:
    """Draw the groups, in the order given, on a scale that holds nought.

    Args:
        items: one for each row.
        title, description: for who cannot see the drawing.
        width: of the drawing.

    Returns:
        SVG text.
    """
    names = max((text_width(one.name, 13) for one in items), default=0.0)
    left = min(width * 0.42, 34 + names * 1.1)
    texts = max((text_width(one.text, 13) * 1.08 for one in items), default=0.0)
    notes = max((text_width(one.note, 12) for one in items), default=0.0)
    right = 26 + texts + notes
    lowest = min([0.0, *(one.low for one in items)])
    highest = max([0.0, *(one.high for one in items)])
    scale = (width - left - right) / ((highest - lowest) or 1)
    height = TOP * 2 + ROW * len(items)

    def at(value: float) -> float:
        return left + (value - lowest) * scale

    parts = [element("line", x1=at(0), x2=at(0), y1=TOP, y2=height - TOP, stroke=LINE)]
    for place, one in enumerate(items):
        ends = (left, width, width - notes - 8)
        parts.append(_row(one, TOP + place * ROW, at, ends))
    return drawing(parts, width=width, height=height, title=title, description=description)


def _row(
    one: Level, top: float, at: Callable[[float], float], ends: tuple[float, float, float]
) -> str:
    left, width, text_end = ends
    middle = top + ROW / 2
    ground = rounded(0, top + 1, width, ROW - 2, MINT) if one.is_meant else ""
    weight = 600 if one.is_meant else 400
    content = (
        ground
        + label(shortened(one.name, (left - 16) / 1.06, 13), 8, middle + 4.5, weight=weight)
        + rounded(at(one.low), middle - 3.5, max(at(one.high) - at(one.low), 2), 7, BRAND_SOFT)
        + element(
            "circle",
            cx=at(one.value),
            cy=middle,
            r=6 if one.is_meant else 4.5,
            fill=BRAND if one.is_meant else "#ffffff",
            stroke=BRAND,
            stroke_width=2,
        )
        + label(one.text, text_end, middle + 4.5, fill=INK, weight=weight, anchor="end")
        + label(one.note, width - 4, middle + 4.5, size=12, fill=MUTED, anchor="end")
    )
    return linked(content, "", f"{one.name}: {one.text}")
