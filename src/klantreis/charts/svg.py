"""Writing SVG: elements with presentation attributes only, so that browser, print and PDF agree."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from klantreis.charts.palette import INK

__all__ = ["drawing", "element", "group", "label", "linked", "rounded"]

FONT = "Inter, system-ui, sans-serif"


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """One element; attribute names are written with `_` for `-`, empty ones are left out.

    >>> element("rect", x=1.0, width=2.504, stroke_width=1)
    '<rect x="1" width="2.5" stroke-width="1"/>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_shown(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def group(parts: Iterable[str], /, **attributes: object) -> str:
    """Several elements together."""
    return element("g", "".join(parts), **attributes)


def label(
    text: str,
    x: float,
    y: float,
    *,
    size: float = 13,
    fill: str = INK,
    weight: int = 400,
    anchor: str | None = None,
) -> str:
    """A line of text with its baseline at `y`."""
    return element(
        "text",
        escape(text),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        font_weight=weight if weight != 400 else None,
        text_anchor=anchor,
    )


def linked(content: str, href: str, name: str) -> str:
    """A link around a part of the drawing, with the name that a screen reader speaks.

    Without an address it is a named image, so that the name is still there to be read.
    """
    title = element("title", escape(name))
    if not href:
        return element("g", title + content, role="img", aria_label=name)
    return element("a", title + content, href=href, aria_label=name)


def rounded(x: float, y: float, width: float, height: float, fill: str, **more: object) -> str:
    """A rectangle with soft corners; never softer than its own height allows."""
    radius = max(0.0, min(6.0, width / 2, height / 2))
    return element("rect", x=x, y=y, width=width, height=height, rx=radius, fill=fill, **more)


def drawing(
    parts: Iterable[str], *, width: float, height: float, title: str, description: str
) -> str:
    """The whole drawing, named and described for who cannot see it."""
    head = element("title", escape(title)) + element("desc", escape(description))
    return element(
        "svg",
        head + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_shown(width)} {_shown(height)}",
        width=width,
        height=height,
        role="group",
        aria_label=title,
        font_family=FONT,
    )


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    return str(value)
