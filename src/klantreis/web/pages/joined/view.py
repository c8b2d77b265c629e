"""Finds what the page of joined measures shows."""

from __future__ import annotations

from collections import Counter

from klantreis.web.page import NoQuery
from klantreis.web.pages.joined.context import AtChannel, JoinedPage, JoinedShown
from klantreis.words import Evidence, Figure
from klantreis.workspace import JoinedLevel, JoinedMeaning, Workspace

__all__ = ["joined"]

THEMES = ("paths", "reach", "trouble", "after")


def joined(workspace: Workspace, query: NoQuery) -> JoinedPage:
    """All joined measures, as they stand."""
    published = workspace.reading.published
    assert published is not None
    patterns = Counter(one.meaning.code for one in workspace.patterns.told())
    measures = tuple(
        _shown(workspace, meaning, patterns[meaning.code]) for meaning in workspace.joined.library()
    )
    return JoinedPage(
        as_of=published.as_of,
        measures=measures,
        known=sum(one.now.value is not None and not one.now.evidence.lacking for one in measures),
        themes=THEMES,
    )


def _shown(workspace: Workspace, meaning: JoinedMeaning, patterns: int) -> JoinedShown:
    taken = workspace.joined.take(meaning.code)
    months = workspace.joined.course(meaning.code).months if meaning.is_steady else ()
    channels = [
        AtChannel(level.code, _figure(level, meaning))
        for level in taken.channels
        if level.is_enough and not meaning.is_of_channel
    ]
    return JoinedShown(
        measure=meaning.code,
        theme=meaning.theme,
        name_nl=meaning.name["nl"],
        name_en=meaning.name["en"],
        definition_nl=meaning.definition["nl"],
        definition_en=meaning.definition["en"],
        counts=meaning.counts,
        occasions=taken.now.occasions,
        now=_figure(taken.now, meaning),
        channels=tuple(channels) if len(channels) > 1 else (),
        course=tuple(
            month.value for month in months if month.value is not None and month.is_enough
        ),
        patterns=patterns,
        needs=meaning.needs,
    )


def _figure(level: JoinedLevel, meaning: JoinedMeaning) -> Figure:
    evidence = Evidence(
        meaning.evidence,  # type: ignore[arg-type]  # the words of measures are those of evidence
        level.customers,
        "customers",
        low=level.low,
        high=level.high,
        needed=level.needed,
    )
    return Figure(level.value, meaning.unit, evidence)  # type: ignore[arg-type]  # the units of measures are those of figures
