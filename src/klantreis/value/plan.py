"""The roadmap: actions within a cycle of at most twelve months, and what they wait for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from klantreis.errors import InputError, NotFoundError, message

__all__ = [
    "STATUSES",
    "PlannedAction",
    "cycle_end",
    "planned_actions",
    "with_action",
    "without_action",
]

STATUSES = ("idea", "planned", "doing", "done", "stopped")
TEXT_LENGTH = 300


@dataclass(frozen=True)
class PlannedAction:
    """One action.

    Attributes:
        action_id: stays the same.
        title: what we will do.
        owner: who sees to it.
        starts_on, ends_on: first and last day.
        status: one of `STATUSES`.
        after: ids of actions that must be done before.
        opportunity: key of what it improves; empty for none.
        measure: id of the measure that it should change; empty for none.
        expected: by how much, in the unit of the measure; empty for unknown.
    """

    action_id: str
    title: str
    owner: str
    starts_on: date
    ends_on: date
    status: str = "idea"
    after: tuple[str, ...] = ()
    opportunity: str = ""
    measure: str = ""
    expected: float | None = None


def cycle_end(starts_on: date) -> date:
    """The last day of a cycle: a year on, less a day.

    >>> cycle_end(date(2026, 7, 1)).isoformat()
    '2027-06-30'
    """
    try:
        return starts_on.replace(year=starts_on.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(starts_on.year + 1, 2, 28)


def planned_actions(content: Mapping[str, Any]) -> tuple[PlannedAction, ...]:
    """The actions of a draft, by first day."""
    found = (
        PlannedAction(
            **{
                **kept,
                "starts_on": date.fromisoformat(kept["starts_on"]),
                "ends_on": date.fromisoformat(kept["ends_on"]),
                "after": tuple(kept["after"]),
            }
        )
        for kept in content.get("actions", ())
    )
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.ends_on, one.title)))


def with_action(
    content: Mapping[str, Any], action: PlannedAction, *, starts_on: date
) -> dict[str, Any]:
    """A draft with an action added or changed.

    Args:
        content: of the draft.
        action: as it is to be.
        starts_on: first day of the cycle.

    Raises:
        InputError: outside the cycle, before what it waits for, or waiting for itself.
    """
    _check(action, starts_on)
    others = {one.action_id: one for one in planned_actions(content)}
    others.pop(action.action_id, None)
    everything = {**others, action.action_id: action}
    for before in action.after:
        if before not in others:
            raise InputError(
                message("An action waits for one that is not there", where=action.title, got=before)
            )
        if others[before].ends_on >= action.starts_on:
            raise InputError(
                message(
                    "An action starts before what it waits for is done",
                    where=action.title,
                    got=action.starts_on.isoformat(),
                    allowed=f"after {others[before].ends_on.isoformat()}",
                )
            )
    for later in others.values():
        if action.action_id in later.after and later.starts_on <= action.ends_on:
            raise InputError(
                message(
                    "Another action waits for this one and starts earlier",
                    where=later.title,
                    got=action.ends_on.isoformat(),
                    allowed=f"before {later.starts_on.isoformat()}",
                )
            )
    return {**content, "actions": _stored(everything.values())}


def without_action(content: Mapping[str, Any], action_id: str) -> dict[str, Any]:
    """A draft without an action; nothing waits for it any more.

    Raises:
        NotFoundError: it is not there.
    """
    actions = planned_actions(content)
    if action_id not in {one.action_id for one in actions}:
        raise NotFoundError(message("There is no such action", got=repr(action_id)))
    kept = _stored([one for one in actions if one.action_id != action_id])
    for one in kept:
        one["after"] = [before for before in one["after"] if before != action_id]
    return {**content, "actions": kept}


def _check(action: PlannedAction, starts_on: date) -> None:
    if not 0 < len(action.title.strip()) <= TEXT_LENGTH:
        raise InputError(message("Wrong title", allowed=f"1 to {TEXT_LENGTH} letters"))
    if action.status not in STATUSES:
        allowed = ", ".join(STATUSES)
        raise InputError(message("Unknown status", got=repr(action.status), allowed=allowed))
    last = cycle_end(starts_on)
    if not starts_on <= action.starts_on <= action.ends_on <= last:
        raise InputError(
            message(
                "An action lies within its cycle",
                where=action.title,
                got=f"{action.starts_on.isoformat()} to {action.ends_on.isoformat()}",
                allowed=f"{starts_on.isoformat()} to {last.isoformat()}, first day first",
            )
        )


def _stored(actions: Iterable[PlannedAction]) -> list[dict[str, Any]]:
    return [
        {
            **asdict(one),
            "starts_on": one.starts_on.isoformat(),
            "ends_on": one.ends_on.isoformat(),
            "after": [*one.after],
        }
        for one in actions
    ]
