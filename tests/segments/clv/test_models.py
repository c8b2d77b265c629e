from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln, gammaln, hyp2f1, hyperu

from klantreis.errors import InputError
from klantreis.segments.clv import (
    BetaGeoNBD,
    GammaGamma,
    Histories,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    PurchaseModel,
)
from klantreis.segments.clv.histories import Array
from klantreis.segments.clv.purchase_model import _in_logarithms
from tests.segments.clv.cdnow import Sample, sample

MODELS = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD)
every_model = pytest.mark.parametrize("kind", MODELS)
WEEKS = 39


@pytest.fixture(scope="module")
def cdnow() -> Sample:
    return sample()


@pytest.fixture(scope="module")
def learned(cdnow: Sample) -> Mapping[type[PurchaseModel], PurchaseModel]:
    return {kind: kind().fit(cdnow.weeks) for kind in MODELS}


Learned = Mapping[type[PurchaseModel], PurchaseModel]


@pytest.mark.parametrize(
    ("kind", "parameters", "log_likelihood"),
    [
        (BetaGeoNBD, (0.243, 4.414, 0.793, 2.426), -9582.4),
        (ModifiedBetaGeoNBD, (0.525, 6.183, 0.891, 1.614), -9582.1),
        (ParetoNBD, (0.553, 10.578, 0.606, 11.669), -9595.0),
    ],
)
def test_the_published_fit_comes_back(
    cdnow: Sample,
    learned: Learned,
    kind: type[PurchaseModel],
    parameters: tuple[float, ...],
    log_likelihood: float,
) -> None:
    model = learned[kind]
    assert tuple(round(value, 3) for value in model.parameters_.values()) == parameters
    assert round(model.log_likelihood_, 1) == log_likelihood
    assert model.is_found_
    assert model.at_limit_ == ()
    known = kind.of(**model.parameters_).log_likelihood(cdnow.weeks)
    assert known == pytest.approx(model.log_likelihood_, abs=1e-6)


def test_the_published_value_model_comes_back(cdnow: Sample) -> None:
    rows = cdnow.repeats
    model = GammaGamma().fit(cdnow.days.frequency[rows], cdnow.repeat_mean[rows])
    assert {name: round(v, 2) for name, v in model.parameters_.items()} == {
        "p": 6.25,
        "q": 3.74,
        "v": 15.44,
    }
    assert round(model.log_likelihood_, 3) == -4055.918
    assert model.expected_value(0, 0).item() == pytest.approx(model.mean_)
    low, high = model.intervals()["q"]
    assert low < 3.74 < high


@pytest.mark.parametrize(("kind", "correlation"), [(BetaGeoNBD, 0.626), (ParetoNBD, 0.630)])
def test_later_purchases_follow_the_expectation(
    cdnow: Sample, learned: Learned, kind: type[PurchaseModel], correlation: float
) -> None:
    expected = learned[kind].expected_purchases(WEEKS, cdnow.weeks)
    found = np.corrcoef(expected, cdnow.later_frequency)[0, 1]
    assert round(found, 3) == correlation


def test_the_top_tenth_by_expected_revenue_brings_half_of_it(
    cdnow: Sample, learned: Learned
) -> None:
    rows, n = cdnow.repeats, cdnow.days.frequency
    value = GammaGamma().fit(n[rows], cdnow.repeat_mean[rows])
    expected = learned[BetaGeoNBD].expected_purchases(WEEKS, cdnow.weeks)
    expected = expected * value.expected_value(n, cdnow.repeat_mean)
    top = np.argsort(-expected)[: len(expected) // 10]
    share = cdnow.later_value[top].sum() / cdnow.later_value.sum()
    assert share == pytest.approx(0.50, abs=0.01)


@every_model
def test_days_or_weeks_or_seconds_tell_the_same(
    cdnow: Sample, learned: Learned, kind: type[PurchaseModel]
) -> None:
    weeks = learned[kind]
    seconds = kind().fit(cdnow.days.scaled(1 / 86_400))
    for name, value in weeks.parameters_.items():
        unit = 7 * 86_400 if name in kind.in_time else 1
        assert seconds.parameters_[name] == pytest.approx(value * unit, rel=1e-4)


def bg_likelihood(p: Array, h: Histories) -> float:
    r, alpha, a, b = p
    x = h.frequency
    alive = betaln(a, b + x) - (r + x) * np.log(alpha + h.age)
    dead = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + h.recency)
    both = np.where(x > 0, np.logaddexp(alive, dead), alive) - betaln(a, b)
    return float(h.count @ (both + gammaln(r + x) - gammaln(r) + r * np.log(alpha)))


