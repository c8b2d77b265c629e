"""Flows from step to step, as bands between columns whose height is what flows.

Every cycle is unrolled: a band only ever runs from one column to the next. The room of a column
is kept free of bands, so a label stands inside its own node and is never crossed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klantreis.charts.palette import BRAND, INK, LINE, MUTED, NEGATIVE, OFFLINE, POSITIVE
from klantreis.charts.svg import drawing, element, group, label, linked
from klantreis.charts.text import shortened, text_width

__all__ = ["Band", "Node", "Place", "place_nodes", "sankey"]

NODE_WIDTH = 146
GAP = 10
SLOT = 24  # the least room that a node keeps, so that its label always has a line of its own
HEAD = 34
COLOURS = {"flow": BRAND, "good": POSITIVE, "bad": NEGATIVE, "open": OFFLINE}


@dataclass(frozen=True)
class Node:
    """A place that is passed.

    Attributes:
        key: unique name.
        column: step, from 0.
        name, label: what it is and its value as it is written.
        kind: `flow`, or an end: `good`, `bad` or `open`.
        href: where it leads.
    """

    key: str
    column: int
    name: str
    label: str
    kind: str = "flow"
    href: str = ""


@dataclass(frozen=True)
class Band:
    """What flows from a node to a node of the next column.

    Attributes:
        source, target: keys of the nodes.
        value: how much.
        name: what is spoken.
        href: where it leads.
    """

    source: str
    target: str
    value: float
    name: str
    href: str = ""


@dataclass(frozen=True)
class Place:
    """Where a node lies: its band height `height` in the middle of its slot."""

    x: float
    slot_top: float
    slot_height: float
    height: float

    @property
    def top(self) -> float:
        return self.slot_top + (self.slot_height - self.height) / 2


def sankey(
    nodes: Sequence[Node],
    bands: Sequence[Band],
    *,
    columns: Sequence[str],
    title: str,
    description: str,
    width: float = 1200,
    height: float = 520,
) -> str:
    """Draw the flows; nodes of a column lie in the order given.

    Args:
        nodes: places, each in its column.
        bands: flows between nodes of neighbouring columns.
        columns: what stands above each column.
        title, description: for who cannot see the drawing.
        width, height: of the drawing.

    Returns:
        SVG text.
    """
    places, scale = place_nodes(nodes, bands, len(columns), width, height)
    parts = [
        label(name, _x(place, len(columns), width), 16, size=12, fill=MUTED, weight=600)
        for place, name in enumerate(columns)
    ]
    kinds = {node.key: node.kind for node in nodes}
    parts.append(group(_bands(bands, places, kinds, scale)))
    parts += [_node(node, places[node.key]) for node in nodes]
    return drawing(parts, width=width, height=height, title=title, description=description)


def place_nodes(
    nodes: Sequence[Node], bands: Sequence[Band], columns: int, width: float, height: float
) -> tuple[Mapping[str, Place], float]:
    """Where each node lies, and the height in pixels of one unit of flow."""
    values = _values(nodes, bands)
    by_column: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        by_column[node.column].append(node)
    scale = min(
        (_scale([values[n.key] for n in inside], height - HEAD) for inside in by_column.values()),
        default=1.0,
    )
    places: dict[str, Place] = {}
    for column, inside in by_column.items():
        top = float(HEAD)
        for node in inside:
            thick = values[node.key] * scale
            places[node.key] = Place(_x(column, columns, width), top, max(SLOT, thick), thick)
            top += max(SLOT, thick) + GAP
    return places, scale


def _values(nodes: Sequence[Node], bands: Sequence[Band]) -> Mapping[str, float]:
    into: dict[str, float] = defaultdict(float)
    out_of: dict[str, float] = defaultdict(float)
    for band in bands:
        out_of[band.source] += band.value
        into[band.target] += band.value
    return {node.key: max(into[node.key], out_of[node.key]) for node in nodes}


def _scale(values: Sequence[float], room: float) -> float:
    # Thin nodes take a whole slot, so the scale is what is left for the thick ones.
    low, high = 0.0, room / max(values) if values and max(values) > 0 else 1.0
    for _ in range(40):
        middle = (low + high) / 2
        used = sum(max(SLOT, value * middle) + GAP for value in values) - GAP
        low, high = (middle, high) if used <= room else (low, middle)
    return low


def _x(column: int, columns: int, width: float) -> float:
    return column * (width - NODE_WIDTH) / max(1, columns - 1)


def _bands(
    bands: Sequence[Band], places: Mapping[str, Place], kinds: Mapping[str, str], scale: float
) -> list[str]:
    leaves = {key: place.top for key, place in places.items()}
    arrives = dict(leaves)
    starts: dict[tuple[str, str], float] = {}
    for band in sorted(bands, key=lambda b: (b.source, places[b.target].slot_top)):
        starts[band.source, band.target] = leaves[band.source]
        leaves[band.source] += band.value * scale
    drawn = []
    for band in sorted(bands, key=lambda b: (b.target, places[b.source].slot_top)):
        y1, y2 = starts[band.source, band.target], arrives[band.target]
        arrives[band.target] += band.value * scale
        x1, x2 = places[band.source].x + NODE_WIDTH, places[band.target].x
        path = _ribbon(x1, y1, x2, y2, band.value * scale)
        colour = COLOURS[kinds[band.target]]
        shape = element("path", d=path, fill=colour, fill_opacity=0.26)
        drawn.append(linked(shape, band.href, band.name))
    return drawn


def _ribbon(x1: float, y1: float, x2: float, y2: float, thick: float) -> str:
    bend = (x1 + x2) / 2
    return (
        f"M{x1:.1f} {y1:.2f}C{bend:.1f} {y1:.2f} {bend:.1f} {y2:.2f} {x2:.1f} {y2:.2f}"
        f"V{y2 + thick:.2f}"
        f"C{bend:.1f} {y2 + thick:.2f} {bend:.1f} {y1 + thick:.2f} {x1:.1f} {y1 + thick:.2f}Z"
    )


def _node(node: Node, place: Place) -> str:
    parts = _box(COLOURS[node.kind], place)
    x, middle = place.x + 12, place.slot_top + place.slot_height / 2
    room = NODE_WIDTH - 20
    if place.slot_height >= 40:
        parts += label(shortened(node.name, room, 13), x, middle - 3, weight=600)
        parts += label(node.label, x, middle + 14, size=12, fill=INK)
    else:
        name = shortened(node.name, room - text_width(node.label, 12) - 5, 13)
        right = place.x + NODE_WIDTH - 8
        parts += label(name, x, middle + 4.5, weight=600)
        parts += label(node.label, right, middle + 4.5, size=12, fill=INK, anchor="end")
    return linked(parts, node.href, f"{node.name}: {node.label}")


def _box(colour: str, place: Place) -> str:
    slot = {"y": place.slot_top, "height": place.slot_height}
    band = {"y": place.top, "height": max(1.5, place.height)}
    parts = element("rect", x=place.x, width=NODE_WIDTH, fill="#fff", stroke=LINE, rx=4, **slot)
    # A thin band would strike through the label, so it only shows at the edge then.
    if place.height >= SLOT:
        parts += element(
            "rect", x=place.x, width=NODE_WIDTH, fill=colour, fill_opacity=0.14, rx=4, **band
        )
    return parts + element("rect", x=place.x, width=5, fill=colour, **band)
