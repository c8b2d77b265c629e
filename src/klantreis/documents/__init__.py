"""Paper and slides: HTML to PDF, a drawing to PNG, a deck of native shapes for PowerPoint.

Pure functions from content to bytes. They fetch nothing: no address is opened, ever.
"""

from __future__ import annotations

from klantreis.documents.deck import SLIDE_HEIGHT, SLIDE_WIDTH, Deck, Slide
from klantreis.documents.pdf import pdf
from klantreis.documents.png import page_as_png, png

__all__ = ["SLIDE_HEIGHT", "SLIDE_WIDTH", "Deck", "Slide", "page_as_png", "pdf", "png"]
