"""Chances as they were given against what came of them: on the line they were right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, LINE, MUTED
from klantreis.charts.svg import drawing, element, label, linked

__all__ = ["Given", "reliability"]

LEFT, RIGHT, TOP, FOOT = 58.0, 20.0, 18.0, 52.0
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Given:
    """Customers with about the same chance.

    Attributes:
        chance: the mean chance that they were given.
        share, low, high: the part that it came true of, with its interval.
        name: what is spoken.
    """

    chance: float
    share: float
    low: float
    high: float
    name: str


def reliability(
    points: Sequence[Given],
    *,
    scale: Sequence[str],
    across: str,
    upright: str,
    title: str,
    description: str,
    width: float = 560,
    height: float = 360,
) -> str:
    """Draw the points with their intervals around the line on which they should lie.

    Args:
        points: in order of chance.
        scale: how 0, 25, 50, 75 and 100 % are written.
        across, upright: names of the axes.
        title, description: for who cannot see the drawing.
        width, height: of the drawing.

    Returns:
        SVG text.
    """

    def x(value: float) -> float:
        return LEFT + value * (width - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (1 - value) * (height - TOP - FOOT)

    parts = []
    for value, name in zip(QUARTERS, scale, strict=True):
        parts.append(element("path", d=f"M{x(0):.1f} {y(value):.1f}H{x(1):.1f}", stroke=LINE))
        parts.append(label(name, LEFT - 8, y(value) + 4, size=12, fill=MUTED, anchor="end"))
        parts.append(
            label(name, x(value), height - FOOT + 20, size=12, fill=MUTED, anchor="middle")
        )
    parts.append(_diagonal(x(0), y(0), x(1), y(1)))
    parts.append(label(across, x(0.5), height - 8, size=12, fill=MUTED, anchor="middle"))
    parts.append(label(upright, x(0) + 8, TOP + 14, size=12, fill=MUTED))
    for point in points:
        drawn = _with_interval(x(point.chance), y(point.share), y(point.low), y(point.high))
        parts.append(linked(drawn, "", point.name))
    return drawing(parts, width=width, height=height, title=title, description=description)


def _diagonal(left: float, foot: float, right: float, top: float) -> str:
    """The line on which a chance that was given is the share that came of it."""
    return element(
        "path",
        d=f"M{left:.1f} {foot:.1f}L{right:.1f} {top:.1f}",
        stroke=MUTED,
        stroke_width=1.5,
        stroke_dasharray="5 4",
    )


def _with_interval(at: float, middle: float, low: float, high: float) -> str:
    line = element("path", d=f"M{at:.1f} {low:.1f}V{high:.1f}", stroke=BRAND, stroke_width=2)
    return line + element("circle", cx=at, cy=middle, r=5, fill=BRAND)
