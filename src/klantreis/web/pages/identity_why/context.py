"""What the page that tells why shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.workspace import Why

__all__ = ["WhyPage", "WhyQuery"]

Asked = Annotated[str, Query(max_length=500)]


@dataclass(frozen=True)
class WhyQuery:
    """Which two: numbers of customers, or records as `shopify:1001`."""

    left: Asked = ""
    right: Asked = ""


@dataclass(frozen=True)
class WhyPage:
    """The whole page.

    Attributes:
        as_of: moment up to which the tables hold (UTC).
        left, right: what was asked.
        is_unknown: whether one of them does not exist.
        why: the answer; none until two are asked about that exist.
        waits: decisions made or taken back since the last run, which do not count yet.
    """

    as_of: datetime
    left: str
    right: str
    is_unknown: bool
    why: Why | None
    waits: int
