"""A few customers made at random, as rows of tables and as facts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from klantreis.rules import Facts, Moment
from klantreis.tables import contract
from tests.rules.strategies import EVENTS, NOW, TEXTS

__all__ = ["PEOPLE", "TABLES", "facts"]

Row = Mapping[str, Any]
HOURS = 6  # moments fall together, and on the very edges of windows
LONGEST_DAYS = 40
PEOPLE = range(30)


def _person(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "customer_id": number,
        "as_of": NOW,
        "is_known": chance.random() < 0.5,
        "city": chance.choice([None, "Utrecht", "'s-Hertogenbosch"]),
        "country": chance.choice([None, "NL", ""]),
        "birth_on": chance.choice([None, date(2025, 12, 5)]),
        "age_years": chance.choice([None, 30, 2]),
        "may_email": chance.random() < 0.4,
        "has_open_complaint": chance.random() < 0.3,
        "channels": chance.choice([["web"], ["store", "web"], []]),
        "sources": chance.choice([["", "Utrecht"], []]),
        "categories": chance.choice([["Utrecht"], []]),
        "brands": ([""], None, ["Utrecht", ""])[number % 3],
        "orders": number % 5,
        "revenue_amount": Decimal("12.50") * (number % 7),
        "discount_share": chance.choice([None, 0.5]),
        "last_order_at": chance.choice([None, NOW - timedelta(days=number)]),
        "recency_score": chance.choice([None, 1, 5]),
        "order_model": chance.choice([None, "bg_nbd"]),
        "churn_risk": chance.choice([None, 0.25]),
    }


def _moment(number: int, place: int, chance: random.Random) -> dict[str, Any]:
    slots = LONGEST_DAYS * 24 // HOURS
    # A few moments lie after the moment of asking: they do not count.
    at = NOW - timedelta(hours=HOURS * chance.randrange(-2, slots if place % 2 else 12))
    return {
        "customer_id": number,
        "position": place,
        "occurred_at": at,
        "event": chance.choice(EVENTS),
        "channel": chance.choice(["web", "store"]),
        "session": place // 2,
        "amount": chance.choice([None, Decimal("19.95"), Decimal(-5)]),
        "score": chance.choice([None, 0.5]),
        "page": chance.choice([None, "Utrecht/a", "'s-Hertogenbosch"]),
        "store_id": chance.choice([None, *TEXTS]),
    }


@cache
def _made() -> tuple[list[Row], list[Row]]:
    chance = random.Random(11)
    people: list[Row] = [_person(number, chance) for number in PEOPLE]
    timeline: list[Row] = [
        _moment(number, place, chance)
        for number in PEOPLE
        for place in range(chance.randrange(0, 16))
    ]
    return people, timeline


def _of(table: str) -> list[Row]:
    """Those columns of the people that a table has; who lacks a required one is not in it."""
    columns = {column.name for column in contract(table).columns}
    rows = [{name: row[name] for name in row if name in columns} for row in _made()[0]]
    telling = {"rfm": "recency_score", "customer_values": "order_model"}.get(table)
    return [row for row in rows if telling is None or row[telling] is not None]


def _tables() -> dict[str, list[Row]]:
    numbers = [number for number in PEOPLE if number % 3 == 0]
    visits = [
        ("see_think_do_care", "think", 1),
        ("see_think_do_care", "do", 2),
        ("see_think_do_care", "think", 3),
    ]
    return {
        "portraits": _of("portraits"),
        "customers": _of("customers"),
        "rfm": _of("rfm"),
        "customer_values": _of("customer_values"),
        "timeline": _made()[1],
        "memberships": [
            {"segmentation": "rfm", "segment": segment, "customer_id": number, "as_of": NOW}
            for number in numbers
            for segment in [("champions", "lost")[number % 2]]
        ],
        "persona_memberships": [
            {
                "customer_id": number,
                "persona_id": persona,
                "probability": 0.5,
                "is_member": (number % 4 == 0) == (persona == "quality"),
                "basis": "needs",
                "as_of": NOW,
            }
            for number in numbers
            for persona in ("quality", "service")
        ],
        "permissions": [
            {"customer_id": number, "purpose": purpose}
            for number in numbers
            for every, purpose in ((2, "sms_marketing"), (3, "post_marketing"), (5, "profiling"))
            if number % every == 0
        ],
        "journeys": [
            {
                "journey_id": f"j{number}",
                "customer_id": number,
                "outcome": "purchase" if number % 6 == 0 else "open",
            }
            for number in numbers
        ],
        "phase_visits": [
            {
                "phase_model": model,
                "journey_id": f"j{number}",
                "customer_id": number,
                "position": position,
                "phase": phase,
                "entered_at": NOW - timedelta(days=9 - position),
            }
            for number in numbers
            for model, phase, position in visits[: 1 + number % 4]
        ],
    }


TABLES: Mapping[str, list[Row]] = _tables()


def facts(number: int) -> Facts:
    """What live decisions know of a customer: the same as the tables hold."""
    known: dict[str, Any] = {}
    for table in ("customer_values", "rfm", "customers", "portraits"):
        for row in TABLES[table]:
            if row["customer_id"] == number:
                known |= row
    moments = [
        Moment(**{name: row[name] for name in row if name not in ("customer_id", "position")})
        for row in TABLES["timeline"]
        if row["customer_id"] == number
    ]
    own = {
        table: [row for row in TABLES[table] if row["customer_id"] == number]
        for table in (
            "memberships",
            "persona_memberships",
            "phase_visits",
            "journeys",
            "permissions",
        )
    }
    is_open = any(row["outcome"] == "open" for row in own["journeys"])
    last = max(own["phase_visits"], key=lambda row: row["position"], default=None)
    return Facts(
        known,
        tuple(moments),
        frozenset(row["segment"] for row in own["memberships"]),
        frozenset(row["persona_id"] for row in own["persona_memberships"] if row["is_member"]),
        frozenset({last["phase"]} if last and is_open else ()),
        frozenset(row["purpose"] for row in own["permissions"]),
    )
