"""What may be asked of the simulation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import InputError
from klantreis.simulate import Plan


def test_a_year_and_a_half_from_new_year_ends_before_july() -> None:
    plan = Plan(customers=10, start=date(2025, 1, 1), months=18)
    assert plan.end == date(2026, 7, 1)
    assert plan.days == 546
    assert plan.calendar_months[0] == "2025-01"
    assert plan.calendar_months[-1] == "2026-06"
    assert len(plan.calendar_months) == 18


def test_a_month_from_the_thirty_first_ends_on_the_last_day_that_there_is() -> None:
    assert Plan(customers=10, start=date(2025, 1, 31), months=1).end == date(2025, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 120))
def test_every_day_of_the_period_is_in_a_month_of_it(start: date, months: int) -> None:
    plan = Plan(customers=1, start=start, months=months)
    assert plan.days >= 28 * months
    assert f"{start:%Y-%m}" == plan.calendar_months[0]
    assert f"{plan.end - timedelta(days=1):%Y-%m}" == plan.calendar_months[-1]
    assert list(plan.calendar_months) == sorted(set(plan.calendar_months))


@pytest.mark.parametrize(
    "wrong", [{"customers": 0}, {"customers": 5, "months": 0}, {"customers": 5, "seed": -1}]
)
def test_impossible_plans_are_refused_with_what_is_allowed(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match="allowed: "):
        Plan(**wrong)  # type: ignore[arg-type]  # the keys are those of numbers


def test_large_shops_write_web_events_as_parquet() -> None:
    assert Plan(customers=200_000).web_as_json
    assert not Plan(customers=200_001).web_as_json


def test_larger_shops_have_more_stores_up_to_forty() -> None:
    assert [Plan(customers=n).stores for n in (100, 20_000, 50_000, 1_000_000)] == [6, 8, 20, 40]