def mbg_likelihood(p: Array, h: Histories) -> float:
    r, alpha, a, b = p
    x = h.frequency
    alive = betaln(a, b + x + 1) - (r + x) * np.log(alpha + h.age)
    dead = betaln(a + 1, b + x) - (r + x) * np.log(alpha + h.recency)
    both = np.logaddexp(alive, dead) - betaln(a, b)
    return float(h.count @ (both + gammaln(r + x) - gammaln(r) + r * np.log(alpha)))


def pareto_likelihood(p: Array, h: Histories) -> float:
    """With the Gaussian hypergeometric function, as first published; for alpha <= beta."""
    r, alpha, s, beta = p
    x = h.frequency
    n = r + s + x

    def term(t: Array) -> Array:
        z = (beta - alpha) / (beta + t)
        return np.asarray(hyp2f1(n, r + x, n + 1, z) / (beta + t) ** n)

    stayed = (alpha + h.age) ** -(r + x) * (beta + h.age) ** -s
    each = stayed + s / n * (term(h.recency) - term(h.age))
    base = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return float(h.count @ (base + np.log(each)))


@pytest.mark.parametrize(
    ("kind", "formula"),
    [
        (BetaGeoNBD, bg_likelihood),
        (ModifiedBetaGeoNBD, mbg_likelihood),
        (ParetoNBD, pareto_likelihood),
    ],
)
def test_the_likelihood_is_the_published_one_and_its_slopes_are_its_own(
    kind: type[PurchaseModel], formula: object
) -> None:
    assert callable(formula)
    history = Histories.of(
        [0, 0, 1, 3, 12], [0, 0, 0.2, 0.9, 1.0], [1.0, 0.3, 1, 1.2, 1.0], [5, 1, 2, 1, 1]
    )
    point = np.log(np.array([0.7, 0.25, 0.9, 0.8]))
    model = kind()

    def curve(at: Array) -> tuple[float, Array, Array]:
        return _in_logarithms(model._likelihood, np.exp(at), history)

    value, gradient, second = curve(point)
    assert value == pytest.approx(formula(np.exp(point), history), abs=1e-7)
    step = 1e-5
    for place in range(4):
        aside = np.zeros(4)
        aside[place] = step
        (up, up_slopes, _), (down, down_slopes, _) = curve(point + aside), curve(point - aside)
        assert gradient[place] == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=1e-5)
        bend = (up_slopes - down_slopes) / (2 * step)
        assert second[place] == pytest.approx(bend, rel=1e-4, abs=1e-5)


