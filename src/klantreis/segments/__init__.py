"""Target groups: scores, segments and whether a group carries a conclusion."""

from __future__ import annotations

from klantreis.segments.clv.customer_values import customer_values
from klantreis.segments.clv.value_checks import value_checks
from klantreis.segments.divisions import DIVISIONS
from klantreis.segments.lookalikes import (
    FARTHEST,
    HELD_OUT,
    TRAITS,
    Likeness,
    Trait,
    area_under,
    needed_for_likeness,
    trait_values,
)
from klantreis.segments.margins import ASSUMED_VAT, margins
from klantreis.segments.memberships import CHANNEL_SEGMENTS, VALUE_SEGMENTS, memberships
from klantreis.segments.movements import movements
from klantreis.segments.rfm import rfm
from klantreis.segments.rfm_groups import RFM_GROUPS, RfmGroup
from klantreis.segments.sample_sizes import (
    needed_for_mean,
    needed_for_means,
    needed_for_model,
    needed_for_shares,
)
from klantreis.segments.segment_changes import segment_changes
from klantreis.segments.segment_sizes import segment_sizes
from klantreis.segments.sufficiency import Interval, Sufficiency, needed, sufficiency, wilson

__all__ = [
    "ASSUMED_VAT",
    "CHANNEL_SEGMENTS",
    "DIVISIONS",
    "FARTHEST",
    "HELD_OUT",
    "RFM_GROUPS",
    "TRAITS",
    "VALUE_SEGMENTS",
    "Interval",
    "Likeness",
    "RfmGroup",
    "Sufficiency",
    "Trait",
    "area_under",
    "customer_values",
    "margins",
    "memberships",
    "movements",
    "needed",
    "needed_for_likeness",
    "needed_for_mean",
    "needed_for_means",
    "needed_for_model",
    "needed_for_shares",
    "rfm",
    "segment_changes",
    "segment_sizes",
    "sufficiency",
    "trait_values",
    "value_checks",
    "wilson",
]
