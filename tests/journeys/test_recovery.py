from __future__ import annotations

from pathlib import Path

import pytest

from klantreis import Workspace
from tests.journeys.recovery import Recovery, recovery


@pytest.fixture(scope="module")
def recovered(shop_folder: Path) -> Recovery:
    with Workspace.open(shop_folder) as shop:
        return recovery(shop)


def test_planted_journeys_are_found_with_their_outcome(recovered: Recovery) -> None:
    assert recovered.journeys > 500
    assert recovered.found > 0.85
    assert recovered.outcome_right > 0.95


def test_drop_off_comes_back_in_the_phase_where_it_was_planted(recovered: Recovery) -> None:
    assert recovered.phase_right > 0.65
    for planted, measured in recovered.stops.values():
        assert measured == pytest.approx(planted, abs=0.12)


def test_drop_off_on_the_way_to_the_till_comes_back_as_a_share(recovered: Recovery) -> None:
    # The phases before it share their touchpoints: who only looks around sees products too, and
    # who orients lands on a list. That they were reached is therefore measured too often, and
    # their shares come out too low; the basket has touchpoints of its own.
    planted, measured = recovered.drop_off["purchase"]
    assert measured == pytest.approx(planted, abs=0.1)
    for phase in ("inspiration", "orientation"):
        planted, measured = recovered.drop_off[phase]
        assert planted - 0.3 < measured < planted
