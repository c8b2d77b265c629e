"""The phases of a model side by side: who reached it, who stopped, and what that may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, BRAND_SOFT, INK, LINE, MUTED, NEGATIVE, ROSE
from klantreis.charts.svg import drawing, element, label, linked
from klantreis.charts.text import shortened

__all__ = ["Phase", "phase_strip"]

LEFT = 132
HEAD = 46
BARS = 150
CAPTION = 26
ROW = 40


@dataclass(frozen=True)
class Phase:
    """One phase.

    Attributes:
        name: as shown in its arrow.
        reached: share of all journeys that were in it, 0 to 1.
        stopped: share of all journeys that ended in it without buying, at most `reached`.
        reached_label: the first value as it is written.
        lines: what stands below the bar, one text for each row of the strip.
        warned: places in `lines` that are bad news.
        href: where the arrow leads.
    """

    name: str
    reached: float
    stopped: float
    reached_label: str
    lines: tuple[str, ...]
    warned: tuple[int, ...] = ()
    href: str = ""


def phase_strip(
    phases: Sequence[Phase],
    *,
    bar_title: str,
    stopped_title: str,
    row_titles: Sequence[str],
    title: str,
    description: str,
    width: float = 1200,
) -> str:
    """Draw the strip.

    Args:
        phases: in the order of the model.
        bar_title: what the height of the bars stands for.
        stopped_title: what their hatched part stands for.
        row_titles: what the lines below the bars stand for.
        title, description: for who cannot see the drawing.
        width: of the drawing.

    Returns:
        SVG text.
    """
    each = (width - LEFT) / max(1, len(phases))
    base = HEAD + CAPTION + BARS
    height = base + len(row_titles) * ROW + 6
    parts = [_hatch(), *_left(bar_title, stopped_title, row_titles, base, width)]
    for place, phase in enumerate(phases):
        x = LEFT + place * each
        parts.append(_arrow(phase, place, x, each, len(phases)))
        parts.append(_bar(phase, x, each, base))
        parts += [
            label(
                shortened(text, each - 16, 13),
                x + 14,
                base + row * ROW + 25,
                fill=NEGATIVE if row in phase.warned else INK,
                weight=600,
            )
            for row, text in enumerate(phase.lines)
        ]
    return drawing(parts, width=width, height=height, title=title, description=description)


def _hatch() -> str:
    line = element("path", d="M0 6L6 0", stroke=NEGATIVE, stroke_width=1.5)
    ground = element("rect", width=6, height=6, fill=ROSE)
    pattern = element(
        "pattern",
        ground + line,
        id="stopped",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", pattern)


def _left(
    bar_title: str, stopped_title: str, row_titles: Sequence[str], base: float, width: float
) -> list[str]:
    parts = [
        element("rect", x=0, y=HEAD + 30, width=14, height=14, rx=3, fill=BRAND_SOFT),
        label(bar_title, 20, HEAD + 42, size=12, fill=MUTED, weight=600),
        element("rect", x=0, y=HEAD + 54, width=14, height=14, rx=3, fill="url(#stopped)"),
        label(stopped_title, 20, HEAD + 66, size=12, fill=MUTED, weight=600),
    ]
    for row, text in enumerate(row_titles):
        y = base + row * ROW
        parts.append(element("path", d=f"M0 {y:.1f}H{width:.1f}", stroke=LINE))
        parts.append(
            label(shortened(text, LEFT - 8, 12), 0, y + 25, size=12, fill=MUTED, weight=600)
        )
    return parts


def _arrow(phase: Phase, place: int, x: float, each: float, count: int) -> str:
    tip = 14 if place < count - 1 else 0
    start = 14 if place else 0
    end = x + each - (4 if tip else 0)
    path = (
        f"M{x:.1f} 0H{end - tip + 4 * bool(tip):.1f}L{end + 4 * bool(tip):.1f} {HEAD / 2}"
        f"L{end - tip + 4 * bool(tip):.1f} {HEAD}H{x:.1f}"
        f"L{x + start:.1f} {HEAD / 2}Z"
    )
    shape = element("path", d=path, fill=BRAND, stroke="#fff", stroke_width=2)
    number = label(str(place + 1), x + start + 12, 28, size=14, fill=BRAND_SOFT, weight=600)
    room = each - start - 48
    name = label(
        shortened(phase.name, room, 15), x + start + 28, 28, size=15, fill="#fff", weight=600
    )
    return linked(shape + number + name, phase.href, f"{place + 1}. {phase.name}")


def _bar(phase: Phase, x: float, each: float, base: float) -> str:
    tall = phase.reached * (BARS - 8)
    stopped = phase.stopped * (BARS - 8)
    top = base - tall
    left, width = x + 14, each - 28
    parts = element("rect", x=left, y=top, width=width, height=tall, fill=BRAND_SOFT)
    parts += element("rect", x=left, y=top, width=width, height=stopped, fill="url(#stopped)")
    parts += element("path", d=f"M{left:.1f} {top:.1f}h{width:.1f}", stroke=BRAND, stroke_width=2)
    # The label stands above the bar, so that no bar is ever too low for it.
    parts += label(phase.reached_label, left, top - 8, size=14, weight=600)
    return parts
