"""From everything that happened to one row a customer: timeline, portraits and data quality."""

from __future__ import annotations

from klantreis.portraits.portraits import portraits
from klantreis.portraits.source_quality import source_quality
from klantreis.portraits.timeline import continued, timeline

__all__ = ["continued", "portraits", "source_quality", "timeline"]
