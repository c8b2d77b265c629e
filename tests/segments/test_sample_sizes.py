from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import InputError
from klantreis.segments import (
    needed_for_mean,
    needed_for_means,
    needed_for_model,
    needed_for_shares,
)


def test_two_shares_as_r_computes_them() -> None:
    # power.prop.test of R: its manual's first example, and 10 against 15 % at power 0.8.
    assert needed_for_shares(0.50, 0.75, power=0.90) == 77
    assert needed_for_shares(0.10, 0.15) == 686


@pytest.mark.parametrize(("effect", "each"), [(0.2, 394), (0.5, 64), (0.8, 26)])
def test_two_means_as_cohen_tabled_them(effect: float, each: int) -> None:
    # Cohen, Statistical Power Analysis (1988), table 2.4.1; for 0.2 he prints 393, exact 393.4.
    assert needed_for_means(effect, 1) == each


def test_a_mean_as_textbooks_compute_it() -> None:
    assert needed_for_mean(15, 2) == 217
    assert needed_for_mean(0, 2) == 2


def test_a_model_asks_for_ten_events_a_variable() -> None:
    assert needed_for_model(12) == 120


@given(st.floats(0.01, 0.98), st.floats(0.005, 0.3))
def test_a_smaller_difference_asks_for_more(share: float, apart: float) -> None:
    other = min(1.0, share + apart)
    nearer = share + (other - share) / 2
    assert needed_for_shares(share, nearer) >= needed_for_shares(share, other)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: needed_for_mean(1, 0),
        lambda: needed_for_shares(0.5, 0.5),
        lambda: needed_for_shares(0.5, 1.2),
        lambda: needed_for_means(0, 1),
        lambda: needed_for_means(1, 1, power=1),
        lambda: needed_for_mean(1, 1, confidence=0),
        lambda: needed_for_model(0),
    ],
)
def test_what_has_no_answer_is_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(InputError, match="No sample size"):
        ask()
