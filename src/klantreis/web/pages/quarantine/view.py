"""How the quarantine page is found."""

from __future__ import annotations

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
from klantreis.workspace import Workspace

__all__ = ["quarantine"]

SIZE = 50
PLANNED = 10


def quarantine(workspace: Workspace, query: QuarantineQuery) -> Quarantine:
    """Answer the quarantine page."""
    reasons = _reasons(workspace)
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
        totals=sum(reason.count for reason in fitting if reason.reason == TOTAL),
        reasons=reasons,
        sources=tuple(sorted({reason.source for reason in reasons})),
        paging=Paging(query.page, SIZE, sum(reason.count for reason in fitting)),
        rows=_rows(workspace, query),
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


def _reasons(workspace: Workspace) -> tuple[Reason, ...]:
    table = workspace.table("quarantine")
    counts = table.group_by("source", "reason").aggregate(count=table.count())
    rows = workspace.rows(counts)
    found = (Reason(**row) for row in rows)
    return tuple(sorted(found, key=lambda reason: (-reason.count, reason.source, reason.reason)))


def _columns(workspace: Workspace, query: QuarantineQuery) -> tuple[str, ...]:
    aside = workspace.repairs.aside(source=query.source, reason=query.reason)
    return tuple(sorted({row["column"] for row in aside if row["column"]}))


def _rows(workspace: Workspace, query: QuarantineQuery) -> tuple[Rejected, ...]:
    table = workspace.table("quarantine")
    if query.source:
        table = table.filter(table["source"] == query.source)
    if query.reason:
        table = table.filter(table["reason"] == query.reason)
    shown = table.order_by("path", "line", "quarantine_id").limit(
        SIZE, offset=(query.page - 1) * SIZE
    )
    history = workspace.repairs.history()
    return tuple(
        Rejected(
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
                Change(one.after, one.is_loaded, one.repaired_by, one.repaired_at)
                for one in history.get(row["quarantine_id"], ())
            ),
        )
        for row in workspace.rows(shown)
    )
