"""The drawing of who is who: what each field says."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.web.evidence_drawings import match_drawing
from klantreis.web.marks import Svg
from klantreis.web.pages.identity.context import IdentityPage
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: IdentityPage, words: Translator) -> Mapping[str, Svg]:
    """Draw the weights of the pair in doubt."""
    return match_drawing(page.doubt, words)
