from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.portraits.rhythm import gaps

DAYS = 365


def busy(mean: float, days: Iterable[int], seed: int = 1) -> dict[int, int]:
    """Days with about as many rows each, as visits of many people are."""
    draw = Random(seed)
    counts = {day: round(draw.gauss(mean, mean**0.5)) for day in days}
    return {day: count for day, count in counts.items() if count > 0}


def found(rows: dict[int, int], last_day: int = DAYS) -> list[tuple[int, int]]:
    return [(gap.days[0].day, gap.days[-1].day) for gap in gaps(rows, last_day)]


def test_one_lacking_day_of_a_busy_source_is_a_gap_with_what_was_expected() -> None:
    rows = busy(60, range(1, DAYS + 1))
    del rows[100]
    [gap] = gaps(rows, DAYS)
    [quiet] = gap.days
    assert quiet.day == 100
    assert quiet.expected_rows == pytest.approx(60, abs=10)
    assert gap.chance < 1e-9


def test_a_shop_closed_on_sundays_has_no_gaps_on_sundays_and_one_on_a_monday() -> None:
    rows = busy(60, (day for day in range(1, DAYS + 1) if day % 7))
    assert found(rows) == []
    del rows[106]
    assert 105 % 7 == 0
    assert found(rows) == [(106, 106)]


def test_nothing_since_a_day_is_a_gap_until_the_last_day_of_the_data() -> None:
    rows = busy(60, range(1, 301))
    assert found(rows, 310) == [(301, 310)]


def test_a_source_with_few_rows_has_a_gap_only_when_weeks_are_lacking() -> None:
    draw = Random(2)
    rows = {day: 1 + draw.randrange(3) for day in range(1, DAYS + 1) if draw.random() < 0.6}
    assert found(rows) == []
    without = {day: n for day, n in rows.items() if not 150 <= day < 185}
    [(first, last)] = found(without)
    assert 145 <= first <= 150
    assert 184 <= last <= 190


def test_a_mailing_once_a_month_is_a_rhythm_and_growth_is_no_gap() -> None:
    assert found(dict.fromkeys(range(10, 3 * DAYS, 30), 5000), 3 * DAYS) == []
    grown = busy(80, range(200, DAYS + 1)) | dict.fromkeys(range(1, 200, 11), 1)
    assert found(grown) == []


def test_a_wrong_date_long_ago_makes_no_gap_of_the_years_between() -> None:
    assert found(busy(60, range(20_000, 20_100)) | {1: 1}, 20_099) == []


def test_less_than_four_weeks_are_not_judged() -> None:
    rows = busy(500, range(1, 28))
    del rows[20]
    assert gaps(rows, 27) == []


@pytest.mark.parametrize("mean", [0.2, 1, 3, 8, 40])
def test_sources_without_gaps_are_silent(mean: float) -> None:
    """Rows that come by themselves, at any density, for twenty years of a source together."""
    alarms = 0
    for seed in range(20):
        draw = Random(seed)
        rows: dict[int, int] = {}
        moment = draw.expovariate(mean)
        while moment < DAYS:
            day = 1 + int(moment)
            rows[day] = rows.get(day, 0) + 1
            moment += draw.expovariate(mean)
        alarms += len(gaps(rows, max(rows, default=0)))
    assert alarms == 0


@given(st.dictionaries(st.integers(1, 200), st.integers(1, 50)), st.integers(1, 250))
def test_gaps_are_days_without_rows_within_the_period(rows: dict[int, int], last: int) -> None:
    days = [quiet.day for gap in gaps(rows, last) for quiet in gap.days]
    assert days == sorted(set(days))
    assert not set(days) & set(rows)
    assert all(min(rows) < day <= last for day in days)
    assert all(0 <= gap.chance < 0.001 for gap in gaps(rows, last))
