"""The sides of a portrait, from its row in the table."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from klantreis.web.pages.portrait.context import Feel, What, When, Where, Who
from klantreis.words import Evidence, Figure

__all__ = ["feel", "what", "when", "where", "who"]

# Two intervals make a rhythm, five purchases a return habit, ten moments a time of day.
NEEDED_FOR_RHYTHM = 3
NEEDED_FOR_RETURN_HABIT = 5
NEEDED_FOR_TIME_OF_DAY = 10

Row = dict[str, Any]


def who(row: Row) -> Who:
    """Who it is."""
    return Who(**_plain(Who, row))


def what(row: Row) -> What:
    """What was bought."""
    habit = Evidence("measured", _dated(row), "orders", needed=NEEDED_FOR_RETURN_HABIT)
    shares = {name: Figure(row[name], "share", habit) for name in ("return_share", "offer_share")}
    return What(**_plain(What, row) | shares | {"undated_orders": _undated(row)})


def where(row: Row) -> Where:
    """Where it happened."""
    return Where(**_plain(Where, row))


def when(row: Row) -> When:
    """When it happened."""
    rhythm = Evidence("measured", row["orders"], "orders", needed=NEEDED_FOR_RHYTHM)
    dated = Evidence("measured", _dated(row), "orders", needed=NEEDED_FOR_RHYTHM)
    hour = Evidence("measured", row["events"], "moments", needed=NEEDED_FOR_TIME_OF_DAY)
    figures = {
        "days_between_orders": Figure(row["average_days_between_orders"], "days", rhythm),
        "preferred_hour": Figure(row["preferred_hour"], "number", hour),
        "preferred_weekday": Figure(row["preferred_weekday"], "number", hour),
        "order_interval_variation": Figure(row["order_interval_variation"], "number", dated),
    }
    return When(**_plain(When, row) | figures)


def feel(row: Row) -> Feel:
    """How the customer feels."""
    return Feel(**_plain(Feel, row))


def _undated(row: Row) -> int:
    # A portrait that was made before there were totals does not tell.
    return row.get("undated_orders") or 0


def _dated(row: Row) -> int:
    orders: int = row["orders"]
    return orders - _undated(row)


def _plain(side: type, row: Row) -> dict[str, Any]:
    """The columns of the same name, with an empty text for a missing one and money as a float."""
    values = {}
    for field in fields(side):
        value = row.get(field.name)
        if field.type == "str":
            value = value or ""
        elif str(field.type).startswith("tuple"):
            value = tuple(value or ())
        elif str(field.type).startswith("float") and value is not None:
            value = float(value)
        values[field.name] = value
    return values
