"""In which of the asked segments, personas and phases a customer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from klantreis.rules.asking import Asked

__all__ = ["grouped", "open_phases"]


def grouped(asked: Asked, tables: Mapping[str, ir.Table]) -> list[ir.Table]:
    """Tables of customers with columns `s0` ... of segments, `p0` ... personas, `f0` ... phases,
    `a0` ... what customers allow."""
    found = []
    if asked.segments:
        found.append(_counted(tables["memberships"], "segment", asked.segments, "s"))
    if asked.personas:
        scored = tables["persona_memberships"]
        members = scored.filter(scored["is_member"])
        found.append(_counted(members, "persona_id", asked.personas, "p"))
    if asked.phases:
        phases = open_phases(tables["phase_visits"], tables["journeys"])
        found.append(_counted(phases, "phase", asked.phases, "f"))
    if asked.permissions:
        found.append(_counted(tables["permissions"], "purpose", asked.permissions, "a"))
    return found


def open_phases(phase_visits: ir.Table, journeys: ir.Table) -> ir.Table:
    """The last phase of each customer's open journey, by each phase model."""
    still_open = journeys.filter(journeys["outcome"] == "open").select("journey_id")
    visits = phase_visits.semi_join(still_open, "journey_id")
    visit = {name: visits[name] for name in ("entered_at", "position", "phase")}
    last = visits.group_by(["customer_id", "phase_model"]).aggregate(last=ibis.struct(visit).max())
    return last.select("customer_id", phase=last["last"]["phase"])


def _counted(members: ir.Table, column: str, names: Sequence[str], prefix: str) -> ir.Table:
    own = members.filter(members[column].isin(names))
    columns = {
        f"{prefix}{place}": own.count(where=own[column] == name) for place, name in enumerate(names)
    }
    return own.group_by("customer_id").aggregate(**columns)
