from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import InputError
from klantreis.segments import needed, sufficiency, wilson


def test_the_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for count, total, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        interval = wilson(count, total)
        assert interval.low == pytest.approx(low, abs=5e-5)
        assert interval.high == pytest.approx(high, abs=5e-5)


def test_a_small_group_lacks_what_a_large_group_has() -> None:
    small, large = sufficiency(12, 40, margin=0.05), sufficiency(120, 400, margin=0.05)
    assert not small.is_enough
    assert small.lacking == small.needed - 40
    assert large.is_enough
    assert large.lacking == 0


def test_nobody_measured_has_no_interval_and_lacks_everything() -> None:
    nothing = sufficiency(0, 0, margin=0.1)
    assert nothing.interval is None
    assert nothing.lacking == needed(0.1)


@pytest.mark.parametrize(("count", "total"), [(3, 2), (-1, 4), (0, 0)])
def test_what_is_no_share_is_refused(count: int, total: int) -> None:
    with pytest.raises(InputError, match="Not a share"):
        wilson(count, total)


@pytest.mark.parametrize(("margin", "share"), [(0.0, 0.5), (0.5, 0.5), (0.1, 1.2)])
def test_an_impossible_margin_or_share_is_refused(margin: float, share: float) -> None:
    with pytest.raises(InputError, match="No sample size"):
        needed(margin, share=share)


def test_an_impossible_confidence_is_refused() -> None:
    with pytest.raises(InputError, match="confidence"):
        wilson(1, 2, confidence=1.0)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(a: int, b: int) -> None:
    interval = wilson(min(a, b), b)
    assert 0 <= interval.low <= interval.share <= interval.high <= 1


@given(st.floats(0.01, 0.45), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_needed_number_is_the_smallest_that_gives_the_margin(
    margin: float, share: float, confidence: float
) -> None:
    size = needed(margin, share=share, confidence=confidence)
    assert _half_width(share, size, confidence) <= margin + 1e-9
    if size > 1:
        assert _half_width(share, size - 1, confidence) > margin - 1e-9


def _half_width(share: float, total: int, confidence: float) -> float:
    """The Wilson margin at a share that need not be a whole number of people."""
    from scipy.stats import norm

    z = float(norm.ppf((1 + confidence) / 2))
    root = (share * (1 - share) / total + z * z / (4 * total * total)) ** 0.5
    return float(z * root / (1 + z * z / total))
