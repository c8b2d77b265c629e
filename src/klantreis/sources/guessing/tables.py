"""Which tables a guess fills, and each of their columns from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from klantreis.sources.guessing.filling import Filling, NamedTable
from klantreis.sources.guessing.moment_tables import (
    answers,
    appointments,
    events,
    feedback,
    messages,
    offers,
    spend,
    stock,
)
from klantreis.sources.guessing.people_tables import people
from klantreis.sources.guessing.purchase_tables import (
    order_lines,
    orders,
    payments,
    products,
    totals,
)
from klantreis.sources.guessing.return_tables import returns
from klantreis.sources.reading.mapping import ELEMENT

__all__ = ["tables_of"]


def tables_of(filling: Filling) -> Iterator[NamedTable]:
    """The tables that a guess fills, that of its rows first."""
    shape = filling.guess.shape
    if shape is None:
        return
    tables = list(BUILDERS[shape.name](filling))
    if shape.name not in ("product", "spend", "stock", "offer"):
        tables += people(filling, is_of_persons=shape.name == "person")
    for name, table in tables:
        given = {key: value for key, value in table["columns"].items() if value is not None}
        yield name, {**_of_elements(filling.guess.sample.each, given), **table, "columns": given}


def _of_elements(each: str, columns: Mapping[str, Any]) -> Mapping[str, str]:
    """That a table has a row for each element of a list, where a column speaks of these."""
    return {"each": each} if each and f"{each}{ELEMENT}" in str(columns) else {}


BUILDERS: Mapping[str, Callable[[Filling], Iterator[NamedTable]]] = {
    "order_line": order_lines,
    "order": orders,
    "return": returns,
    "payment": payments,
    "appointment": appointments,
    "event": events,
    "message": messages,
    "feedback": feedback,
    "answer": answers,
    "spend": spend,
    "offer": offers,
    "stock": stock,
    "product": products,
    "person": totals,
}
