"""Customers and flows for cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from klantreis.campaigns import Flow, Known, Payment, Policy, read_flow, shipped
from klantreis.rules import Facts, Moment

__all__ = ["NOON", "POLICY", "customer", "flow", "moment"]

NOON = datetime(2026, 1, 14, 11)  # 12:00 in Amsterdam, a Wednesday
POLICY = Policy(global_holdout=0.0, salt="test")


def flow(name: str, **changes: str) -> Flow:
    """A shipped flow, without a holdout."""
    text = shipped(name)
    lines = ["holdout = 0.0" if line.startswith("holdout") else line for line in text.splitlines()]
    return read_flow("\n".join(lines), channels=("email", "file", "webhook"))


def moment(event: str, hours: float, **more: Any) -> Moment:
    """Something that happened so many hours before noon."""
    return Moment(NOON - timedelta(hours=hours), event, **more)


def customer(
    *moments: Moment,
    payments: Iterable[Payment] = (),
    out_of_stock: Iterable[str] = (),
    has_withdrawn: bool = False,
    customer_id: int = 7,
    **values: Any,
) -> Known:
    """A customer who may be mailed, with what happened."""
    portrait = {
        "customer_id": customer_id,
        "name": "Sanne de Vries",
        "email": "sanne@voorbeeld.nl",
        "may_email": True,
        "has_open_complaint": False,
        "country": "NL",
        "language": "nl",
        "open_basket_amount": 80,
        "orders": 0,
    }
    return Known(
        customer_id,
        Facts({**portrait, **values}, tuple(moments)),
        tuple(payments),
        frozenset(out_of_stock),
        has_withdrawn,
    )
