"""The courses of the joined measures, each in the size of a word."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import sparkline
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.joined.context import JoinedPage
from klantreis.words import Translator

__all__ = ["draw"]

FEWEST = 4


def draw(page: JoinedPage, words: Translator) -> Mapping[str, Svg]:
    """A course for each measure of which enough months are known."""
    return {
        one.measure: svg(
            sparkline(
                one.course,
                title=words.text(
                    "Month by month, from %(first)s to %(last)s",
                    first=words.value(one.course[0], one.now.measure),
                    last=words.value(one.course[-1], one.now.measure),
                ),
            )
        )
        for one in page.measures
        if len(one.course) >= FEWEST
    }
