"""The charts of one segment: its size and its value over time."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.web.courses import courses
from klantreis.web.marks import Svg
from klantreis.web.pages.segment_group.context import GroupPage
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: GroupPage, words: Translator) -> Mapping[str, Svg]:
    """Draw both; nothing for a group that was measured once."""
    return courses(page.points, words)
