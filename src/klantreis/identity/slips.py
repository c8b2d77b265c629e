"""Conditions in SQL that are quick: slips of the pen are counted only where there can be few, by far the dearest comparison."""

from __future__ import annotations

import re

from klantreis.identity.call_names import BETWEEN
from klantreis.identity.comparing import CALLED

__all__ = ["by_given_names", "quick"]

COUNTED = re.compile(r'damerau_levenshtein\("(\w+)_l", "\1_r"\) <= (\d)')
BY_GIVEN_NAMES = " or ".join(
    f"""coalesce(contains("given_{one}", '{BETWEEN}' || "first_{other}" || '{BETWEEN}'), false)"""
    for one, other in ("lr", "rl")
)
PARTS_OF_A_DATE = ((1, 4), (6, 7), (9, 10))


def quick(condition: str) -> str:
    """The same condition, which holds for the same pairs, with what is cheap to see looked at first.

    Args:
        condition: SQL over `l` and `r`; where it counts slips, both texts have at least three signs.
            Where it asks for call names, it then asks `given`, as `with_given_names` has it.

    >>> quick('damerau_levenshtein("last_l", "last_r") <= 1').count("damerau_levenshtein")
    1
    """
    return by_given_names(COUNTED.sub(_looked_at_first, condition))


def by_given_names(condition: str) -> str:
    """The same condition, asking for call names by the columns `given`."""
    return condition.replace(CALLED, f"({BY_GIVEN_NAMES})")


def _looked_at_first(counted: re.Match[str]) -> str:
    column, most = counted[1], int(counted[2])
    one, other = (f'"{column}_{side}"' for side in "lr")
    first = [f"abs(length({one}) - length({other})) <= {most}"]
    if column == "birth":
        # Two slips leave one of year, month and day as it is.
        parts = (f"{one}[{a}:{b}] = {other}[{a}:{b}]" for a, b in PARTS_OF_A_DATE)
        first.append(f"({' or '.join(parts)})")
    elif most == 1:
        first.append(f"(left({one}, 1) = left({other}, 1) or right({one}, 1) = right({other}, 1))")
    return f"({' and '.join(first)} and {counted[0]})"
