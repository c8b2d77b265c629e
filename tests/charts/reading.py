"""Reading a drawing back: its rectangles, texts and links, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from klantreis.charts.text import text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter(f"{SVG}text")]


def label_boxes(svg: str) -> list[tuple[str, Box]]:
    """Where each label lies, by the widths of the typeface itself."""
    found = []
    for element in parsed(svg).iter(f"{SVG}text"):
        text, size = element.text or "", float(element.attrib["font-size"])
        x, y, width = float(element.attrib["x"]), float(element.attrib["y"]), text_width(text, size)
        left = {None: x, "middle": x - width / 2, "end": x - width}[element.get("text-anchor")]
        found.append((text, Box(left, y - size * 0.75, left + width, y + size * 0.2)))
    return found


def overlapping(svg: str) -> list[tuple[str, str]]:
    boxes = label_boxes(svg)
    return [
        (one, other)
        for place, (one, box) in enumerate(boxes)
        for other, beside in boxes[place + 1 :]
        if box.overlaps(beside)
    ]


def outside(svg: str) -> list[str]:
    """Labels that lie partly outside the drawing."""
    _, _, width, height = map(float, parsed(svg).attrib["viewBox"].split())
    return [
        text
        for text, box in label_boxes(svg)
        if box.left < -0.5 or box.top < -0.5 or box.right > width + 0.5 or box.bottom > height + 0.5
    ]
