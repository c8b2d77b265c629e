"""What is only seen once sources are joined: measures, what differs or moves, what the best do."""

from __future__ import annotations

from klantreis.patterns.best_differences import best_differences
from klantreis.patterns.estimates import ENOUGH_CUSTOMERS, Sums
from klantreis.patterns.joined import JOINED_MEASURES
from klantreis.patterns.joined_measure import (
    JoinedMeaning,
    JoinedMeasure,
    Parts,
    joined_measures_known,
    mean,
    quotient,
    share,
)
from klantreis.patterns.joined_measures import joined_measures
from klantreis.patterns.joined_occasions import joined_occasions
from klantreis.patterns.looks import UNKNOWN
from klantreis.patterns.patterns import patterns
from klantreis.patterns.told import Pattern
from klantreis.patterns.told_best import BestDifference

__all__ = [
    "ENOUGH_CUSTOMERS",
    "JOINED_MEASURES",
    "UNKNOWN",
    "BestDifference",
    "JoinedMeaning",
    "JoinedMeasure",
    "Parts",
    "Pattern",
    "Sums",
    "best_differences",
    "joined_measures",
    "joined_measures_known",
    "joined_occasions",
    "mean",
    "patterns",
    "quotient",
    "share",
]
