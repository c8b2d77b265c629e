"""The timeline cut into journeys, and each journey into steps."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, Kept, by_customer
from klantreis.journeys.numbering import numbered_visits
from klantreis.journeys.places import place
from klantreis.journeys.touchpoints import role
from klantreis.tables import EVERYONE, Portion, Renewal

__all__ = ["steps"]

NEEDED = ("customer_id", "position", "session", "occurred_at", "channel", "event", "amount")
IN_ORDER = ibis.window(group_by=["customer_id", "number"], order_by="position")
WHOLE_JOURNEY = ibis.window(group_by=["customer_id", "number"])


def steps(
    timeline: ir.Table,
    occurrences: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    lapse_days: int,
    aftercare_days: int,
    portion: Portion = EVERYONE,
    kept_steps: ir.Table,
    kept_as_of: datetime | None,
    changed_timeline: ir.Table,
) -> ir.Table | Renewal:
    """Cut each customer's timeline into journeys, and each journey into steps.

    A journey starts at the customer's first act (a step before or at a purchase), at an act after
    more than `lapse_days` of silence, and at a step before a purchase when the act before it was
    a purchase in an earlier visit. Aftercare belongs to the journey of the last purchase when
    that is at most `aftercare_days` ago, else to the current journey; what happens passively
    belongs to the journey that is open then, and to none when none is. The role of each
    touchpoint is in `touchpoints.toml`. Repeats of a touchpoint in one visit are one step, save
    where money changed hands: each of those moments is a step. Only the timelines are cut anew of
    which a moment changed, or happened since, unless these are many.

    Args:
        timeline: as in its contract.
        occurrences: the same moments, by when they were.
        as_of: what happened later is not seen (UTC).
        lapse_days: silence that ends a journey, from the end of one visit to the start of the
            next, in days.
        aftercare_days: how long aftercare follows a purchase, from the purchase to the start of
            a visit, in days.
        portion: whose steps, when all timelines are cut.
        kept_steps: the steps of before.
        kept_as_of: the moment up to which those were seen.
        changed_timeline: the moments that changed since.

    Returns:
        As in the contract of `steps`.
    """
    seen = timeline.filter(timeline["occurred_at"] <= as_of)
    return by_customer(
        partial(_cut, engine=engine, lapse_days=lapse_days, aftercare_days=aftercare_days),
        seen.select(*NEEDED),
        Kept("steps", kept_steps, changed_timeline, kept_as_of),
        engine=engine,
        portion=portion,
        occurrences=occurrences,
        as_of=as_of,
    )


def _cut(seen: ir.Table, *, engine: Engine, lapse_days: int, aftercare_days: int) -> ir.Table:
    touchpoints = engine.keep(_touchpoints(seen))
    moments = _moments(seen, touchpoints)
    visits = numbered_visits(moments, lapse_days=lapse_days, aftercare_days=aftercare_days)
    # Kept, so that the engine knows how many rows there are when it joins the names back.
    placed = engine.keep(_placed(moments, visits))
    return _described(_merged(placed), touchpoints)


def _touchpoints(timeline: ir.Table) -> ir.Table:
    """Every touchpoint that occurs, with a number: sorting numbers is cheap, names are not."""
    names = timeline.select("channel", "event").distinct()
    return names.mutate(
        touchpoint_number=ibis.row_number().over(order_by=["channel", "event"]),
        touchpoint=names["channel"] + "." + names["event"],
        role=role(names["event"], names["channel"]),
    )


def _moments(timeline: ir.Table, touchpoints: ir.Table) -> ir.Table:
    return timeline.join(touchpoints, ["channel", "event"]).select(
        "customer_id",
        "position",
        "session",
        "occurred_at",
        "amount",
        "touchpoint_number",
        "role",
    )


def _placed(moments: ir.Table, visits: ir.Table) -> ir.Table:
    """The journey of each moment, and whether it lies before, at or after the purchase."""
    row = moments.join(visits, ["customer_id", "session"])
    is_past_purchase = (row["position"] > row["purchased_from"]).fill_null(False)
    has_begun = (row["position"] >= row["acts_from"]).fill_null(False)
    current = ibis.ifelse(has_begun, row["number"], row["previous"])
    is_aftercare = (row["role"].isin(("after", "contact")) & row["has_aftercare"]) | (
        (row["role"] == "glance") & row["looks_back"]
    )
    number = ibis.cases(
        (is_past_purchase, row["number"]),
        (is_aftercare, row["purchase_number"]),
        (row["role"].isin(("before", "glance", "purchase")), row["number"]),
        ((row["role"] != "passive") | has_begun | row["is_open"], current),
        (row["has_aftercare"], row["purchase_number"]),
    )
    is_after = is_past_purchase | (number == row["purchase_number"]).fill_null(False)
    return row.select(
        "customer_id",
        "position",
        "session",
        "occurred_at",
        "amount",
        "touchpoint_number",
        number=number,
        is_after=is_after,
    ).filter(ibis._["number"] > 0)


def _merged(moments: ir.Table) -> ir.Table:
    """One row a step: the first moment of each run of repeats, and what follows it."""
    moments = moments.mutate(
        place=place(IN_ORDER),
        moments=moments.count().over(WHOLE_JOURNEY),
        last_at=moments["occurred_at"].max().over(WHOLE_JOURNEY),
        earlier_at=moments["occurred_at"].lag().over(IN_ORDER),
        earlier_session=moments["session"].lag().over(IN_ORDER),
        earlier_touchpoint=moments["touchpoint_number"].lag().over(IN_ORDER),
    )
    is_repeat = (
        (moments["earlier_touchpoint"] == moments["touchpoint_number"])
        & (moments["earlier_session"] == moments["session"])
        & moments["amount"].isnull()
    )
    first = moments.filter(~is_repeat.fill_null(False))
    next_place = first["place"].lead().over(IN_ORDER)
    return first.mutate(
        step=place(IN_ORDER),
        next_number=first["touchpoint_number"].lead().over(IN_ORDER),
        next_at=first["occurred_at"].lead().over(IN_ORDER),
        next_place=next_place,
        left_at=first["earlier_at"].lead().over(IN_ORDER),
    )


def _described(steps: ir.Table, touchpoints: ir.Table) -> ir.Table:
    """Give the steps their names back, in the contract's columns."""
    following = touchpoints.select(
        next_number="touchpoint_number", next_touchpoint="touchpoint"
    ).view()
    row = steps.join(touchpoints, "touchpoint_number")
    row = row.left_join(following, "next_number")
    return row.select(
        "customer_id",
        "touchpoint",
        "channel",
        "event",
        "next_touchpoint",
        "amount",
        journey_id=row["customer_id"].cast("string") + "-" + row["number"].cast("string"),
        moment=ibis.cases(
            (row["role"] == "purchase", "purchase"), (row["is_after"], "after"), else_="before"
        ),
        position=row["step"],
        repeats=row["next_place"].fill_null(row["moments"] + 1) - row["place"],
        entered_at=row["occurred_at"],
        left_at=row["left_at"].fill_null(row["last_at"]),
        wait_seconds=row["next_at"].delta(row["left_at"], unit="millisecond") // 1000,
    )
