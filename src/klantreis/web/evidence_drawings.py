"""How much each field says for or against two records being one human being, drawn."""

from __future__ import annotations

from klantreis.charts import Fall, waterfall
from klantreis.web.marks import Svg, svg
from klantreis.words import Translator
from klantreis.words.who import bits
from klantreis.workspace import Why

__all__ = ["match_drawing"]


def match_drawing(why: Why | None, words: Translator) -> dict[str, Svg]:
    """The weights of a match as a waterfall; nothing when two were never compared."""
    if why is None or why.match is None:
        return {}
    drawn = waterfall(
        [
            Fall(words.code("match_field", name), weight, bits(words, weight))
            for name, weight in why.match.weights
        ],
        total=Fall(
            words.text("Together"), why.match.match_weight, bits(words, why.match.match_weight)
        ),
        nought=words.text("even odds"),
        title=words.text("What each field says"),
        description=words.text(
            "To the right what speaks for one human being, to the left what speaks against it, in "
            "bits: each bit doubles or halves the odds."
        ),
    )
    return {"match": svg(drawn)}
