"""The charts of the segments page: the RFM grid, and groups by customers and revenue."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.charts import Area, Bar, HeatCell, bars, heat_grid, treemap
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.segments.context import Segments
from klantreis.web.rendering import address
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: Segments, words: Translator) -> Mapping[str, Svg]:
    """Draw the charts; nothing without buyers."""
    if not page.groups:
        return {}
    return {
        "grid": svg(_grid(page, words)),
        "treemap": svg(_treemap(page, words)),
        "groups": svg(_groups(page, words)),
    }


def _treemap(page: Segments, words: Translator) -> str:
    by_revenue = page.query.size == "revenue"
    areas = []
    for group in page.groups:
        name = words.code("segment", group.segment)
        customers = words.units(group.customers, "customers")
        revenue = words.money(group.revenue_amount, cents=False)
        per_customer = words.text(
            "%(amount)s per customer",
            amount=words.money(group.revenue_amount / group.customers, cents=False),
        )
        areas.append(
            Area(
                value=group.revenue_amount if by_revenue else group.customers,
                tone=group.revenue_amount / group.customers,
                name=name,
                label=revenue if by_revenue else customers,
                note=per_customer,
                spoken=f"{name}: {customers} · {revenue} · {per_customer}",
                href=address("/customers", segment=group.segment),
            )
        )
    return treemap(
        areas,
        title=words.text("Groups by revenue") if by_revenue else words.text("Groups by customers"),
        description=words.text(
            "The larger an area, the more; the darker, the more revenue per customer."
        ),
    )


def _grid(page: Segments, words: Translator) -> str:
    recency = words.text("Recency")
    frequency = words.text("Frequency")
    taken = {(cell.recency, cell.frequency) for cell in page.cells}
    empty = [
        HeatCell(
            5 - r, f - 1, 0, "0", f"{recency} {r}, {frequency} {f}: {words.units(0, 'customers')}"
        )
        for r in range(1, 6)
        for f in range(1, 6)
        if (r, f) not in taken
    ]
    cells = [
        HeatCell(
            row=5 - cell.recency,
            column=cell.frequency - 1,
            value=cell.customers,
            label=words.number(cell.customers),
            note=words.code("segment", cell.segment),
            name=f"{recency} {cell.recency}, {frequency} {cell.frequency}: "
            f"{words.units(cell.customers, 'customers')} · {words.code('segment', cell.segment)}",
            href=address("/customers", recency=cell.recency, frequency=cell.frequency),
        )
        for cell in page.cells
    ]
    return heat_grid(
        [*cells, *empty],
        rows=[
            words.text("5 · recently"),
            "4",
            "3",
            "2",
            words.text("1 · long ago"),
        ],
        columns=[words.text("1 · seldom"), "2", "3", "4", words.text("5 · often")],
        row_title=words.text("Recency"),
        column_title=words.text("Frequency: how often they buy"),
        title=words.text("Customers by recency and frequency"),
        description=words.text(
            "A grid of five by five scores; the darker a cell, the more customers."
        ),
    )


def _groups(page: Segments, words: Translator) -> str:
    return bars(
        [
            Bar(
                words.code("segment", group.segment),
                (group.customer_share, max(0.0, group.revenue_share)),
                (words.percent(group.customer_share), words.percent(group.revenue_share)),
                address("/customers", segment=group.segment),
            )
            for group in page.groups
        ],
        series=[words.text("part of the customers"), words.text("part of the revenue")],
        title=words.text("Groups by customers and revenue"),
        description=words.text("For each group its part of the customers and of the revenue."),
        width=600,
    )
