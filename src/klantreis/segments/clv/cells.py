"""The transparent fallback: the average of customers who bought as often and as recently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine

__all__ = ["CELL", "CELL_MODEL", "averages_of_cells", "foretold_by_cells", "in_cells"]

CELL_MODEL = "cell_average"
CELL = ("bought", "quiet")
ENOUGH_CUSTOMERS = 25
# One in ten beyond each end, if amounts were spread normally.
TAIL = 1.2816
SUMS = ("customers", "orders", "order_squares", "amount", "amount_squares", "buyers")


def in_cells(seen: ir.Table) -> ir.Table:
    """The customers with their cell: how often they bought, and how long they have been quiet."""
    often, quiet = seen["order_days"], seen["age_days"] - seen["recency_days"]
    return seen.mutate(
        bought=ibis.cases((often == 1, 1), (often == 2, 2), (often <= 4, 3), else_=4).cast("int64"),
        quiet=ibis.cases((quiet <= 90, 1), (quiet <= 180, 2), (quiet <= 365, 3), else_=4).cast(
            "int64"
        ),
    )


def averages_of_cells(seen: ir.Table, engine: Engine) -> pa.Table:
    """What customers of each cell bought in the later days of `seen`.

    A cell with fewer than 25 customers has the average of all who bought as often, and where
    those are too few the average of everybody.

    Returns:
        `bought`, `quiet`, `cell_orders`, `cell_orders_deviation`, `cell_amount`,
        `cell_amount_deviation`, `cell_buyer_share`; all sixteen cells.
    """
    placed = in_cells(seen)
    later, amount = placed["later_orders"], placed["later_amount"]
    sums = placed.group_by(list(CELL)).aggregate(
        customers=placed.count(),
        orders=later.sum(),
        order_squares=(later * later).sum(),
        amount=amount.sum(),
        amount_squares=(amount * amount).sum(),
        buyers=placed.count(where=later > 0),
    )
    rows = engine.fetch(sums.order_by(list(CELL))).to_pylist()
    return pa.Table.from_pylist(
        [_average(rows, bought, quiet) for bought in range(1, 5) for quiet in range(1, 5)]
    )


def _average(rows: Sequence[Mapping[str, Any]], bought: int, quiet: int) -> dict[str, Any]:
    alike = [row for row in rows if row["bought"] == bought]
    levels = ([row for row in alike if row["quiet"] == quiet], alike)
    taken = next((s for s in levels if sum(r["customers"] for r in s) >= ENOUGH_CUSTOMERS), rows)
    total = {name: float(sum(row[name] for row in taken)) for name in SUMS}
    n = max(total["customers"], 1.0)
    orders, amount = total["orders"] / n, total["amount"] / n
    return {
        "bought": bought,
        "quiet": quiet,
        "cell_orders": orders,
        "cell_orders_deviation": max(total["order_squares"] / n - orders**2, 0.0) ** 0.5,
        "cell_amount": amount,
        "cell_amount_deviation": max(total["amount_squares"] / n - amount**2, 0.0) ** 0.5,
        "cell_buyer_share": total["buyers"] / n,
    }


def foretold_by_cells(
    seen: ir.Table, averages: pa.Table, stretch: float, engine: Engine
) -> ir.Table:
    """What the averages say of each customer, over a time `stretch` times that of the averages.

    Sums grow with the time, their spread with its root; the chance of no order at all is that of
    the shorter time, so many times in a row.

    Returns:
        `seen` with `expected_orders`, `orders_low`, `orders_high`, `expected_amount`,
        `amount_low`, `amount_high` and `order_probability`.
    """
    rows = in_cells(seen).join(engine.table(averages), list(CELL))

    def away(name: str, tails: float) -> ir.FloatingValue:
        spread = rows[f"cell_{name}_deviation"] * (tails * TAIL * stretch**0.5)
        return ibis.greatest(rows[f"cell_{name}"] * stretch + spread, 0.0)

    return rows.mutate(
        expected_orders=away("orders", 0),
        orders_low=away("orders", -1),
        orders_high=away("orders", 1),
        expected_amount=away("amount", 0),
        amount_low=away("amount", -1),
        amount_high=away("amount", 1),
        order_probability=1.0 - (1.0 - rows["cell_buyer_share"]) ** stretch,
    )
