"""The timelines by visit: when each began and ended, and in which channel."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, Kept, by_customer
from klantreis.tables import EVERYONE, Portion, Renewal, contract, is_sampled

__all__ = ["visits"]

ONE = ibis.literal(1, "int64")
MANY = ibis.literal(10, "int64")
ADDED = ("later", "sample")


def visits(
    timeline: ir.Table,
    occurrences: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    portion: Portion = EVERYONE,
    kept_visits: ir.Table,
    kept_as_of: datetime | None,
    changed_timeline: ir.Table,
) -> ir.Table | Renewal:
    """Tell of each visit when it began and ended, once a channel.

    A visit has a row for each channel that it was in, of which one opens and one closes it: so
    visits are counted by counting rows, in all channels or in one. Whether there were more than two
    since some day is told by the third last one alone: so each knows how many came later. Only
    customers are looked at anew of whom a moment changed, unless these are many.

    Args:
        timeline: as in its contract; moments after `as_of` do not count.
        occurrences: the same moments, by when they were.
        as_of: moment up to which it holds, naive UTC.
        portion: whose moments, when all are looked at anew.
        kept_visits: what was told before.
        kept_as_of: the moment up to which that held.
        changed_timeline: the moments that changed since.

    Returns:
        As in the contract of `visits`.
    """
    moments = timeline.filter(timeline["occurred_at"] <= as_of)
    return by_customer(
        partial(_told, engine=engine),
        moments.select("customer_id", "session", "channel", "occurred_at"),
        Kept("visits", kept_visits, changed_timeline, kept_as_of),
        engine=engine,
        portion=portion,
        occurrences=occurrences,
        as_of=as_of,
    )


def _told(moments: ir.Table, engine: Engine) -> ir.Table:
    visits = moments.group_by("customer_id", "session").aggregate(
        began_at=moments["occurred_at"].min(),
        ended_at=moments["occurred_at"].max(),
        channel=moments["channel"].min(),
        other=moments["channel"].max(),
    )
    visits = engine.keep(visits)
    is_one = visits["channel"] == visits["other"]
    # Nearly all visits are in one channel: only the moments of the others are looked at again.
    whole = visits.filter(is_one).mutate(opens=ONE, closes=ONE)
    names = [name for name in contract("visits").schema.names if name not in ADDED]
    parts = _parts(moments.semi_join(visits.filter(~is_one), ["customer_id", "session"]))
    told = whole.select(*names).union(parts.select(*names))
    return told.mutate(
        later=_later(told), sample=ibis.ifelse(is_sampled(told["customer_id"]), 1, 0)
    )


def _later(told: ir.Table) -> ir.Value:
    """How many visits ended later; only where one closes. No more than that there are many, so that
    a new visit changes few rows of before."""
    latest_first = [told["ended_at"].desc(), told["session"].desc()]
    own = ibis.window(group_by=["customer_id", "closes"], order_by=latest_first)
    later = ibis.least(ibis.row_number().over(own), MANY)
    return ibis.ifelse(told["closes"] == 1, later, ibis.null("int64"))


def _parts(moments: ir.Table) -> ir.Table:
    """One row a channel of a visit."""
    parts = moments.group_by("customer_id", "session", "channel").aggregate(
        began_at=moments["occurred_at"].min(),
        ended_at=moments["occurred_at"].max(),
    )
    # Of channels at the very same moment one by name, so that one opens and one closes.
    whole = parts.group_by("customer_id", "session").aggregate(
        opening=ibis.struct({"at": parts["began_at"], "channel": parts["channel"]}).min(),
        closing=ibis.struct({"at": parts["ended_at"], "channel": parts["channel"]}).max(),
    )
    told = parts.inner_join(whole, ["customer_id", "session"])
    return told.mutate(
        opens=(told["channel"] == told["opening"]["channel"]).cast("int64"),
        closes=(told["channel"] == told["closing"]["channel"]).cast("int64"),
    )
