"""What a map calls its groups of customers and lanes."""

from __future__ import annotations

from klantreis.web.pages.map.context import SubjectShown
from klantreis.words import Translator
from klantreis.workspace import LANES

__all__ = ["lane_names", "subject_name"]


def lane_names(words: Translator) -> dict[str, str]:
    """Name by lane."""
    return {lane: words.code("lane", lane) for lane in LANES}


def subject_name(subject: SubjectShown, words: Translator) -> str:
    """Name of a group of customers."""
    if subject.kind == "all":
        return words.text("All customers")
    if subject.kind == "persona":
        return subject.name_nl if words.language == "nl" else subject.name_en
    return words.segment(subject.name)
