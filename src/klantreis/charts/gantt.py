"""A plan over time: a bar for each action, months across, and arrows from what must be done before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, BRAND_SOFT, INK, LINE, MINT, MUTED, NEGATIVE
from klantreis.charts.svg import drawing, element, label, linked, rounded
from klantreis.charts.text import shortened

__all__ = ["GanttBar", "gantt"]

LEFT = 250
HEAD = 30
ROW = 34
FILLS = {"done": BRAND_SOFT, "doing": BRAND, "planned": MINT, "idea": "#ffffff", "stopped": LINE}


@dataclass(frozen=True)
class GanttBar:
    """One action.

    Attributes:
        title: what is written before it.
        start, end: parts of the whole period, 0 to 1.
        status: `idea`, `planned`, `doing`, `done` or `stopped`; sets the look.
        name: what is spoken for it.
        after: places of the bars that must be done before.
        href: where it leads.
    """

    title: str
    start: float
    end: float
    status: str
    name: str
    after: tuple[int, ...] = ()
    href: str = ""


def gantt(
    bars: Sequence[GanttBar],
    *,
    ticks: Sequence[tuple[float, str]],
    today: float | None = None,
    title: str,
    description: str,
    width: float = 1200,
) -> str:
    """Draw the plan.

    Args:
        bars: from top to bottom.
        ticks: first days of months, as parts of the period, with their names.
        today: as part of the period; empty when outside it.
        title, description: for who cannot see the drawing.
        width: of the drawing.

    Returns:
        SVG text.
    """
    height = HEAD + ROW * len(bars) + 8

    def x(part: float) -> float:
        return LEFT + part * (width - LEFT - 10)

    parts = []
    for at, name in ticks:
        parts.append(element("path", d=f"M{x(at):.1f} {HEAD - 6}V{height - 4:.0f}", stroke=LINE))
        parts.append(label(name, x(at) + 4, 16, size=12, fill=MUTED))
    if today is not None:
        parts.append(
            element(
                "path",
                d=f"M{x(today):.1f} {HEAD - 6}V{height - 4:.0f}",
                stroke=NEGATIVE,
                stroke_width=1.5,
                stroke_dasharray="4 3",
            )
        )
    for place, bar in enumerate(bars):
        parts.append(_bar(bar, place, x(bar.start), x(bar.end)))
    for place, bar in enumerate(bars):
        for before in bar.after:
            end = x(bars[before].end)
            parts.append(_arrow(end, before, x(bar.start), place))
    return drawing(parts, width=width, height=height, title=title, description=description)


def _bar(bar: GanttBar, place: int, start: float, end: float) -> str:
    top = HEAD + place * ROW
    fill = FILLS.get(bar.status, MINT)
    dashes = "4 3" if bar.status in ("idea", "stopped") else None
    shape = rounded(
        start, top + 5, max(4, end - start), ROW - 12, fill, stroke=BRAND, stroke_dasharray=dashes
    )
    text = label(shortened(bar.title, LEFT - 16, 13), 0, top + ROW / 2 + 4, fill=INK)
    return linked(text + shape, bar.href, bar.name)


def _arrow(start: float, before: int, end: float, place: int) -> str:
    y1, y2 = (HEAD + row * ROW + ROW / 2 - 1 for row in (before, place))
    path = f"M{start:.1f} {y1:.1f}H{start + 6:.1f}V{y2:.1f}H{end:.1f}"
    head = f"M{end - 5:.1f} {y2 - 4:.1f}L{end:.1f} {y2:.1f}L{end - 5:.1f} {y2 + 4:.1f}"
    return element("path", d=path + head, fill="none", stroke=MUTED, stroke_width=1.5)
