"""How the quarantine page is found."""

from __future__ import annotations

from klantreis.web.pages.quarantine.context import (
    Quarantine,
    QuarantineQuery,
    Reason,
    Rejected,
)
from klantreis.web.paging import Paging
from klantreis.workspace import Workspace

__all__ = ["quarantine"]

SIZE = 50


def quarantine(workspace: Workspace, query: QuarantineQuery) -> Quarantine:
    """Answer the quarantine page."""
    reasons = _reasons(workspace)
    fitting = [
        reason.count
        for reason in reasons
        if query.source in ("", reason.source) and query.reason in ("", reason.reason)
    ]
    return Quarantine(
        source=query.source,
        reason=query.reason,
        total=sum(reason.count for reason in reasons),
        reasons=reasons,
        sources=tuple(sorted({reason.source for reason in reasons})),
        paging=Paging(query.page, SIZE, sum(fitting)),
        rows=_rows(workspace, query),
    )


def _reasons(workspace: Workspace) -> tuple[Reason, ...]:
    table = workspace.table("quarantine")
    counts = table.group_by("source", "reason").aggregate(count=table.count())
    rows = workspace.rows(counts)
    found = (Reason(**row) for row in rows)
    return tuple(sorted(found, key=lambda reason: (-reason.count, reason.source, reason.reason)))


def _rows(workspace: Workspace, query: QuarantineQuery) -> tuple[Rejected, ...]:
    table = workspace.table("quarantine")
    if query.source:
        table = table.filter(table["source"] == query.source)
    if query.reason:
        table = table.filter(table["reason"] == query.reason)
    shown = table.order_by("path", "line", "quarantine_id").limit(
        SIZE, offset=(query.page - 1) * SIZE
    )
    return tuple(
        Rejected(
            source=row["source"],
            path=row["path"],
            line=row["line"],
            column=row["column"] or "",
            reason=row["reason"],
            found=row["found"] or "",
            allowed=row["allowed"] or "",
            row=row["row"] or "",
            table=row["table_name"] or "",
            imported_at=row["imported_at"],
        )
        for row in workspace.rows(shown)
    )
