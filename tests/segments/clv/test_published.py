"""What others printed of CDNOW beyond its parameters, and answers of known parameters."""

from __future__ import annotations

import numpy as np
import pytest

from klantreis.segments.clv import (
    BetaGeoNBD,
    GammaGamma,
    Histories,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    PurchaseModel,
)
from tests.segments.clv.cdnow import Sample, sample

WEEKS = 52
CUSTOMER_1516 = Histories.of(26, 216 / 7, 217 / 7)


@pytest.fixture(scope="module")
def cdnow() -> Sample:
    return sample()


@pytest.mark.parametrize(
    ("kind", "errors", "part"),
    [
        # Printed by lifetimes (docs/Quickstart.md).
        (BetaGeoNBD, (0.012557, 0.378221, 0.185719, 0.705345), 1e-4),
        # Printed by CLVTools (its test of pnbd), from differences at a point nearby.
        (ParetoNBD, (0.0476264, 0.8427222, 0.1872594, 6.2105448), 2e-4),
    ],
)
def test_the_standard_errors_are_the_printed_ones(
    cdnow: Sample, kind: type[PurchaseModel], errors: tuple[float, ...], part: float
) -> None:
    model = kind().fit(cdnow.weeks)
    assert tuple(model.standard_errors_.values()) == pytest.approx(errors, rel=part)


@pytest.mark.parametrize(
    ("kind", "new", "expected", "alive"),
    [(ParetoNBD, 1.473434, 25.45647, 0.997874), (BetaGeoNBD, 1.444004, 25.75659, 0.9688523)],
)
def test_the_customer_of_the_walkthrough_is_foretold_as_printed(
    cdnow: Sample, kind: type[PurchaseModel], new: float, expected: float, alive: float
) -> None:
    """Customer 1516 and a new one in the walkthrough of the R package BTYD.

    Its parameters differ from ours in the fifth digit, where its optimiser stopped.
    """
    model = kind().fit(cdnow.weeks)
    assert model.expected_purchases(WEEKS) == pytest.approx(new, rel=2e-5)
    assert model.expected_purchases(WEEKS, CUSTOMER_1516) == pytest.approx(expected, rel=1e-4)
    assert model.probability_alive(CUSTOMER_1516) == pytest.approx(alive, abs=1e-4)


def test_the_best_customers_of_the_next_week_are_the_printed_ones(cdnow: Sample) -> None:
    """The five in lifetimes' docs/Quickstart.md, where weeks are rounded to two digits."""
    model = BetaGeoNBD().fit(cdnow.weeks)
    best = Histories.of(
        [26, 29, 17, 19, 18],
        [30.86, 37.71, 28.43, 34.00, 35.14],
        [31.00, 38.00, 28.86, 34.14, 35.86],
    )
    printed = [0.710623, 0.662396, 0.486526, 0.474738, 0.424877]
    assert model.expected_purchases(1, best) == pytest.approx(printed, abs=5e-6)


def test_the_expectations_of_the_spreadsheet_come_back(cdnow: Sample) -> None:
    """Hardie's spreadsheet of BG/NBD on CDNOW, as in lifetimes' tests.

    Its figure for 78 weeks is left out: 1.8576, where the formula with these parameters, by any
    library, gives 1.8580.
    """
    known = BetaGeoNBD.of(r=0.243, alpha=4.414, a=0.793, b=2.426)
    one = known.expected_purchases(39, Histories.of(2, 30.43, 38.86))
    assert round(one[0], 3) == 1.226
    model = BetaGeoNBD().fit(cdnow.weeks)
    moments = (0.1429, 1.0, 3.0, 31.8571, 32.0)
    printed = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437]
    found = [model.expected_purchases(moment)[0] for moment in moments]
    assert found == pytest.approx(printed, abs=6e-5)


def test_values_of_purchases_are_the_printed_ones(cdnow: Sample) -> None:
    """The first nine customers in lifetimes' docs/Quickstart.md."""
    rows = cdnow.repeats
    model = GammaGamma().fit(cdnow.days.frequency[rows], cdnow.repeat_mean[rows])
    found = model.expected_value([2, 1, 0, 7, 2], [22.35, 11.77, 0, 73.74, 25.55])
    printed = [24.658619, 18.911489, 35.170981, 71.462843, 27.282408]
    assert found == pytest.approx(printed, abs=2e-3)


@pytest.mark.parametrize("unit", [100, 1e-3, 1e6])
def test_cents_or_thousands_tell_the_same(cdnow: Sample, unit: float) -> None:
    rows = cdnow.repeats
    frequency, mean = cdnow.days.frequency[rows], cdnow.repeat_mean[rows]
    euros, others = GammaGamma().fit(frequency, mean), GammaGamma().fit(frequency, unit * mean)
    assert others.parameters_["q"] == pytest.approx(euros.parameters_["q"], rel=1e-5)
    assert others.parameters_["v"] == pytest.approx(unit * euros.parameters_["v"], rel=1e-5)


def test_a_customer_of_very_many_purchases_is_alive_and_not_lost_in_rounding() -> None:
    """Histories and parameters that gave NaN in CLVTools once (its test of PAlive)."""
    model = ParetoNBD.of(r=0.5143, alpha=2.8845, s=0.2856, beta=14.1087)
    frequent = Histories.of(
        [221, 254, 161, 204],
        [103.42857, 97.14286, 94.71429, 98.57143],
        [103.57143, 97.28571, 98.0, 99.42857],
    )
    alive = model.probability_alive(frequent)
    assert ((alive > 0.7) & (alive < 1)).all()
    # Underflow made these two differ in lifetimes once; printed by its test.
    near = ParetoNBD.of(r=0.55, alpha=10.58, s=0.61, beta=11.67)
    both = near.expected_purchases(10, Histories.of([132, 133], [200, 200], [200, 200]))
    assert both == pytest.approx([6.2060517889632418, 6.2528722475748113], abs=1e-9)


def test_customers_who_never_leave_end_at_a_limit_and_are_still_foretold() -> None:
    """Everybody buys on each of six occasions: no chance of leaving fits better than none."""
    steady = Histories.of(np.full(60, 6), np.full(60, 60), np.full(60, 60))
    for kind in (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD):
        model = kind().fit(steady)
        assert model.at_limit_
        assert any(np.isnan(error) for error in model.standard_errors_.values())
        assert model.probability_alive(steady).min() > 0.99
        assert model.expected_purchases(60, steady) == pytest.approx(6, abs=0.2)
