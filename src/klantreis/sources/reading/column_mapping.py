"""Reads how one column of a table is filled from a mapping file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from klantreis.sources.reading.calculations import parse_calculation
from klantreis.sources.reading.mapping import ColumnMapping, Fill
from klantreis.sources.reading.section import Section
from klantreis.tables import Column, Table

__all__ = ["column_mapping"]

WAYS = ("from", "text", "value", "calculate", "hash", "sign_of")
FILL_KEYS = (
    "from",
    "text",
    "value",
    "calculate",
    "hash",
    "hash_of",
    "since",
    "when",
    "format",
    "time_zone",
    "values",
    "others",
    "min",
    "max",
)
COLUMN_KEYS = (
    *FILL_KEYS,
    "default",
    "required",
    "bad",
    "combine",
    "sign_of",
    "negative",
    "positive",
    "first_of",
)
COMBINATIONS = ("first", "last", "sum", "min", "max")


def column_mapping(
    given: Section,
    table: Table | None,
    name: str,
    *,
    is_combined: bool = False,
    column: Column | None = None,
) -> ColumnMapping:
    """Read one entry of `[table.columns]`.

    A text is a column of the file, or a template when it has braces; a list is tried in order; a
    table has the keys `COLUMN_KEYS`.

    Raises:
        SettingsError: something is not allowed; says where.
    """
    column = column or _column(given, table, name)
    whole = _as_table(given, name)
    whole.allow(COLUMN_KEYS)
    if "sign_of" in whole.raw:
        return _by_sign(whole, table, column)
    combine = whole.text("combine") or _usual_combination(column)
    whole.check("combine", combine, COMBINATIONS)
    bad = whole.text("bad") or ("row" if column.type in ("money", "timestamp(6)") else "value")
    whole.check("bad", bad, ("row", "value"))
    is_key = table is not None and name in table.key
    is_required = column.required or is_key or whole.flag("required")
    return ColumnMapping(
        column=column,
        fills=_all_fills(whole, name, column),
        default=whole.text("default"),
        is_required=is_required,
        puts_row_aside=is_required or (bad == "row" and table is not None),
        combine=combine,  # type: ignore[arg-type]  # checked above
    )


def _column(given: Section, table: Table | None, name: str) -> Column:
    names = [column.name for column in table.columns] if table else []
    if name not in names or name in ("source", "file_id"):
        allowed = [each for each in names if each not in ("source", "file_id")]
        given.refuse("a column", repr(name), ", ".join(allowed))
    return (
        next(column for column in table.columns if column.name == name)
        if table
        else Column(name, "string", "")
    )


def _as_table(given: Section, name: str) -> Section:
    value: Any = given.raw[name]
    if isinstance(value, str):
        value = {"text": value} if "{" in value else {"from": value}
    elif isinstance(value, list):
        value = {"first_of": value}
    elif not isinstance(value, Mapping):
        given.refuse(
            name, repr(value), "a column's name, a template, a list of them, or a table {...}"
        )
    return Section(f"{given.where} > {name}", value)


def _all_fills(whole: Section, name: str, column: Column) -> tuple[Fill, ...]:
    """The ways to fill a column, in the order in which they are tried."""
    variants = whole.raw.get("first_of")
    if not isinstance(variants, list):
        return _fills(whole, column)
    each = (_as_table(Section(whole.where, {name: variant}), name) for variant in variants)
    return tuple(fill for variant in each for fill in _fills(variant, column))


def _fills(whole: Section, column: Column) -> tuple[Fill, ...]:
    ways = [way for way in WAYS if way in whole.raw]
    if "hash_of" in whole.raw and "hash" not in ways:
        ways.append("hash")
    if len(ways) != 1:
        whole.refuse("the value", ", ".join(ways) or "nothing", f"exactly one of {', '.join(WAYS)}")
    whole.check("others", whole.text("others"), ("", "keep", "refuse"))
    shared: dict[str, Any] = {
        "since": _since(whole, column),
        "when": whole.conditions("when"),
        "formats": whole.texts("format"),
        "time_zone": whole.text("time_zone"),
        "values": _values(whole, column),
        "refuses_others": whole.text("others") == "refuse",
        "smallest": whole.number("min"),
        "largest": whole.number("max"),
    }
    match ways[0]:
        case "value":
            constant = whole.text("value")
            _check_allowed(whole, "value", constant, column)
            return (Fill(constant=constant, **shared),)
        case "calculate":
            try:
                return (Fill(calculation=parse_calculation(whole.text("calculate")), **shared),)
            except ValueError as error:
                whole.refuse("calculate", str(error), "a sum such as '{Quantity} * {Price}'")
        case "hash":
            own = whole.texts("hash_of")
            return (Fill(digest=whole.templates("hash"), digest_of=own, **shared),)
        case "text":
            return (Fill(text=whole.as_template("text", whole.text("text")), **shared),)
        case _:
            return tuple(Fill(text=Section.column(name), **shared) for name in whole.texts("from"))


def _since(whole: Section, column: Column) -> str:
    """The day that a calculated date counts from."""
    since = whole.text("since")
    if (column.type == "date" and "calculate" in whole.raw) != bool(since):
        whole.refuse(
            "since", repr(since), "a day such as '1899-12-30', for a date that is calculated"
        )
    try:
        date.fromisoformat(since or "2026-01-01")
    except ValueError:
        whole.refuse("since", repr(since), "a day such as '1899-12-30'")
    return since


def _values(whole: Section, column: Column) -> tuple[tuple[str, str], ...]:
    given = whole.section("values")
    pairs = tuple((pattern, given.text(pattern)) for pattern in given.raw)
    for pattern, meaning in pairs:
        if meaning:
            _check_allowed(given, pattern, meaning, column)
    return pairs


def _check_allowed(section: Section, key: str, value: str, column: Column) -> None:
    if column.allowed:
        section.check(key, value, column.allowed)


def _by_sign(whole: Section, table: Table | None, column: Column) -> ColumnMapping:
    numbers = (
        [each.name for each in table.columns if each.type in ("money", "float64", "int64")]
        if table
        else []
    )
    whole.check("sign_of", whole.text("sign_of"), numbers)
    for key in ("negative", "positive"):
        _check_allowed(whole, key, whole.text(key), column)
    return ColumnMapping(
        column=column,
        sign_of=whole.text("sign_of"),
        negative=whole.text("negative"),
        positive=whole.text("positive"),
    )


def _usual_combination(column: Column) -> str:
    return "first" if column.merge == "latest" else column.merge
