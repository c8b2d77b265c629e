"""Courses over time: a line chart of at most three series, and a sparkline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, LINE, MUTED, NEGATIVE, OFFLINE
from klantreis.charts.svg import drawing, element, label, linked
from klantreis.charts.text import text_width

__all__ = ["Series", "lines", "sparkline"]

# Each series has a line and a mark of its own, not only a colour.
LOOKS = ((BRAND, None, "round"), (OFFLINE, "6 4", "square"), (NEGATIVE, "2 3", "round"))
TOP = 44
FOOT = 26


@dataclass(frozen=True)
class Series:
    """One line: its name, a value for each point in time, and what is spoken for each."""

    name: str
    values: tuple[float, ...]
    names: tuple[str, ...]


def lines(
    series: Sequence[Series],
    *,
    ticks: Sequence[tuple[int, str]],
    scale: Sequence[tuple[float, str]],
    title: str,
    description: str,
    places: Sequence[float] = (),
    width: float = 760,
    height: float = 260,
) -> str:
    """Draw the lines, with their names above.

    Args:
        series: all with the same number of values.
        ticks: places on the time axis with their names.
        scale: values for which a line across is drawn, with their names; the last is the highest.
        title, description: for who cannot see the drawing.
        places: where each value lies in time, from 0 to 1; at equal distances without.
        width, height: of the drawing.

    Returns:
        SVG text.
    """
    left = 10 + max((text_width(name, 12) for _, name in scale), default=0)
    right = max([20] + [text_width(name, 12) / 2 for _, name in ticks[-1:]])
    points = max((len(one.values) for one in series), default=0)
    highest = max([value for value, _ in scale] + [v for one in series for v in one.values] + [0])

    def x(place: int) -> float:
        share = places[place] if places else place / max(1, points - 1)
        return left + share * (width - left - right)

    def y(value: float) -> float:
        return TOP + (height - TOP - FOOT) * (1 - value / (highest or 1))

    parts = []
    for value, name in scale:
        parts.append(
            element("path", d=f"M{left:.1f} {y(value):.1f}H{width - right:.1f}", stroke=LINE)
        )
        parts.append(label(name, left - 8, y(value) + 4, size=12, fill=MUTED, anchor="end"))
    parts += [
        label(name, x(place), height - 6, size=12, fill=MUTED, anchor="middle")
        for place, name in ticks
    ]
    parts.append(_legend(series, left))
    for place, one in enumerate(series):
        spots = [(x(at), y(value)) for at, value in enumerate(one.values)]
        parts.append(_line(one, spots, place))
    return drawing(parts, width=width, height=height, title=title, description=description)


def sparkline(
    values: Sequence[float], *, title: str, width: float = 120, height: float = 32
) -> str:
    """A course in the size of a word; a lone value is a dot."""
    if not values:
        return ""
    low, high = min(values), max(values)
    spots = [
        (
            4 + place * (width - 8) / max(1, len(values) - 1),
            height - 4 - (height - 8) * ((value - low) / (high - low) if high > low else 0.5),
        )
        for place, value in enumerate(values)
    ]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    parts = [element("path", d=path, fill="none", stroke=BRAND, stroke_width=2)]
    parts.append(element("circle", cx=spots[-1][0], cy=spots[-1][1], r=3, fill=BRAND))
    return drawing(parts, width=width, height=height, title=title, description=title)


def _legend(series: Sequence[Series], left: float) -> str:
    x, parts = left, ""
    for (colour, dashes, shape), one in zip(LOOKS, series, strict=False):
        parts += element(
            "path", d=f"M{x:.1f} 12h26", stroke=colour, stroke_width=2.5, stroke_dasharray=dashes
        )
        parts += _spot(shape, x + 13, 12, colour)
        parts += label(one.name, x + 34, 16, fill=colour, weight=600)
        x += 60 + text_width(one.name, 13)
    return parts


def _line(one: Series, spots: Sequence[tuple[float, float]], place: int) -> str:
    colour, dashes, shape = LOOKS[place]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    parts = element(
        "path",
        d=path,
        fill="none",
        stroke=colour,
        stroke_width=2.5,
        stroke_dasharray=dashes,
        stroke_linejoin="round",
    )
    for (x, y), name in zip(spots, one.names, strict=True):
        parts += linked(_spot(shape, x, y, colour), "", name)
    return parts


def _spot(shape: str, x: float, y: float, colour: str) -> str:
    if shape == "square":
        return element("rect", x=x - 3, y=y - 3, width=6, height=6, fill=colour)
    return element("circle", cx=x, cy=y, r=3.5, fill=colour)
