"""What campaigns brought: those of the mail tool and our own, each beside the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.campaigns import (
    Arm,
    Estimate,
    arms_measured,
    balance,
    conversion_uplift,
    difference_of,
    over_all_purchases,
    revenue_uplift,
    share_difference,
    share_held_out,
)
from klantreis.settings import Settings
from klantreis.state import State
from klantreis.workspace.campaigns import Campaigns
from klantreis.workspace.reading import Reading

__all__ = ["CampaignEffects", "Effect", "Recognised"]

# A title without its month, year and number names the kind: earlier mailings of the same kind.
DATED = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december"
    r"|januari|februari|maart|mei|juni|juli|augustus|oktober|week|\d+)\b",
    re.IGNORECASE,
)
SUSPECT = 0.001
ENOUGH_BUYERS = 30


@dataclass(frozen=True)
class Recognised:
    """How many of the finished sales tie to a customer.

    Attributes:
        orders: those that do.
        all_orders: all of them.
    """

    orders: int
    all_orders: int

    @property
    def share(self) -> float:
        """Part of the sales that ties to a customer; one where there are no sales."""
        return self.orders / self.all_orders if self.orders else 1.0


@dataclass(frozen=True)
class Effect:
    """What one campaign brought.

    Attributes:
        campaign: its name.
        kind: what it is compared with.
        started_at: first message.
        sent, held_out: both arms.
        conversion: difference between the shares that bought; None without both arms.
        revenue: difference in EUR a customer, what they bought before taken out.
        conversion_of_all, revenue_of_all: both over all purchases, on the assumption that those
            that tie to nobody respond alike.
        balance: how likely arms of these sizes are (p); None where the planned share is not known.
        previous: the campaign of the same kind before it; empty when there is none.
        against_previous: how much more it brought than that one.
        demand: how much more of the held-out bought than those of the one before: whether there is
            more demand now, without any mail.
    """

    campaign: str
    kind: str
    started_at: datetime
    sent: Arm
    held_out: Arm
    conversion: Estimate | None
    revenue: Estimate | None
    conversion_of_all: Estimate | None
    revenue_of_all: Estimate | None
    balance: float | None
    previous: str = ""
    against_previous: Estimate | None = None
    demand: Estimate | None = None

    @property
    def is_suspect(self) -> bool:
        """Whether the arms are so unequal that the draw or the log must be wrong."""
        return self.balance is not None and self.balance < SUSPECT

    @property
    def needed_buyers(self) -> int:
        """How many buyers are still lacking for an interval that can be relied on."""
        return max(0, ENOUGH_BUYERS - self.sent.buyers - self.held_out.buyers)


class CampaignEffects:
    """Measures what campaigns brought.

    Args:
        reading: the published tables.
        campaigns: knows which are our own, and their holdouts.
        state: knows who got what.
        settings: of the workspace.
    """

    def __init__(
        self, reading: Reading, campaigns: Campaigns, state: State, settings: Settings
    ) -> None:
        self._reading, self._campaigns = reading, campaigns
        self._state, self._settings = state, settings

    def imported(self) -> tuple[Effect, ...]:
        """Campaigns of the mail tool that had a holdout, newest first."""
        rows = self._reading.rows(self._reading.table("effects"))
        return _compared(_effects(rows, {}, self.recognised()))

    def recognised(self) -> Recognised:
        """How many of the finished sales tie to a customer: the others are seen in no arm."""
        orders, timeline = self._reading.table("orders"), self._reading.table("timeline")
        finished = orders.filter(
            (orders["kind"] == "sale") & orders["status"].isin(("completed", "refunded"))
        )
        tied = timeline.filter(
            (timeline["event"] == "purchase") & (timeline["record_table"] == "orders")
        )
        all_orders, tied_orders = (self._count(table) for table in (finished, tied))
        return Recognised(min(tied_orders, all_orders), all_orders)

    def _count(self, table: ir.Table) -> int:
        return int(self._reading.rows(table.count().name("n").as_table())[0]["n"])

    def own(self, name: str) -> Effect | None:
        """One campaign of our own; None as long as an arm is empty."""
        published = self._reading.published
        flow = self._campaigns.one(name).flow
        arms: dict[int, list[tuple[str, datetime]]] = {}
        for customer_id, arm, at in self._state.campaigns.arms(name):
            arms.setdefault(customer_id, []).append((arm, at))
        told = [(number, *found[0]) for number, found in arms.items() if len(found) == 1]
        if published is None or not told:
            return None
        table = pa.table(
            {
                "campaign": pa.array([name] * len(told), pa.string()),
                "customer_id": pa.array([one[0] for one in told], pa.int64()),
                "arm": pa.array([one[1] for one in told], pa.string()),
                "at": pa.array([one[2] for one in told], pa.timestamp("us")),
            }
        )
        measured = arms_measured(
            self._reading.engine.table(table),
            self._reading.table("timeline"),
            as_of=published.as_of,
            effect_days=self._settings.effect_days,
        )
        share = share_held_out(flow.holdout, self._settings.global_holdout)
        found = _effects(self._reading.rows(measured), {name: share}, self.recognised())
        return found[0] if found else None


def _effects(
    rows: Iterable[Mapping[str, Any]], planned: Mapping[str, float], recognised: Recognised
) -> list[Effect]:
    arms: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        arms.setdefault(row["campaign"], {})[row["arm"]] = row
    found = []
    for campaign, both in arms.items():
        if set(both) != {"sent", "held_out"}:
            continue
        sent, held_out = _arm(both["sent"]), _arm(both["held_out"])
        share = planned.get(campaign)
        conversion, revenue = conversion_uplift(sent, held_out), revenue_uplift(sent, held_out)
        found.append(
            Effect(
                campaign=campaign,
                kind=" ".join(DATED.sub(" ", campaign).split()).lower(),
                started_at=min(row["started_at"] for row in both.values()),
                sent=sent,
                held_out=held_out,
                conversion=conversion,
                revenue=revenue,
                conversion_of_all=_of_all(conversion, recognised),
                revenue_of_all=_of_all(revenue, recognised),
                balance=balance(sent.customers, held_out.customers, share) if share else None,
            )
        )
    return found


def _of_all(counted: Estimate | None, recognised: Recognised) -> Estimate | None:
    return over_all_purchases(counted, recognised.share) if counted else None


def _arm(row: Mapping[str, Any]) -> Arm:
    return Arm(
        customers=row["customers"],
        buyers=row["buyers"],
        revenue=float(row["revenue_amount"]),
        revenue_squares=row["revenue_squares"],
        history=float(row["history_amount"]),
        history_squares=row["history_squares"],
        products=row["history_products"],
    )


def _compared(found: list[Effect]) -> tuple[Effect, ...]:
    """Each beside the one before it of the same kind; newest first."""
    last: dict[str, Effect] = {}
    compared = []
    for effect in sorted(found, key=lambda one: (one.started_at, one.campaign)):
        before = last.get(effect.kind)
        last[effect.kind] = effect
        compared.append(_beside(effect, before) if before else effect)
    return tuple(reversed(compared))


def _beside(effect: Effect, before: Effect) -> Effect:
    held, held_before = effect.held_out, before.held_out
    return replace(
        effect,
        previous=before.campaign,
        against_previous=difference_of(effect.conversion, before.conversion)
        if effect.conversion and before.conversion
        else None,
        demand=share_difference(
            held.buyers, held.customers, held_before.buyers, held_before.customers
        ),
    )
