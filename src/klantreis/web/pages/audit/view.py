"""How the audit log is found."""

from __future__ import annotations

from klantreis.web.pages.audit.context import AuditLog, AuditQuery, Line
from klantreis.web.paging import Paging
from klantreis.workspace import Workspace

__all__ = ["audit"]

SIZE = 50


def audit(workspace: Workspace, query: AuditQuery) -> AuditLog:
    """Answer the page of the audit log."""
    log = workspace.state.audit
    actors, actions = log.choices()
    lines = log.lines(
        actor=query.who, action=query.what, limit=SIZE, offset=(query.page - 1) * SIZE
    )
    return AuditLog(
        who=query.who,
        what=query.what,
        actors=actors,
        actions=actions,
        paging=Paging(query.page, SIZE, log.count(actor=query.who, action=query.what)),
        lines=tuple(Line(**vars(line)) for line in lines),
    )
