"""Slips of the pen, counted only where there can be few: counting is by far the dearest comparison."""

from __future__ import annotations

import re

__all__ = ["quick"]

COUNTED = re.compile(r'damerau_levenshtein\("(\w+)_l", "\1_r"\) <= (\d)')
PARTS_OF_A_DATE = ((1, 4), (6, 7), (9, 10))


def quick(condition: str) -> str:
    """The same condition, which holds for the same pairs, with what is cheap to see looked at first.

    Args:
        condition: SQL over `l` and `r`; where it counts slips, both texts have at least three signs.

    >>> quick('damerau_levenshtein("last_l", "last_r") <= 1').count("damerau_levenshtein")
    1
    """
    return COUNTED.sub(_looked_at_first, condition)


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
