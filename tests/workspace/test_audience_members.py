"""Who came into a saved audience and who left it, between two runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.workspace import audience_members
from klantreis.workspace.audience_members import AudienceMembers, Moves

FIRST = datetime(2026, 3, 1, 12)
NOBODY: Mapping[int, int] = {}


@pytest.fixture
def kept(tmp_path: Path) -> AudienceMembers:
    return AudienceMembers(tmp_path)


def _keep(
    kept: AudienceMembers, day: int, members: Collection[int], merged: Mapping[int, int] = NOBODY
) -> Moves | None:
    numbers = np.array(sorted(members), np.int64)
    return kept.keep("rule", numbers, at=FIRST + timedelta(days=day), now_known_as=merged)


def _told(moves: Moves | None) -> tuple[set[int], set[int]] | None:
    return (set(moves.came.tolist()), set(moves.left.tolist())) if moves else None


def test_the_first_run_tells_nothing_and_each_later_one_who_came_and_left(
    kept: AudienceMembers,
) -> None:
    assert _keep(kept, 0, {1, 2, 3}) is None
    assert _told(_keep(kept, 1, {2, 3, 4})) == ({4}, {1})
    assert _told(_keep(kept, 2, {1, 2, 3, 4})) == ({1}, set())
    assert _told(_keep(kept, 3, set())) == (set(), {1, 2, 3, 4})
    second = kept.moves("rule", FIRST + timedelta(days=1))
    assert second
    assert (second.since, _told(second)) == (FIRST, ({4}, {1}))
    assert _told(kept.moves("rule")) == (set(), {1, 2, 3, 4})
    assert kept.of_customer("rule", [1]) == (
        (FIRST + timedelta(days=1), "left"),
        (FIRST + timedelta(days=2), "came"),
        (FIRST + timedelta(days=3), "left"),
    )


def test_a_run_over_the_same_data_or_up_to_an_earlier_moment_gives_way(
    kept: AudienceMembers,
) -> None:
    _keep(kept, 0, {1, 2})
    _keep(kept, 2, {2, 3})
    assert _told(_keep(kept, 2, {1, 2, 4})) == ({4}, set())
    _keep(kept, 3, {9})
    assert _told(_keep(kept, 1, {1, 5})) == ({5}, {2})
    assert kept.moments("rule") == (FIRST + timedelta(days=1),)
    assert _keep(kept, 0, {1, 5}) is None  # nothing is known of before
    assert kept.moves("rule") is None


def test_who_became_one_with_another_or_is_no_longer_there_did_not_leave(
    kept: AudienceMembers,
) -> None:
    _keep(kept, 0, {1, 2, 3, 4})
    # 2 went over into 1, 3 into 8, and nobody is 4 any more.
    assert _told(_keep(kept, 1, {1, 8}, {2: 1, 3: 8, 4: 4})) == (set(), set())
    assert _told(_keep(kept, 2, {8}, {2: 1, 3: 8, 4: 4})) == (set(), {1})


def test_what_a_run_that_was_broken_off_wrote_is_not_taken_for_a_run(
    kept: AudienceMembers, monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep(kept, 0, {1, 2})
    with monkeypatch.context() as broken:
        broken.setattr(AudienceMembers, "_write_members", _breaks_off)
        with pytest.raises(KeyboardInterrupt):
            _keep(kept, 1, {1, 2, 3})
    assert _told(_keep(kept, 2, {2, 3})) == ({3}, {1})
    assert kept.moments("rule") == (FIRST + timedelta(days=2),)


def _breaks_off(*_: object) -> None:
    raise KeyboardInterrupt


def test_only_the_last_runs_are_listed_and_rules_of_nobody_are_dropped(
    kept: AudienceMembers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_members, "RUNS_KEPT", 2)
    for day in range(5):
        _keep(kept, day, {day})
    assert kept.moments("rule") == (FIRST + timedelta(days=3), FIRST + timedelta(days=4))
    kept.forget_others({"rule"})
    assert kept.moves("rule")
    kept.forget_others(())
    assert kept.moves("rule") is None
    assert list(kept.files()) == []


def test_who_is_taken_out_is_in_no_file_any_more(kept: AudienceMembers) -> None:
    _keep(kept, 0, {1, 2})
    _keep(kept, 1, {1, 3})
    _keep(kept, 2, {1, 2, 3})
    assert kept.take_out([1, 2]) == 3  # the members, and 2 who left and came
    assert kept.of_customer("rule", [1, 2]) == ()
    assert kept.of_customer("rule", [3])[-1] == (FIRST + timedelta(days=2), "is in")
    assert _told(_keep(kept, 3, {3, 4})) == ({4}, set())
    assert kept.take_out([2]) == 0


Runs = st.lists(st.tuples(st.integers(0, 6), st.frozensets(st.integers(1, 12))), max_size=12)


@given(Runs)
def test_from_any_runs_in_any_order_what_is_kept_leads_from_each_to_the_next(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, frozenset[int]]]
) -> None:
    kept = AudienceMembers(tmp_path_factory.mktemp("store"))
    course: dict[int, frozenset[int]] = {}  # as a plain reader would keep it: everybody, each run
    for day, members in runs:
        _keep(kept, day, members)
        course = {other: held for other, held in course.items() if other < day} | {day: members}
    for (earlier, before), (later, after) in zip(
        list(course.items()), list(course.items())[1:], strict=False
    ):
        moves = kept.moves("rule", FIRST + timedelta(days=later))
        assert moves
        assert moves.since == FIRST + timedelta(days=earlier)
        assert _told(moves) == (set(after - before), set(before - after))
    assert len(kept.moments("rule")) == max(0, len(course) - 1)
