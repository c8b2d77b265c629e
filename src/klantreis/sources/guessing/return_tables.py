"""What rows of a list of returns fill: receipts of their own that refer to the order, and lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from klantreis.sources.guessing.filling import Filling, NamedTable, TableText
from klantreis.sources.guessing.returns import AMOUNTS, amount_of_return

__all__ = ["returns"]


def returns(filling: Filling) -> Iterator[NamedTable]:
    """`orders` of the kind `return`, and their `order_lines` where the rows tell what came back.

    Amounts and pieces are negative whatever their sign in the file.
    """
    is_lines = filling.has("product_id") or filling.has("product_name")
    yield (
        "orders",
        {
            "combine_rows": True,
            "columns": {
                **filling.straight("orders"),
                "order_id": _key(filling),
                "person_id": filling.person_id(),
                "kind": {"value": "return"},
                "channel": filling.happened(),
                "ordered_at": filling.moment("returned_at", "occurred_at"),
                "status": _status(filling),
                "total_amount": _total(filling),
                "refers_to_order_id": _order(filling),
            },
        },
    )
    if is_lines and not _is_of_whole_return(filling):
        yield "order_lines", _lines(filling)


def _key(filling: Filling, ending: str = "") -> str:
    """The return: by its own number, else what came back of an order on a day.

    Apart from the numbers of orders, which may run alike in the same source.
    """
    named = (
        ("return_id",)
        if filling.has("return_id")
        else ("order_id", "returned_at" if filling.has("returned_at") else "occurred_at")
    )
    return f"{{source}}:return:{':'.join(map(filling.hole, named))}{ending}"


def _order(filling: Filling) -> Any:
    """The order that it takes back: of the source that an option names, else of the same one."""
    if not filling.has("order_id"):
        return None
    order = filling.hole("order_id")
    named = {"text": f"{{orders_source}}:{order}", "when": {"{orders_source}": "*"}}
    return [named, f"{{source}}:{order}"]


def _status(filling: Filling) -> Any:
    status = filling.code("return_status")
    return {**status, "default": "completed"} if status else {"value": "completed"}


def _is_of_whole_return(filling: Filling) -> bool:
    """Whether the amount is that of all lines of the return, and none of them has its own."""
    return (
        amount_of_return(filling.guess.sample, filling.column_of) == "return"
        and not filling.has("unit_amount")
        and not filling.has("line_amount")
    )


def _total(filling: Filling) -> Any:
    whole = amount_of_return(filling.guess.sample, filling.column_of)
    amount = _amount(filling, *(AMOUNTS if whole else ()))
    if amount is None:
        return {"value": "0"}
    return amount if whole == "return" else {**amount, "combine": "sum"}


def _amount(filling: Filling, *first: str) -> dict[str, Any] | None:
    """What one row takes off: an amount, or the pieces by their price; None when no column tells."""
    for means in (*first, "line_amount"):
        if filling.has(means):
            return {"calculate": f"0 - abs({_filled(filling, means)})"}
    if not filling.has("unit_amount"):
        return None
    price = f"abs({_filled(filling, 'unit_amount')})"
    pieces = f" * abs({_filled(filling, 'quantity')})" if filling.has("quantity") else ""
    return {"calculate": f"0 - {price}{pieces}"}


def _filled(filling: Filling, means: str) -> str:
    """A column in a calculation; nothing in it counts as 0, as nothing was paid back yet."""
    return f"{filling.hole(means)[:-1]}?}}"


def _lines(filling: Filling) -> TableText:
    is_own = amount_of_return(filling.guess.sample, filling.column_of) == "line"
    within = _key(filling)
    return {
        "number_within": within,
        "columns": {
            **filling.straight("order_lines"),
            "order_line_id": _key(filling, ":{number}"),
            "order_id": within,
            "quantity": {"calculate": f"0 - abs({filling.hole('quantity')})"}
            if filling.has("quantity")
            else {"value": "-1"},
            "line_amount": _amount(filling, *(AMOUNTS if is_own else ())) or {"value": "0"},
        },
    }
