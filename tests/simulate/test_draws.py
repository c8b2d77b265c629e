"""Chance by column."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klantreis.simulate.clock import to_utc
from klantreis.simulate.draws import Choice, group_order, mixed, spread, stream


def test_each_group_draws_from_its_own_weights() -> None:
    choice = Choice([[1, 0, 0], [0, 0, 1], [0, 1, 1]])
    groups = np.repeat([0, 1, 2], 400)
    drawn = choice.draw(stream(1), groups).reshape(3, 400)
    assert set(drawn[0]) == {0}
    assert set(drawn[1]) == {2}
    assert set(drawn[2]) == {1, 2}
    assert 120 < (drawn[2] == 1).sum() < 280


@given(st.lists(st.lists(st.floats(0, 10), min_size=3, max_size=3), min_size=1, max_size=5))
def test_options_without_weight_are_never_drawn(weights: list[list[float]]) -> None:
    table = np.array(weights) + np.array([0.0, 0.0, 0.5])
    groups = np.repeat(np.arange(len(table)), 50)
    drawn = Choice(table).draw(stream(3), groups)
    assert (table[groups, drawn] > 0).all()


@given(st.lists(st.integers(0, 5), max_size=20))
def test_rows_spread_over_owners_as_counted(counts: list[int]) -> None:
    owner, number = spread(np.array(counts, dtype=np.int64))
    assert np.bincount(owner, minlength=len(counts)).tolist() == counts
    assert number.tolist() == group_order(owner).tolist()


def test_streams_differ_by_path_and_repeat_by_seed() -> None:
    assert stream(1, 2).random() == stream(1, 2).random()
    assert stream(1, 2).random() != stream(1, 3).random()
    assert stream(1, 2).random() != stream(2, 2).random()


def test_mixing_is_steady_and_spreads() -> None:
    numbers = mixed(np.arange(10_000), 7)
    assert len(set(numbers.tolist())) == 10_000
    assert (numbers == mixed(np.arange(10_000), 7)).all()
    shares = np.bincount((numbers % np.uint64(10)).astype(np.int64)) / 10_000
    assert abs(shares - 0.1).max() < 0.02


@given(st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)))
def test_local_seconds_become_utc_as_the_zone_says(moment: datetime) -> None:
    zoned = moment.replace(microsecond=0, tzinfo=ZoneInfo("Europe/Amsterdam"))
    back = zoned.astimezone(UTC).astimezone(ZoneInfo("Europe/Amsterdam"))
    if (
        back.replace(tzinfo=None) != zoned.replace(tzinfo=None)
        or zoned.utcoffset() != zoned.replace(fold=1).utcoffset()
    ):
        return  # the hour that is skipped or doubled
    local = int(zoned.replace(tzinfo=UTC).timestamp())
    assert to_utc(np.array([local]))[0] == int(zoned.timestamp())
