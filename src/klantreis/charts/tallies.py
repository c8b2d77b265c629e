"""Counts over time as thin bars, with the stretches marked in which they are lacking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, INK, LINE, MUTED, NEGATIVE, ROSE
from klantreis.charts.svg import drawing, element, label, linked
from klantreis.charts.text import text_width

__all__ = ["Lack", "Tally", "tallies"]

TOP = 26
FOOT = 24
LEAST_WIDTH = 5.0


@dataclass(frozen=True)
class Tally:
    """The count of one period, and what is shown when it is pointed at."""

    count: int
    name: str


@dataclass(frozen=True)
class Lack:
    """A stretch without counts: from and to in periods from the first one, and what is spoken."""

    start: float
    end: float
    name: str


def tallies(
    counts: Sequence[Tally],
    lacks: Sequence[Lack],
    *,
    ticks: Sequence[tuple[int, str]],
    scale: Sequence[tuple[float, str]],
    title: str,
    description: str,
    width: float = 760,
    height: float = 170,
) -> str:
    """Draw the bars, and a dashed band with a sign over each stretch that is lacking.

    Args:
        counts: one period after the other.
        ticks: periods with their names, below.
        scale: counts for which a line across is drawn, with their names; the last is the highest.
        title, description: for who cannot see the drawing.
        width, height: of the drawing.

    Returns:
        SVG text.
    """
    left = 10 + max((text_width(name, 12) for _, name in scale), default=0)
    highest = max([value for value, _ in scale] + [one.count for one in counts] + [1])
    step = (width - left - 10) / max(1, len(counts))

    def y(value: float) -> float:
        return TOP + (height - TOP - FOOT) * (1 - value / highest)

    parts = []
    for value, name in scale:
        parts.append(element("path", d=f"M{left:.1f} {y(value):.1f}H{width - 10:.1f}", stroke=LINE))
        parts.append(label(name, left - 8, y(value) + 4, size=12, fill=MUTED, anchor="end"))
    for place, name in ticks:
        anchor = "start" if not place else "middle" if left + place * step < width - 40 else "end"
        parts.append(
            label(name, left + place * step, height - 6, size=12, fill=MUTED, anchor=anchor)
        )
    parts += [
        element(
            "rect",
            element("title", one.name),
            x=left + place * step,
            y=y(one.count),
            width=max(0.8, step - (1 if step > 4 else 0.2)),
            height=y(0) - y(one.count),
            fill=BRAND,
        )
        for place, one in enumerate(counts)
        if one.count
    ]
    parts += [_band(lack, left, step, y(0)) for lack in lacks]
    return drawing(parts, width=width, height=height, title=title, description=description)


def _band(lack: Lack, left: float, step: float, bottom: float) -> str:
    wide = max(LEAST_WIDTH, (lack.end - lack.start) * step)
    start = left + lack.start * step
    middle = start + wide / 2
    return linked(
        element(
            "rect",
            x=start,
            y=TOP - 6,
            width=wide,
            height=bottom - TOP + 6,
            fill=ROSE,
            fill_opacity=0.85,
            stroke=NEGATIVE,
            stroke_dasharray="3 2",
        )
        + element("path", d=f"M{middle:.1f} 3l8 14h-16z", fill=NEGATIVE)
        + element("path", d=f"M{middle:.1f} 8v5m0 1.5v1", stroke="#ffffff", stroke_width=1.5)
        + element("path", d=f"M{start:.1f} {bottom:.1f}h{wide:.1f}", stroke=INK),
        "",
        lack.name,
    )
