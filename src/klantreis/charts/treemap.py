"""Parts of a whole as areas: the larger, the more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.charts.palette import heat, readable_on
from klantreis.charts.svg import drawing, label, linked, rounded
from klantreis.charts.text import shortened

__all__ = ["Area", "Rectangle", "squarified", "treemap"]

GAP = 3
PADDING = 10
LINE_HEIGHT = 17


@dataclass(frozen=True)
class Area:
    """One part.

    Attributes:
        value: what the area tells; parts of 0 or less are not drawn.
        tone: what the colour tells, from 0.
        name, label, note: up to three lines in it, as far as they fit.
        spoken: what a screen reader speaks and the pointer shows.
        href: where it leads.
    """

    value: float
    tone: float
    name: str
    label: str
    spoken: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Rectangle:
    """Where an area lies."""

    x: float
    y: float
    width: float
    height: float


def treemap(
    areas: Sequence[Area],
    *,
    title: str,
    description: str,
    width: float = 760,
    height: float = 400,
) -> str:
    """Draw the parts, the largest first.

    Args:
        areas: the parts, in any order.
        title, description: for who cannot see the drawing.
        width, height: of the drawing.

    Returns:
        SVG text.
    """
    shown = sorted((one for one in areas if one.value > 0), key=lambda one: -one.value)
    places = squarified([one.value for one in shown], Rectangle(0, 0, width, height))
    highest = max((one.tone for one in shown), default=0.0)
    parts = [_area(one, place, highest) for one, place in zip(shown, places, strict=True)]
    return drawing(parts, width=width, height=height, title=title, description=description)


def squarified(values: Sequence[float], inside: Rectangle) -> list[Rectangle]:
    """Rectangles whose areas are as the values, each as square as it gets.

    Bruls, Huizing & van Wijk, "Squarified Treemaps" (Eurographics/IEEE TCVG, 2000).

    Args:
        values: above 0, the largest first.
        inside: what they fill together.

    >>> squarified([1, 1], Rectangle(0, 0, 4, 2))
    [Rectangle(x=0, y=0, width=2.0, height=2.0), Rectangle(x=2.0, y=0, width=2.0, height=2.0)]
    """
    total = sum(values)
    scale = inside.width * inside.height / total if total > 0 else 0.0
    rest = [value * scale for value in values]
    places: list[Rectangle] = []
    room = inside
    while rest:
        count, short = 1, min(room.width, room.height)
        while count < len(rest) and _worst(rest[: count + 1], short) <= _worst(rest[:count], short):
            count += 1
        row, rest = rest[:count], rest[count:]
        placed, room = _laid(row, room, is_last=not rest)
        places += placed
    return places


def _worst(row: Sequence[float], side: float) -> float:
    """How far the least square rectangle of a row is from a square; 1 is a square."""
    total = sum(row)
    return max(side * side * max(row) / total**2, total**2 / (side * side * min(row)))


def _laid(
    row: Sequence[float], room: Rectangle, *, is_last: bool
) -> tuple[list[Rectangle], Rectangle]:
    """A row along the shorter side, and the room that is left beside it."""
    total, placed = sum(row), []
    if room.width >= room.height:
        thick = room.width if is_last else total / room.height
        y = room.y
        for area in row:
            placed.append(Rectangle(room.x, y, thick, area / thick))
            y += area / thick
        return placed, Rectangle(room.x + thick, room.y, room.width - thick, room.height)
    thick = room.height if is_last else total / room.width
    x = room.x
    for area in row:
        placed.append(Rectangle(x, room.y, area / thick, thick))
        x += area / thick
    return placed, Rectangle(room.x, room.y + thick, room.width, room.height - thick)


def _area(area: Area, place: Rectangle, highest: float) -> str:
    ground = heat(max(area.tone, 0.0), highest)
    ink = readable_on(ground)
    width, height = max(place.width - GAP, 1.0), max(place.height - GAP, 1.0)
    parts = rounded(place.x, place.y, width, height, ground)
    lines = ((area.name, 13, 600), (area.label, 13, 400), (area.note, 11.5, 400))
    room = int((height - PADDING) // LINE_HEIGHT)
    for place_in, (text, size, weight) in enumerate(lines[:room]):
        fits = shortened(text, width - 2 * PADDING, size)
        parts += label(
            fits,
            place.x + PADDING,
            place.y + PADDING + 10 + place_in * LINE_HEIGHT,
            size=size,
            fill=ink,
            weight=weight,
        )
    return linked(parts, area.href, area.spoken)
