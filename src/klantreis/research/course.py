"""How one customer felt, moment by moment, and which of what went wrong came right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from klantreis.research.asking import CAME_RIGHT, WENT_WRONG

__all__ = ["feeling_course"]


def feeling_course(
    emotions: Sequence[Mapping[str, Any]], *, within_days: int
) -> list[dict[str, Any]]:
    """One customer's feelings in order of time, each with when it came right.

    What went wrong and what is right are as in `recoveries`: -1 or lower, and a score or text of
    0.5 or higher about another record within the window after it.

    Args:
        emotions: rows as in the contract of `emotions`, of one customer.
        within_days: the window.

    Returns:
        The rows with `went_wrong`, `right_at` (when it came right; empty when it did not) and
        `is_recovery` (whether something came right here).
    """
    course = [dict(row) for row in sorted(emotions, key=_order)]
    for row in course:
        row["went_wrong"] = row["emotion"] <= WENT_WRONG
        row["right_at"] = _right_at(row, course, within_days) if row["went_wrong"] else None
    moments = {row["right_at"] for row in course if row["right_at"]}
    for row in course:
        row["is_recovery"] = _is_right(row) and row["felt_at"] in moments
    return course


def _right_at(
    wrong: Mapping[str, Any], course: Sequence[Mapping[str, Any]], within_days: int
) -> datetime | None:
    last = wrong["felt_at"] + timedelta(days=within_days)
    return next(
        (
            row["felt_at"]
            for row in course
            if _is_right(row)
            and row["record_id"] != wrong["record_id"]
            and wrong["felt_at"] < row["felt_at"] <= last
        ),
        None,
    )


def _is_right(row: Mapping[str, Any]) -> bool:
    return bool(row["kind"] != "behaviour" and row["emotion"] >= CAME_RIGHT)


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["felt_at"], row["record_id"], row["kind"]
