from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.errors import InputError, NotFoundError
from klantreis.value import (
    MEASURES,
    Kpi,
    PlannedAction,
    cycle_end,
    judged,
    kpi_goal,
    kpis,
    library,
    opportunities,
    planned_actions,
    with_action,
    with_goal,
    with_kpi,
    without_action,
    without_kpi,
)

START = date(2026, 7, 1)


def test_the_library_is_large_whole_and_honest() -> None:
    assert len(library()) >= 25
    for one in library():
        assert one.phase in ("see", "think", "do", "care"), one.id
        assert one.unit in ("number", "share", "money", "days", "score"), one.id
        assert one.better in ("up", "down"), one.id
        assert set(one.name) == set(one.definition) == {"nl", "en"}, one.id
        assert one.formula, one.id
        # Whoever cannot be taken says what is lacking; whoever can be taken lacks nothing.
        assert (one.id in MEASURES) != bool(one.lacks), one.id
    assert set(MEASURES) < {one.id for one in library()}


def kpi(target: float | None = 0.3, alarm: float | None = None, name: str = "conversion") -> Kpi:
    return Kpi(name, target, alarm, "Ann")


def test_kpis_are_chosen_changed_and_dropped() -> None:
    content = with_kpi(with_kpi({}, kpi()), kpi(0.4, 0.2))
    assert kpis(content) == (kpi(0.4, 0.2),)
    assert kpis(without_kpi(content, "conversion")) == ()
    assert kpi_goal(content) == "revenue"
    assert kpi_goal(with_goal(content, "orders")) == "orders"
    with pytest.raises(NotFoundError):
        with_kpi({}, kpi(name="happiness"))
    with pytest.raises(NotFoundError):
        with_goal({}, "happiness")


def test_an_alarm_on_the_good_side_is_refused() -> None:
    with pytest.raises(InputError, match=r"below 0\.3"):
        with_kpi({}, kpi(0.3, 0.4))
    with pytest.raises(InputError, match=r"above 0\.3"):
        with_kpi({}, kpi(0.3, 0.2, name="return_rate"))


@pytest.mark.parametrize(
    ("made", "value", "ends", "standing"),
    [
        (kpi(), None, (None, None), "unmeasured"),
        (kpi(None), 0.2, (0.1, 0.3), "no_target"),
        (kpi(0.3, 0.1), 0.05, (0.04, 0.06), "alarm"),
        (kpi(0.3), 0.28, (0.25, 0.31), "unsure"),
        (kpi(0.3), 0.2, (0.15, 0.25), "behind"),
        (kpi(0.3), 0.4, (0.35, 0.45), "on_target"),
        (kpi(0.3, name="return_rate"), 0.4, (0.35, 0.45), "behind"),
        (kpi(0.3, 0.5, name="return_rate"), 0.6, (0.55, 0.65), "alarm"),
        (kpi(100, name="orders"), 100, (None, None), "on_target"),
    ],
)
def test_a_value_is_held_against_target_and_alarm_with_its_interval(
    made: Kpi, value: float | None, ends: tuple[float | None, float | None], standing: str
) -> None:
    assert judged(made, value, *ends) == standing


def felt(mean: float, n: int = 100, evidence: str = "measured", event: str = "ticket") -> Any:
    return {"phase": "do", "channel": "web", "event": event, "evidence": evidence}  | {
        "n": n, "mean": mean, "low": None, "high": None,
    }  # fmt: skip


STOPS = [{"phase": "do", "reached": 1000, "value_at_risk_amount": 5000}]
MET = [{"phase": "do", "channel": "web", "event": "ticket", "journeys": 500}]


def test_the_parts_of_an_opportunity_multiply_to_its_weight() -> None:
    (one,) = opportunities([felt(-2.0)], MET, STOPS, {"do:web.ticket": 2})
    assert (one.value_at_risk, one.reach, one.severity) == (5000, 0.5, 1.0)
    assert (one.confidence, one.effort, one.is_judged) == (1.0, 2, True)
    assert one.score == 1250


def test_few_moments_and_assumed_values_count_less() -> None:
    sure, few, assumed = (
        opportunities([row], MET, STOPS, {})[0].score
        for row in (felt(-1), felt(-1, n=15), felt(-1, evidence="assumed"))
    )
    assert few == assumed == sure / 2


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=6))
def test_all_else_alike_the_least_positive_moment_comes_first(means: list[float]) -> None:
    ranked = opportunities([felt(mean) for mean in means], MET, STOPS, {})
    assert [one.emotion for one in ranked] == sorted(means)


def test_what_lies_in_no_phase_is_left_out() -> None:
    assert opportunities([felt(-1) | {"phase": None}], MET, STOPS, {}) == ()
    assert opportunities([felt(-1)], [], [STOPS[0] | {"reached": 0}], {})[0].score == 0


def action(name: str = "a", first: int = 0, days: int = 10, **more: Any) -> PlannedAction:
    start = START + timedelta(days=first)
    return PlannedAction(name, f"Do {name}", "Ann", start, start + timedelta(days=days), **more)


def test_a_cycle_lasts_a_year_also_over_a_leap_day() -> None:
    assert cycle_end(date(2024, 2, 29)) == date(2025, 2, 28)
    assert cycle_end(date(2027, 3, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "wrong",
    [
        action(first=-1),
        action(first=360),
        action(days=-1),
        action(status="someday"),
        PlannedAction("a", " ", "", START, START),
        action(after=("gone",)),
        action(after=("a",)),
    ],
)
def test_an_action_that_does_not_fit_the_cycle_is_refused(wrong: PlannedAction) -> None:
    with pytest.raises(InputError):
        with_action({}, wrong, starts_on=START)


def test_nothing_starts_before_what_it_waits_for_is_done() -> None:
    content = with_action({}, action("a"), starts_on=START)
    content = with_action(content, action("b", 20, after=("a",)), starts_on=START)
    with pytest.raises(InputError, match="starts before"):
        with_action(content, action("c", 5, after=("a",)), starts_on=START)
    with pytest.raises(InputError, match="waits for this one"):
        with_action(content, action("a", 0, days=30), starts_on=START)
    gone = planned_actions(without_action(content, "a"))
    assert [(one.action_id, one.after) for one in gone] == [("b", ())]
    with pytest.raises(NotFoundError):
        without_action(content, "z")


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=8))
def test_whatever_is_planned_is_kept_in_order_of_its_first_day(days: list[tuple[int, int]]) -> None:
    content: dict[str, Any] = {}
    for number, (first, length) in enumerate(days):
        content = with_action(content, action(str(number), first, length), starts_on=START)
    kept = planned_actions(content)
    assert len(kept) == len(days)
    assert [one.starts_on for one in kept] == sorted(one.starts_on for one in kept)
