"""Finds what the page of patterns shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from klantreis.web.named import topic_names
from klantreis.web.pages.patterns.context import (
    Finding,
    GroupLevel,
    PatternShown,
    PatternsPage,
    PatternsQuery,
)
from klantreis.words import Translator, translator
from klantreis.words.patterns import difference_told, level_told, month_told, pattern_told
from klantreis.workspace import JoinedLevel, Pattern, Workspace

__all__ = ["patterns"]

MOST_LEVELS = 12
MIRRORED = 2  # of two the other says the same the other way round
Topics = Mapping[str, Mapping[str, str]]  # names of needs, by language and code


def patterns(workspace: Workspace, query: PatternsQuery) -> PatternsPage:
    """What stands out, one finding a measure and division."""
    published = workspace.reading.published
    assert published is not None
    looked, told = workspace.patterns.looked(), workspace.patterns.told()
    topics = _topics(workspace)
    chosen = workspace.patterns.told(kind=query.kind, measure=query.measure)
    return PatternsPage(
        as_of=published.as_of,
        looks=looked.looks,
        compared=looked.compared,
        told=looked.told,
        too_few=looked.too_few,
        kind=query.kind,
        measure=query.measure,
        kinds=tuple(dict.fromkeys(one.kind for one in told)),
        findings=tuple(_finding(workspace, family, topics) for family in _families(chosen)),
    )


def _topics(workspace: Workspace) -> Topics:
    named = topic_names(workspace)
    return {
        language: {code: name.told(language) for code, name in named.items()}
        for language in ("nl", "en")
    }


def _families(told: Sequence[Pattern]) -> Sequence[Sequence[Pattern]]:
    """Patterns of one measure and one division together, in order of the first of each."""
    families: dict[tuple[str, ...], list[Pattern]] = {}
    for one in told:
        place = () if one.kind == "channel" else (one.at_channel,)
        segment = (one.segment,) if one.kind in ("trend", "jump") else ()
        key = (one.meaning.code, one.kind, one.segmentation, *place, *segment)
        families.setdefault(key, []).append(one)
    return list(families.values())


def _finding(workspace: Workspace, family: Sequence[Pattern], topics: Topics) -> Finding:
    first, meaning = family[0], family[0].meaning
    levels = _levels(workspace, family, topics)
    return Finding(
        measure=meaning.code,
        kind=first.kind,
        segmentation=first.segmentation,
        name_nl=meaning.name["nl"],
        name_en=meaning.name["en"],
        definition_nl=meaning.definition["nl"],
        definition_en=meaning.definition["en"],
        unit=meaning.unit,
        evidence=meaning.evidence,
        first=_shown(first, topics),
        also=tuple(_shown(one, topics) for one in family[1:] if len(levels) > MIRRORED),
        levels=levels,
    )


def _shown(pattern: Pattern, topics: Topics) -> PatternShown:
    dutch, english = translator("nl"), translator("en")
    return PatternShown(
        told_nl=pattern_told(dutch, pattern, topics["nl"]),
        told_en=pattern_told(english, pattern, topics["en"]),
        difference_nl=difference_told(dutch, pattern),
        difference_en=difference_told(english, pattern),
        customers=pattern.customers,
        rest_customers=pattern.rest_customers,
        q_value=pattern.q_value,
    )


def _levels(
    workspace: Workspace, family: Sequence[Pattern], topics: Topics
) -> tuple[GroupLevel, ...]:
    first = family[0]
    found = [one for one in workspace.patterns.levels(first) if one.is_enough]
    is_course = first.kind in ("trend", "jump")
    meant = {one.at_channel if first.kind == "channel" else one.segment for one in family}
    shown = found if is_course else _most(found, meant)
    return tuple(
        GroupLevel(
            name_nl=_name(translator("nl"), first, level, topics["nl"]),
            name_en=_name(translator("en"), first, level, topics["en"]),
            value=level.value,
            low=level.low,
            high=level.high,
            customers=level.customers,
            is_meant=is_course or level.code in meant,
        )
        for level in shown
    )


def _most(found: Sequence[JoinedLevel], meant: set[str]) -> Sequence[JoinedLevel]:
    """The groups that patterns are about and the largest others, the highest value first."""
    ranked = sorted(found, key=lambda one: (one.code not in meant, -one.customers))
    return sorted(ranked[:MOST_LEVELS], key=lambda one: -(one.value or 0.0))


def _name(
    words: Translator, pattern: Pattern, level: JoinedLevel, topics: Mapping[str, str]
) -> str:
    if pattern.kind == "channel":
        return words.code("channel", level.code)
    if pattern.kind == "segment":
        return level_told(words, pattern.segmentation, level.code, topics)
    return month_told(words, level.code)
