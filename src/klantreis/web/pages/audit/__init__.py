"""The audit log: who did what, when and from where."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.audit.context import AuditLog, AuditQuery
from klantreis.web.pages.audit.view import audit

__all__ = ["PAGE"]

PAGE = Page(
    "audit", "/audit", AuditQuery, AuditLog, audit, is_kept=False, role="admin", needs_tables=False
)
