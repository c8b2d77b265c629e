"""What the later period showed beside what was expected, in rows that can be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.segments.clv.accuracy import accuracy
from klantreis.segments.clv.trial import Split
from klantreis.segments.sufficiency import wilson

__all__ = ["Finding", "cumulative", "findings", "moments_of"]

Finding = dict[str, Any]
MOST_REPEATS = 7
MOMENTS = 12
TENTHS = 10
RANGE_SHARE = 0.8
Z = 1.96


def findings(foretold: ir.Table, engine: Engine) -> Iterator[Finding]:
    """Everything that one table of customers tells: foretold, and what they bought later.

    Args:
        foretold: `seen_at` with the columns of `foretold_by_cells`; and `next_order_days` where a
            model tells them.
    """
    kept = engine.keep(foretold)
    yield from _conditional(kept, engine)
    yield from _reliability(kept, engine)
    yield from accuracy(kept, engine)
    yield from _ranges(kept, engine)
    if "next_order_days" in kept.columns:
        yield from _next_order(kept, engine)


def _conditional(rows: ir.Table, engine: Engine) -> Iterator[Finding]:
    """Later orders by the number of repeat orders before."""
    repeats = ibis.least(rows["frequency"], MOST_REPEATS)
    sums = rows.group_by(place=repeats.cast("int64")).aggregate(
        customers=rows.count(),
        expected=rows["expected_orders"].mean(),
        measured=rows["later_orders"].mean(),
        deviation=rows["later_orders"].std(how="pop"),
    )
    for row in engine.fetch(sums.order_by("place")).to_pylist():
        half = Z * row["deviation"] / row["customers"] ** 0.5
        ends = {"low": max(row["measured"] - half, 0.0), "high": row["measured"] + half}
        yield {**_of("conditional", row["place"]), **_numbers(row), **ends}


def _reliability(rows: ir.Table, engine: Engine) -> Iterator[Finding]:
    """Who ordered, by tenths of the chance that was given."""
    told = rows.select(
        "customer_id",
        order=rows["order_probability"],
        expected=rows["order_probability"],
        measured=(rows["later_orders"] > 0).cast("float64"),
    )
    for row in _tenths(told, engine):
        n = row["customers"]
        yield _share(
            "reliability", row["place"], "", round(row["measured"]), n, row["expected"] / n
        )


def _tenths(rows: ir.Table, engine: Engine) -> list[dict[str, Any]]:
    """Sums over tenths of the customers in an order; equals by number, so it is always the same."""
    tenth = ibis.ntile(TENTHS).over(order_by=[rows["order"], rows["customer_id"]])
    placed = rows.mutate(place=tenth.cast("int64") + 1)
    found = placed.group_by("place").aggregate(
        customers=placed.count(),
        expected=placed["expected"].sum(),
        measured=placed["measured"].sum(),
    )
    return list(engine.fetch(found.order_by("place")).to_pylist())


def _ranges(rows: ir.Table, engine: Engine) -> Iterator[Finding]:
    """How many were within the range that should hold at least eight of ten."""
    whole = engine.fetch(
        rows.aggregate(
            customers=rows.count(),
            orders=rows.count(
                where=rows["later_orders"].between(rows["orders_low"], rows["orders_high"])
            ),
            amount=rows.count(
                where=rows["later_amount"].between(
                    rows["amount_low"] - 0.01, rows["amount_high"] + 0.01
                )
            ),
        )
    ).to_pylist()[0]
    for place, item in enumerate(("orders", "amount")):
        yield _share("range", place, item, whole[item], whole["customers"], RANGE_SHARE)


def _next_order(rows: ir.Table, engine: Engine) -> Iterator[Finding]:
    """Of those who ordered, how many did so by the day that half should."""
    buyers = rows.filter(rows["later_orders"] > 0)
    in_time = buyers["later_after_days"] <= buyers["next_order_days"]
    row = engine.fetch(
        buyers.aggregate(customers=buyers.count(), by_then=buyers.count(where=in_time))
    ).to_pylist()[0]
    if row["customers"]:
        yield _share("next_order", 0, "half", row["by_then"], row["customers"], 0.5)


def moments_of(split: Split) -> list[int]:
    """Days after the split at which the sums are compared."""
    return sorted({round(split.later_days * n / MOMENTS) for n in range(1, MOMENTS + 1)})


def cumulative(
    days: ir.Table,
    seen: ir.Table,
    split: Split,
    expected: Callable[[int], float],
    engine: Engine,
) -> Iterator[Finding]:
    """Orders of the known customers from the split on, summed up to each moment."""
    later = days.filter((days["day"] > split.until) & days["is_purchase"])
    later = later.semi_join(seen, "customer_id")
    after = later["day"] - split.until
    moments = moments_of(split)
    counts = later.aggregate(**{f"by_{m}": later.count(where=after <= m) for m in moments})
    row = engine.fetch(counts).to_pylist()[0]
    known = engine.fetch(seen.aggregate(n=seen.count()))["n"][0].as_py()
    for moment in moments:
        numbers = {"expected": expected(moment), "measured": float(row[f"by_{moment}"])}
        yield {**_of("cumulative", moment), **numbers, "customers": known}


def _of(check: str, place: int, item: str = "") -> Finding:
    return {"check": check, "place": place, "item": item or str(place)}


def _numbers(row: Finding) -> Finding:
    return {name: row[name] for name in ("expected", "measured", "customers")}


def _share(check: str, place: int, item: str, count: int, total: int, wanted: float) -> Finding:
    interval = wilson(count, total)
    return {
        **_of(check, place, item),
        "expected": wanted,
        "measured": interval.share,
        "low": interval.low,
        "high": interval.high,
        "customers": total,
    }
