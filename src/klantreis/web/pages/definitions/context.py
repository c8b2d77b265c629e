"""What the page with definitions shows."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Definitions"]


@dataclass(frozen=True)
class Definitions:
    """The whole page: the settings on which the numbers depend.

    Attributes:
        margin: how far a share may lie off before it is not shown.
        needed_for_mean: how many a mean asks for.
        session_minutes: silence that ends a visit.
        lapse_days: silence that ends a journey.
        aftercare_days: how long moments after a purchase belong to it.
        rfm_window_days: how far back purchases count for the segments.
        time_zone: clock on which moments are shown.
        segments: codes of the groups in use.
        tables: rows of each published table.
    """

    margin: float
    needed_for_mean: int
    session_minutes: int
    lapse_days: int
    aftercare_days: int
    rfm_window_days: int
    time_zone: str
    segments: tuple[str, ...]
    tables: tuple[tuple[str, int], ...]
