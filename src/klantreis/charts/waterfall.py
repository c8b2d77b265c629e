"""A waterfall: how a total is built up, contribution by contribution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, LINE, MUTED, NEGATIVE, POSITIVE
from klantreis.charts.svg import drawing, element, label, linked, rounded
from klantreis.charts.text import shortened, text_width

__all__ = ["Fall", "waterfall"]

ROW = 30
THICKNESS = 16
HEAD = 26
GAP = 8


@dataclass(frozen=True)
class Fall:
    """One contribution: its name, value with sign, and how that is written."""

    name: str
    value: float
    text: str


def waterfall(
    falls: Sequence[Fall],
    *,
    total: Fall,
    nought: str,
    title: str,
    description: str,
    width: float = 560,
) -> str:
    """Draw the contributions under one another, each from where the one before it ended.

    What adds goes to the right, what takes off to the left; the written value has the sign, so
    that nothing is told by colour alone.

    Args:
        falls: in order.
        total: their sum, drawn from nought.
        nought: words at the line of nought.
        title, description: for who cannot see the drawing.
        width: of the drawing.

    Returns:
        SVG text.
    """
    rows, reached = [], 0.0
    for fall in falls:
        rows.append((fall, reached, reached + fall.value))
        reached += fall.value
    rows.append((total, 0.0, total.value))
    left = min(width * 0.38, 14 + max(text_width(fall.name, 13) for fall, _, _ in rows))
    beside = GAP + max(text_width(fall.text, 12) for fall, _, _ in rows)
    ends = [end for _, start, stop in rows for end in (start, stop)]
    lowest, highest = min(ends), max(ends)
    scale = (width - left - 2 * beside - 4) / ((highest - lowest) or 1)

    def at(value: float) -> float:
        return left + beside + (value - lowest) * scale

    height = HEAD + ROW * len(rows) + 6
    parts = [
        element(
            "line", x1=at(0), x2=at(0), y1=HEAD - 8, y2=height, stroke=MUTED, stroke_dasharray="3 3"
        ),
        label(nought, at(0), HEAD - 13, size=12, fill=MUTED, anchor="middle"),
    ]
    for place, (fall, start, stop) in enumerate(rows):
        is_total = place == len(rows) - 1
        parts.append(_row(fall, (start, stop), HEAD + place * ROW, at, left, is_total, width))
    return drawing(parts, width=width, height=height, title=title, description=description)


def _row(
    fall: Fall,
    ends: tuple[float, float],
    y: float,
    at: Callable[[float], float],
    left: float,
    is_total: bool,
    width: float,
) -> str:
    low, high = sorted(map(at, ends))
    colour = BRAND if is_total else POSITIVE if fall.value >= 0 else NEGATIVE
    beside = {"x": high + GAP} if ends[1] >= ends[0] else {"x": low - GAP, "anchor": "end"}
    weight = 650 if is_total else 400
    content = (
        (element("line", x1=0, x2=width, y1=y, y2=y, stroke=LINE) if is_total else "")
        + label(shortened(fall.name, left - 8, 13), 0, y + ROW / 2 + 4, weight=weight)
        + rounded(low, y + (ROW - THICKNESS) / 2, max(high - low, 1.5), THICKNESS, colour)
        + label(fall.text, y=y + ROW / 2 + 4, size=12, weight=weight, **beside)
    )
    return linked(content, "", f"{fall.name}: {fall.text}")
