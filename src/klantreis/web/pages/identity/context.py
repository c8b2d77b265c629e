"""What the page of who is who shows, and what its address may ask. Moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from fastapi import Query

from klantreis.words import Figure
from klantreis.workspace import Barred, Deed, Why

__all__ = ["BarredCount", "IdentityPage", "IdentityQuery", "MergeShown", "Reason"]

Reason: TypeAlias = Literal["", "junk", "shared", "conflict", "unique"]


@dataclass(frozen=True)
class IdentityQuery:
    """Where in the review, and which blocked identifiers.

    Attributes:
        skip: how many pairs are passed over without a decision.
        reason: blocked identifiers of this reason only; all by default.
    """

    skip: Annotated[int, Query(ge=0, le=100_000)] = 0
    reason: Reason = ""


@dataclass(frozen=True)
class MergeShown:
    """A number that went over into another.

    Attributes:
        name: of the customer now; empty when nobody knows it.
        persons: records that the number had.
        can_be_undone: whether those are known, and not all that the customer has.
    """

    old_customer_id: int
    customer_id: int
    name: str
    merged_at: datetime
    persons: tuple[str, ...]
    can_be_undone: bool


@dataclass(frozen=True)
class BarredCount:
    """How many identifiers may not tie for a reason."""

    reason: str
    identifiers: int


@dataclass(frozen=True)
class IdentityPage:
    """The whole page.

    Attributes:
        as_of: moment up to which the tables hold.
        doubt: the pair that is asked about; none when nothing is in doubt.
        moments: what would move to the other customer if they are one.
        skip: how many pairs were passed over.
        remaining: pairs that wait.
        same, different, unsure: pairs that people decided.
        compared: pairs that were compared by name and address and may be one human being.
        expected_same: part of those that wait that are one human being, by the model.
        expected_right: part of the matches in use that are right, by the model.
        agreed: part of the decided pairs where the model leaned to what was decided.
        taught: decided pairs that corrected the model; 0 when none did.
        deeds: what was decided last, newest first.
        waits: decisions made or taken back since the last run, which do not count yet.
        merges: what became one customer, newest first.
        reason: that blocked identifiers are shown of; empty for all.
        counts: of blocked identifiers by reason.
        barred: blocked identifiers, those that most records state first.
        stopped: matches that were stopped, the surest first.
    """

    as_of: datetime
    doubt: Why | None
    moments: int
    skip: int
    remaining: int
    same: int
    different: int
    unsure: int
    compared: int
    expected_same: Figure
    expected_right: Figure
    agreed: Figure
    taught: int
    deeds: tuple[Deed, ...]
    waits: int
    merges: tuple[MergeShown, ...]
    reason: Reason
    counts: tuple[BarredCount, ...]
    barred: tuple[Barred, ...]
    stopped: tuple[Barred, ...]
