"""Revenue by month, online and offline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from klantreis.tables.vocabulary import ONLINE_CHANNELS
from klantreis.web.pages.overview.context import Month
from klantreis.workspace import Workspace

__all__ = ["Revenue", "revenue"]


@dataclass(frozen=True)
class Revenue:
    """Totals and course; `orders` counts completed purchases."""

    orders: int
    online_orders: int
    offline_orders: int
    online_amount: float
    offline_amount: float
    months: tuple[Month, ...]


def revenue(workspace: Workspace, as_of: datetime) -> Revenue:
    """Completed purchases less returns and refunds, those without a customer too; none of later."""
    rows = _by_hour(workspace, as_of)
    online = [row for row in rows if row["is_online"]]
    offline = [row for row in rows if not row["is_online"]]
    return Revenue(
        orders=sum(row["orders"] for row in rows),
        online_orders=sum(row["orders"] for row in online),
        offline_orders=sum(row["orders"] for row in offline),
        online_amount=sum(row["amount"] for row in online),
        offline_amount=sum(row["amount"] for row in offline),
        months=_months(rows, ZoneInfo(workspace.settings.time_zone), as_of),
    )


def _by_hour(workspace: Workspace, as_of: datetime) -> list[dict[str, Any]]:
    # By hour, because a month begins at local midnight and engines differ in time zones.
    orders = workspace.table("orders")
    counts = orders.filter(
        orders["status"].isin(("completed", "refunded")), orders["ordered_at"] <= as_of
    )
    is_sale = counts["kind"] == "sale"
    back = counts["refunded_amount"].fill_null(0)
    hourly = counts.group_by(
        hour=counts["ordered_at"].truncate("h"),
        is_online=counts["channel"].isin(ONLINE_CHANNELS),
    ).aggregate(
        orders=counts.count(where=is_sale),
        amount=(counts["total_amount"] - back).cast("float64").sum(),
    )
    return workspace.rows(hourly)


def _months(rows: Iterable[dict[str, Any]], zone: ZoneInfo, as_of: datetime) -> tuple[Month, ...]:
    sums: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        local = row["hour"].replace(tzinfo=UTC).astimezone(zone)
        sums[date(local.year, local.month, 1)][row["is_online"]] += row["amount"]
    if not sums:
        return ()
    now = as_of.replace(tzinfo=UTC).astimezone(zone)
    current = date(now.year, now.month, 1)
    months, month = [], min(sums)
    while month <= max(sums):
        offline, online = sums.get(month, [0.0, 0.0])
        months.append(Month(month, round(online, 2), round(offline, 2), month < current))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return tuple(months)
