"""What the best customers do differently: `workspace.best`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from klantreis.patterns import BestDifference
from klantreis.workspace.patterns import TOLD, Looked
from klantreis.workspace.reading import Reading

__all__ = ["BestCustomers"]


class BestCustomers:
    """The fifth of the buyers who brought in most, beside all other buyers.

    Args:
        reading: the published tables.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def differences(self, *, aspect: str = "") -> tuple[BestDifference, ...]:
        """What they do differently, the surest and largest first.

        Args:
            aspect: only of this one, such as `path` or `stop`; empty for all.
        """
        told = [row for row in self._rows() if row["verdict"] == TOLD]
        ranked = sorted(told, key=lambda row: (-row["sure_effect"], row["aspect"], row["item"]))
        names = BestDifference.__dataclass_fields__
        return tuple(
            BestDifference(**{name: row[name] for name in names})
            for row in ranked
            if aspect in ("", row["aspect"])
        )

    def looked(self) -> Looked:
        """How much was looked at, and what came of it."""
        verdicts = Counter(row["verdict"] for row in self._rows())
        looks, too_few = verdicts.total(), verdicts["too_few"]
        return Looked(looks, looks - too_few, verdicts[TOLD], too_few)

    def customers(self) -> tuple[int, int]:
        """How many the best are, and the other buyers that they are held against."""
        if self._reading.published is None:
            return 0, 0
        table = self._reading.table("memberships")
        own = table.filter(table["segmentation"] == "value")
        counts = own.group_by("segment").aggregate(customers=own.count())
        found = {row["segment"]: row["customers"] for row in self._reading.rows(counts)}
        return found.get("top_20", 0), found.get("middle_60", 0) + found.get("low_20", 0)

    def _rows(self) -> list[dict[str, Any]]:
        if self._reading.published is None:
            return []
        return self._reading.remembered(
            "best", lambda: self._reading.rows(self._reading.table("best_differences"))
        )
