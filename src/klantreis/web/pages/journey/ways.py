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
CHANNELS_SHOWN = 6
END_BY_OUTCOME = {"purchase": "purchase_end", "lapsed": "lapse_end", "open": "open_end"}


def bands(paths: Sequence[dict[str, Any]]) -> tuple[Band, ...]:
    """The ways laid over each other, stop by stop; rare channels together as `rest`."""
    shown = _main_channels(paths)
    found: Counter[tuple[int, str, str]] = Counter()
    for row in paths:
        stops = [name if name in shown else "rest" for name in row["path"][:STOPS]]
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


def _main_channels(paths: Iterable[dict[str, Any]]) -> set[str]:
    passed: Counter[str] = Counter()
    for row in paths:
        for name in set(row["path"][:STOPS]):
            passed[name] += row["journeys"]
    return {name for name, _ in passed.most_common(CHANNELS_SHOWN)}
