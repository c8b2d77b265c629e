"""What of the foretold value came true, in words of both languages."""

from __future__ import annotations

import pytest

from klantreis.words import translator
from klantreis.words.worth import accuracy_told, off_told
from klantreis.workspace import Accuracy


def accuracy(item: str, expected: float, measured: float, low: float, high: float) -> Accuracy:
    return Accuracy(item, expected, measured, low, high, "good", 3196)


@pytest.mark.parametrize(
    ("one", "english", "dutch"),
    [
        (
            accuracy("orders", 4476, 5460, 5278, 5656),
            "4,476 foretold, 5,460 came: 18% too few (95% interval 15–21%).",
            "4.476 voorspeld, 5.460 gekomen: 18% te weinig (95%-interval 15–21%).",
        ),
        (
            accuracy("revenue", 105, 100, 90, 120),
            "€105 foretold, €100 came: 5% too high (95% interval 12% too low to 17% too high).",
            "€ 105 voorspeld, € 100 gekomen: 5% te hoog (95%-interval 12% te laag tot 17% te hoog).",
        ),
        (
            accuracy("revenue", 105, 0, 0, 0),
            "€105 foretold, €0 came.",
            "€ 105 voorspeld, € 0 gekomen.",
        ),
        (
            accuracy("revenue", 100, 100, -5, 120),
            "€100 foretold, €100 came: right to within one per cent (95% interval cannot be told).",
            "€ 100 voorspeld, € 100 gekomen: op een procent na juist (95%-interval niet te zeggen).",
        ),
    ],
)
def test_a_total_says_what_was_foretold_what_came_and_how_far_off_that_is(
    one: Accuracy, english: str, dutch: str
) -> None:
    assert accuracy_told(translator("en"), one) == english
    assert accuracy_told(translator("nl"), one).replace("\N{NO-BREAK SPACE}", " ") == dutch


def test_who_brings_in_most_is_told_in_parts_of_the_revenue() -> None:
    one = accuracy("top_tenth", 0.46, 0.57, 0.49, 0.64)
    assert "46% of the revenue, and brought in 57% (95% interval 49–64%)" in accuracy_told(
        translator("en"), one
    )


def test_purchases_are_too_few_and_money_is_too_low() -> None:
    words = translator("en")
    assert off_told(words, "orders", 0.17) == "17% too many"
    assert off_told(words, "revenue", 0.17) == "17% too high"
    assert off_told(words, "revenue", 0.004) == "right to within one per cent"
