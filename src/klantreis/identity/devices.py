"""Devices on which more than one customer signed in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.rules import Reach, kinds

__all__ = ["shared_devices"]

NAMES_OF = ["kind", "value"]


def shared_devices(fit: ir.Table, groups: ir.Table, engine: Engine) -> ir.Table:
    """The cookies and devices that would tie signed-in users to each other.

    A record with nothing but cookies can itself be a bridge between devices, so devices that
    such records hold together are looked at as one.

    Args:
        fit: statements that may tie, as `tying` returns them.
        groups: the signed-in records, and who of them are one human being.

    Returns:
        `kind` and `value`, each once.
    """
    devices = fit.filter(fit["kind"].isin(kinds(Reach.DEVICE)))
    anonymous = devices.anti_join(groups, "person_number")
    bridges = alone(anonymous)
    bridges = merged(bridges, crossing(anonymous, bridges), engine=engine)
    held = anonymous.select("person_number", "kind", "value").join(bridges, "person_number")
    bridge_of = held.group_by(NAMES_OF).aggregate(bridge=held["group"].min())
    signed_in = devices.select("person_number", "kind", "value").join(groups, "person_number")
    used = engine.keep(
        signed_in.left_join(bridge_of, NAMES_OF)
        .select("kind", "value", "group", "bridge")
        .distinct()
    )
    at_one = _of_several_users(used, NAMES_OF)
    bridged = used.filter(used["bridge"].notnull())
    over_several = bridged.semi_join(_of_several_users(bridged, ["bridge"]), "bridge")
    return ibis.union(at_one, over_several.select("kind", "value"), distinct=True)


def _of_several_users(used: ir.Table, by: list[str]) -> ir.Table:
    users = used.group_by(by).aggregate(lowest=used["group"].min(), highest=used["group"].max())
    return users.filter(users["lowest"] != users["highest"]).select(*by)
