"""What rules can speak of: columns with their kind, and measures over the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from klantreis.tables import TABLES, Column

__all__ = [
    "COLUMNS",
    "COUNTED",
    "EDGES",
    "FIELDS",
    "LISTS",
    "MEASURES",
    "PERMISSIONS",
    "PURPOSES",
    "STATED_AS",
    "TABLES_OF_COLUMNS",
    "UNITS",
    "Kind",
    "table_of",
]

Kind: TypeAlias = Literal["number", "text", "flag", "moment", "date"]

# Measures by name: the events that they are about; none for every moment of any kind.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "orders": ("purchase",),
    "revenue": ("purchase", "return", "refund"),
    "returns": ("return", "refund"),
    "visits": (),
}
COUNTED = ("count", "sum")  # of one kind of event, as count('view_item')
EDGES = ("first", "last")  # moment of one kind of event, as first('purchase')
# What can be asked of a moment itself: columns of `timeline`.
FIELDS: Mapping[str, Kind] = {
    "amount": "number",
    "score": "number",
    "page": "text",
    "campaign": "text",
    "product_id": "text",
    "order_id": "text",
    "store_id": "text",
    "text": "text",
}
LISTS: Mapping[str, str] = {
    "channel": "channels",
    "source": "sources",
    "category": "categories",
    "brand": "brands",
}
PURPOSES: Mapping[str, str] = {"email": "may_email"}  # told by a column
# The others, by their names in the table `consents`.
PERMISSIONS: Mapping[str, str] = {
    "sms": "sms_marketing",
    "post": "post_marketing",
    "profiling": "profiling",
    "analytics": "analytics",
}
# All of them, as rules call them, by those names.
STATED_AS: Mapping[str, str] = {"email": "email_marketing", **PERMISSIONS}
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


# The first of these that has a column of a name holds it. A customer has at most one row in each.
TABLES_OF_COLUMNS = ("portraits", "customers", "rfm", "customer_values")
# `segment` is asked as segment('champions'), of every division.
NOT_ASKED = ("customer_id", "as_of", "segment")


def table_of(name: str) -> str:
    """The table that holds a column.

    >>> table_of("city"), table_of("country"), table_of("churn_risk")
    ('portraits', 'customers', 'customer_values')
    """
    return next(
        table
        for table in TABLES_OF_COLUMNS
        if any(column.name == name for column in TABLES[table].columns)
    )


COLUMNS: Mapping[str, Kind] = {
    column.name: kind
    for table in TABLES_OF_COLUMNS
    for column in TABLES[table].columns
    if (kind := _kind(column)) and column.name not in NOT_ASKED
}
