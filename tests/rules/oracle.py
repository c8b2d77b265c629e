"""What rules mean, written as plainly as it goes: loops over rows, nothing of the product's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from klantreis.rules import (
    Ago,
    And,
    Chain,
    Column,
    Compare,
    Consent,
    Dates,
    Did,
    Flag,
    Has,
    InAudience,
    InPhase,
    InSegment,
    Known,
    Later,
    Measure,
    Moments,
    Not,
    OfPersona,
    Or,
    Rule,
    Where,
    Window,
    Within,
)

__all__ = ["members"]

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
ONE_ROW = ("portraits", "customers", "rfm", "customer_values")


def members(rule: Rule, tables: Tables, *, now: datetime) -> set[int]:
    """Numbers of the customers for whom a rule holds."""
    numbers = [row["customer_id"] for row in tables["portraits"]]
    return {number for number in numbers if is_so(rule, number, tables, now)}


def is_so(rule: Rule, number: int, tables: Tables, now: datetime) -> bool:
    if isinstance(rule, And):
        return all(is_so(part, number, tables, now) for part in rule.parts)
    if isinstance(rule, Or):
        return any(is_so(part, number, tables, now) for part in rule.parts)
    if isinstance(rule, Not):
        return not is_so(rule.part, number, tables, now)
    if isinstance(rule, InAudience):
        return is_so(rule.rule, number, tables, now)
    if isinstance(rule, Has):
        names = {"channel": "channels", "source": "sources", "category": "categories"}
        listed = column(names.get(rule.kind, "brands"), number, tables)
        return rule.value in (listed or ())
    if isinstance(rule, Consent):
        if rule.purpose == "email":
            return bool(column("may_email", number, tables))
        allowed = {row["purpose"] for row in own("permissions", number, tables)}
        named = {"sms": "sms_marketing", "post": "post_marketing"}
        return named.get(rule.purpose, rule.purpose) in allowed
    if isinstance(rule, Flag):
        return bool(column(rule.column.name, number, tables))
    if isinstance(rule, InSegment):
        return any(row["segment"] == rule.segment for row in own("memberships", number, tables))
    if isinstance(rule, OfPersona):
        for row in own("persona_memberships", number, tables):
            if row["persona_id"] == rule.persona and row["is_member"]:
                return True
        return False
    if isinstance(rule, InPhase):
        return rule.phase in phases(number, tables)
    return is_so_in_time(rule, number, tables, now)


def is_so_in_time(rule: Rule, number: int, tables: Tables, now: datetime) -> bool:
    past = [row for row in own("timeline", number, tables) if row["occurred_at"] <= now]
    if isinstance(rule, Did):
        for row in past:
            is_then = is_during(row["occurred_at"], rule.window, now)
            if is_then and is_like(row, rule.event, rule.via, rule.where):
                return True
        return False
    if isinstance(rule, Chain):
        for row in past:
            at = row["occurred_at"]
            is_first = is_moment(row, rule.first) and is_during(at, rule.window, now)
            if is_first and goes_on(at, list(rule.then), past, now):
                return True
        return False
    if isinstance(rule, Compare):
        return is_compared(value_of(rule.left, number, tables, past, now), rule)
    assert isinstance(rule, Known | Within)
    value = value_of(rule.column, number, tables, past, now)
    if isinstance(rule, Known):
        return (value is None) != rule.is_known
    return value is not None and is_during(value, rule.window, now)


def goes_on(at: datetime, then: list[Later], past: Sequence[Row], now: datetime) -> bool:
    if not then:
        return True
    wanted, rest = then[0], then[1:]
    hours = hours_of(wanted.within) if wanted.within else None
    for row in past:
        waited = (row["occurred_at"] - at).total_seconds() / 3600
        if waited > 0 and (hours is None or waited <= hours) and is_moment(row, wanted.moments):
            if wanted.is_absent:
                return False
            if goes_on(row["occurred_at"], rest, past, now):
                return True
    if not wanted.is_absent:
        return False
    return hours is None or (now - at).total_seconds() / 3600 >= hours


def value_of(
    left: Column | Measure, number: int, tables: Tables, past: Sequence[Row], now: datetime
) -> Any:
    if isinstance(left, Column):
        return column(left.name, number, tables)
    events = {
        "orders": ["purchase"],
        "revenue": ["purchase", "return", "refund"],
        "returns": ["return", "refund"],
    }.get(left.name, [left.event] if left.event else [])
    rows = []
    for row in past:
        is_kind = not events or row["event"] in events
        is_then = is_during(row["occurred_at"], left.window, now)
        if is_kind and is_then and is_like(row, row["event"], left.via, left.where):
            rows.append(row)
    if left.name in ("first", "last"):
        moments = sorted(row["occurred_at"] for row in rows)
        return (moments[0] if left.name == "first" else moments[-1]) if moments else None
    if left.name in ("sum", "revenue"):
        return sum(row["amount"] for row in rows if row["amount"] is not None)
    if left.name == "visits":
        return len({row["session"] for row in rows})
    return len(rows)


def is_moment(row: Row, moments: Moments) -> bool:
    return is_like(row, moments.event, moments.via, moments.where)


def is_like(row: Row, event: str, via: str, where: Sequence[Where]) -> bool:
    if row["event"] != event or (via and row["channel"] != via):
        return False
    return all(is_compared(row[one.field], one) for one in where)


def is_compared(value: Any, asked: Compare | Where) -> bool:
    if value is None:
        return False
    if not isinstance(value, str | date):
        value = float(value)
    right = asked.values[0]
    if asked.operator == "in":
        return any(value == one for one in asked.values)
    if asked.operator == "contains":
        return bool(value.find(right) >= 0)
    if asked.operator == "=":
        return bool(value == right)
    if asked.operator == "!=":
        return bool(value != right)
    is_less, is_more = value < right, value > right
    return bool({"<": is_less, ">": is_more, "<=": not is_more, ">=": not is_less}[asked.operator])


def is_during(at: datetime, window: Any, now: datetime) -> bool:
    if at > now:
        return False
    if window is None:
        return True
    if isinstance(window, Dates):
        begun = window.first is None or at >= datetime.combine(window.first, time())
        return begun and (window.last is None or at.date() <= window.last)
    waited = (now - at).total_seconds() / 3600
    if isinstance(window, Window):
        return waited < hours_of(window)
    assert isinstance(window, Ago)
    unit = hours_of(Window(1, window.unit))
    return waited >= window.end * unit and (window.start is None or waited < window.start * unit)


def hours_of(window: Window) -> int:
    return window.amount * {"hours": 1, "days": 24, "weeks": 7 * 24}[window.unit]


def phases(number: int, tables: Tables) -> set[str]:
    found: dict[str, tuple[datetime, str]] = {}
    still_open = {row["journey_id"] for row in tables["journeys"] if row["outcome"] == "open"}
    for row in own("phase_visits", number, tables):
        if row["journey_id"] in still_open:
            model = row["phase_model"]
            later = found.get(model, (datetime.min, ""))
            found[model] = max(later, (row["entered_at"], row["phase"]))
    return {phase for _, phase in found.values()}


def column(name: str, number: int, tables: Tables) -> Any:
    for table in ONE_ROW:
        for row in own(table, number, tables):
            if name in row:
                return row[name]
    return None


def own(table: str, number: int, tables: Tables) -> Iterator[Row]:
    return (row for row in tables[table] if row["customer_id"] == number)
