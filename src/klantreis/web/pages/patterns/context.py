"""What the page of patterns shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Finding", "GroupLevel", "PatternShown", "PatternsPage", "PatternsQuery"]


@dataclass(frozen=True)
class PatternsQuery:
    """What may be asked.

    Attributes:
        kind: only patterns of this kind; empty for all.
        measure: only patterns of this measure; empty for all.
    """

    kind: str = ""
    measure: str = ""


@dataclass(frozen=True)
class GroupLevel:
    """The measure of one group, channel or month; names in both languages.

    Attributes:
        value: empty when nobody had an occasion.
        low, high: 95 % interval; empty with too few.
        customers: how many it rests on.
        is_meant: whether a pattern is about it.
    """

    name_nl: str
    name_en: str
    value: float | None
    low: float | None
    high: float | None
    customers: int
    is_meant: bool


@dataclass(frozen=True)
class PatternShown:
    """One pattern.

    Attributes:
        told_nl, told_en: the sentence.
        difference_nl, difference_en: how much it differs, with its interval.
        customers, rest_customers: how many both sides rest on.
        q_value: corrected for the number of looks.
    """

    told_nl: str
    told_en: str
    difference_nl: str
    difference_en: str
    customers: int
    rest_customers: int
    q_value: float


@dataclass(frozen=True)
class Finding:
    """What stands out in one measure, over the groups of one division or over time.

    Attributes:
        measure: code.
        kind: `segment`, `channel`, `trend` or `jump`.
        segmentation: what is held against each other; `all` for channels and courses.
        name_nl, name_en, definition_nl, definition_en: of the measure.
        unit: how its values are written.
        evidence: `measured` or `asked`.
        first: the surest and largest pattern.
        also: others in the same division.
        levels: what it is seen in: groups, channels or months.
    """

    measure: str
    kind: str
    segmentation: str
    name_nl: str
    name_en: str
    definition_nl: str
    definition_en: str
    unit: str
    evidence: str
    first: PatternShown
    also: tuple[PatternShown, ...]
    levels: tuple[GroupLevel, ...]


@dataclass(frozen=True)
class PatternsPage:
    """The page.

    Attributes:
        as_of: up to when was measured.
        looks: how many comparisons were looked at.
        compared: how many of those have enough customers.
        told: how many patterns are told.
        too_few: looks for which there are too few customers.
        kind, measure: what was asked for.
        kinds: kinds of which there are patterns.
        findings: the surest and largest first.
    """

    as_of: datetime
    looks: int
    compared: int
    told: int
    too_few: int
    kind: str
    measure: str
    kinds: tuple[str, ...]
    findings: tuple[Finding, ...]
