"""The journeys of the made-up people: steps, phases, and where they stopped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from tests.web.shop.people import Row

__all__ = ["drop_offs", "journeys", "transitions"]

PHASES = {
    "see_think_do_care": ("see", "think", "do", "care"),
    "awareness_to_advocacy": (
        "awareness",
        "consideration",
        "purchase",
        "retention",
        "advocacy",
    ),
}
PHASE_OF = {"ad_click": 0, "view_item_list": 0, "search": 1, "view_item": 1, "add_to_cart": 2}


def journeys(timelines: dict[int, list[Row]]) -> tuple[list[Row], list[Row], list[Row]]:
    journeys, steps, visits = [], [], []
    for customer_id, rows in timelines.items():
        journey_id = f"{customer_id}-1"
        bought = [row for row in rows if row["event"] == "purchase"]
        own = _steps(journey_id, rows)
        outcome = "purchase" if bought else "lapsed" if customer_id % 5 else "open"
        journeys.append(
            {
                "journey_id": journey_id,
                "customer_id": customer_id,
                "number": 1,
                "started_at": rows[0]["occurred_at"],
                "ended_at": rows[-1]["occurred_at"],
                "purchased_at": bought[0]["occurred_at"] if bought else None,
                "outcome": outcome,
                "entry_touchpoint": own[0]["touchpoint"],
                "orientation_channel": "web",
                "purchase_channel": bought[0]["channel"] if bought else None,
                "last_touchpoint": own[-1]["touchpoint"],
                "steps": len(own),
                "channels": len({row["channel"] for row in rows}),
                "days_to_purchase": 3.5 if bought else None,
                "purchase_amount": sum((row["amount"] for row in bought), Decimal(0)),
            }
        )
        steps += own
        visits += _phase_visits(own)
    return journeys, steps, visits


def _steps(journey_id: str, rows: Sequence[Row]) -> list[Row]:
    steps: list[Row] = []
    for row in rows:
        touchpoint = f"{row['channel']}.{row['event']}"
        if steps and steps[-1]["touchpoint"] == touchpoint:
            steps[-1]["repeats"] += 1
            continue
        if steps:
            wait = (row["occurred_at"] - steps[-1]["left_at"]).total_seconds()
            steps[-1] |= {"next_touchpoint": touchpoint, "wait_seconds": int(wait)}
        steps.append(
            {
                "journey_id": journey_id,
                "customer_id": row["customer_id"],
                "position": len(steps) + 1,
                "touchpoint": touchpoint,
                "channel": row["channel"],
                "event": row["event"],
                "moment": "purchase" if row["event"] == "purchase" else "before",
                "repeats": 1,
                "entered_at": row["occurred_at"],
                "left_at": row["occurred_at"],
                "next_touchpoint": None,
                "wait_seconds": None,
                "amount": row.get("amount"),
            }
        )
    return steps


def _phase_visits(steps: Sequence[Row]) -> list[Row]:
    visits = []
    for model, phases in PHASES.items():
        for position, step in enumerate(steps, start=1):
            place = 2 if step["event"] == "purchase" else PHASE_OF.get(step["event"], 3)
            visits.append(
                {
                    "phase_model": model,
                    "journey_id": step["journey_id"],
                    "customer_id": step["customer_id"],
                    "position": position,
                    "phase": phases[place],
                    "visit": 1,
                    "entered_at": step["entered_at"],
                    "left_at": step["left_at"],
                    "steps": 1,
                    "next_phase": None,
                    "wait_seconds": step["wait_seconds"],
                }
            )
    return visits


def transitions(steps: Sequence[Row]) -> list[Row]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for step in steps:
        found[step["touchpoint"], step["next_touchpoint"] or "lapse_end"].append(step)
    return [
        {
            "level": "touchpoint",
            "phase_model": "-",
            "source": source,
            "target": target,
            "transitions": len(rows),
            "journeys": len({row["journey_id"] for row in rows}),
            "customers": len({row["customer_id"] for row in rows}),
            "median_wait_seconds": float(rows[0]["wait_seconds"] or 0),
            "p90_wait_seconds": float(rows[0]["wait_seconds"] or 0) * 4,
        }
        for (source, target), rows in found.items()
    ]


def drop_offs(journeys: Sequence[Row], visits: Sequence[Row]) -> list[Row]:
    ended = {row["journey_id"] for row in journeys if row["outcome"] != "open"}
    lapsed = {row["journey_id"] for row in journeys if row["outcome"] == "lapsed"}
    rows = []
    for model, phases in PHASES.items():
        reached: dict[str, set[str]] = defaultdict(set)
        last: dict[str, str] = {}
        for visit in visits:
            if visit["phase_model"] == model and visit["journey_id"] in ended:
                reached[visit["phase"]].add(visit["journey_id"])
                last[visit["journey_id"]] = visit["phase"]
        for position, phase in enumerate(phases, start=1):
            here = reached[phase]
            stopped = sum(last[journey] == phase for journey in here & lapsed)
            part = stopped / len(here) if here else None
            rows.append(
                {
                    "phase_model": model,
                    "phase": phase,
                    "position": position,
                    "journeys": len(ended),
                    "reached": len(here),
                    "skipped": len(ended) - len(here),
                    "returned": len(here) // 7,
                    "continued": len(here) - stopped,
                    "stopped": stopped,
                    "drop_off_share": part,
                    "drop_off_low": None if part is None else max(0.0, part - 0.05),
                    "drop_off_high": None if part is None else min(1.0, part + 0.05),
                    "median_stay_seconds": 3600.0 * position,
                    "value_at_risk_amount": Decimal(stopped * 140),
                }
            )
    return rows
