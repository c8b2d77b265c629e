"""Something that stands out, as it is told."""

from __future__ import annotations

from dataclasses import dataclass

from klantreis.patterns.joined_measure import JoinedMeaning

__all__ = ["Pattern"]


@dataclass(frozen=True)
class Pattern:
    """Something that stands out.

    Attributes:
        kind: `segment`, `channel`, `trend` or `jump`; as in table `patterns`.
        meaning: of the measure.
        segmentation, segment, at_channel: of which group, where; `all` for everybody, everywhere.
        value, rest: the measure there, and what it is held against.
        low, high: interval of the difference, as wide as the number of looks asks.
        effect: the difference in standard deviations between customers.
        q_value: corrected for the number of looks (Benjamini-Hochberg).
        customers, rest_customers: how many both rest on.
        starts, ends: months that it is about; empty for the whole period.
        rest_starts, rest_ends: of a jump, the months that it is held against.
    """

    kind: str
    meaning: JoinedMeaning
    segmentation: str
    segment: str
    at_channel: str
    value: float
    rest: float
    difference: float
    low: float
    high: float
    effect: float
    q_value: float
    customers: int
    rest_customers: int
    starts: str
    ends: str
    rest_starts: str
    rest_ends: str
