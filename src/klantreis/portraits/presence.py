"""When, where and how often customers were there, and what they said: facets from the timeline."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.portraits.local_time import local_hour, local_weekday
from klantreis.portraits.preference import most

__all__ = [
    "channel_use",
    "habits",
    "last_said",
    "moments_counted",
    "own_moments",
    "satisfaction",
    "visits",
]

# What we or a carrier did; the rest is what the customer did.
NOT_BY_THE_CUSTOMER = (
    "sent",
    "bounced",
    "cancelled",
    "shipped",
    "delivered",
    "delivery_delayed",
    "refund",
    "note",
)
SAID = ("review", "ticket", "chat", "mention", "survey")


def moments_counted(timeline: ir.Table) -> ir.Table:
    """Per customer: first and last moment, and how many of each kind."""
    event = timeline["event"]
    return timeline.group_by("customer_id").aggregate(
        first_seen_at=timeline["occurred_at"].min(),
        last_seen_at=timeline["occurred_at"].max(),
        events=timeline.count(),
        payments_failed=timeline.count(where=event == "payment_failed"),
        mails_sent=timeline.count(where=event == "sent"),
        mails_opened=timeline.count(where=event == "opened"),
        mails_clicked=timeline.count(where=event == "clicked"),
        tickets=timeline.count(where=event.isin(("ticket", "chat"))),
        reviews=timeline.count(where=event == "review"),
        review_score=timeline["score"].mean(where=event == "review"),
        mentions=timeline.count(where=event == "mention"),
        last_said_at=timeline["occurred_at"].max(where=event.isin(SAID)),
    )


def own_moments(timeline: ir.Table) -> ir.Table:
    """What customers did themselves."""
    return timeline.filter(~timeline["event"].isin(NOT_BY_THE_CUSTOMER))


def visits(own: ir.Table) -> ir.Table:
    """Visits per channel: one that went over two channels is a visit to each."""
    return own.group_by("customer_id", "session", "channel").aggregate(
        started_at=own["occurred_at"].min(), ended_at=own["occurred_at"].max()
    )


def channel_use(visits: ir.Table) -> ir.Table:
    """Per customer: the number of visits, the channels, and the one with most visits."""
    channels = visits.group_by("customer_id", "channel").aggregate(
        visits=visits.count(), last_at=visits["ended_at"].max()
    )
    used = channels.group_by("customer_id").aggregate(
        channels=channels["channel"].collect().sort(),
    )
    preferred = most(channels, "channel", ["visits", "last_at"], name="preferred_channel")
    sessions = visits.select("customer_id", "session").distinct()
    counted = sessions.group_by("customer_id").aggregate(sessions=sessions.count())
    return (
        counted.join(used, "customer_id")
        .join(preferred, "customer_id")
        .select("customer_id", "sessions", "channels", "preferred_channel")
    )


def habits(own: ir.Table, *, time_zone: str, as_of: datetime) -> tuple[ir.Table, ir.Table]:
    """Per customer: the hour of the day and the day of the week with most moments of their own."""
    clocked = own.select(
        "customer_id",
        "occurred_at",
        preferred_hour=local_hour(own["occurred_at"], time_zone, until=as_of),
        preferred_weekday=local_weekday(own["occurred_at"], time_zone, until=as_of),
    )
    hour, weekday = (
        most(_counted(clocked, name), name, ["moments", "last_at"], name=name)
        for name in ("preferred_hour", "preferred_weekday")
    )
    return hour, weekday


def _counted(clocked: ir.Table, name: str) -> ir.Table:
    return clocked.group_by("customer_id", name).aggregate(
        moments=clocked.count(), last_at=clocked["occurred_at"].max()
    )


def last_said(timeline: ir.Table) -> ir.Table:
    """Per customer: where, how and what was said last."""
    said = timeline.filter(timeline["event"].isin(SAID))
    told = ("position", "channel", "event", "text")
    last = said.group_by("customer_id").aggregate(
        last=ibis.struct({name: said[name] for name in told}).max()
    )
    return last.select(
        "customer_id", **{f"last_said_{name}": last["last"][name] for name in told[1:]}
    )


def satisfaction(timeline: ir.Table) -> ir.Table:
    """Per customer: the last answer to the NPS question, 0 to 10."""
    answers = timeline.filter((timeline["event"] == "survey") & timeline["score"].notnull())
    last = most(answers, "score", ["position"], name="score")
    return last.select("customer_id", nps_score=((last["score"] + 1) * 5).round(0).cast("float64"))
