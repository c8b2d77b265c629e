"""Products that go together."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.campaigns.wanted_products import neighbours, wanted_products
from klantreis.engine import Engine

__all__ = ["product_neighbours"]


def product_neighbours(
    timeline: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    links: ir.Table,
    *,
    engine: Engine,
) -> ir.Table:
    """The twenty products nearest to each product, by who bought them or put them in a basket.

    Returns:
        As in the contract of `product_neighbours`.
    """
    return neighbours(engine.keep(wanted_products(timeline, orders, order_lines, links)))
