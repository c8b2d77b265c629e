"""What many imports brought for one table becomes one table, each key once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.runner.store import Store
from klantreis.state import ImportPart
from klantreis.tables import Renewal, Table, filled_up

__all__ = ["latest_of_each_key", "may_hold_doubles", "needs_collecting", "renewed"]

MANY_FILES = 24
ROWS_WORTH_A_FILE = 50_000


def needs_collecting(parts: Sequence[ImportPart], table: Table) -> bool:
    """Whether the parts must be written anew: they may hold doubles, or are many crumbs."""
    files = sum(len(part.files) for part in parts)
    rows = sum(part.rows for part in parts)
    is_crumbs = files > MANY_FILES and rows < files * ROWS_WORTH_A_FILE
    return is_crumbs or may_hold_doubles(parts, table)


def may_hold_doubles(parts: Sequence[ImportPart], table: Table) -> bool:
    """Whether two parts of one source can hold the same key.

    Parts whose periods do not overlap cannot: the same event has the same time. Tables without a
    period can always, and so can those whose moment differs from import to import (a first visit).
    """
    sources = {part.source for part in parts}
    for source in sources:
        own = [part for part in parts if part.source == source and part.rows]
        if len(own) < 2:
            continue
        if not _has_fixed_moment(table):
            return True
        spans = [(part.first_at, part.last_at) for part in own]
        dated = sorted((a, b) for a, b in spans if a is not None and b is not None)
        if len(dated) < len(own) or any(
            later[0] <= earlier[1] for earlier, later in pairwise(dated)
        ):
            return True
    return False


def _has_fixed_moment(table: Table) -> bool:
    return bool(table.period) and table.column(table.period).merge == "latest"


def latest_of_each_key(
    parts: Sequence[ImportPart],
    table: Table,
    store: Store,
    engine: Engine,
    *,
    imports: Sequence[ImportPart],
) -> ir.Table:
    """One row a key: the values of the latest import, save where the contract merges otherwise.

    Args:
        parts: what the imports brought for this table.
        imports: what they brought for any; their logs tell the order in which files came.
    """
    rows = _rows(parts, table, store, engine)
    if not may_hold_doubles(parts, table):
        return rows
    return _latest(rows, table, imports)


def renewed(
    before: ir.Table,
    fresh: Sequence[ImportPart],
    table: Table,
    store: Store,
    engine: Engine,
    *,
    imports: Sequence[ImportPart],
) -> Renewal:
    """What new parts change in a table that was collected before.

    Args:
        before: the table as it was collected from all earlier parts.
        fresh: the parts that came since.
        imports: as for `latest_of_each_key`.
    """
    new, key = _rows(fresh, table, store, engine), list(table.key)
    known = engine.keep(before.semi_join(engine.keep(new.select(key).distinct()), key))
    return Renewal(
        _latest(known.union(new.select(known.columns)), table, imports),
        known.select(key),
        held=known,
    )


def _rows(parts: Sequence[ImportPart], table: Table, store: Store, engine: Engine) -> ir.Table:
    files = [file for part in parts for file in store.absolute(part.files)]
    return filled_up(engine.read(files, table), table)


def _latest(rows: ir.Table, table: Table, imports: Sequence[ImportPart]) -> ir.Table:
    # Files that no log names (the quarantine keeps none of its own) come first, and stay.
    ordered = rows.left_join(_import_order(imports), "file_id").drop("file_id_right")
    number = ordered["import_number"].fill_null(-1)
    numbered = ordered.mutate(import_number=table.precedence(ordered, number))
    key = list(table.key)
    merged = {
        column.name: getattr(numbered[column.name], column.merge)()
        for column in table.columns
        if column.merge != "latest"
    }
    newest = numbered.group_by(key).aggregate(newest=numbered["import_number"].max(), **merged)
    newest = newest.rename({f"of_{name}": name for name in key})
    kept = numbered.drop(*merged).join(
        newest,
        [
            *(numbered[name] == newest[f"of_{name}"] for name in key),
            numbered["import_number"] == newest["newest"],
        ],
    )
    return _once(kept.select(*(column.name for column in table.columns)), table, imports)


def _once(rows: ir.Table, table: Table, imports: Sequence[ImportPart]) -> ir.Table:
    """Each key once, also where one file was taken in twice: as it is, and as it was rewritten since."""
    own = (line for part in imports if part.table_name == table.name for line in part.log)
    if max(Counter(str(line["file_id"]) for line in own).values(), default=0) < 2:
        return rows
    place = ibis.row_number().over(group_by=list(table.key), order_by=list(rows.columns))
    return rows.mutate(place=place).filter(lambda row: row["place"] == 0).drop("place")


def _import_order(parts: Sequence[ImportPart]) -> ir.Table:
    file_ids = (str(line["file_id"]) for part in parts for line in part.log)
    numbers = {file_id: number for number, file_id in enumerate(file_ids)}
    return ibis.memtable(
        pa.table(
            {"file_id": list(numbers), "import_number": pa.array(numbers.values(), pa.int64())}
        )
    )
