"""How learners are asked: settings, histories of a list of purchases, and clear refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from klantreis.errors import InputError
from klantreis.segments.clv import (
    BetaGeoNBD,
    GammaGamma,
    Histories,
    ModifiedBetaGeoNBD,
    ParetoNBD,
)

LEARNERS = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, GammaGamma)
CUSTOMERS = [9, 1, 4, 9, 9, 1]
DAYS = ["1997-02-01", "1997-08-02", "1997-01-12", "1997-02-01", "1998-05-05", "1997-01-01"]
UNTIL = "1997-09-30"


@pytest.mark.parametrize("kind", LEARNERS)
def test_a_learner_is_made_anew_from_its_settings(kind: type[BetaGeoNBD]) -> None:
    """As `sklearn.base.clone` does."""
    one = kind(max_steps=7)
    assert one.get_params() == {"max_steps": 7}
    assert type(one)(**one.get_params()).max_steps == 7
    assert one.set_params(max_steps=9).max_steps == 9
    assert repr(one) == f"{kind.__name__}(max_steps=9)"
    with pytest.raises(InputError, match="allowed: max_steps"):
        one.set_params(steps=3)


def as_days() -> list[date]:
    return [date.fromisoformat(day) for day in DAYS]


@pytest.mark.parametrize(
    ("customers", "moments"),
    [
        (CUSTOMERS, DAYS),
        (np.array(CUSTOMERS, float), as_days()),
        (pa.chunked_array([CUSTOMERS]), pa.chunked_array([pa.array(as_days())])),
        (CUSTOMERS, np.array([f"{day}T23:30" for day in DAYS], "datetime64[ns]")),
        (CUSTOMERS, [datetime.fromisoformat(f"{day} 23:30").replace(tzinfo=UTC) for day in DAYS]),
    ],
)
def test_purchases_become_histories_whatever_the_column(
    customers: list[int], moments: list[str]
) -> None:
    """Customer 9 bought twice on one day, and again after the observation."""
    who, seen = Histories.of_purchases(customers, moments, until=UNTIL)
    assert who.tolist() == [1, 4, 9]
    assert seen.frequency.tolist() == [1, 0, 0]
    assert seen.recency.tolist() == [213, 0, 0]
    assert seen.age.tolist() == [272, 261, 241]


def test_without_an_end_the_last_purchase_is_the_end_and_weeks_are_days_by_seven() -> None:
    who, seen = Histories.of_purchases(["b", "a", "b"], ["2026-01-01", "2026-01-05", "2026-01-15"])
    assert who.tolist() == ["a", "b"]
    assert seen.age.tolist() == [10, 14]
    weeks = Histories.of_purchases(CUSTOMERS, DAYS, until=date(1997, 9, 30), unit_days=7)[1]
    assert weeks.age * 7 == pytest.approx([272, 261, 241])


def test_customers_who_only_bought_later_are_left_out() -> None:
    who, seen = Histories.of_purchases([1, 2], ["2026-01-01", "2026-03-01"], until="2026-02-01")
    assert who.tolist() == [1]
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("customers", "moments", "until", "told"),
    [
        ([1, 2], ["31-12-2024", "01-01-2025"], None, "ISO text as 2026-12-31"),
        ([1, 2], [19970101, 19970102], None, "got 19970101"),
        ([1, None], ["2024-01-01", "2024-01-01"], None, "row 1"),
        ([1.0, float("nan")], ["2024-01-01", "2024-01-01"], None, "row 1"),
        ([1, 2], [None, "2024-01-01"], None, "row 0"),
        ([1, 2], ["2024-01-01"], None, "2 customers, 1 moments"),
        ([], [], None, "at least one"),
        ([1, 2], ["2024-01-01", "2024-02-01"], "2023-01-01", "on or before 2023-01-01"),
    ],
)
def test_a_list_that_is_none_is_refused(
    customers: list[object], moments: list[object], until: str | None, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        Histories.of_purchases(customers, moments, until=until)  # type: ignore[arg-type]


SEEN = Histories.of([1, 0], [3, 0], [9, 9])


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: BetaGeoNBD().fit(np.zeros((3, 3))), "Histories.of"),  # type: ignore[arg-type]
        (lambda: BetaGeoNBD().probability_alive(SEEN), "call `fit` first"),
        (lambda: ParetoNBD().log_likelihood(SEEN), "call `fit` first"),
        (lambda: BetaGeoNBD.of(r=1, alpha=1, a=1, b=1).intervals(), "without errors"),
        (lambda: next(BetaGeoNBD.of(r=1, alpha=1, a=1, b=1).draws(1)), "without errors"),
        (lambda: GammaGamma().expected_value(1, 2), "call `fit` first"),
        (lambda: GammaGamma.of(6, 4, 15).intervals(), "without errors"),
        (lambda: GammaGamma.of(6, -4, 15), "each above 0"),
        (lambda: GammaGamma.of(6, 4, 15).expected_value([1, 1], [3, -3]), "below 0"),
        (lambda: GammaGamma().fit([2, 1], [-3.0, 5.0]), "row 0"),
    ],
)
def test_a_question_without_an_answer_is_refused(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        ask()


def test_who_only_brought_back_is_worth_what_everybody_is() -> None:
    model = GammaGamma.of(6.25, 3.74, 15.44)
    assert model.expected_value([0, 0], [-5.0, 0.0]) == pytest.approx(model.mean_)
