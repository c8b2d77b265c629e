"""Columns with the same heading: which of them is meant is for a person to say."""

from __future__ import annotations

from collections.abc import Set

from klantreis.sources.guessing.samples import Sample
from klantreis.sources.reading.dialect import LATER_NAME

__all__ = ["has_twins"]


def has_twins(sample: Sample, used: Set[str]) -> bool:
    """Whether one of several columns with the same heading is used while others hold other values.

    Args:
        used: names of columns that mean something.
    """
    for name, values in sample.columns.items():
        later = LATER_NAME.match(name)
        if not later or later["name"] not in sample.columns:
            continue
        is_asked = not used.isdisjoint((name, later["name"]))
        if is_asked and any(values) and list(values) != list(sample.columns[later["name"]]):
            return True
    return False
