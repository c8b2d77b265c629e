"""How journeys flow from stop to stop, and which ways are taken most: asked on demand."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.journeys.places import place
from klantreis.journeys.transitions import START, end_of

__all__ = ["REST", "flow", "variants"]

REST = "rest"
IN_ORDER = ibis.window(group_by="journey_id", order_by="position")


def flow(stops: ir.Table, journeys: ir.Table, *, levels: int = 5, most: int = 6) -> ir.Table:
    """Unroll the first stops of all journeys, step by step, so that the drawing has no cycles.

    Args:
        stops: `journey_id`, `position`, `stop`; see `stops`.
        journeys: as in its contract.
        levels: how many steps are unrolled.
        most: how many stops keep their name on each level; the others are `rest` together.

    Returns:
        Columns `step` (0 is the link from `start` to the first stop), `source`, `target` (a stop,
        or one of the three ends) and `journeys`. What enters a level leaves it, save on the last.
    """
    first = _numbered(stops).filter(lambda stop: stop["place"] <= levels + 1)
    ends = journeys.select("journey_id", end=end_of(journeys["outcome"]))
    links = first.filter(first["place"] <= levels)
    going = links.filter(links["next_stop"].notnull())
    last = links.filter(links["next_stop"].isnull()).join(ends, "journey_id")
    begun = first.filter(first["place"] == 1)
    pairs = ibis.union(
        _counted(begun, 0, ibis.literal(START), begun["stop"]),
        _counted(going, going["place"], going["stop"], going["next_stop"]),
        _counted(last, last["place"], last["stop"], last["end"]),
    )
    return _with_rest(pairs, _names(first, most))


def variants(stops: ir.Table, journeys: ir.Table, *, length: int = 6, most: int = 20) -> ir.Table:
    """The ways that most journeys take, with how they end.

    Args:
        stops: `journey_id`, `position`, `stop`; see `stops`.
        journeys: as in its contract.
        length: how many stops of a way are told apart; later ones are cut off.
        most: how many ways.

    Returns:
        Columns `path` (stops in order), `is_cut` (whether stops were cut off), `journeys`,
        `bought`, `lapsed` and `still_open`; the way taken most first.
    """
    numbered = _numbered(stops).filter(lambda stop: stop["place"] <= length + 1)
    at = ibis.struct({"k0": numbered["place"], "stop": numbered["stop"]})
    paths = numbered.group_by("journey_id").aggregate(stops=at.collect().sort())
    told = paths.select(
        "journey_id",
        path=paths["stops"].map(lambda stop: stop.stop)[:length],
        is_cut=paths["stops"].length() > length,
    )
    ways = told.join(journeys.select("journey_id", "outcome"), "journey_id")
    counted = ways.group_by("path", "is_cut").aggregate(
        journeys=ways.count(),
        bought=ways.count(where=ways["outcome"] == "purchase"),
        lapsed=ways.count(where=ways["outcome"] == "lapsed"),
        still_open=ways.count(where=ways["outcome"] == "open"),
    )
    return counted.order_by(ibis.desc("journeys"), "path", "is_cut").limit(most)


def _numbered(stops: ir.Table) -> ir.Table:
    return stops.mutate(place=place(IN_ORDER), next_stop=stops["stop"].lead().over(IN_ORDER))


def _counted(
    rows: ir.Table, step: ir.IntegerValue | int, source: ir.StringValue, target: ir.StringValue
) -> ir.Table:
    named = rows.select(step=ibis.literal(0, "int64") + step, source=source, target=target)
    return named.group_by("step", "source", "target").aggregate(journeys=named.count())


def _names(stops: ir.Table, most: int) -> ir.Table:
    """The name of each stop on each level: its own when it is one of the most frequent there."""
    counted = stops.group_by("place", "stop").aggregate(journeys=stops.count())
    by_size = ibis.window(group_by="place", order_by=[ibis.desc("journeys"), "stop"])
    ranked = counted.mutate(rank=ibis.row_number().over(by_size))
    return ranked.select(
        "place", "stop", name=ibis.ifelse(ranked["rank"] < most, ranked["stop"], REST)
    )


def _with_rest(pairs: ir.Table, names: ir.Table) -> ir.Table:
    sources = names.select(step="place", source="stop", source_name="name")
    targets = names.select(step=names["place"] - 1, target="stop", target_name="name")
    named = pairs.left_join(sources, ["step", "source"]).select(*pairs.columns, "source_name")
    named = named.left_join(targets, ["step", "target"]).select(*named.columns, "target_name")
    told = named.select(
        "step",
        "journeys",
        source=named["source_name"].fill_null(named["source"]),
        target=named["target_name"].fill_null(named["target"]),
    )
    return told.group_by("step", "source", "target").aggregate(journeys=told["journeys"].sum())
