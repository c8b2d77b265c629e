"""One row a journey: when, where, how far and with what outcome."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any, is_few, what_differs
from klantreis.journeys.numbering import customers_of
from klantreis.journeys.touchpoints import acts
from klantreis.tables import Renewal, conform, contract

__all__ = ["journeys"]

MILLISECONDS_PER_DAY = 86_400_000
MOST_STEPS = 2**31  # more than a journey can have: ranks on count first, then on place


def journeys(
    steps: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    lapse_days: int,
    kept_journeys: ir.Table,
    kept_as_of: datetime | None,
    changed_steps: ir.Table,
) -> ir.Table | Renewal:
    """Sum up the steps of each journey.

    A journey with a purchase has the outcome `purchase`. One without is `open` while its last
    act is at most `lapse_days` before `as_of`, and `lapsed` after that. The orientation channel
    is the one with most acts before the purchase; of equals the one that came first. Messages
    that were only received are no acts. Only journeys are summed up anew of customers of whom a
    step changed, unless these are many; what was open may have lapsed.

    Args:
        steps: as in its contract.
        as_of: the moment of measuring (UTC).
        lapse_days: silence that ends a journey, in days.
        kept_journeys: the journeys of before.
        kept_as_of: the moment of measuring of then.
        changed_steps: the steps that changed since.

    Returns:
        As in the contract of `journeys`.
    """
    if kept_as_of is None or kept_as_of > as_of or not is_any(kept_journeys, engine):
        return _summed_up(steps, as_of, lapse_days)
    touched = engine.keep(customers_of(changed_steps))
    if not is_few(touched, kept_journeys, engine):
        return _summed_up(steps, as_of, lapse_days)
    fresh = _summed_up(steps.semi_join(touched, "customer_id"), as_of, lapse_days)
    others = engine.keep(
        _lapsed(kept_journeys.anti_join(touched, "customer_id"), as_of, lapse_days)
    )
    told = what_differs(fresh, kept_journeys.semi_join(touched, "customer_id"), "journeys", engine)
    return Renewal(
        told.fresh.union(conform(others, contract("journeys"))),
        told.gone.union(others.select("journey_id")),
        is_compared=True,
    )


def _lapsed(journeys: ir.Table, as_of: datetime, lapse_days: int) -> ir.Table:
    """Journeys that were open, and have lapsed since without anything that happened."""
    is_open = (journeys["acted_until"] >= _open_from(as_of, lapse_days)).fill_null(False)
    waited = journeys.filter((journeys["outcome"] == "open") & ~is_open)
    return waited.mutate(outcome=ibis.literal("lapsed"))


def _open_from(as_of: datetime, lapse_days: int) -> ir.TimestampValue:
    """The moment from which something must have been done, for a journey to be open still."""
    return ibis.literal(as_of, "timestamp(6)") - ibis.interval(days=lapse_days)


def _summed_up(steps: ir.Table, as_of: datetime, lapse_days: int) -> ir.Table:
    whole = _over_channels(_per_channel(steps))
    waited = whole["purchased_at"].delta(whole["started_at"], unit="millisecond")
    return whole.mutate(
        number=whole["journey_id"].split("-")[1].cast("int64"),
        outcome=ibis.cases(
            (whole["purchased_at"].notnull(), "purchase"),
            (whole["acted_until"] >= _open_from(as_of, lapse_days), "open"),
            else_="lapsed",
        ),
        days_to_purchase=waited / MILLISECONDS_PER_DAY,
    )


def _per_channel(steps: ir.Table) -> ir.Table:
    """One row per journey and channel, so that channels are counted without a set per journey."""
    position, touchpoint = steps["position"], steps["touchpoint"]
    is_act = acts(steps["event"], steps["channel"])
    is_orientation = is_act & (steps["moment"] == "before")
    is_purchase = steps["moment"] == "purchase"
    return steps.group_by("customer_id", "journey_id", "channel").aggregate(
        started_at=steps["entered_at"].min(),
        ended_at=steps["left_at"].max(),
        acted_until=steps["left_at"].max(where=is_act),
        entry_touchpoint=touchpoint.max(where=position == 1),
        last_touchpoint=touchpoint.max(where=steps["next_touchpoint"].isnull()),
        steps=steps.count(),
        orientations=steps.count(where=is_orientation),
        orientation_position=position.min(where=is_orientation),
        purchase_position=position.min(where=is_purchase),
        purchased_at=steps["entered_at"].min(where=is_purchase),
        purchase_amount=steps["amount"].sum(where=is_purchase),
    )


def _over_channels(parts: ir.Table) -> ir.Table:
    orientation_rank = parts["orientations"] * MOST_STEPS - parts["orientation_position"]
    return parts.group_by("customer_id", "journey_id").aggregate(
        started_at=parts["started_at"].min(),
        ended_at=parts["ended_at"].max(),
        acted_until=parts["acted_until"].max(),
        purchased_at=parts["purchased_at"].min(),
        entry_touchpoint=parts["entry_touchpoint"].max(),
        orientation_channel=parts["channel"].argmax(
            orientation_rank, where=parts["orientations"] > 0
        ),
        purchase_channel=parts["channel"].argmin(
            parts["purchase_position"], where=parts["purchase_position"].notnull()
        ),
        last_touchpoint=parts["last_touchpoint"].max(),
        steps=parts["steps"].sum(),
        channels=parts.count(),
        purchase_amount=parts["purchase_amount"].sum().fill_null(0),
    )
