"""How much the best customers differ, for each side of what they do."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import Span, intervals
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.best.context import Aspect, BestPage, DifferenceShown
from klantreis.words import Translator

__all__ = ["draw"]

MOST = 8


def draw(page: BestPage, words: Translator) -> Mapping[str, Svg]:
    """A drawing for each aspect of which something is told."""
    return {one.aspect: svg(_aspect(one, words)) for one in page.aspects if one.differences}


def _aspect(aspect: Aspect, words: Translator) -> str:
    return intervals(
        [_span(one, words) for one in aspect.differences[:MOST]],
        none=words.text("no difference"),
        title=words.code("best_aspect", aspect.aspect),
        description=words.text(
            "To the right what the best customers do more, to the left what they do less, with "
            "intervals that are widened for the number of comparisons."
        ),
        width=640,
    )


def _span(one: DifferenceShown, words: Translator) -> Span:
    return Span(
        name=one.name_nl if words.language == "nl" else one.name_en,
        value=one.difference,
        low=one.low,
        high=one.high,
        text=words.text(
            "%(value)s, others %(rest)s",
            value=words.percent(one.value),
            rest=words.percent(one.rest),
        ),
    )
