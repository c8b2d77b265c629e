"""Measures that exist only once sources are joined: `workspace.joined`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klantreis.errors import NotFoundError, message
from klantreis.patterns import (
    ENOUGH_CUSTOMERS,
    JOINED_MEASURES,
    JoinedMeaning,
    Sums,
    joined_measures_known,
)
from klantreis.workspace.reading import Reading
from klantreis.workspace.subjects import EVERYONE

__all__ = ["Joined", "JoinedCourse", "JoinedLevel", "JoinedTaken"]

MONTHS = 24


@dataclass(frozen=True)
class JoinedLevel:
    """A measure of one group, channel or month.

    Attributes:
        code: the group, channel or month (`2026-05`); `all` for everybody.
        value: empty when nobody had an occasion.
        low, high: 95 % interval over customers; empty with too few.
        customers: how many it rests on.
        occasions: purchases, visits ... that were looked at; of a quotient of money EUR.
        needed: how many customers it takes to conclude anything.
    """

    code: str
    value: float | None
    low: float | None
    high: float | None
    customers: int
    occasions: float
    needed: int = ENOUGH_CUSTOMERS

    @property
    def is_enough(self) -> bool:
        return self.customers >= self.needed


@dataclass(frozen=True)
class JoinedTaken:
    """A joined measure as it stands: for everybody and for each channel."""

    meaning: JoinedMeaning
    now: JoinedLevel
    channels: tuple[JoinedLevel, ...]


@dataclass(frozen=True)
class JoinedCourse:
    """A joined measure in each month that was seen whole, the newest last."""

    meaning: JoinedMeaning
    months: tuple[JoinedLevel, ...]


Row = Mapping[str, Any]


class Joined:
    """Takes joined measures: for everybody, by group, channel and month.

    Args:
        reading: the published tables.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def library(self) -> tuple[JoinedMeaning, ...]:
        """All joined measures that there are, those of installed packages too."""
        return tuple(one.meaning for one in joined_measures_known(JOINED_MEASURES).values())

    def meaning(self, measure: str) -> JoinedMeaning:
        """One measure.

        Raises:
            NotFoundError: there is no such measure.
        """
        found = next((one for one in self.library() if one.code == measure), None)
        if found is None:
            allowed = ", ".join(one.code for one in self.library())
            raise NotFoundError(message("Unknown measure", got=repr(measure), allowed=allowed))
        return found

    def take(self, measure: str) -> JoinedTaken:
        """A measure for everybody and for each channel, over the whole period.

        Args:
            measure: code, as in `library`.

        Returns:
            Each with its 95 % interval and the number of customers it rests on; the channel of most
            customers first. Without an occasion the value is None.

        Raises:
            NotFoundError: there is no such measure.
        """
        meaning = self.meaning(measure)
        rows = [
            row for row in self._rows(measure) if _is_whole(row) and row["segmentation"] == EVERYONE
        ]
        everywhere = [row for row in rows if row["at_channel"] == EVERYONE]
        channels = [row for row in rows if row["at_channel"] != EVERYONE]
        found = _levels(everywhere, "at_channel", meaning)
        nothing = JoinedLevel(EVERYONE, None, None, None, 0, 0.0)
        return JoinedTaken(
            meaning, found[0] if found else nothing, _levels(channels, "at_channel", meaning)
        )

    def by_segment(
        self, measure: str, segmentation: str, *, at_channel: str = EVERYONE
    ) -> tuple[JoinedLevel, ...]:
        """A measure for each group of a segmentation, the largest group first; raises as `meaning`.

        Args:
            measure: code, as in `library`.
            segmentation: as in table `memberships`, `target_group` or `orientation_channel`.
            at_channel: only of what happened in this channel.
        """
        meaning = self.meaning(measure)
        rows = [
            row
            for row in self._rows(measure)
            if _is_whole(row)
            and row["segmentation"] == segmentation
            and row["at_channel"] == at_channel
        ]
        return _levels(rows, "segment", meaning)

    def course(
        self,
        measure: str,
        *,
        segmentation: str = EVERYONE,
        segment: str = EVERYONE,
        at_channel: str = EVERYONE,
    ) -> JoinedCourse:
        """A measure month by month, without the first and last month, which may be half seen.

        Args:
            measure: code, as in `library`.
            segmentation, segment: of which group, as in `by_segment`; by default of everybody.
            at_channel: only of what happened in this channel.

        Returns:
            At most the last 24 whole months, the newest last.

        Raises:
            NotFoundError: there is no such measure.
        """
        meaning = self.meaning(measure)
        place = (segmentation, segment, at_channel)
        rows = [row for row in self._rows(measure) if not _is_whole(row)]
        everybody = {row["month"] for row in rows if row["segmentation"] == EVERYONE}
        whole = sorted(everybody)[1:-1][-MONTHS:]
        own = [
            row
            for row in rows
            if (row["segmentation"], row["segment"], row["at_channel"]) == place
            and row["month"] in whole
        ]
        months = sorted(_levels(own, "month", meaning), key=lambda level: level.code)
        return JoinedCourse(meaning, tuple(months))

    def _rows(self, measure: str) -> Sequence[Row]:
        """Table `joined_measures` of one measure; kept till the next run."""

        def read() -> Mapping[str, Sequence[Row]]:
            found: dict[str, list[Row]] = {}
            for row in self._reading.rows(self._reading.table("joined_measures")):
                found.setdefault(row["measure"], []).append(row)
            return found

        if not self._reading.published:
            return ()
        return self._reading.remembered("joined", read).get(measure, ())


def _is_whole(row: Row) -> bool:
    return bool(row["month"] == EVERYONE)


def _levels(rows: Iterable[Row], name: str, meaning: JoinedMeaning) -> tuple[JoinedLevel, ...]:
    levels = [_level(row, row[name], meaning) for row in rows]
    return tuple(sorted(levels, key=lambda level: (-level.customers, level.code)))


def _level(row: Row, code: str, meaning: JoinedMeaning) -> JoinedLevel:
    sums = Sums(*(row[name] for name in Sums.__dataclass_fields__))
    value = sums.value if sums.bottom else None
    low, high = None, None
    if value is not None and sums.customers >= ENOUGH_CUSTOMERS:
        low, high = sums.interval(is_share=meaning.unit == "share")
    return JoinedLevel(code, value, low, high, sums.customers, sums.bottom)
