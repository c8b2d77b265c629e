"""The measures of the library: for everybody and for each persona, now and in the periods before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.tables import TABLES
from klantreis.value import samples
from klantreis.value.period import PERIODS_BACK, Period, Sample
from klantreis.value.taking import MEASURES

__all__ = ["EVERYONE", "PERIOD_DAYS", "measures"]

EVERYONE = "all"
PERIOD_DAYS = 90
PERIODS = 4
GROUP = "persona_id"
DATES = ("starts_at", "ends_at")
SCHEMA = pa.schema(
    field for field in TABLES["measures"].schema.to_pyarrow() if field.name not in DATES
)
# Form by the columns that a measure has, and where its parts go.
FORMS: Mapping[str, tuple[str, str, str, str]] = {
    "share": ("part", "whole", "", "whole"),
    "mean": ("mean", "", "deviation", "n"),
    "total": ("total", "", "", "n"),
    "quotient": ("top", "bottom", "", "n"),
}


def measures(
    persona_memberships: ir.Table,
    links: ir.Table,
    portraits: ir.Table,
    timeline: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    payments: ir.Table,
    messages: ir.Table,
    feedback: ir.Table,
    survey_answers: ir.Table,
    spend: ir.Table,
    emotions: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
) -> ir.Table:
    """Take every measure of the library over the last 90 days of the data and the periods before.

    A persona is measured over its members. A record counts for the persona of the customer whom
    its person is tied to; advertising is not of a customer, and is measured for everybody only.

    Args:
        persona_memberships, links: who is of which persona.
        portraits, timeline, orders, order_lines, payments, messages, feedback, survey_answers,
            spend, emotions: what is measured.
        as_of: end of the last period, naive UTC.

    Returns:
        As in the contract of `measures`.
    """
    members = _members(persona_memberships)
    people = links.join(members, "customer_id").select("person_id", GROUP)
    told = {
        "portraits": _told(portraits, members, "customer_id"),
        "emotions": _told(emotions, members, "customer_id"),
        "orders": _told(orders, people, "person_id"),
        "payments": _told(_paid_by(payments, orders), people, "person_id"),
        "messages": _told(messages, people, "person_id"),
        "feedback": _told(feedback, people, "person_id"),
        "survey_answers": _told(survey_answers, people, "person_id"),
        "spend": spend.mutate(**{GROUP: ibis.literal(EVERYONE)}),
        "order_lines": order_lines,
    }
    period = _period(told, as_of, _lived(timeline, members, as_of))
    rows = [row for sample in _samples() for row in _taken(sample, period, engine)]
    return engine.table(pa.Table.from_pylist(rows, schema=SCHEMA)).pipe(_dated, as_of)


def _members(persona_memberships: ir.Table) -> ir.Table:
    """One persona a member; at exactly one half of each of two the first one."""
    own = persona_memberships.filter(persona_memberships["is_member"])
    return own.group_by("customer_id").aggregate(**{GROUP: own[GROUP].min()})


def _paid_by(payments: ir.Table, orders: ir.Table) -> ir.Table:
    """Payments with the person of their order where they name none themselves."""
    buyers = orders.select("order_id", buyer="person_id")
    placed = payments.left_join(buyers, "order_id").drop("order_id_right")
    return placed.mutate(person_id=placed["person_id"].coalesce(placed["buyer"])).drop("buyer")


def _told(rows: ir.Table, owners: ir.Table, key: str) -> ir.Table:
    """The rows as everybody's, and once more as those of the personas that they are of."""
    everybody = rows.mutate(**{GROUP: ibis.literal(EVERYONE)})
    owned = rows.join(owners, key)
    return ibis.union(everybody, owned.select(everybody.columns))


def _lived(timeline: ir.Table, members: ir.Table, as_of: datetime) -> Mapping[Sample, ir.Table]:
    """The samples of the timeline, which is read once for everybody and all personas together."""
    rows = timeline.left_join(members, "customer_id").drop("customer_id_right")
    period = _period({"timeline": rows}, as_of, {})
    return {
        sample: _with_everybody(sample(period))
        for sample in (samples.visits, samples.buyers, samples.deliveries)
    }


def _with_everybody(rows: ir.Table) -> ir.Table:
    everybody = rows.mutate(**{GROUP: ibis.literal(EVERYONE)})
    return ibis.union(everybody, rows.filter(rows[GROUP].notnull()).select(everybody.columns))


def _period(
    tables: Mapping[str, ir.Table], as_of: datetime, made: Mapping[Sample, ir.Table]
) -> Period:
    starts = [as_of - timedelta(days=PERIOD_DAYS * (back + 1)) for back in range(PERIODS)]
    end = as_of + timedelta(microseconds=1)  # the last moment counts too
    return Period(tables.__getitem__, starts[-1], end, tuple(starts[:-1]), (GROUP,), made)


def _samples() -> Iterable[Sample]:
    return dict.fromkeys(measure.sample for measure in MEASURES.values())


def _taken(sample: Sample, period: Period, engine: Engine) -> Iterable[dict[str, Any]]:
    """All measures of a sample, in one pass over its rows; a handful of numbers comes of it."""
    rows = period.sampled(sample)
    own = {name: one.numbers(rows) for name, one in MEASURES.items() if one.sample is sample}
    wide = period.summed(
        rows,
        **{f"{name}.{part}": value for name, parts in own.items() for part, value in parts.items()},
    )
    for row in engine.fetch(wide).to_pylist():
        for name, parts in own.items():
            numbers = {part: row[f"{name}.{part}"] for part in parts}
            yield _shaped(name, numbers) | {key: row[key] for key in period.keys}


def _shaped(name: str, numbers: Mapping[str, Any]) -> dict[str, Any]:
    form = next(form for form, parts in FORMS.items() if parts[0] in numbers)
    top, bottom, deviation, n = (numbers.get(part) for part in FORMS[form])
    return {
        "measure": name,
        "form": form,
        "top": _float(top),
        "bottom": _float(bottom),
        "deviation": _float(deviation),
        "n": int(n or 0),
    }


def _float(number: Any) -> float | None:
    return None if number is None else float(number)


def _dated(taken: ir.Table, as_of: datetime) -> ir.Table:
    ends = [as_of - timedelta(days=PERIOD_DAYS * back) for back in range(PERIODS + 1)]
    return taken.mutate(
        ends_at=_at(taken[PERIODS_BACK], ends[:-1]), starts_at=_at(taken[PERIODS_BACK], ends[1:])
    )


def _at(back: ir.IntegerValue, moments: list[datetime]) -> ir.TimestampValue:
    *nearer, furthest = [ibis.literal(moment) for moment in moments]
    return ibis.cases(*((back == n, moment) for n, moment in enumerate(nearer)), else_=furthest)
