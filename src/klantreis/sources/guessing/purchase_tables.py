"""What rows about purchases fill: orders, their lines, products, payments and totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from klantreis.sources.guessing.filling import Filling, NamedTable, TableText
from klantreis.sources.guessing.totals import FIRST, of_side, sides_told

__all__ = ["order_lines", "orders", "payments", "products", "totals"]


def orders(filling: Filling) -> Iterator[NamedTable]:
    """`orders`: one a row, or one of all rows with its number where rows are lines.

    Where each has a list of its lines and tells its total, that is it, also of one without lines.
    """
    is_list_beside_total = bool(filling.guess.sample.each) and filling.has("total_amount")
    is_lines = filling.guess.row_is == "order_line" and not is_list_beside_total
    discount = {} if is_list_beside_total else _positive_discount(filling, is_lines=is_lines)
    yield (
        "orders",
        {
            **({"combine_rows": True} if is_lines else {}),
            "columns": {
                **filling.straight("orders"),
                "order_id": filling.own_id("order_id", "orders"),
                "person_id": filling.person_id(),
                "kind": {"sign_of": "total_amount", "negative": "return", "positive": "sale"},
                "channel": filling.happened(),
                "ordered_at": filling.moment("occurred_at"),
                "status": filling.code("order_status") or {"value": "completed"},
                "total_amount": _total(filling, is_lines=is_lines),
                **discount,
            },
        },
    )


def _total(filling: Filling, *, is_lines: bool) -> Any:
    if filling.has("total_amount") or not is_lines:
        amount = filling.plain("total_amount") or filling.plain("unit_amount")
        return amount or (None if filling.guess.lacks else {"value": "0"})
    line = _line_amount(filling)
    if line is None:
        return None
    return {**({"from": line} if isinstance(line, str) else line), "combine": "sum"}


def _line_amount(filling: Filling) -> Any:
    if filling.has("line_amount"):
        return filling.plain("line_amount")
    if not filling.has("unit_amount"):
        return filling.plain("total_amount")
    if filling.has("quantity"):
        return {"calculate": f"{filling.hole('quantity')} * {filling.hole('unit_amount')}"}
    return filling.plain("unit_amount")


def _positive_discount(filling: Filling, *, is_lines: bool) -> Mapping[str, Any]:
    if not filling.has("discount_amount"):
        return {}
    calculation: dict[str, Any] = {
        "calculate": f"abs({filling.hole('discount_amount')[:-1]}?}})",
    }
    return {"discount_amount": {**calculation, **({"combine": "sum"} if is_lines else {})}}


def order_lines(filling: Filling) -> Iterator[NamedTable]:
    """`orders`, their `order_lines`, and the `products` in them where they have a number."""
    yield from orders(filling)
    has_number = filling.has("line_number")
    number = filling.hole("line_number") if has_number else "{number}"
    lines: TableText = {
        # The elements of a list are numbered already.
        **(
            {}
            if has_number or filling.guess.sample.each
            else {"number_within": filling.hole("order_id")}
        ),
        "columns": {
            **filling.straight("order_lines", but=("order_line_id", "discount_amount")),
            "order_line_id": f"{filling.id_of('order_id')}:{number}",
            "order_id": filling.id_of("order_id"),
            "quantity": filling.plain("quantity") or {"value": "1"},
            "line_amount": _line_amount(filling),
            **_positive_discount(filling, is_lines=False),
        },
    }
    yield "order_lines", lines
    if filling.has("product_id"):
        yield (
            "products",
            {
                "skip_empty": "product_id",
                "combine_rows": True,
                "columns": {
                    "product_id": filling.plain("product_id"),
                    "name": filling.plain("product_name"),
                    **filling.straight("products"),
                },
            },
        )


def products(filling: Filling) -> Iterator[NamedTable]:
    """`products`, where each row is one."""
    yield "products", {"columns": {**filling.straight("products")}}


def payments(filling: Filling) -> Iterator[NamedTable]:
    """`payments`, each with its status."""
    yield (
        "payments",
        {
            "columns": {
                **filling.straight("payments"),
                "payment_id": filling.own_id("payment_id", "payments"),
                "person_id": filling.person_id(),
                "order_id": filling.id_of("order_id") if filling.has("order_id") else None,
                "status": filling.code("payment_status"),
                "created_at": filling.moment("occurred_at"),
            }
        },
    )


def totals(filling: Filling) -> Iterator[NamedTable]:
    """How often and for how much each bought, where the list tells that: of each side apart."""
    for side in sides_told(filling.column_of.keys()):
        yield (
            "order_totals",
            {
                "skip_empty": "last_ordered_at",
                "columns": {
                    "person_id": filling.person_id(),
                    "channel": {"value": side} if side else filling.happened(),
                    "orders": filling.plain(of_side(side, "orders_count")),
                    "total_amount": filling.plain(of_side(side, "orders_amount")),
                    # That of all sides lies before the first of each.
                    FIRST: filling.moment(of_side(side, FIRST), FIRST, bad="value"),
                    "last_ordered_at": filling.moment(of_side(side, "last_ordered_at")),
                },
            },
        )
