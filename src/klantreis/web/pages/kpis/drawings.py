"""The course of each chosen measure, as large as a word."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import sparkline
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.kpis.context import KpiTree
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: KpiTree, words: Translator) -> Mapping[str, Svg]:
    """A sparkline for each measure with a course."""
    shown = [page.goal, *(kpi for phase in page.phases for kpi in phase.kpis)]
    return {
        kpi.measure: svg(
            sparkline(
                kpi.course,
                title=", ".join(words.value(value, kpi.now.measure) for value in kpi.course),
            )
        )
        for kpi in shown
        if len(kpi.course) > 1
    }
