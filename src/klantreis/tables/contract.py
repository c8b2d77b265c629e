"""What a table contract is, how a table is brought into its shape, and how it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from klantreis.errors import ContractError, message

__all__ = [
    "Column",
    "Table",
    "check_rows",
    "check_shape",
    "column",
    "conform",
    "empty",
    "filled_up",
]

MONEY = "decimal(18, 4)"
LAST_IMPORT = 2**60
PROVENANCE = ("file_id",)  # with which export a row came, not what it says


@dataclass(frozen=True)
class Column:
    """One column: its type in Ibis's notation, what it means and in which unit.

    Names tell the unit of time: `_at` is an instant in UTC, `_on` a calendar date in the
    workspace's time zone, `_seconds` and `_days` are durations.

    Attributes:
        merge: which value is kept when several imports bring the same key: that of the latest
            import, or the smallest or largest of all.
        source: tables of your exports that it comes from in the end, where that is worth telling.
        first_year: of a time or date: an earlier year is a slip of the keyboard.
        is_past: whether it lies before the day on which it is told: of a year with two digits
            this tells the century.
        smallest: of a number: a smaller one cannot be.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    merge: Literal["latest", "min", "max"] = "latest"
    source: str = ""
    first_year: int = 1900
    is_past: bool = False
    smallest: float | None = None

    @property
    def dtype(self) -> dt.DataType:
        return dt.dtype(MONEY if self.type == "money" else self.type)


@dataclass(frozen=True)
class Table:
    """The written contract of one table.

    Attributes:
        name: plural noun, also the name of the function that makes it.
        room: the stage that writes it (`sources` for what comes from outside).
        meaning: what one row is.
        key: columns that together are unique and never empty.
        columns: in order.
        period: the column that dates a row, empty where rows have no date.
        order: how the rows are sorted at rest, so that readers can skip what they do not need.
        telling: columns that say something about the key; a later row in which all are empty does
            not replace an earlier one that says something. None: the latest always holds.
        hinting: columns that say little about the key: a later row with these alone does not
            replace an earlier one that says more (a list of clicks knows no names).
    """

    name: str
    room: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    period: str = ""
    order: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    hinting: tuple[str, ...] = ()

    def precedence(self, rows: ir.Table, import_order: ir.IntegerValue) -> ir.IntegerValue:
        """Which of the rows with one key holds: that with the largest number.

        Args:
            rows: with the columns of `telling` and `hinting`.
            import_order: later imports have larger numbers, at most `LAST_IMPORT`.
        """
        degrees = [
            ibis.coalesce(*(rows[name].cast("string") for name in names)).notnull()
            for names in (self.telling, (*self.telling, *self.hinting))
            if names
        ]
        return sum((ibis.ifelse(tells, LAST_IMPORT, 0) for tells in degrees), import_order)

    @property
    def schema(self) -> ibis.Schema:
        return ibis.schema({column.name: column.dtype for column in self.columns})

    @property
    def saying(self) -> tuple[str, ...]:
        """The columns in which a row says anything: all but with which export it came."""
        names = (column.name for column in self.columns)
        return tuple(name for name in names if name in self.key or name not in PROVENANCE)

    def column(self, name: str) -> Column:
        for candidate in self.columns:
            if candidate.name == name:
                return candidate
        raise ContractError(
            message(
                "Unknown column",
                where=f"table {self.name}",
                got=repr(name),
                allowed=", ".join(column.name for column in self.columns),
            )
        )


def column(
    name: str,
    type: str,
    meaning: str,
    *,
    unit: str = "",
    required: bool = False,
    allowed: tuple[str, ...] = (),
    merge: Literal["latest", "min", "max"] = "latest",
    source: str = "",
    first_year: int = 1900,
    is_past: bool = False,
    smallest: float | None = None,
) -> Column:
    """Write one column of a contract; see `Column`."""
    return Column(
        name,
        type,
        meaning,
        unit,
        required,
        allowed,
        merge,
        source,
        first_year,
        is_past,
        smallest,
    )


