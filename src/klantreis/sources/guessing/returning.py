"""Lists of who came when, without amounts: told from lists of people by who comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from klantreis.sources.guessing.kinds import NEARLY_ALL, Kinds
from klantreis.sources.guessing.samples import Sample

__all__ = ["has_only_comings", "holds_returning"]

IDS = ("customer_number", "loyalty_card", "email", "phone", "mobile")
RETURNING = 0.05  # of the people have more than one date, or the list is rather one of people
AT_LEAST = 2


def holds_returning(sample: Sample, column_of: Mapping[str, str]) -> bool:
    """Whether people come back in a list with other dates.

    Args:
        column_of: columns by what they mean.
    """
    who = next((column_of[means] for means in IDS if means in column_of), None)
    when = column_of.get("occurred_at")
    if who is None or when is None:
        return False
    dates: dict[str, set[str]] = defaultdict(set)
    for person, moment in zip(sample.columns[who], sample.columns[when], strict=True):
        if person and moment:
            dates[person].add(moment)
    back = sum(len(own) > 1 for own in dates.values())
    return back >= max(AT_LEAST, RETURNING * len(dates))


def has_only_comings(kinds: Mapping[str, Kinds], meaning: Mapping[str, str]) -> bool:
    """Whether rows tell who came when and no more: nothing of an order, and no number that could
    be its amount.

    Args:
        meaning: of each column; empty where it is not used.
    """
    if not {"order_id", "order_status"}.isdisjoint(meaning.values()):
        return False
    return not any(
        max(kinds[name].share("amount"), kinds[name].share("whole")) >= NEARLY_ALL
        for name, means in meaning.items()
        if not means
    )
