"""Rows of totals as pages show them."""

from __future__ import annotations

__all__ = ["TOTAL", "filled_in"]

TOTAL = "total"  # the reason, as in the quarantine
SEPARATORS = ";\t|,"  # a comma last: it may be that of a number


def filled_in(row: str) -> tuple[str, ...]:
    """The values of a row that are not empty.

    >>> filled_in("Totaal april;;;;1.035,45"), filled_in("Total,,3")
    (('Totaal april', '1.035,45'), ('Total', '3'))
    """
    separator = max(SEPARATORS, key=row.count)
    return tuple(value.strip() for value in row.split(separator) if value.strip())
