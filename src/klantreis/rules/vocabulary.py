"""What rules can speak of: columns with their kind, and measures over the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from klantreis.tables import TABLES, Column

__all__ = ["COLUMNS", "COUNTED", "LISTS", "MEASURES", "PURPOSES", "UNITS", "Kind", "table_of"]

Kind: TypeAlias = Literal["number", "text", "flag", "moment", "date"]

# Measures by name: the events that they are about; none for every moment of any kind.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "orders": ("purchase",),
    "revenue": ("purchase", "return", "refund"),
    "returns": ("return", "refund"),
    "visits": (),
}
COUNTED = ("count", "sum")  # of one kind of event, as count('view_item')
LISTS: Mapping[str, str] = {"channel": "channels", "source": "sources", "category": "categories"}
PURPOSES: Mapping[str, str] = {"email": "may_email"}
UNITS: Mapping[str, Literal["hours", "days", "weeks"]] = {
    "hour": "hours",
    "hours": "hours",
    "day": "days",
    "days": "days",
    "week": "weeks",
    "weeks": "weeks",
}


def _kind(column: Column) -> Kind | None:
    dtype = column.dtype
    if dtype.is_boolean():
        return "flag"
    if dtype.is_numeric():
        return "number"
    if dtype.is_timestamp():
        return "moment"
    if dtype.is_date():
        return "date"
    return "text" if dtype.is_string() else None


def table_of(name: str) -> str:
    """The table that holds a column: the portrait, else the customer.

    >>> table_of("city"), table_of("country")
    ('portraits', 'customers')
    """
    is_portrayed = any(column.name == name for column in TABLES["portraits"].columns)
    return "portraits" if is_portrayed else "customers"


COLUMNS: Mapping[str, Kind] = {
    column.name: kind
    for table in ("customers", "portraits")
    for column in TABLES[table].columns
    if (kind := _kind(column)) and column.name not in ("customer_id", "as_of")
}
