"""The quarterly report for the cross-functional meeting."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.report.context import QuarterlyReport
from klantreis.web.pages.report.downloads import DOWNLOADS
from klantreis.web.pages.report.view import report

__all__ = ["PAGE"]

PAGE = Page(
    "report", "/report", NoQuery, QuarterlyReport, report, is_kept=False, downloads=DOWNLOADS
)