def conform(expression: ir.Table, table: Table) -> ir.Table:
    """Select and cast the contract's columns, in the contract's order.

    A column that the expression lacks becomes empty (null) when the contract lets it be empty.

    Raises:
        ContractError: a required column is lacking.
    """
    present = set(expression.columns)
    lacking = [c.name for c in table.columns if c.required and c.name not in present]
    if lacking:
        raise ContractError(
            message(
                f"Table {table.name} lacks required columns",
                got=", ".join(expression.columns),
                allowed=f"also {', '.join(lacking)}",
                next_step=f"see the contract of {table.name} in docs/tables.md",
            )
        )
    return expression.select(
        **{
            c.name: (
                expression[c.name].cast(c.dtype) if c.name in present else ibis.null().cast(c.dtype)
            )
            for c in table.columns
        }
    )


def filled_up(expression: ir.Table, table: Table) -> ir.Table:
    """A table as an earlier version of ours wrote it, with the columns that came since, empty."""
    present = set(expression.columns)
    lacking = {
        c.name: ibis.null().cast(c.dtype)
        for c in table.columns
        if c.name not in present and not c.required
    }
    return expression.mutate(**lacking) if lacking else expression


def empty(table: Table) -> ir.Table:
    """An empty table that keeps the contract."""
    return ibis.memtable(table.schema.to_pyarrow().empty_table())


def check_shape(expression: ir.Table, table: Table) -> None:
    """Check names, order and types; cheap, done wherever a table enters or is written.

    Raises:
        ContractError: names, order or types differ from the contract.
    """
    wanted = {c.name: c.dtype for c in table.columns}
    got = dict(expression.schema().items())
    if list(got) != list(wanted):
        raise ContractError(
            message(
                f"Columns of table {table.name} differ from its contract",
                got=", ".join(got),
                allowed=", ".join(wanted),
            )
        )
    for name, dtype in wanted.items():
        if _comparable(got[name]) != _comparable(dtype):
            raise ContractError(
                message(
                    "Wrong type",
                    where=f"{table.name}.{name}",
                    got=str(got[name]),
                    allowed=str(dtype),
                )
            )


def _comparable(dtype: dt.DataType) -> dt.DataType:
    # Engines differ in what they say of null and of fractions of a second, not in what they hold.
    if dtype.is_timestamp():
        return dt.Timestamp(timezone=dtype.timezone)
    if dtype.is_array():
        return dt.Array(_comparable(dtype.value_type))
    return dtype.copy(nullable=True)


def check_rows(expression: ir.Table, table: Table) -> None:
    """Check keys, required and allowed values on the rows themselves; used in tests and on entry.

    Raises:
        ContractError: naming the first rule that is broken and in how many rows.
    """
    check_shape(expression, table)
    measures = {"rows": expression.count()}
    for c in table.columns:
        if c.required or c.name in table.key:
            measures[f"empty:{c.name}"] = expression.count(where=expression[c.name].isnull())
        if c.allowed:
            measures[f"outside:{c.name}"] = expression.count(
                where=expression[c.name].notnull() & ~expression[c.name].isin(c.allowed)
            )
    row = expression.aggregate(**measures).to_pyarrow().to_pylist()[0]
    for rule, count in row.items():
        if rule != "rows" and count:
            _refuse(table, rule, count, row["rows"])
    keys = expression.select(*table.key).distinct().count().to_pyarrow().as_py()
    if keys != row["rows"]:
        _refuse(table, f"double:{', '.join(table.key)}", row["rows"] - keys, row["rows"])


def _refuse(table: Table, rule: str, count: int, rows: int) -> None:
    kind, name = rule.split(":", 1)
    allowed = {
        "empty": "a value in every row",
        "outside": ", ".join(table.column(name).allowed) if kind == "outside" else "",
        "double": "each key once",
    }[kind]
    raise ContractError(
        message(
            f"Table {table.name} breaks its contract",
            where=f"column {name}",
            got=f"{kind} in {count:,} of {rows:,} rows",
            allowed=allowed,
        )
    )