def test_expected_purchases_are_the_published_formulas(learned: Learned) -> None:
    r, alpha, a, b = learned[BetaGeoNBD].parameters_.values()
    t, x, t_x, age = 52.0, 2, 30.43, 38.86
    one = Histories.of(x, t_x, age)
    new = (a + b - 1) / (a - 1)
    new *= 1 - (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
    assert learned[BetaGeoNBD].expected_purchases(t)[0] == pytest.approx(new, rel=1e-9)
    power = ((alpha + age) / (alpha + age + t)) ** (r + x)
    top = 1 - power * hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
    ratio = a / (b + x - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x)
    wanted = (a + b + x - 1) / (a - 1) * top / (1 + ratio)
    assert learned[BetaGeoNBD].expected_purchases(t, one)[0] == pytest.approx(wanted, rel=1e-9)

    r, alpha, s, beta = learned[ParetoNBD].parameters_.values()
    left = 1 - ((beta + age) / (beta + age + t)) ** (s - 1)
    wanted = (r + x) * (beta + age) / ((alpha + age) * (s - 1)) * left
    alive = learned[ParetoNBD].probability_alive(one)[0]
    found = learned[ParetoNBD].expected_purchases(t, one)[0]
    assert found == pytest.approx(wanted * alive, rel=1e-9)


def test_discounted_purchases_are_the_published_dert(learned: Learned) -> None:
    model, rate = learned[ParetoNBD], 0.15 / 52
    r, alpha, s, beta = model.parameters_.values()
    x, age = 3, 38.86
    one = Histories.of(x, 30.0, age)
    wanted = model.probability_alive(one)[0] * (r + x) / (alpha + age)
    wanted *= (rate * (beta + age)) ** s * hyperu(s, s, rate * (beta + age)) / rate
    assert model.discounted_purchases(rate, one)[0] == pytest.approx(wanted, rel=1e-4)
    near = model.discounted_purchases(1e-9, one, horizon=52)[0]
    assert near == pytest.approx(model.expected_purchases(52, one)[0], rel=1e-6)


@pytest.mark.parametrize("kind", [BetaGeoNBD, ModifiedBetaGeoNBD])
@pytest.mark.parametrize("stretch", [1, 50, 500, 5_000])
def test_a_history_of_one_purchase_today_is_a_new_customer_however_far_ahead(
    kind: type[PurchaseModel], stretch: float
) -> None:
    """Against the integral over dropout on a fine grid of its logarithm."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    model = kind.of(r=r, alpha=alpha, a=a, b=b)
    p = np.exp(np.linspace(-60, 0, 400_001)[:-1])
    tosses = b - 1 + getattr(kind, "first_toss", 0)
    bought = -np.expm1(-r * np.log1p(p * stretch)) / p
    whole = float(np.sum(p**a * (1 - p) ** tosses * bought) * 60 / 400_000)
    whole /= float(np.exp(betaln(a, b)))
    today = Histories.of([0], [0], [0])
    assert model.expected_purchases(stretch * alpha)[0] == pytest.approx(whole, rel=1e-5)
    assert model.expected_purchases(stretch * alpha, today)[0] == pytest.approx(whole, rel=1e-5)


@every_model
@pytest.mark.parametrize("percent", [1, 15])
def test_a_low_discount_rate_looks_far_ahead_for_a_history_too(
    kind: type[PurchaseModel], percent: float, learned: Learned
) -> None:
    model, rate = learned[kind], float(np.log1p(percent / 100) / 52)
    today = Histories.of([0], [0], [0])
    moments = np.concatenate([[0], np.geomspace(1e-3, 40 / rate, 2_000)])
    expected = np.array([model.expected_purchases(float(one))[0] for one in moments])
    middle = np.exp(-rate * (moments[1:] + moments[:-1]) / 2)
    wanted = float(middle @ np.diff(expected))
    assert model.discounted_purchases(rate)[0] == pytest.approx(wanted, rel=1e-4)
    assert model.discounted_purchases(rate, today)[0] == pytest.approx(wanted, rel=1e-4)


@every_model
def test_chances_add_up_to_the_expectation(learned: Learned, kind: type[PurchaseModel]) -> None:
    model, one = learned[kind], Histories.of([0, 4], [0, 35], [20, 38])
    scaled = one.scaled(model._unit)
    natural = np.exp(model._point)
    chances = model._chances(natural, scaled, 52 / model._unit)
    total = sum(next(chances) for _ in range(400))
    alive = model.probability_alive(one)
    assert alive * total == pytest.approx(model.expected_purchases(52, one), rel=1e-4)
    first = next(model._chances(natural, scaled, 52 / model._unit))
    assert alive * first == pytest.approx(model.chance_of_purchase(52, one), rel=1e-6)
    half = model.next_purchase(52, one)
    for place, moment in enumerate(half):
        by_then = model.chance_of_purchase(float(moment), one)[place]
        assert 2 * by_then == pytest.approx(model.chance_of_purchase(52, one)[place], rel=1e-4)
    median = model.likely_purchases(52, 0.5, one)
    assert (median <= model.likely_purchases(52, 0.9, one)).all()


@every_model
def test_intervals_hold_the_learned_values(
    cdnow: Sample, learned: Learned, kind: type[PurchaseModel]
) -> None:
    model = learned[kind]
    for name, (least, most) in model.intervals().items():
        assert least < model.parameters_[name] < most
    low, high = model.interval_of(
        lambda drawn: drawn.expected_purchases(WEEKS, cdnow.weeks.taken(np.arange(5))), number=60
    )
    middle = model.expected_purchases(WEEKS, cdnow.weeks.taken(np.arange(5)))
    assert ((low < middle) & (middle < high)).all()
    assert (high < 2 * low).all()


@every_model
def test_a_segment_that_buys_more_is_told_apart_by_its_covariate(
    cdnow: Sample, kind: type[PurchaseModel]
) -> None:
    weeks = cdnow.weeks.taken(np.arange(0, len(cdnow.weeks), 2))
    is_member = np.random.default_rng(4).integers(0, 2, len(weeks)).astype(float)
    # The members live in a time that runs twice as fast: twice the rates at the same moments.
    unit = np.where(is_member, 2.0, 1.0)
    faster = Histories.of(weeks.frequency, weeks.recency / unit, weeks.age / unit)
    model = kind().fit(faster, is_member)
    alone = kind().fit(faster)
    assert model.log_likelihood_ > alone.log_likelihood_ + 5
    assert model.coefficients_["alpha"][0] == pytest.approx(np.log(0.5), abs=0.4)
    new = model.expected_purchases(WEEKS, covariates=[[0.0], [1.0]])
    assert new[1] > 1.2 * new[0]
    with pytest.raises(InputError, match="Covariates do not fit the model"):
        model.expected_purchases(WEEKS, faster)


@every_model
@settings(max_examples=15)
@given(data=st.data())
def test_few_customers_of_any_kind_give_finite_answers(
    kind: type[PurchaseModel], data: st.DataObject
) -> None:
    rows = data.draw(
        st.lists(
            st.tuples(st.integers(0, 60), st.floats(0, 1), st.integers(1, 4000)),
            min_size=1,
            max_size=8,
        ).filter(lambda rows: any(x for x, _, _ in rows))
    )
    history = Histories.of(
        [x for x, _, _ in rows],
        [round(part * age) if x else 0 for x, part, age in rows],
        [age for _, _, age in rows],
    )
    model = kind().fit(history)
    expected = model.expected_purchases(365, history)
    chance = model.chance_of_purchase(365, history)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    assert ((chance >= 0) & (chance <= 1)).all()
    assert (chance <= model.probability_alive(history) + 1e-9).all()
    assert np.isfinite(model.next_purchase(365, history)).all()
    assert np.isfinite(model.likely_purchases(365, 0.9, history)).all()


@every_model
def test_counting_equal_customers_once_changes_nothing(kind: type[PurchaseModel]) -> None:
    seen = Histories.of([0, 1, 2, 0, 1, 5], [0, 3, 9, 0, 3, 8], [10, 10, 12, 10, 10, 9])
    counted = Histories.of([5, 2, 1, 0], [8, 9, 3, 0], [9, 12, 10, 10], [1, 1, 2, 2])
    assert len(seen.unique()) == 4
    whole, few = kind().fit(seen), kind().fit(counted)
    assert whole.log_likelihood_ == pytest.approx(few.log_likelihood_, abs=1e-7)
    assert seen.scaled(1.5).unique().customers == 6


def test_only_one_time_buyers_teach_nothing() -> None:
    with pytest.raises(InputError, match="all bought once"):
        BetaGeoNBD().fit(Histories.of([0, 0], [0, 0], [10, 20]))
    with pytest.raises(InputError, match="all bought once"):
        GammaGamma().fit([1, 1], [10.0, 20.0])


@pytest.mark.parametrize(
    "row", [(-1, 0, 5), (1.5, 2, 5), (1, 6, 5), (0, 2, 5), (1, 2, float("nan"))]
)
def test_an_impossible_history_is_refused(row: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="row 1"):
        Histories.of([0, row[0]], [0, row[1]], [5, row[2]])


def test_values_must_be_above_nothing() -> None:
    with pytest.raises(InputError, match="mean value above 0"):
        GammaGamma().fit([2, 3], [10.0, 0.0])
