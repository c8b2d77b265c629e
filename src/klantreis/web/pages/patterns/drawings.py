"""The groups, channels or months behind each finding."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import Level, Series, levels, lines
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.patterns.context import Finding, GroupLevel, PatternsPage
from klantreis.words import Translator
from klantreis.words.patterns import measure_told

__all__ = ["DRAWN", "draw"]

DRAWN = 12  # the others are told in words
WIDTH = 420


def draw(page: PatternsPage, words: Translator) -> Mapping[str, Svg]:
    """A drawing for each of the first findings, by its place."""
    return {
        str(place): svg(
            _course(finding, words)
            if finding.kind in ("trend", "jump")
            else _levels(finding, words)
        )
        for place, finding in enumerate(page.findings[:DRAWN])
    }


def _levels(finding: Finding, words: Translator) -> str:
    return levels(
        [_level(one, finding, words) for one in finding.levels if one.value is not None],
        title=_title(finding, words),
        description=words.text("Each with its 95%% interval and the number of customers."),
        width=WIDTH,
    )


def _level(one: GroupLevel, finding: Finding, words: Translator) -> Level:
    value = one.value or 0.0
    return Level(
        name=_name(one, words),
        value=value,
        low=value if one.low is None else one.low,
        high=value if one.high is None else one.high,
        text=measure_told(words, value, finding.unit),
        note=words.number(one.customers),
        is_meant=one.is_meant,
    )


def _course(finding: Finding, words: Translator) -> str:
    months = [one for one in finding.levels if one.value is not None]
    last = len(months) - 1
    highest = max((one.value or 0.0 for one in months), default=0.0)
    return lines(
        [
            Series(
                _title(finding, words),
                tuple(one.value or 0.0 for one in months),
                tuple(
                    f"{_name(one, words)}: {measure_told(words, one.value, finding.unit)}"
                    for one in months
                ),
            )
        ],
        ticks=[(n, _name(months[n], words)) for n in sorted({0, last // 2, last}) if months],
        scale=[
            (part * highest, measure_told(words, part * highest, finding.unit))
            for part in (0, 0.5, 1)
        ],
        title=_title(finding, words),
        description=words.text("Month by month."),
        width=WIDTH,
        height=220,
    )


def _title(finding: Finding, words: Translator) -> str:
    return finding.name_nl if words.language == "nl" else finding.name_en


def _name(one: GroupLevel, words: Translator) -> str:
    return one.name_nl if words.language == "nl" else one.name_en
