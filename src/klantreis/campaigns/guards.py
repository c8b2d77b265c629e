"""The guards before every message: each a reason why it must not go out, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from klantreis.campaigns.flows import Flow
from klantreis.campaigns.known import Entry, Known, Payment, Policy, Sent

__all__ = ["REASONS", "marketing_guard", "night_end", "payment_trouble", "quiet_until"]

# In the order in which they are looked at.
REASONS = (
    "too_late",
    "no_address",
    "payment_failed",
    "payment_pending",
    "no_consent",
    "bought",
    "open_complaint",
    "out_of_stock",
    "recently_returned",
    "frequency_cap",
)
FAILED = ("failed", "canceled", "expired")
PENDING = ("open", "pending", "authorized")
WEEK = timedelta(days=7)
BROUGHT_BACK = ("return", "refund")


def payment_trouble(known: Known, entry: Entry, policy: Policy, now: datetime) -> str:
    """Whether the last attempt to pay failed or is pending; empty when there is no trouble.

    Attempts of the last days, and all since the customer entered, count in the order in which they
    were made, however late we came to know of them. A purchase ends the trouble.
    """
    start = min(now, entry.entered_at) - policy.payment_window
    failed = known.moments("payment_failed", after=start, until=now)
    attempts = [
        *(payment for payment in known.payments if start < payment.at <= now),
        *(Payment("failed", moment.occurred_at, moment.order_id or "") for moment in failed),
    ]
    bought = known.moments("purchase", after=start, until=now)
    last_bought_at = bought[-1].occurred_at if bought else datetime.min
    bought_orders = {moment.order_id for moment in bought if moment.order_id}
    open_ones = [
        attempt
        for attempt in attempts
        if attempt.at > last_bought_at and attempt.order_id not in bought_orders
    ]
    if not open_ones:
        return ""
    # Of attempts at the same moment the one in trouble weighs most.
    last = max(open_ones, key=lambda attempt: (attempt.at, attempt.status != "paid"))
    if last.status in FAILED:
        return "payment_failed"
    return "payment_pending" if last.status in PENDING else ""


def marketing_guard(
    flow: Flow, entry: Entry, known: Known, sent: Sequence[Sent], policy: Policy, now: datetime
) -> str:
    """Why a marketing message must not go out now; empty when it may.

    Args:
        flow, entry: which message it is about.
        known: the customer.
        sent: all messages of all campaigns to the customer.
        policy: what holds for the whole shop.
        now: naive UTC.
    """
    values = known.facts.values
    if not values.get("may_email") or known.has_withdrawn:
        return "no_consent"
    if "purchase" in flow.exits and known.moments("purchase", after=entry.entered_at, until=now):
        return "bought"
    if values.get("has_open_complaint"):
        return "open_complaint"
    if entry.product_id and entry.product_id in known.out_of_stock:
        return "out_of_stock"
    after = now - policy.returned
    if any(known.moments(event, after=after, until=now) for event in BROUGHT_BACK):
        return "recently_returned"
    own = sum(not one.is_service and now - WEEK < one.at <= now for one in sent)
    others = len(known.moments("sent", after=now - WEEK, until=now))
    return "frequency_cap" if own + others >= policy.messages_per_week else ""


def quiet_until(known: Known, policy: Policy, now: datetime) -> datetime | None:
    """When the customer's quiet hours end, on their own clock; None when it is not quiet now.

    Returns:
        Naive UTC.
    """
    country = str(known.facts.values.get("country") or "")
    return night_end(policy, now, time_zone=policy.time_zones.get(country, policy.time_zone))


def night_end(policy: Policy, now: datetime, *, time_zone: str) -> datetime | None:
    """When the quiet hours end on the clock of a place; None when it is not quiet there now.

    Returns:
        Naive UTC.
    """
    start, end = policy.quiet_from_hour, policy.quiet_until_hour
    zone = ZoneInfo(time_zone)
    local = now.replace(tzinfo=UTC).astimezone(zone)
    spans_midnight = start > end
    is_quiet = (
        local.hour >= start or local.hour < end if spans_midnight else start <= local.hour < end
    )
    if not is_quiet:
        return None
    morning = local.replace(hour=end, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning = (local + timedelta(days=1)).replace(hour=end, minute=0, second=0, microsecond=0)
    return morning.astimezone(UTC).replace(tzinfo=None)
