"""What the page of an erasure shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path

__all__ = ["STAGES", "ErasurePage", "ErasureQuery", "ShownProof"]

STAGES = ("exports", "tables", "state", "proof")


@dataclass(frozen=True)
class ErasureQuery:
    """Number of the erasure."""

    erasure_id: Annotated[str, Path(max_length=32)]


@dataclass(frozen=True)
class ShownProof:
    """What was done, and what a search of everything found afterwards.

    Attributes:
        identifiers: how many were looked for; too_short: how many were not.
        files, bytes: how much was read.
        found: files and tables in which an identifier still stands.
        exports: files that were rewritten.
        parts: what imports wrote, rewritten.
        state_rows: rows of the state that were deleted or changed.
    """

    identifiers: int
    too_short: int
    files: int
    bytes: int
    found: tuple[str, ...]
    exports: tuple[str, ...]
    parts: int
    state_rows: int


@dataclass(frozen=True)
class ErasurePage:
    """The whole page.

    Attributes:
        customer_id: number that the customer had.
        begun_at, begun_by, done_at: when (UTC) and by whom.
        stages: what is done in which order.
        stage: which of them is at work; `waiting` or `done` otherwise.
        stages_done: how many of them are done.
        proof: none until it is done.
    """

    erasure_id: str
    customer_id: int
    begun_at: datetime
    begun_by: str
    done_at: datetime | None
    stages: tuple[str, ...]
    stage: str
    stages_done: int
    proof: ShownProof | None
