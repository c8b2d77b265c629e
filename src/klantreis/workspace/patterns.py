"""What differs or moves notably, over all joined measures: `workspace.patterns`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from klantreis.patterns import UNKNOWN, JoinedMeaning, Pattern
from klantreis.workspace.joined import Joined, JoinedLevel
from klantreis.workspace.reading import Reading

__all__ = ["Looked", "Pattern", "Patterns"]

TOLD = "told"


@dataclass(frozen=True)
class Looked:
    """How much was looked at: all looks, those with enough customers, and those that are told."""

    looks: int
    compared: int
    told: int
    too_few: int


class Patterns:
    """What the scan found.

    Args:
        reading: the published tables.
        joined: the measures.
    """

    def __init__(self, reading: Reading, joined: Joined) -> None:
        self._reading = reading
        self._joined = joined

    def told(self, *, kind: str = "", measure: str = "") -> tuple[Pattern, ...]:
        """What stands out, the surest and largest first.

        Args:
            kind: only of this kind; empty for all.
            measure: only of this measure; empty for all.
        """
        found = self._reading.remembered("patterns.told", self._all) if self._is_there() else ()
        return tuple(
            one for one in found if kind in ("", one.kind) and measure in ("", one.meaning.code)
        )

    def looked(self) -> Looked:
        """How many looks were taken, and what came of them."""
        if not self._is_there():
            return Looked(0, 0, 0, 0)

        def count() -> Looked:
            table = self._reading.table("patterns")
            rows = self._reading.rows(table.group_by("verdict").aggregate(looks=table.count()))
            verdicts = Counter({row["verdict"]: row["looks"] for row in rows})
            looks = verdicts.total()
            return Looked(looks, looks - verdicts["too_few"], verdicts[TOLD], verdicts["too_few"])

        return self._reading.remembered("patterns.looked", count)

    def levels(self, pattern: Pattern) -> tuple[JoinedLevel, ...]:
        """What it is seen in: the measure of all groups that are known or channels, or month by month."""
        measure = pattern.meaning.code
        if pattern.kind == "channel":
            return self._joined.take(measure).channels
        if pattern.kind == "segment":
            groups = self._joined.by_segment(
                measure, pattern.segmentation, at_channel=pattern.at_channel
            )
            return tuple(one for one in groups if not one.code.endswith(UNKNOWN))
        return self._joined.course(
            measure,
            segmentation=pattern.segmentation,
            segment=pattern.segment,
            at_channel=pattern.at_channel,
        ).months

    def _is_there(self) -> bool:
        return self._reading.published is not None

    def _all(self) -> tuple[Pattern, ...]:
        table = self._reading.table("patterns")
        rows = self._reading.rows(table.filter(table["verdict"] == TOLD))
        meanings = {one.code: one for one in self._joined.library()}
        ranked = sorted(rows, key=lambda row: (-row["sure_effect"], *(row[name] for name in ORDER)))
        return tuple(_pattern(row, meanings[row["measure"]]) for row in ranked)


ORDER = ("measure", "kind", "segmentation", "segment", "at_channel")


def _pattern(row: Mapping[str, Any], meaning: JoinedMeaning) -> Pattern:
    names = [name for name in Pattern.__dataclass_fields__ if name != "meaning"]
    return Pattern(meaning=meaning, **{name: row[name] for name in names})
