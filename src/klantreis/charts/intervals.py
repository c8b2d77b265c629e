"""Effects with their intervals under one another, beside the line of no effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, INK, LINE, MUTED
from klantreis.charts.svg import drawing, element, label, linked
from klantreis.charts.text import shortened

__all__ = ["Span", "intervals"]

ROW = 34
HEAD = 30
RIGHT = 190


@dataclass(frozen=True)
class Span:
    """One effect: its name, value and interval, and how those are written."""

    name: str
    value: float
    low: float
    high: float
    text: str


def intervals(
    spans: Sequence[Span],
    *,
    none: str,
    title: str,
    description: str,
    width: float = 760,
) -> str:
    """Draw the effects, in the order given; filled where the interval does not hold nought.

    Args:
        spans: one for each row.
        none: words at the line of no effect.
        title, description: for who cannot see the drawing.
        width: of the drawing.

    Returns:
        SVG text.
    """
    left = min(width * 0.3, 280.0)
    lowest = min(0.0, *(span.low for span in spans)) if spans else 0.0
    highest = max(0.0, *(span.high for span in spans)) if spans else 1.0
    scale = (width - left - RIGHT) / ((highest - lowest) or 1)
    height = HEAD + ROW * len(spans) + 8

    def at(value: float) -> float:
        return left + (value - lowest) * scale

    parts = [
        element(
            "line", x1=at(0), x2=at(0), y1=HEAD - 6, y2=height, stroke=MUTED, stroke_dasharray="3 3"
        ),
        label(none, at(0), HEAD - 12, size=12, fill=MUTED, anchor="middle"),
    ]
    for place, span in enumerate(spans):
        parts.append(_row(span, HEAD + place * ROW + ROW / 2, at, (left, width)))
    return drawing(parts, width=width, height=height, title=title, description=description)


def _row(span: Span, y: float, at: Callable[[float], float], sides: tuple[float, float]) -> str:
    left, width = sides
    is_shown = span.low > 0 or span.high < 0
    dot = {"fill": BRAND} if is_shown else {"fill": "#ffffff"}
    content = (
        element("line", x1=0, x2=width, y1=y + ROW / 2, y2=y + ROW / 2, stroke=LINE)
        + label(shortened(span.name, left - 15, 13), 0, y + 4)
        + element(
            "line", x1=at(span.low), x2=at(span.high), y1=y, y2=y, stroke=BRAND, stroke_width=3
        )
        + element("circle", cx=at(span.value), cy=y, r=6, stroke=BRAND, stroke_width=2, **dot)
        + label(span.text, width - RIGHT + 16, y + 4, size=12, fill=INK)
    )
    return linked(content, "", f"{span.name}: {span.text}")
