"""A customer's moments in lanes, one a channel: circles are online, squares are offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from klantreis.charts.palette import BRAND, CARD, INK, LINE, MUTED, NEGATIVE, OFFLINE, SKY
from klantreis.charts.svg import drawing, element, group, label, linked
from klantreis.charts.text import text_width

__all__ = ["Lane", "Mark", "timeline_lanes"]

LEFT = 150
LANE = 42
HEAD = 26
BAND_TITLE = 24
SIGNS = {"purchase": "€", "said": "“", "return": "\N{MINUS SIGN}", "trouble": "!", "visit": ""}


@dataclass(frozen=True)
class Lane:
    """One channel; `is_online` decides the shape of its marks and the band that it lies in."""

    key: str
    name: str
    is_online: bool


@dataclass(frozen=True)
class Mark:
    """One visit in a channel.

    Attributes:
        lane: key of its lane.
        at: place in time, 0 for the first and 1 for the last moment shown.
        moments: how much happened; decides the size.
        kind: `visit`, `purchase`, `said`, `return` or `trouble`.
        name: what is spoken and shown at the pointer.
        href: where it leads.
    """

    lane: str
    at: float
    moments: int
    kind: str
    name: str
    href: str = ""


def timeline_lanes(
    lanes: Sequence[Lane],
    marks: Sequence[Mark],
    *,
    ticks: Sequence[tuple[float, str]],
    online_title: str,
    offline_title: str,
    title: str,
    description: str,
    width: float = 1200,
) -> str:
    """Draw the lanes, the online ones above the offline ones.

    Args:
        lanes: channels in use.
        marks: visits.
        ticks: places in time with their names.
        online_title, offline_title: names of the two bands.
        title, description: for who cannot see the drawing.
        width: of the drawing.

    Returns:
        SVG text.
    """
    ordered = sorted(lanes, key=lambda lane: not lane.is_online)
    tops, parts, y = {}, [], float(HEAD)
    for is_online, name in ((True, online_title), (False, offline_title)):
        inside = [lane for lane in ordered if lane.is_online == is_online]
        if not inside:
            continue
        parts.append(_band(name, is_online, y, len(inside), width))
        y += BAND_TITLE
        for lane in inside:
            tops[lane.key] = y
            parts.append(_lane(lane, y, width))
            y += LANE
        y += 8
    parts = [_ticks(ticks, y, width), *parts]
    by_key = {lane.key: lane for lane in lanes}
    # In order of time: so the tab key walks through the story as it happened.
    for mark in sorted(marks, key=lambda mark: mark.at):
        parts.append(_mark(mark, by_key[mark.lane], tops[mark.lane], width))
    return drawing(parts, width=width, height=y, title=title, description=description)


def _x(at: float, width: float) -> float:
    return LEFT + 16 + at * (width - LEFT - 32)


def _ticks(ticks: Sequence[tuple[float, str]], bottom: float, width: float) -> str:
    parts, free_from = [], 0.0
    for at, name in ticks:
        x = _x(at, width)
        parts.append(
            element(
                "path", d=f"M{x:.1f} {HEAD - 4}V{bottom:.1f}", stroke=LINE, stroke_dasharray="2 4"
            )
        )
        if x >= free_from and x + text_width(name, 12) <= width:
            parts.append(label(name, x, 14, size=12, fill=MUTED))
            free_from = x + text_width(name, 12) + 12
    return group(parts)


def _band(name: str, is_online: bool, y: float, lanes: int, width: float) -> str:
    tall = BAND_TITLE + lanes * LANE
    fill = SKY if is_online else "#f6efe4"
    ground = element(
        "rect", x=0, y=y, width=width, height=tall, rx=10, fill=fill, fill_opacity=0.55
    )
    shape = _shape(is_online, 18, y + 13, 5, BRAND if is_online else OFFLINE, 1.5, CARD)
    return ground + shape + label(name, 30, y + 17, size=12, fill=INK, weight=600)


def _lane(lane: Lane, y: float, width: float) -> str:
    middle = y + LANE / 2
    line = element("path", d=f"M{LEFT} {middle:.1f}H{width - 8:.1f}", stroke=LINE)
    return line + label(lane.name, 14, middle + 4.5)


def _mark(mark: Mark, lane: Lane, y: float, width: float) -> str:
    colour = BRAND if lane.is_online else OFFLINE
    if mark.kind in ("return", "trouble"):
        colour = NEGATIVE
    sign = SIGNS[mark.kind]
    radius = 10.0 if sign else min(9.0, 3.5 + sqrt(mark.moments) * 0.9)
    x, middle = _x(mark.at, width), y + LANE / 2
    fill = colour if sign else CARD
    parts = _shape(lane.is_online, x, middle, radius, colour, 2, fill)
    if sign:
        lower = 9 if mark.kind == "said" else 4.5
        size = 18 if mark.kind == "said" else 13
        parts += label(sign, x, middle + lower, size=size, fill=CARD, weight=700, anchor="middle")
    return linked(parts, mark.href, mark.name)


def _shape(
    is_round: bool, x: float, y: float, radius: float, colour: str, line: float, fill: str
) -> str:
    if is_round:
        return element("circle", cx=x, cy=y, r=radius, fill=fill, stroke=colour, stroke_width=line)
    side = radius * 1.8
    return element(
        "rect",
        x=x - side / 2,
        y=y - side / 2,
        width=side,
        height=side,
        rx=2,
        fill=fill,
        stroke=colour,
        stroke_width=line,
    )
