"""Order lines in a list within each order, as shops' own APIs give them."""

from __future__ import annotations

from klantreis.sources.guessing.assigning import assigned_to
from klantreis.sources.guessing.moments import Order
from klantreis.sources.guessing.row_kinds import shape_of
from klantreis.sources.guessing.samples import Sample, by_element
from klantreis.sources.guessing.written import kinds_of_columns
from klantreis.sources.reading.mapping import ELEMENT

__all__ = ["with_lines"]

LINE = "order_line"
PRODUCT = {"product_id", "product_name"}
COUNTED = {"quantity", "unit_amount", "line_amount"}


def with_lines(sample: Sample, row_is: str, date_order: Order) -> Sample:
    """The sample with a row for each order line, where a list in each record holds these.

    Args:
        row_is: what somebody said that a row is; anything but a line leaves lists as they are.
    """
    if row_is not in ("", LINE):
        return sample
    for name in sample.lists:
        taken_apart = by_element(sample, name)
        kinds = kinds_of_columns(taken_apart, date_order)
        shape = shape_of(kinds, taken_apart)
        if shape is None or shape.name != LINE:
            continue
        assigned = assigned_to(kinds, shape, {})
        of_elements = {means for column, (means, _) in assigned.items() if ELEMENT in column}
        if of_elements & PRODUCT and of_elements & COUNTED:
            return taken_apart
    return sample
