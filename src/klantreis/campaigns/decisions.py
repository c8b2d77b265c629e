"""What a flow decides for one customer now: a pure function of flow, facts, sends and clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from klantreis.campaigns.flows import Flow, Send, Stop, Wait
from klantreis.campaigns.guards import marketing_guard, payment_trouble, quiet_until
from klantreis.campaigns.holdout import EVERYTHING, is_held_out
from klantreis.campaigns.known import Decision, Entry, Known, Policy, Sent
from klantreis.rules import Moment, holds

__all__ = ["Played", "entry_of", "play", "would_get"]


@dataclass(frozen=True)
class Played:
    """How far a customer came.

    Attributes:
        entry: where they stand now.
        decisions: what was decided on the way there, in order; the last may say what is waited for.
    """

    entry: Entry
    decisions: tuple[Decision, ...]


def entry_of(flow: Flow, known: Known, last: Entry | None, *, now: datetime) -> Entry | None:
    """A new entry into a flow when its trigger holds and the customer may enter (again).

    Args:
        flow: the campaign.
        known: the customer.
        last: their last entry, active or not.
        now: naive UTC.
    """
    if last and (last.status == "active" or flow.reentry is None):
        return None
    moment = _trigger_moment(flow, known, now)
    if flow.trigger.event and moment is None:
        return None
    entered_at = moment.occurred_at if moment else now
    if last and flow.reentry and entered_at < last.entered_at + flow.reentry:
        return None
    if flow.trigger.rule is not None and not holds(flow.trigger.rule, known.facts, now=now):
        return None
    product = moment.product_id or "" if moment else ""
    return Entry(flow.name, known.customer_id, entered_at, 0, entered_at, product_id=product)


def play(
    flow: Flow, known: Known, entry: Entry, sent: Sequence[Sent], policy: Policy, *, now: datetime
) -> Played:
    """Take all steps that can be taken now.

    Args:
        flow: the campaign.
        known: the customer.
        entry: where they stand.
        sent: all messages of all campaigns to the customer.
        policy: what holds for the whole shop.
        now: naive UTC.

    Returns:
        Where they stand afterwards, and every decision on the way.
    """
    decisions: list[Decision] = []
    sent = list(sent)
    while entry.status == "active":
        decision = _decide(flow, known, entry, sent, policy, now)
        decisions.append(decision)
        if decision.action in ("waits", "postponed"):
            return Played(entry, tuple(decisions))
        if decision.action == "sent":
            sent.append(
                Sent(flow.name, entry.entered_at, decision.letter, decision.is_service, now)
            )
        entry = _moved_on(flow, entry, decision, now)
    return Played(entry, tuple(decisions))


def would_get(
    flow: Flow, known: Known, sent: Sequence[Sent], policy: Policy, *, now: datetime
) -> Decision:
    """What a customer would get if the first message of a flow went out now, at no quiet hour."""
    moment = _trigger_moment(flow, known, now)
    entered_at = moment.occurred_at if moment else now
    product = moment.product_id or "" if moment else ""
    place = next(i for i, step in enumerate(flow.steps) if isinstance(step, Send))
    entry = Entry(flow.name, known.customer_id, entered_at, place, now, product_id=product)
    step = flow.steps[place]
    assert isinstance(step, Send)
    return _message(flow, step, known, entry, sent, policy, now)


def _decide(
    flow: Flow, known: Known, entry: Entry, sent: Sequence[Sent], policy: Policy, now: datetime
) -> Decision:
    for event in flow.exits:
        if known.moments(event, after=entry.entered_at, until=now):
            reason = "bought" if event == "purchase" else event
            return Decision("exited", entry.step, reason)
    if entry.step >= len(flow.steps):
        return Decision("finished", entry.step)
    step = flow.steps[entry.step]
    if step.when is not None and not holds(step.when, known.facts, now=now):
        return Decision("passed", entry.step, "condition")
    if isinstance(step, Stop):
        return Decision("finished", entry.step)
    if isinstance(step, Wait):
        until = _since(flow, known, entry, now) + step.length
        return Decision("waits" if now < until else "passed", entry.step, "wait", until=until)
    if morning := quiet_until(known, policy, now):
        return Decision("postponed", entry.step, "quiet_hours", step.letter, until=morning)
    return _message(flow, step, known, entry, sent, policy, now)


def _message(
    flow: Flow,
    step: Send,
    known: Known,
    entry: Entry,
    sent: Sequence[Sent],
    policy: Policy,
    now: datetime,
) -> Decision:
    """Whether a message goes out, another in its place, or none."""

    def blocked(reason: str) -> Decision:
        return Decision("blocked", entry.step, reason, step.letter, step.is_service)

    if now - entry.since > policy.latest:
        return blocked("too_late")
    if flow.channel == "email" and not known.email:
        return blocked("no_address")
    trouble = payment_trouble(known, entry, policy, now)
    if trouble and not step.is_service:
        had = {
            one.letter
            for one in sent
            if (one.campaign, one.entered_at) == (flow.name, entry.entered_at)
        }
        if step.instead and step.instead not in had:
            return Decision("sent", entry.step, trouble, step.instead, is_service=True)
        return blocked(trouble)
    if step.is_service:
        return Decision("sent", entry.step, letter=step.letter, is_service=True)
    if reason := marketing_guard(flow, entry, known, sent, policy, now):
        return blocked(reason)
    # The holdout comes last: both arms are those who would have had the message.
    if is_held_out(known.customer_id, flow.name, flow.holdout, salt=policy.salt):
        return Decision("held_out", entry.step, "campaign", step.letter)
    if is_held_out(known.customer_id, EVERYTHING, policy.global_holdout, salt=policy.salt):
        return Decision("held_out", entry.step, "all_campaigns", step.letter)
    return Decision("sent", entry.step, letter=step.letter)


def _moved_on(flow: Flow, entry: Entry, decision: Decision, now: datetime) -> Entry:
    if decision.action == "exited":
        return replace(entry, status="exited")
    if decision.action == "finished":
        return replace(entry, status="finished")
    # A wait that is over ended when it ended, not when somebody looked.
    since = decision.until if decision.reason == "wait" and decision.until else now
    is_skipped = decision.action == "passed" and decision.reason == "condition"
    return replace(entry, step=entry.step + 1, since=entry.since if is_skipped else since)


def _since(flow: Flow, known: Known, entry: Entry, now: datetime) -> datetime:
    """Where the wait begins; the first one begins anew with each new moment of the trigger's kind."""
    if entry.step == 0 and (moment := _trigger_moment(flow, known, now)):
        return max(entry.since, moment.occurred_at)
    return entry.since


def _trigger_moment(flow: Flow, known: Known, now: datetime) -> Moment | None:
    trigger = flow.trigger
    if not trigger.event:
        return None
    found = [
        moment
        for moment in known.moments(trigger.event, after=now - trigger.within, until=now)
        if trigger.score_at_most is None
        or (moment.score is not None and moment.score <= trigger.score_at_most)
    ]
    return found[-1] if found else None
