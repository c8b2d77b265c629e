"""Target groups: scores, segments and whether a group carries a conclusion."""

from __future__ import annotations

from klantreis.segments.clv.customer_values import customer_values
from klantreis.segments.clv.value_checks import value_checks
from klantreis.segments.memberships import CHANNEL_SEGMENTS, VALUE_SEGMENTS, memberships
from klantreis.segments.rfm import rfm
from klantreis.segments.rfm_groups import RFM_GROUPS, RfmGroup
from klantreis.segments.sufficiency import Interval, Sufficiency, needed, sufficiency, wilson

__all__ = [
    "CHANNEL_SEGMENTS",
    "RFM_GROUPS",
    "VALUE_SEGMENTS",
    "Interval",
    "RfmGroup",
    "Sufficiency",
    "customer_values",
    "memberships",
    "needed",
    "rfm",
    "sufficiency",
    "value_checks",
    "wilson",
]
