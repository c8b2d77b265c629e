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
        ([1, 2], ["2024-01-01", "2024-02-01"], "", "No last day"),
        (np.array([1, "a"], object), ["2024-01-01", "2024-02-01"], None, "int and str"),
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
        (lambda: GammaGamma().fit(["two"], [5.0]), "columns of numbers"),
        (lambda: GammaGamma.of(6, 4, float("nan")), "each above 0"),
        (lambda: GammaGamma.of(6, 4, 15).expected_value([1, 2, 3], [1, 2]), "as many of each"),
        (lambda: GammaGamma.of(6, 4, 15).expected_value(1, float("inf")), "without end"),
        (lambda: Histories.of(["x"], [1], [2]), "columns of numbers"),
        (lambda: Histories.of_purchases([1], ["2024-01-01"], unit_days=0), "unit of time"),
        (lambda: BetaGeoNBD.of(r=float("inf"), alpha=1, a=1, b=1), "each above 0"),
    ],
)
def test_a_question_without_an_answer_is_refused(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        ask()


NO_NUMBERS = (-1, float("nan"), float("inf"), "year", None)


@pytest.mark.parametrize("kind", LEARNERS[:3])
@pytest.mark.parametrize("horizon", NO_NUMBERS)
def test_a_horizon_that_is_none_is_refused(kind: type[BetaGeoNBD], horizon: float) -> None:
    """Each formula gives a number for -1 too: fewer than no purchases."""
    model = kind.of(**dict.fromkeys(kind.names, 1.0))
    with pytest.raises(InputError, match="No such horizon"):
        model.expected_purchases(horizon, SEEN)
    with pytest.raises(InputError, match="No such horizon"):
        model.expected_purchases(horizon)
    with pytest.raises(InputError, match="No such horizon"):
        model.chance_of_purchase(horizon, SEEN)
    with pytest.raises(InputError, match="No such horizon"):
        model.next_purchase(horizon, SEEN)
    with pytest.raises(InputError, match="No such horizon"):
        model.likely_purchases(horizon, 0.9, SEEN)


@pytest.mark.parametrize("kind", LEARNERS[:3])
def test_shares_rates_and_confidences_have_limits(kind: type[BetaGeoNBD]) -> None:
    model = kind().fit(Histories.of([2, 0, 1, 3], [9, 0, 4, 8], [9, 9, 9, 9]))
    with pytest.raises(InputError, match="No such share"):
        model.likely_purchases(9, 1, SEEN)
    for rate in (0, float("nan")):
        with pytest.raises(InputError, match="No such discount rate"):
            model.discounted_purchases(rate, SEEN)
    with pytest.raises(InputError, match="No such horizon"):
        model.discounted_purchases(0.1, SEEN, horizon=-1)
    for confidence in (0, 1, 1.5):
        with pytest.raises(InputError, match="No such confidence"):
            model.intervals(confidence)
        with pytest.raises(InputError, match="No such confidence"):
            model.interval_of(lambda one: one.expected_purchases(9), confidence=confidence)
    with pytest.raises(InputError, match="No such number of draws"):
        model.interval_of(lambda one: one.expected_purchases(9), number=0)


SIX = Histories.of([2, 0, 1, 4, 0, 3], [213, 0, 12, 200, 0, 150], [272, 272, 270, 280, 90, 260])


@pytest.mark.parametrize("kind", LEARNERS[:3])
def test_covariates_are_those_of_the_lesson(kind: type[BetaGeoNBD]) -> None:
    model = kind().fit(SIX, [1, 0, 1, 0, 1, 0])
    two = np.ones((6, 2))
    with pytest.raises(InputError, match="got 2 columns; allowed: 1 columns"):
        model.expected_purchases(9, SIX, two)
    with pytest.raises(InputError, match="got 2 columns; allowed: 1 columns"):
        model.log_likelihood(SIX, two)
    with pytest.raises(InputError, match="got none; allowed: 1 columns"):
        model.log_likelihood(SIX)
    with pytest.raises(InputError, match="columns of numbers"):
        kind().fit(SIX, ["shop"] * 6)
    # Kinds of new customers, as a column or a row a kind.
    assert (
        model.expected_purchases(9, None, [0, 1]).tolist()
        == model.expected_purchases(9, None, [[0], [1]]).tolist()
    )


@pytest.mark.parametrize("columns", [[[1.0]] * 6, [[1, 0], [0, 1], [1, 0], [0, 1], [0, 1], [1, 0]]])
def test_a_column_for_each_segment_leaves_nothing_to_compare_with(
    columns: list[list[float]],
) -> None:
    with pytest.raises(InputError, match="leave one segment out"):
        BetaGeoNBD().fit(SIX, columns)


def test_who_only_brought_back_is_worth_what_everybody_is() -> None:
    model = GammaGamma.of(6.25, 3.74, 15.44)
    assert model.expected_value([0, 0], [-5.0, 0.0]) == pytest.approx(model.mean_)
