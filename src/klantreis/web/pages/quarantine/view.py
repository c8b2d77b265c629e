"""How the quarantine page is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from klantreis.web.pages.quarantine.context import (
    Change,
    PlannedChange,
    Quarantine,
    QuarantineQuery,
    Reason,
    Rejected,
)
from klantreis.web.paging import Paging
from klantreis.web.problems import received
from klantreis.web.totals import TOTAL, filled_in
from klantreis.workspace import Repair, Workspace

__all__ = ["quarantine"]

SIZE = 50
PLANNED = 10
Row = dict[str, Any]


def quarantine(workspace: Workspace, query: QuarantineQuery) -> Quarantine:
    """Answer the quarantine page."""
    fresh = _fresh(workspace)
    reasons = _reasons(workspace, fresh)
    fitting = [
        reason
        for reason in reasons
        if query.source in ("", reason.source) and query.reason in ("", reason.reason)
    ]
    is_one = bool(query.source and query.reason)
    columns = _columns(workspace, query) if is_one else ()
    column = query.column if query.column in columns else (columns[0] if columns else "")
    planned = (
        workspace.repairs.plan(
            source=query.source,
            reason=query.reason,
            column=column,
            find=query.find,
            put=query.put,
        )
        if is_one and column and (query.find or query.put)
        else ()
    )
    return Quarantine(
        source=query.source,
        reason=query.reason,
        total=sum(reason.count for reason in reasons),
        lacking=None if fresh or query.reason else _lacking(workspace, query.source),
        totals=sum(reason.count for reason in fitting if reason.reason == TOTAL),
        reasons=reasons,
        sources=tuple(sorted({reason.source for reason in reasons})),
        paging=Paging(query.page, SIZE, sum(reason.count for reason in fitting)),
        rows=_rows(workspace, query, fresh),
        columns=columns,
        column=column,
        find=query.find,
        put=query.put,
        planned=tuple(
            PlannedChange(one.path, one.line, one.before, one.after) for one in planned[:PLANNED]
        ),
        planned_total=len(planned),
        loaded=query.loaded,
        still=query.still,
        problem=received(query.problem) if query.problem else (),
    )


def _lacking(workspace: Workspace, source: str) -> int | None:
    """How many rows the tables lack, as the page of sources counts them."""
    if workspace.published is None:
        return None
    return sum(
        int(row["quarantined"])
        for row in workspace.rows(workspace.table("source_quality"))
        if source in ("", row["source"])
    )


def _fresh(workspace: Workspace) -> list[Row]:
    """What was put aside since the last run, by file and line."""
    aside = workspace.repairs.aside()
    if aside and workspace.published is not None:
        ids = workspace.fetch(workspace.table("quarantine").select("quarantine_id"))
        known = set(ids["quarantine_id"].to_pylist())
        aside = [row for row in aside if row["quarantine_id"] not in known]
    return sorted(aside, key=lambda row: (row["path"], row["line"], row["quarantine_id"]))


def _reasons(workspace: Workspace, fresh: Sequence[Row]) -> tuple[Reason, ...]:
    counts = Counter((row["source"], row["reason"]) for row in fresh)
    if workspace.published is not None:
        table = workspace.table("quarantine")
        for row in workspace.rows(table.group_by("source", "reason").aggregate(n=table.count())):
            counts[row["source"], row["reason"]] += row["n"]
    found = (Reason(*key, count) for key, count in counts.items())
    return tuple(sorted(found, key=lambda reason: (-reason.count, reason.source, reason.reason)))


def _columns(workspace: Workspace, query: QuarantineQuery) -> tuple[str, ...]:
    aside = workspace.repairs.aside(source=query.source, reason=query.reason)
    return tuple(sorted({row["column"] for row in aside if row["column"]}))


def _rows(
    workspace: Workspace, query: QuarantineQuery, fresh: Sequence[Row]
) -> tuple[Rejected, ...]:
    """This page of the list: first what is new, then what the tables have."""
    start = (query.page - 1) * SIZE
    fitting = [
        row
        for row in fresh
        if query.source in ("", row["source"]) and query.reason in ("", row["reason"])
    ]
    new = fitting[start : start + SIZE]
    room, passed = SIZE - len(new), max(0, start - len(fitting))
    known = _known(workspace, query, passed, room) if room and workspace.published else []
    history = workspace.repairs.history()
    has_run = workspace.published is not None
    return tuple(
        _rejected(row, history.get(row["quarantine_id"], ()), is_new=is_new)
        for rows, is_new in ((new, has_run), (known, False))
        for row in rows
    )


def _known(workspace: Workspace, query: QuarantineQuery, passed: int, most: int) -> list[Row]:
    """Rows of the table, after those that were passed."""
    table = workspace.table("quarantine")
    if query.source:
        table = table.filter(table["source"] == query.source)
    if query.reason:
        table = table.filter(table["reason"] == query.reason)
    ordered = table.order_by("path", "line", "quarantine_id")
    return workspace.rows(ordered.limit(most, offset=passed))


def _rejected(row: Row, repairs: Sequence[Repair], *, is_new: bool) -> Rejected:
    return Rejected(
        quarantine_id=row["quarantine_id"],
        source=row["source"],
        path=row["path"],
        line=row["line"],
        column=row["column"] or "",
        reason=row["reason"],
        found=row["found"] or "",
        allowed=row["allowed"] or "",
        row=row["row"] or "",
        filled=filled_in(row["row"] or "") if row["reason"] == TOTAL else (),
        table=row["table_name"] or "",
        imported_at=row["imported_at"],
        changes=tuple(
            Change(one.after, one.is_loaded, one.repaired_by, one.repaired_at) for one in repairs
        ),
        is_new=is_new,
    )
