"""The drawing beside the answer why: what each field says."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.web.evidence_drawings import match_drawing
from klantreis.web.marks import Svg
from klantreis.web.pages.identity_why.context import WhyPage
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: WhyPage, words: Translator) -> Mapping[str, Svg]:
    """Draw the weights of the two that were asked about."""
    return match_drawing(page.why, words)
