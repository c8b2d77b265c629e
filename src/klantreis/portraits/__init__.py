"""From everything that happened to one row a customer: timeline, portraits and data quality."""

from __future__ import annotations

from klantreis.portraits.customer_channels import customer_channels
from klantreis.portraits.moment_lists import moment_lists
from klantreis.portraits.occurrences import occurrences
from klantreis.portraits.portraits import Known, portraits, portrayed
from klantreis.portraits.rhythm import DAYS_NEEDED
from klantreis.portraits.source_columns import source_columns
from klantreis.portraits.source_days import source_days
from klantreis.portraits.source_quality import source_quality
from klantreis.portraits.tallies import tallies
from klantreis.portraits.timeline import continued, timeline
from klantreis.portraits.undated_purchases import undated_purchases
from klantreis.portraits.visits import visits

__all__ = [
    "DAYS_NEEDED",
    "Known",
    "continued",
    "customer_channels",
    "moment_lists",
    "occurrences",
    "portraits",
    "portrayed",
    "source_columns",
    "source_days",
    "source_quality",
    "tallies",
    "timeline",
    "undated_purchases",
    "visits",
]
