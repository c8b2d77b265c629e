"""What one row of a file is: an order, a person, a review."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.sources.guessing.assigning import assigned_to, has_doubles, says_codes
from klantreis.sources.guessing.guesses import PERSON
from klantreis.sources.guessing.kinds import Kinds
from klantreis.sources.guessing.naming import Assigned
from klantreis.sources.guessing.returning import holds_returning
from klantreis.sources.guessing.returns import are_returns
from klantreis.sources.guessing.samples import Sample
from klantreis.sources.guessing.shapes import SHAPES, Shape
from klantreis.sources.guessing.totals import TOTALS, are_one_line_each, sides_told, with_totals

__all__ = ["shape_of"]

AMOUNTS = ("total_amount", "unit_amount", "line_amount", "cost_amount")


def shape_of(kinds: Mapping[str, Kinds], sample: Sample) -> Shape | None:
    """What explains most of the columns, of all that have what they cannot do without."""
    best, most = None, 0.0
    totals = _totals(kinds, sample)
    for shape in SHAPES.values():
        assigned = assigned_to(kinds, shape, {})
        means = {name for name, _ in assigned.values()}
        if not all(means & set(group) for group in shape.anchors):
            continue
        if shape.name == "payment" and has_doubles(sample, assigned, "payment_id"):
            continue
        if shape.name == "order" and not _is_of_orders(kinds, assigned):
            continue
        if shape.name == "return":
            if are_returns(kinds, assigned):
                return shape  # that each row has a number or day of its return leaves no doubt
            continue
        if totals and shape.name != PERSON and not _tells_own(assigned, totals):
            continue
        # Totals stand beside many things: that there are some does not make a row a person.
        beside = {*TOTALS, "channel"} if shape.name == PERSON else set()
        explained = sum(sure for means, sure in assigned.values() if means not in beside)
        if explained > most + 1e-9:
            best, most = shape, explained
    if best is None or best.name == PERSON:
        assigned = assigned_to(kinds, SHAPES["order"], {})
        if holds_returning(sample, {means: column for column, (means, _) in assigned.items()}):
            return SHAPES["order"]
    return best


def _totals(kinds: Mapping[str, Kinds], sample: Sample) -> frozenset[str]:
    """The columns that tell how often and for how much each customer bought, when all that a total
    needs is there and each has a row; else none."""
    told, _ = with_totals(sample, kinds, assigned_to(kinds, SHAPES[PERSON], {}), {})
    column_of = {means: column for column, (means, _) in told.items()}
    if not sides_told(column_of.keys()) or not are_one_line_each(sample, column_of):
        return frozenset()
    return frozenset(column for column, (means, _) in told.items() if means in TOTALS)


def _tells_own(assigned: Assigned, totals: frozenset[str]) -> bool:
    """Whether rows have a number of an order or article, or an amount that is not a total's."""
    return any(
        means in ("order_id", "product_id") or (means in AMOUNTS and column not in totals)
        for column, (means, _) in assigned.items()
    )


def _is_of_orders(kinds: Mapping[str, Kinds], assigned: Assigned) -> bool:
    """Whether more than a status tells of orders, or one in words that are said of orders."""
    column_of = {means: column for column, (means, _) in assigned.items()}
    if {"order_id", "total_amount", "unit_amount"} & column_of.keys():
        return True
    return says_codes(kinds[column_of["order_status"]], "order_status")
