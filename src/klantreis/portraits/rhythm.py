"""The rhythm in which a source brings rows, and the stretches without that it does not explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log1p

__all__ = ["DAYS_NEEDED", "Gap", "Quiet", "gaps"]

DAYS_NEEDED = 28  # four of each weekday
BLOCKS = (7, 28)  # days together, for sources that do not bring rows on every day
AROUND = 8  # weeks or blocks on either side
LEAST_REFERENCE = 4  # weekdays or blocks from which a rhythm can be told
OFTEN_EMPTY = 0.1  # where more are empty, emptiness belongs to the rhythm
NEARLY_NONE = 0.2  # of the mean
FALSE_ALARMS = 0.001  # to be expected by chance over the whole period of a table
FIRST_SHARE = 0.001  # what comes before this part of all rows may be wrong dates
WEEK = 7


@dataclass(frozen=True)
class Quiet:
    """A day without rows, and how many were to be expected."""

    day: int
    expected_rows: float


@dataclass(frozen=True)
class Gap:
    """Days without rows, one after the other, and the probability of all of them together."""

    days: tuple[Quiet, ...]
    chance: float


def gaps(rows: Mapping[int, int], last_day: int) -> list[Gap]:
    """The stretches without rows that are improbable at the source's own rhythm.

    A day is set beside the same weekday in the eight weeks before and after the stretch, so that
    a shop that is closed on Sundays has no gaps on Sundays, and growth and season count. Its
    number of rows then follows a negative binomial distribution with the mean and the variance of
    those days, Poisson where they vary no more than that (as Noufaily et al., An improved algorithm
    for outbreak detection in multiple surveillance systems, Statistics in Medicine 32, 2013). Where
    one of those days has hardly any rows, they come in clusters, as of a visit or a mailing: then
    the number of clusters is Poisson, and a cluster has variance / mean rows. Where more than one
    in ten of those days are empty, an empty one says nothing; then whole weeks, and blocks of four
    weeks, are judged in the same way. A stretch is a gap when it is so improbable that less than
    0.001 such stretches were to be expected in the whole period (Bonferroni).

    Args:
        rows: by day number (proleptic ordinal), only days that have rows.
        last_day: until when days are judged, also after the last row.

    Returns:
        In order; none when fewer than `DAYS_NEEDED` days can be judged.

    >>> week = {day: 40 for day in range(1, 92) if day % 7}
    >>> gaps(week, 91)
    []
    >>> [gap] = gaps({day: n for day, n in week.items() if not 40 <= day <= 43}, 91)
    >>> [(quiet.day, quiet.expected_rows) for quiet in gap.days]
    [(40, 40.0), (41, 40.0), (42, 0.0), (43, 40.0)]
    """
    first = _first_day(rows, last_day)
    length = last_day - first + 1
    if length < DAYS_NEEDED:
        return []
    counts = [rows.get(day, 0) for day in range(first, last_day + 1)]
    limit = log(FALSE_ALARMS / (length * (1 + len(BLOCKS))))
    found = []
    for start, end in _stretches(counts):
        for judged in _ways(counts, start, end):
            if judged.log_chance < limit:
                quiets = [Quiet(first + start + n, rows) for n, rows in enumerate(judged.expected)]
                found.append(Gap(_without_usual_ends(quiets), exp(judged.log_chance)))
                break
    return found


@dataclass(frozen=True)
class _Judged:
    """The logarithm of a stretch's probability, and the rows that each of its days should have."""

    log_chance: float
    expected: Sequence[float]


def _first_day(rows: Mapping[int, int], last_day: int) -> int:
    days = sorted(day for day in rows if day <= last_day)
    enough = FIRST_SHARE * sum(rows[day] for day in days)
    reached = 0
    for day in days:
        reached += rows[day]
        if reached > enough:
            return day
    return last_day + 1


def _stretches(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last place of each row of zeros."""
    start = None
    for place, count in enumerate([*counts, 1]):
        if count == 0 and start is None:
            start = place
        elif count and start is not None:
            yield start, place - 1
            start = None


def _ways(counts: Sequence[int], start: int, end: int) -> Iterator[_Judged]:
    """The stretch judged by days, then by ever longer blocks that fit into it more than once."""
    yield _by_weekday(counts, start, end)
    for days in BLOCKS:
        if end - start + 1 >= 2 * days:
            yield _by_block(counts, start, end, days)


def _by_weekday(counts: Sequence[int], start: int, end: int) -> _Judged:
    usual = {
        place % WEEK: _usual(_same_weekday(counts, start, end, place))
        for place in range(start, min(end, start + WEEK - 1) + 1)
    }
    days = [usual[place % WEEK] for place in range(start, end + 1)]
    return _Judged(sum(log_chance for _, log_chance in days), [mean for mean, _ in days])


def _same_weekday(counts: Sequence[int], start: int, end: int, place: int) -> list[int]:
    """The rows of the same weekday in the weeks before and after a stretch."""
    reach = WEEK * AROUND
    return [
        counts[other]
        for first in (start - reach, end + 1)
        for other in range(first + (place - first) % WEEK, first + reach, WEEK)
        if 0 <= other < len(counts)
    ]


def _by_block(counts: Sequence[int], start: int, end: int, days: int) -> _Judged:
    before = [start - days * number for number in range(1, AROUND + 1)]
    after = [end + 1 + days * number for number in range(AROUND)]
    mean, log_chance = _usual(
        [
            sum(counts[first : first + days])
            for first in (*before, *after)
            if first >= 0 and first + days <= len(counts)
        ]
    )
    length = end - start + 1
    # One block is no wonder: where a mailing goes out once a month, every stretch is that long.
    return _Judged(log_chance * (length // days - 1), [mean / days] * length)


def _usual(reference: Sequence[int]) -> tuple[float, float]:
    """The mean of the rows, and the logarithm of the probability of none."""
    n = len(reference)
    if n < LEAST_REFERENCE or reference.count(0) > OFTEN_EMPTY * n:
        return 0.0, 0.0
    mean = sum(reference) / n
    variance = sum((count - mean) ** 2 for count in reference) / (n - 1)
    if variance <= mean:
        return mean, -mean
    if min(reference) < NEARLY_NONE * mean:
        return mean, -(mean**2) / variance
    shape = mean**2 / (variance - mean)
    return mean, -shape * log1p(mean / shape)


def _without_usual_ends(quiets: Sequence[Quiet]) -> tuple[Quiet, ...]:
    """Without days at either end on which nothing is expected, as the Sunday before an outage."""
    strange = [place for place, quiet in enumerate(quiets) if quiet.expected_rows > 0]
    return tuple(quiets[strange[0] : strange[-1] + 1])
