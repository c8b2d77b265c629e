"""The records behind a customer: why they are one."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.records.context import Records, RecordsQuery
from klantreis.web.pages.records.view import records

__all__ = ["PAGE"]

PAGE = Page(
    "records", "/customers/{customer_id}/records", RecordsQuery, Records, records, is_kept=False
)
