"""Emotion along the journey: a smooth curve from -2 to +2, as wide as what it stands in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from klantreis.charts.palette import CARD, INK, MINT, MUTED, NEGATIVE, POSITIVE, ROSE
from klantreis.charts.svg import FONT, element, linked
from klantreis.charts.text import text_width

__all__ = ["CurvePoint", "curve_depth", "curve_path", "emotion_curve", "note_baselines"]

HIGHEST = 2.0
EDGE = 0.16  # part of the height that notes take above and below
NARROWEST = 640.0  # pixels: where notes do not run into each other here, they do so nowhere
LETTERS = 12.0
LINE_HEIGHT = 14.0


@dataclass(frozen=True)
class CurvePoint:
    """A point of the curve.

    Attributes:
        x: per cent of the width.
        score: -2 to +2.
        note: what is written beside it; empty for none.
        name: what is spoken for it.
        is_sure: whether enough people said so; otherwise the mark is hollow.
        href: where it leads.
    """

    x: float
    score: float
    note: str
    name: str
    is_sure: bool = True
    href: str = ""


def emotion_curve(
    points: Sequence[CurvePoint],
    *,
    title: str,
    description: str,
    height: float = 190,
    width: float | None = None,
) -> str:
    """Draw the curve. On a page it takes the width of its place; letters and marks keep their size.

    Args:
        points: from left to right.
        title, description: for who cannot see the drawing.
        height: in pixels.
        width: in pixels, for paper; empty for as wide as its place.

    Returns:
        SVG text.
    """
    across, down = (100.0, 100.0) if width is None else (width, height)
    spots = [(point.x * across / 100, curve_depth(point.score) * down) for point in points]
    ground = element("rect", width=across, height=down / 2, fill=MINT, opacity=0.6)
    ground += element("rect", y=down / 2, width=across, height=down / 2, fill=ROSE, opacity=0.6)
    middle = element(
        "path", d=f"M0 {down / 2:.0f}H{across:.0f}", stroke=MUTED, stroke_dasharray="4 4", **_FINE
    )
    wide = _FINE | {"stroke_width": 2.5}
    line = element("path", d=curve_path(spots), fill="none", stroke=INK, **wide)
    lines = ground + middle + line
    if width is None:
        lines = element(
            "svg",
            lines,
            viewBox="0 0 100 100",
            preserveAspectRatio="none",
            width="100%",
            height="100%",
        )
    notes = note_baselines(points, across=NARROWEST if width is None else width, height=height)
    marks = "".join(
        _mark(point, curve_depth(point.score) * height, width, note)
        for point, note in zip(points, notes, strict=True)
    )
    head = element("title", escape(title)) + element("desc", escape(description))
    return element(
        "svg",
        head + lines + marks,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=None if width is None else f"0 0 {width:.0f} {height:.0f}",
        width="100%",
        height=height if width is None else None,
        role="group",
        aria_label=title,
        font_family=FONT,
    )


_FINE: dict[str, object] = {"vector_effect": "non-scaling-stroke", "stroke_width": 1}


def curve_path(spots: Sequence[tuple[float, float]]) -> str:
    """A path through points that never goes beyond them: horizontal at each high and low.

    Cubic pieces with the slopes of Fritsch and Carlson, "Monotone Piecewise Cubic Interpolation",
    SIAM Journal on Numerical Analysis 17 (1980).
    """
    if not spots:
        return ""
    slopes = _slopes(spots)
    path = f"M{spots[0][0]:.2f} {spots[0][1]:.2f}"
    for at in range(len(spots) - 1):
        (x, y), (x2, y2) = spots[at], spots[at + 1]
        third = (x2 - x) / 3
        path += (
            f"C{x + third:.2f} {y + third * slopes[at]:.2f} "
            f"{x2 - third:.2f} {y2 - third * slopes[at + 1]:.2f} {x2:.2f} {y2:.2f}"
        )
    return path


def _slopes(spots: Sequence[tuple[float, float]]) -> list[float]:
    chords = [(b[1] - a[1]) / max(1e-9, b[0] - a[0]) for a, b in itertools.pairwise(spots)]
    if not chords:
        return [0.0]
    inner = [
        0.0 if one * other <= 0 else 2 * one * other / (one + other)
        for one, other in itertools.pairwise(chords)
    ]
    return [chords[0], *inner, chords[-1]]


def note_baselines(
    points: Sequence[CurvePoint], *, across: float, height: float
) -> list[float | None]:
    """Where notes can stand without covering each other or a mark; None where there is no room.

    The notes that say most, farthest from nought, get their place first.

    Args:
        points: from left to right.
        across, height: of the drawing, in pixels; letters are twelve pixels high.
    """
    spots = [(point.x / 100 * across, curve_depth(point.score) * height) for point in points]
    taken = [(x - 9, y - 9, x + 9, y + 9) for x, y in spots]
    baselines: list[float | None] = [None] * len(points)
    for place in sorted(range(len(points)), key=lambda one: -abs(points[one].score)):
        point, (x, y) = points[place], spots[place]
        wide = text_width(point.note, LETTERS)
        left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[_anchor(point)]
        first, step = (y - 14, -LINE_HEIGHT) if point.score >= 0 else (y + 24, LINE_HEIGHT)
        for line in range(5):
            baseline = first + line * step
            box = (left - 4, baseline - 10, left + wide + 4, baseline + 3)
            if not 10 <= baseline <= height - 3:
                break
            if not any(_cover(box, other) for other in taken):
                baselines[place] = baseline
                taken.append(box)
                break
    return baselines


def _cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _anchor(point: CurvePoint) -> str:
    return "start" if point.x < 8 else "end" if point.x > 92 else "middle"


def _mark(point: CurvePoint, at: float, width: float | None, baseline: float | None) -> str:
    is_good = point.score >= 0
    colour = POSITIVE if is_good else NEGATIVE
    fill = colour if point.is_sure else CARD
    x = f"{point.x:.2f}%" if width is None else f"{point.x * width / 100:.1f}"
    # A round mark for good, a diamond for bad: not by colour alone.
    if is_good:
        mark = element("circle", cx=x, cy=at, r=6, fill=fill, stroke=colour, stroke_width=2)
    else:
        diamond = element("path", d="M0 -8L8 0L0 8L-8 0Z", fill=fill, stroke=colour, stroke_width=2)
        mark = element("svg", diamond, x=x, y=at, overflow="visible")
    note = ""
    if point.note and baseline is not None:
        note = element(
            "text",
            escape(point.note),
            x=x,
            y=baseline,
            font_size=LETTERS,
            fill=colour,
            text_anchor=_anchor(point),
        )
    return linked(mark + note, point.href, point.name)


def curve_depth(score: float) -> float:
    """How far down a score stands, as a part of the height.

    >>> curve_depth(0)
    0.5
    """
    part = (HIGHEST - min(HIGHEST, max(-HIGHEST, score))) / (2 * HIGHEST)
    return EDGE + part * (1 - 2 * EDGE)
