"""CDNOW's sample of 2,357 customers: a period to learn from and 39 weeks after it.

Public research data (Fader and Hardie); at day resolution, purchases of one day as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from klantreis.segments.clv import Histories
from klantreis.segments.clv.histories import Array

__all__ = ["Sample", "sample"]


@dataclass(frozen=True)
class Sample:
    """Histories in days, the mean value of repeat purchases, and what came later."""

    days: Histories
    repeat_mean: Array
    later_frequency: Array
    later_value: Array

    @property
    def weeks(self) -> Histories:
        return self.days.scaled(7)

    @property
    def repeats(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return self.days.frequency > 0


def sample() -> Sample:
    columns = np.loadtxt(Path(__file__).parent / "cdnow.csv", delimiter=",", skiprows=1).T
    _, frequency, recency, age, _, repeat_value, later_frequency, later_value = columns
    return Sample(
        Histories.of(frequency, recency, age),
        repeat_value / np.maximum(frequency, 1),
        later_frequency,
        later_value,
    )
