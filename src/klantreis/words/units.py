"""What numbers count, in one and in many; each word is looked up in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DURATIONS", "UNITS"]


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark a pair of texts for the catalogue."""
    return one, many


UNITS: Mapping[str, tuple[str, str]] = {
    "answers": plural("%(number)s answer", "%(number)s answers"),
    "buyers": plural("%(number)s buyer", "%(number)s buyers"),
    "columns": plural("%(number)s column", "%(number)s columns"),
    "contacts": plural("%(number)s service contact", "%(number)s service contacts"),
    "customers": plural("%(number)s customer", "%(number)s customers"),
    "days_after": plural("%(number)s day on", "%(number)s days on"),
    "files": plural("%(number)s file", "%(number)s files"),
    "journeys": plural("%(number)s journey", "%(number)s journeys"),
    "messages": plural("%(number)s message", "%(number)s messages"),
    "moments": plural("%(number)s moment", "%(number)s moments"),
    "orders": plural("%(number)s purchase", "%(number)s purchases"),
    "pairs": plural("%(number)s pair", "%(number)s pairs"),
    "parcels": plural("%(number)s parcel", "%(number)s parcels"),
    "payments": plural("%(number)s payment", "%(number)s payments"),
    "persons": plural("%(number)s person record", "%(number)s person records"),
    "products": plural("%(number)s product", "%(number)s products"),
    "returns": plural("%(number)s return", "%(number)s returns"),
    "reviews": plural("%(number)s review", "%(number)s reviews"),
    "rows": plural("%(number)s row", "%(number)s rows"),
    "sources": plural("%(number)s source", "%(number)s sources"),
    "steps": plural("%(number)s step", "%(number)s steps"),
    "store_orders": plural("%(number)s store purchase", "%(number)s store purchases"),
    "transitions": plural("%(number)s transition", "%(number)s transitions"),
    "values": plural("%(number)s value", "%(number)s values"),
    "visits": plural("%(number)s visit", "%(number)s visits"),
}

# In order of length: seconds in one, largest number of seconds for which it is used, words.
DURATIONS: tuple[tuple[float, float, tuple[str, str]], ...] = (
    (1, 60, plural("%(number)s second", "%(number)s seconds")),
    (60, 60 * 60, plural("%(number)s minute", "%(number)s minutes")),
    (3600, 48 * 3600, plural("%(number)s hour", "%(number)s hours")),
    (86400, 120 * 86400, plural("%(number)s day", "%(number)s days")),
    (30.4375 * 86400, 730 * 86400, plural("%(number)s month", "%(number)s months")),
    (365.25 * 86400, float("inf"), plural("%(number)s year", "%(number)s years")),
)
