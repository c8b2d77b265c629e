"""The charts of a saved audience: its size and its value over time."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.web.courses import courses
from klantreis.web.marks import Svg
from klantreis.web.pages.audiences.context import AudiencesPage
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: AudiencesPage, words: Translator) -> Mapping[str, Svg]:
    """Draw both, of what was counted by the rule of now; nothing when that was once."""
    return courses([one for one in page.history if one.is_of_this_rule], words)
