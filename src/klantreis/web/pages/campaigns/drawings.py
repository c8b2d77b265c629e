"""The chart of the campaigns page: what each mailing brought, with its interval."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import Span, intervals
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.campaigns.context import Campaigns
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: Campaigns, words: Translator) -> Mapping[str, Svg]:
    """Draw the effects; nothing when none could be measured."""
    spans = []
    for mailing in page.mailings:
        figure = mailing.effect.conversion
        if figure is None or figure.evidence.lacking or figure.value is None:
            continue
        low, high = figure.evidence.low or 0.0, figure.evidence.high or 0.0
        text = f"{words.percent(figure.value, 1)} ({words.interval(low, high, 'share')})"
        spans.append(Span(mailing.campaign, figure.value, low, high, text))
    if not spans:
        return {}
    drawn = intervals(
        spans,
        width=1100,
        none=words.text("no effect"),
        title=words.text("What mailings brought"),
        description=words.text(
            "For each mailing how many percentage points more of those mailed bought than of those held out, with its 95%% interval."
        ),
    )
    return {"effects": svg(drawn)}
