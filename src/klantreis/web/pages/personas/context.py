"""What the page of all personas shows. Money in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.web.named import Named
from klantreis.words import Figure

__all__ = ["Face", "Merge", "Overlap", "Personas"]


@dataclass(frozen=True)
class Face:
    """One persona, in short.

    Attributes:
        persona_id: its code.
        name: what it is called.
        quote: what it asks.
        groups: target groups in it.
        needs: what sets it apart.
        size: expected number of customers.
        size_share: their part of all customers.
        members: customers who are at least as likely of this persona as not.
        revenue: mean revenue of a member.
        nps: promoters less detractors, in percentage points.
        returned: part of the buyers among the members who returned something.
        channel: code of the most preferred channel; empty when unknown.
        channel_share: part of the members who prefer it.
    """

    persona_id: str
    name: Named
    quote: Named
    groups: tuple[Named, ...]
    needs: tuple[Named, ...]
    size: Figure
    size_share: float
    members: int
    revenue: Figure
    nps: Figure
    returned: Figure
    channel: str
    channel_share: Figure


@dataclass(frozen=True)
class Overlap:
    """Overlap of needs of two target groups.

    Attributes:
        row, column: their places in `groups`.
        overlap: from 0 to 1.
        low, high: 95 % interval.
        speakers: customers of both who said anything.
    """

    row: int
    column: int
    overlap: float
    low: float
    high: float
    speakers: int


@dataclass(frozen=True)
class Merge:
    """One merge.

    Attributes:
        left: personas left after it.
        groups, others: what it joins.
        overlap: of their needs.
        lost_share: part of all difference that it gives up.
        lost_so_far: the same with those before it.
        stability: adjusted Rand index of the division that it gives.
        same_share: part of the samples that give exactly that division.
        is_chosen: whether the personas are those after this merge.
    """

    left: int
    groups: tuple[Named, ...]
    others: tuple[Named, ...]
    overlap: float
    lost_share: float
    lost_so_far: float
    stability: float
    same_share: float
    is_chosen: bool


@dataclass(frozen=True)
class Personas:
    """The whole page.

    Attributes:
        as_of: moment of measuring (UTC).
        by: what the target groups are: `need`, or a segmentation.
        speakers: customers in target groups who told a need.
        groups: target groups, those of one persona together.
        overlaps: each pair once.
        merges: in order.
        faces: the personas, the largest first.
        stability: of the chosen division; 1 is always the same.
        is_stable: whether that is enough to build on.
        is_many: whether there are more than is advised.
        most_advised: how many personas are advised at most.
    """

    as_of: datetime
    by: str
    speakers: Figure
    groups: tuple[Named, ...]
    overlaps: tuple[Overlap, ...]
    merges: tuple[Merge, ...]
    faces: tuple[Face, ...]
    stability: float
    is_stable: bool
    is_many: bool
    most_advised: int
