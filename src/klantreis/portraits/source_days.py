"""How many rows every source brought of each day, and where days are lacking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.portraits.brought import brought
from klantreis.portraits.local_time import midnights
from klantreis.portraits.rhythm import gaps
from klantreis.tables import contract

__all__ = ["source_days"]


def source_days(
    imports: ir.Table,
    persons: ir.Table,
    identifiers: ir.Table,
    events: ir.Table,
    orders: ir.Table,
    offers: ir.Table,
    payments: ir.Table,
    messages: ir.Table,
    feedback: ir.Table,
    survey_answers: ir.Table,
    spend: ir.Table,
    consents: ir.Table,
    stock_levels: ir.Table,
    search_terms: ir.Table,
    *,
    as_of: datetime,
    time_zone: str,
    engine: Engine,
) -> ir.Table:
    """Count the rows of every table of every source by day, and find gaps; see `rhythm.gaps`.

    Args:
        as_of: the last moment in the data; its own day is not over yet and is never a gap.
        time_zone: IANA name; days are those on its calendar.

    Returns:
        As in the contract of `source_days`.
    """
    tables = {
        "persons": persons,
        "identifiers": identifiers,
        "events": events,
        "orders": orders,
        "offers": offers,
        "payments": payments,
        "messages": messages,
        "feedback": feedback,
        "survey_answers": survey_answers,
        "spend": spend,
        "consents": consents,
        "stock_levels": stock_levels,
        "search_terms": search_terms,
    }
    present, starts = brought(imports, engine), midnights(time_zone, until=as_of)
    counted = [_counted(name, table, starts) for name, table in tables.items() if name in present]
    rows = engine.fetch(ibis.union(*counted)).to_pylist() if counted else []
    found = list(
        _with_gaps(_by_day(rows, starts, ZoneInfo(time_zone)), as_of.date() - timedelta(days=1))
    )
    shape = contract("source_days").schema.to_pyarrow()
    return engine.table(pa.Table.from_pylist(found, schema=shape))


def _counted(name: str, table: ir.Table, starts: Sequence[int]) -> ir.Table:
    """Rows by day in UTC, and by how many local midnights its clock may have passed."""
    period = contract(name).period
    dated = table.filter(table[period].notnull())
    moment = dated[period]
    passed = ibis.null().cast("int64")
    if moment.type().is_timestamp():
        minute = moment.hour() * 60 + moment.minute()
        passed = sum(((minute >= start).cast("int64") for start in starts), ibis.literal(0))
        moment = moment.date()
    days = dated.select("source", day=moment, passed=passed.cast("int64"))
    counts = days.group_by("source", "day", "passed").aggregate(rows=days.count())
    return counts.select("source", "day", "passed", "rows", table_name=ibis.literal(name))


def _by_day(
    rows: Sequence[Mapping[str, Any]], starts: Sequence[int], zone: ZoneInfo
) -> Mapping[tuple[str, str], dict[int, int]]:
    @cache
    def local(day: date, passed: int | None) -> int:
        if passed is None:
            return day.toordinal()
        minute = (0, *starts)[passed]
        moment = datetime.combine(day, time(), UTC) + timedelta(minutes=minute)
        return moment.astimezone(zone).toordinal()

    counts: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        counts[row["source"], row["table_name"]][local(row["day"], row["passed"])] += row["rows"]
    return counts


def _with_gaps(
    counts: Mapping[tuple[str, str], Mapping[int, int]], last_day: date
) -> Iterator[dict[str, Any]]:
    for (source, table_name), by_day in sorted(counts.items()):
        of_table = {"source": source, "table_name": table_name}
        for day, count in by_day.items():
            yield {
                **of_table,
                "happened_on": date.fromordinal(day),
                "rows": count,
                "is_gap": False,
            }
        for gap in gaps(by_day, last_day.toordinal()):
            for quiet in gap.days:
                yield {
                    **of_table,
                    "happened_on": date.fromordinal(quiet.day),
                    "rows": 0,
                    "is_gap": True,
                    "expected_rows": quiet.expected_rows,
                    "chance": gap.chance,
                }
