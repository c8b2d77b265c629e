"""A long list in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

__all__ = ["PageNumber", "Paging"]

PageNumber = Annotated[int, Query(ge=1, le=100_000, description="page, from 1")]


@dataclass(frozen=True)
class Paging:
    """Where we are in a list: `total` rows, `size` a page, `number` from 1."""

    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        return min(self.total, self.number * self.size)
