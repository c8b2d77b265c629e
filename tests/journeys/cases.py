"""Short ways to write timelines, and the journey rules once more, told moment by moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import ibis.expr.types as ir

from klantreis import journeys
from klantreis.engine import Engine
from klantreis.journeys.touchpoints import role_rules
from klantreis.tables import Renewal, conform, contract
from tests.rows import Row, afresh, made, rows_of

NOW = datetime(2026, 3, 1)
START = datetime(2025, 1, 1)
LAPSE_DAYS, AFTERCARE_DAYS, LOOK_BACK_DAYS = 60, 90, 14
SESSION = timedelta(minutes=30)
MODELS = journeys.phase_models()


class Moment(NamedTuple):
    """Something that happened to a customer, so many days after the start."""

    customer: int
    day: float
    touchpoint: str
    euros: int | None = None

    @property
    def at(self) -> datetime:
        return START + timedelta(seconds=round(self.day * 86_400))


def walk(*moments: tuple[float, str] | tuple[float, str, int]) -> list[Moment]:
    """The moments of customer 1: `walk((0, "web.view_item"), (3, "store.purchase", 20))`."""
    return [Moment(1, *moment) for moment in moments]


def timeline_rows(moments: Iterable[Moment]) -> list[Row]:
    """Rows of a timeline, with position and session as the timeline gives them."""
    rows: list[Row] = []
    last: dict[int, Row] = {}
    for moment in sorted(moments, key=lambda m: (m.customer, m.at)):
        before = last.get(moment.customer)
        is_new_visit = before is None or moment.at - before["occurred_at"] > SESSION
        channel, event = moment.touchpoint.split(".")
        row = {
            "customer_id": moment.customer,
            "position": 1 + (before["position"] if before else 0),
            "session": is_new_visit + (before["session"] if before else 0),
            "occurred_at": moment.at,
            "channel": channel,
            "event": event,
            "amount": None if moment.euros is None else Decimal(moment.euros),
        }
        last[moment.customer] = row
        rows.append(row)
    return rows


class Made:
    """The tables of the room, made from a timeline."""

    def __init__(self, engine: Engine, timeline: ir.Table, as_of: datetime = NOW) -> None:
        self.engine = engine
        settings: dict[str, Any] = {"as_of": as_of, "lapse_days": LAPSE_DAYS}
        self.steps = self._keep(
            "steps",
            journeys.steps(
                timeline,
                rows_of("occurrences", ()),
                engine=engine,
                aftercare_days=AFTERCARE_DAYS,
                **settings,
                **afresh(journeys.steps),
            ),
        )
        self.journeys = self._keep(
            "journeys",
            journeys.journeys(self.steps, engine=engine, **settings, **afresh(journeys.journeys)),
        )
        self.phase_visits = self._keep(
            "phase_visits",
            journeys.phase_visits(
                self.steps, engine=engine, phase_models=MODELS, **afresh(journeys.phase_visits)
            ),
        )
        self.transitions = self._keep(
            "transitions",
            journeys.transitions(self.steps, self.phase_visits, self.journeys, engine=engine),
        )
        self.drop_offs = self._keep(
            "drop_offs",
            journeys.drop_offs(
                self.phase_visits, self.journeys, engine=engine, phase_models=MODELS
            ),
        )

    def _keep(self, name: str, expression: ir.Table | Renewal) -> ir.Table:
        assert not isinstance(expression, Renewal)
        return self.engine.keep(conform(expression, contract(name)))

    def rows(self, name: str) -> list[dict[str, Any]]:
        return made(name, getattr(self, name), self.engine)


def made_from(engine: Engine, moments: Iterable[Moment], as_of: datetime = NOW) -> Made:
    return Made(engine, rows_of("timeline", timeline_rows(moments)), as_of)


def steps_of(engine: Engine, moments: Iterable[Moment]) -> list[tuple[str, str, str]]:
    """Journey, touchpoint and moment of each step, in order."""
    result = journeys.steps(
        rows_of("timeline", timeline_rows(moments)),
        rows_of("occurrences", ()),
        engine=engine,
        as_of=NOW,
        lapse_days=LAPSE_DAYS,
        aftercare_days=AFTERCARE_DAYS,
        **afresh(journeys.steps),
    )
    return [
        (row["journey_id"], row["touchpoint"], row["moment"])
        for row in made("steps", result, engine)
    ]


def role_of(event: str, channel: str) -> str:
    for rule in role_rules():
        if (not rule.events or event in rule.events) and (
            not rule.channels or channel in rule.channels
        ):
            return rule.role
    raise AssertionError(event)


@dataclass
class Storyteller:
    """The rules of `steps` for one customer, visit by visit: slow, but as one would tell them."""

    number: int = 0
    purchase_number: int = 0
    purchased_at: datetime | None = None
    acted_until: datetime | None = None
    bought_last: bool = False
    told: list[tuple[int, str, Row]] = field(default_factory=list)

    def tell(self, visit: Sequence[Row]) -> None:
        started = visit[0]["occurred_at"]
        roles = [role_of(row["event"], row["channel"]) for row in visit]
        has_aftercare = self._within(started, self.purchased_at, AFTERCARE_DAYS)
        is_open = self._within(started, self.acted_until, LAPSE_DAYS)
        looks_back = self._within(started, self.purchased_at, LOOK_BACK_DAYS) and not (
            {"before", "purchase"} & set(roles)
        )
        has_begun = has_bought = False
        purchase_number = self.purchase_number
        for row, role in zip(visit, roles, strict=True):
            serves_purchase = has_aftercare and role in ("after", "contact")
            serves_purchase |= looks_back and role == "glance"
            is_act = role in ("before", "purchase", "glance", "contact")
            if is_act and not serves_purchase and not has_bought and not has_begun:
                has_begun = True
                if not is_open or self.bought_last:
                    self.number += 1
            has_bought |= role == "purchase"
            number = self.number
            if not has_bought and serves_purchase:
                number = purchase_number
            if role == "passive" and not (has_begun or is_open):
                number = purchase_number if has_aftercare else 0
            is_after = has_bought or (number == purchase_number and number > 0)
            moment = "purchase" if role == "purchase" else "after" if is_after else "before"
            if number:
                self.told.append((number, moment, row))
            if role == "purchase":
                self.purchased_at, self.purchase_number = row["occurred_at"], self.number
        if has_begun:
            self.acted_until, self.bought_last = visit[-1]["occurred_at"], has_bought

    @staticmethod
    def _within(later: datetime, earlier: datetime | None, days: int) -> bool:
        return earlier is not None and later - earlier <= timedelta(days=days)


def told(moments: Iterable[Moment]) -> list[tuple[str, str, str, int]]:
    """What `steps` must give: journey, touchpoint, moment and repeats of each step."""
    visits: dict[tuple[int, int], list[Row]] = {}
    for row in timeline_rows(moments):
        visits.setdefault((row["customer_id"], row["session"]), []).append(row)
    tellers: dict[int, Storyteller] = {}
    for (customer, _), visit in visits.items():
        tellers.setdefault(customer, Storyteller()).tell(visit)
    steps: list[tuple[str, str, str, int]] = []
    for customer, teller in tellers.items():
        last: Row = {}
        for number, moment, row in sorted(teller.told, key=lambda t: (t[0], t[2]["position"])):
            name = f"{row['channel']}.{row['event']}"
            place = (number, name, row["session"])
            if last.get("place") == place and row["amount"] is None:
                steps[-1] = (*steps[-1][:3], steps[-1][3] + 1)
            else:
                steps.append((f"{customer}-{number}", name, moment, 1))
            last = {"place": place}
    return steps
