"""Devices on which more than one customer signed in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.grouping import alone, crossing, merged

__all__ = ["shared_devices"]


def shared_devices(on_device: ir.Table, users: ir.Table, engine: Engine) -> ir.Table:
    """The cookies and devices that would tie signed-in users to each other.

    A record with nothing but cookies can itself be a bridge between devices, so devices that
    such records hold together are looked at as one.

    Args:
        on_device: `person_number` and `value_number` of cookies and devices.
        users: the signed-in records, and who of them are one human being: `person_number` and
            `group`.

    Returns:
        `value_number`, each once.
    """
    anonymous = on_device.anti_join(users, "person_number")
    bridges = alone(anonymous)
    bridges = merged(bridges, crossing(anonymous, bridges, engine=engine), engine=engine)
    held = anonymous.join(bridges, "person_number")
    bridge_of = held.group_by("value_number").aggregate(bridge=held["group"].min())
    signed_in = on_device.join(users, "person_number").left_join(bridge_of, "value_number")
    used = engine.keep(signed_in.select("value_number", "group", "bridge").distinct())
    over_one = _of_several_users(used, "value_number")
    bridged = used.filter(used["bridge"].notnull())
    over_several = bridged.semi_join(_of_several_users(bridged, "bridge"), "bridge")
    return ibis.union(over_one, over_several.select("value_number"), distinct=True)


def _of_several_users(used: ir.Table, by: str) -> ir.Table:
    users = used.group_by(by).aggregate(lowest=used["group"].min(), highest=used["group"].max())
    return users.filter(users["lowest"] != users["highest"]).select(by)
