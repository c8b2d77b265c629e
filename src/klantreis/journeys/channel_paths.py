"""Ways through the channels, and how often each is taken: asked on demand, not kept."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.journeys.stops import channel_stops

__all__ = ["channel_paths"]


def channel_paths(steps: ir.Table, journeys: ir.Table, *, length: int, one_in: int = 1) -> ir.Table:
    """Count the ways through the channels, from the first act up to the purchase.

    What a stop is, is told at `channel_stops`.

    Args:
        steps: as in its contract.
        journeys: as in its contract.
        length: how many stops of a way are told apart; later ones are cut off.
        one_in: 1 for all customers, 10 for every tenth of them.

    Returns:
        Columns `path` (channels in order), `is_cut` (whether stops were cut off), `outcome` and
        `journeys`.
    """
    stops = channel_stops(steps.filter(steps["customer_id"] % one_in == 0))
    paths = stops.group_by("journey_id").aggregate(
        stops=ibis.struct({"k0": stops["position"], "channel": stops["stop"]}).collect().sort()
    )
    told = paths.select(
        "journey_id",
        path=paths["stops"].map(lambda stop: stop.channel)[:length],
        is_cut=paths["stops"].length() > length,
    )
    ways = told.join(journeys.select("journey_id", "outcome"), "journey_id")
    return ways.group_by("path", "is_cut", "outcome").aggregate(journeys=ways.count())
