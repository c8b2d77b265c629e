"""Quintile scores in which equal values always have equal scores."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["quintile"]


def quintile(value: ir.Column, *, within: ir.BooleanColumn) -> ir.IntegerColumn:
    """Score 1 (lowest fifth) to 5 (highest fifth) among the rows for which `within` is true.

    The score is 1 plus the part of the rows with a lower value, in whole fifths: [0, 0.2) gives
    1, [0.2, 0.4) gives 2, and so on to [0.8, 1), which gives 5. Equal values therefore always
    share a score, on every engine; with many ties some scores do not occur, and a group that
    shares the lowest value has score 1 however large it is. Among fewer than five rows the
    highest scores cannot be reached: with one row everyone scores 1.

    Args:
        value: what is scored; never empty where `within` is true.
        within: which rows take part; the others are scored among themselves.
    """
    lower = ibis.rank().over(group_by=within, order_by=value)
    rows = within.count().over(group_by=within)
    return lower * 5 // rows + 1
