"""The journey model: which candidates are journeys, and how they end."""

from __future__ import annotations

import numpy as np
import pytest

from klantreis.simulate import Plan
from klantreis.simulate.clock import DAY
from klantreis.simulate.draws import stream
from klantreis.simulate.journeys import (
    LAPSE_DAYS,
    NO_DROP,
    ORIENTATION,
    PURCHASE,
    Journeys,
    draw_journeys,
    far_enough_apart,
)
from klantreis.simulate.kinds import ROPO, STORE, kinds
from klantreis.simulate.market import open_market
from klantreis.simulate.people import draw_people

NONE = np.zeros(0, dtype=np.int64)


def some(days: list[int], humans: list[int], bought: list[bool], mailing: list[int]) -> Journeys:
    count = len(days)
    zeros = np.zeros(count, dtype=np.int64)
    return Journeys(
        human=np.array(humans),
        kind=zeros,
        started=np.array(days) * DAY,
        route=zeros,
        entry=zeros,
        reached=zeros,
        bought=np.array(bought),
        dropped=zeros,
        reason=zeros,
        category=zeros,
        product=zeros,
        mailing=np.array(mailing),
    )


def kept(journeys: Journeys) -> list[bool]:
    result: list[bool] = far_enough_apart(stream(1), journeys, journeys.started).tolist()
    return result


def test_who_comes_back_before_the_lapse_is_still_on_the_same_journey() -> None:
    journeys = some([0, LAPSE_DAYS - 2, 300], [0, 0, 0], [False] * 3, [-1] * 3)
    assert kept(journeys) == [True, False, True]


def test_a_new_need_may_come_sooner_after_a_purchase() -> None:
    soon = int(kinds().wait_days[0]) + 1
    assert soon < LAPSE_DAYS
    assert kept(some([0, soon], [0, 0], [True, False], [-1, -1])) == [True, True]


def test_other_humans_do_not_stand_in_the_way() -> None:
    assert kept(some([0, 1], [0, 1], [False, False], [-1, -1])) == [True, True]


def test_what_a_mailing_planted_always_stays() -> None:
    assert kept(some([0, 3], [0, 0], [False, True], [-1, 4])) == [True, True]


@pytest.fixture(scope="module")
def journeys() -> Journeys:
    market = open_market(Plan(customers=6_000, seed=3))
    people = draw_people(stream(3), market, 1, 6_000)
    return draw_journeys(stream(4), market, people, (NONE, NONE, NONE))


def test_journeys_end_in_a_purchase_or_for_a_reason_of_the_phase(journeys: Journeys) -> None:
    assert ((journeys.dropped == NO_DROP) == journeys.bought).all()
    assert ((journeys.reason == NO_DROP) == journeys.bought).all()
    dropped = ~journeys.bought
    assert (journeys.dropped[dropped] == journeys.reached[dropped]).all()
    assert (journeys.reached[journeys.bought] == PURCHASE).all()


def test_nobody_is_seen_leaving_a_store_without_buying(journeys: Journeys) -> None:
    in_store = journeys.route == STORE
    assert journeys.bought[in_store].all()
    to_store = (journeys.route == ROPO) & ~journeys.bought
    assert (journeys.reached[to_store] <= ORIENTATION).all()


def test_each_type_goes_on_from_orientation_as_often_as_planted(journeys: Journeys) -> None:
    types = kinds()
    for kind, planted in enumerate(types.go_on[:, ORIENTATION]):
        tried = (journeys.kind == kind) & journeys.online & (journeys.reached >= ORIENTATION)
        share = (journeys.reached[tried] > ORIENTATION).mean()
        assert abs(share - planted) < 4 * np.sqrt(planted * (1 - planted) / tried.sum())
