from __future__ import annotations

from datetime import datetime
from typing import Any

from klantreis.research import feeling_course


def felt(day: int, emotion: float, kind: str = "text", record: str = "") -> dict[str, Any]:
    return {
        "felt_at": datetime(2026, 1, day),
        "emotion": emotion,
        "kind": kind,
        "record_id": record or str(day),
    }


def test_what_went_wrong_comes_right_when_the_customer_says_something_positive() -> None:
    wrong, neutral, right = feeling_course(
        [felt(20, 1.0), felt(1, -1.5), felt(9, 0.0)], within_days=60
    )
    assert (wrong["went_wrong"], wrong["right_at"]) == (True, datetime(2026, 1, 20))
    assert (neutral["went_wrong"], neutral["is_recovery"]) == (False, False)
    assert right["is_recovery"]


def test_a_happy_event_a_late_word_and_the_same_record_bring_nothing_right() -> None:
    course = feeling_course(
        [
            felt(1, -2.0, record="a"),
            felt(2, 1.5, "behaviour"),
            felt(3, 2.0, record="a"),
            felt(31, 2.0),
        ],
        within_days=20,
    )
    assert course[0]["right_at"] is None
    assert not any(row["is_recovery"] for row in course)


def test_nothing_felt_is_an_empty_course() -> None:
    assert feeling_course([], within_days=60) == []
