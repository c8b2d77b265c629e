"""Markup that is safe as it stands: our own drawings, and icons."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

__all__ = ["Svg", "icon", "svg"]

Svg = Markup


def svg(text: str) -> Svg:
    """Mark a drawing of our own as safe: `charts` escapes everything that it is given."""
    return Markup(text)  # noqa: S704


@cache
def icon(name: str) -> Markup:
    """An icon (Lucide, ISC) to stand beside a text that says the same."""
    text = files("klantreis.web").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    body = re.sub(r"<!--.*?-->|\s*\n\s*", " ", text).strip()
    body = re.sub(r'class="[^"]*"', 'class="icon" aria-hidden="true" focusable="false"', body)
    return Markup(body)  # noqa: S704
