"""Groups of records that are one human being so far, and the joining of groups."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine

__all__ = ["alone", "crossing", "merged", "tied_together"]


def alone(records: ir.Table) -> ir.Table:
    """Every record in a group of its own.

    Returns:
        `person_number` and `group`, the lowest number of a record in the group.
    """
    numbers = records.select("person_number").distinct()
    return numbers.mutate(group=numbers["person_number"])


def crossing(stated: ir.Table, groups: ir.Table, *, engine: Engine) -> ir.Table:
    """The values that are stated in more than one group, each with its groups.

    Args:
        stated: `person_number` and `value_number`.
        groups: as `alone` returns them.

    Returns:
        `value_number`, `group`, each once.
    """
    placed = stated.select("person_number", "value_number").join(groups, "person_number")
    placed = engine.keep(placed.select("value_number", "group").distinct())
    counted = placed.group_by("value_number").aggregate(groups=placed.count())
    return engine.keep(placed.semi_join(counted.filter(counted["groups"] > 1), "value_number"))


def merged(
    groups: ir.Table, crossing: ir.Table, namesakes: ir.Table | None = None, *, engine: Engine
) -> ir.Table:
    """Join the groups that state the same value, and those of namesakes.

    Args:
        groups: as `alone` returns them.
        crossing: values with their groups, as `crossing` returns them.
        namesakes: pairs of record numbers that are one human being for another reason.
    """
    # Each tied to the lowest: as connected as every pair, and far fewer edges.
    hubs = crossing.group_by("value_number").aggregate(right=crossing["group"].min())
    edges = crossing.join(hubs, "value_number").select(left="group", right="right")
    if namesakes is not None:
        edges = edges.union(_between_groups(namesakes, groups))
    return _joined(groups, edges, engine)


def tied_together(groups: ir.Table, pairs: ir.Table, *, engine: Engine) -> ir.Table:
    """Join the groups of pairs of records that are one human being: `left` and `right`."""
    return _joined(groups, _between_groups(pairs, groups), engine)


def _joined(groups: ir.Table, edges: ir.Table, engine: Engine) -> ir.Table:
    components = engine.components(edges.filter(edges["left"] != edges["right"]).distinct())
    joined = groups.left_join(components, groups["group"] == components["node"])
    return engine.keep(
        joined.select("person_number", group=ibis.coalesce(joined["component"], joined["group"]))
    )


def _between_groups(pairs: ir.Table, groups: ir.Table) -> ir.Table:
    one = groups.select(left="person_number", left_group="group")
    two = groups.select(right="person_number", right_group="group")
    placed = pairs.join(one, "left").join(two, "right")
    return placed.select(left="left_group", right="right_group")
