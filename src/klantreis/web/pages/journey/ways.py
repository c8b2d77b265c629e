"""From ways through the channels to a flow by stop, and to the ways taken most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from klantreis.web.figures import share
from klantreis.web.pages.journey.context import Band, Variant

__all__ = ["STOPS", "bands", "variants"]

STOPS = 5
VARIANTS = 10
LEAST_SHARE = 0.02  # of the journeys at a stop; channels with less are told together
END_BY_OUTCOME = {"purchase": "purchase_end", "lapsed": "lapse_end", "open": "open_end"}


def bands(paths: Sequence[dict[str, Any]]) -> tuple[Band, ...]:
    """The ways laid over each other, stop by stop; rare channels together as `rest`."""
    shown = _main_channels(paths)
    found: Counter[tuple[int, str, str]] = Counter()
    for row in paths:
        stops = [
            name if (step, name) in shown else "rest"
            for step, name in enumerate(row["path"][:STOPS])
        ]
        goes_on = row["is_cut"] or len(row["path"]) > STOPS
        end = "goes_on" if goes_on else END_BY_OUTCOME[row["outcome"]]
        for step, (source, target) in enumerate(zip(stops, [*stops[1:], end], strict=True), 1):
            found[step, source, target] += row["journeys"]
    return tuple(Band(*place, journeys) for place, journeys in sorted(found.items()))


def variants(paths: Iterable[dict[str, Any]]) -> tuple[Variant, ...]:
    """The ways taken most, with the part of the ended journeys on them that bought."""
    ways: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for row in paths:
        if not row["is_cut"]:
            ways[tuple(row["path"])][row["outcome"]] += row["journeys"]
    most = sorted(ways.items(), key=lambda way: (-way[1].total(), way[0]))[:VARIANTS]
    return tuple(
        Variant(
            path,
            ends.total(),
            share(ends["purchase"], ends["purchase"] + ends["lapsed"], "journeys"),
        )
        for path, ends in most
    )


def _main_channels(paths: Iterable[dict[str, Any]]) -> set[tuple[int, str]]:
    """The channels that enough journeys come by, at each stop."""
    passed: Counter[tuple[int, str]] = Counter()
    at_stop: Counter[int] = Counter()
    for row in paths:
        for step, name in enumerate(row["path"][:STOPS]):
            passed[step, name] += row["journeys"]
            at_stop[step] += row["journeys"]
    return {place for place, n in passed.items() if n >= LEAST_SHARE * at_stop[place[0]]}
