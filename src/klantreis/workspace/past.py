"""What can be taken back and what can be done again, from the list of versions alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

__all__ = ["REDO", "UNDO", "Past", "past"]

UNDO = "undo"
REDO = "redo"


@dataclass(frozen=True)
class Past:
    """Where a draft stands.

    Attributes:
        earlier: the version whose content an undo shows again, 0 for an empty draft; None when
            nothing can be taken back.
        later: the version whose content a redo shows again; None when nothing was taken back.
    """

    earlier: int | None
    later: int | None


def past(versions: Iterable[tuple[str, int]], *, closing: Collection[str] = ()) -> Past:
    """Walk through the versions as an editor's two stacks.

    Args:
        versions: change and the version whose content it shows, oldest first.
        closing: changes that stand for ever; neither they nor what was before is taken back.

    >>> past([("card_added", 1), ("card_added", 2), ("undo", 1)])
    Past(earlier=0, later=2)
    >>> past([("action_added", 1), ("cycle_started", 2)], closing=("cycle_started",))
    Past(earlier=None, later=None)
    """
    way, undone = [0], []
    for change, shows in versions:
        if change == UNDO:
            undone.append(way.pop())
        elif change == REDO:
            way.append(undone.pop())
        else:
            if change in closing:
                way.clear()
            way.append(shows)
            undone.clear()
    return Past(way[-2] if len(way) > 1 else None, undone[-1] if undone else None)
