"""Drawings and pages of a document as PNG."""

from __future__ import annotations

import re
from io import BytesIO

from klantreis.documents.pdf import pdf
from klantreis.errors import InputError, message

__all__ = ["page_as_png", "png"]

SIZE = re.compile(r'<svg[^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"')


def png(svg: str, *, scale: float = 2.0) -> bytes:
    """Draw SVG as a picture.

    Args:
        svg: a drawing with a `viewBox` that starts at 0 0.
        scale: pixels for each unit of the drawing.

    Raises:
        InputError: the drawing does not say how large it is.
    """
    found = SIZE.search(svg)
    if not found:
        raise InputError(
            message("Not a drawing", got=svg[:60], allowed='<svg viewBox="0 0 width height">')
        )
    width, height = found[1], found[2]
    style = (
        f"@page {{ size: {width}px {height}px; margin: 0; @bottom-right {{ content: none; }} }}"
        f"svg {{ display: block; width: {width}px; height: {height}px; }}"
    )
    document = pdf(svg, title="", language="en", style=style)
    return page_as_png(document, scale=scale * 96 / 72)


def page_as_png(document: bytes, *, page: int = 0, scale: float = 2.0) -> bytes:
    """A page of a PDF as a picture.

    Args:
        document: the PDF.
        page: which one, from 0.
        scale: pixels for each point (1/72 inch).
    """
    import pypdfium2

    opened = pypdfium2.PdfDocument(document)
    try:
        picture = opened[page].render(scale=scale).to_pil()
    finally:
        opened.close()
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
