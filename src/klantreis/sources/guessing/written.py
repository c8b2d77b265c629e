"""How a file writes numbers, dates and times: its columns tell it together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from klantreis.sources.guessing.guesses import ColumnGuess
from klantreis.sources.guessing.kinds import NEARLY_ALL, Kinds, kinds_of
from klantreis.sources.guessing.moments import Moments, Order, with_order
from klantreis.sources.guessing.samples import Sample

__all__ = [
    "date_order_of",
    "decimal_sign_of",
    "has_local_times",
    "has_mixed_dates",
    "has_short_years",
    "kinds_of_columns",
]


def kinds_of_columns(sample: Sample, date_order: Order = "") -> Mapping[str, Kinds]:
    """The kinds of values of each column.

    Dates that fit as day-month and as month-day are read as those of another column of the file
    that are written alike and fit one way only.
    """
    kinds = {name: kinds_of(values) for name, values in sample.columns.items()}
    clear = {
        one.moments.order
        for one in kinds.values()
        if one.moments and one.moments.order in ("dmy", "mdy") and not one.moments.fits_both
    }
    known = date_order or (clear.pop() if len(clear) == 1 else "")
    return {
        name: replace(one, moments=with_order(one.moments, known))
        if one.moments and known and (date_order or one.moments.fits_both)
        else one
        for name, one in kinds.items()
    }


def decimal_sign_of(
    sample: Sample, kinds: Mapping[str, Kinds], columns: Sequence[ColumnGuess]
) -> tuple[str, bool]:
    """The decimal sign of the numbers.

    Returns:
        `,` or `.`, or empty where no number has decimals; and whether that is sure, which it is not
        where the same file shows both.
    """
    if sample.is_typed:
        return ".", True
    numbers = [
        of
        for of in kinds.values()
        if of.share("decimal") >= NEARLY_ALL or of.share("money") >= NEARLY_ALL
    ]
    commas = sum(one.shares.get("comma_number", 0) > 0 for one in numbers)
    points = sum(one.shares.get("point_number", 0) > 0 for one in numbers)
    if not commas and not points:
        has_amounts = any(one.means.endswith("amount") for one in columns)
        return ("," if sample.separator == ";" else ".") if has_amounts else "", True
    return ("," if commas > points else "."), not (commas and points)


def date_order_of(kinds: Mapping[str, Kinds]) -> tuple[Order, bool]:
    """The order in which the file writes dates, empty without any; and whether that is sure, which
    it is not where every date fits as day-month and as month-day."""
    moments = [one.moments for one in kinds.values() if one.moments]
    numbered = [
        one for one in moments if one.order in ("dmy", "mdy") or (one.order and one.has_short_years)
    ]
    if not numbered:
        return ("ymd" if moments else ""), True
    return numbered[0].order, not any(one.fits_both for one in numbered)


def has_local_times(kinds: Mapping[str, Kinds], columns: Sequence[ColumnGuess]) -> bool:
    """Whether a column that is used holds times of day without an offset from UTC."""
    return any(one.has_clock and not one.has_offset for one in _moments(kinds, columns))


def has_mixed_dates(kinds: Mapping[str, Kinds], columns: Sequence[ColumnGuess]) -> bool:
    """Whether a column that is used writes some dates with the day first and some with the month."""
    return any(one.is_mixed for one in _moments(kinds, columns))


def has_short_years(kinds: Mapping[str, Kinds], columns: Sequence[ColumnGuess]) -> bool:
    """Whether a column that is used writes years in two digits."""
    return any(one.has_short_years for one in _moments(kinds, columns))


def _moments(kinds: Mapping[str, Kinds], columns: Sequence[ColumnGuess]) -> Iterator[Moments]:
    for one in columns:
        moments = kinds[one.column].moments
        if one.means and moments:
            yield moments
