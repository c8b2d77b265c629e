"""From rules to one Ibis expression over the tables: the customers for whom they hold.

What was added up is read as it is (`measuring.py`), the timeline once for all other counts, sums and
moments, however many windows and rules there are, and for each chain the moments that it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from klantreis.rules.asking import Asked, asked_by, times
from klantreis.rules.chains import chained
from klantreis.rules.groups import grouped
from klantreis.rules.measuring import measured
from klantreis.rules.moments import compared
from klantreis.rules.syntax import (
    And,
    Chain,
    Column,
    Compare,
    Consent,
    Did,
    Flag,
    Has,
    InAudience,
    InPhase,
    InSegment,
    Known,
    Measure,
    Not,
    OfPersona,
    Or,
    Rule,
    Within,
)
from klantreis.rules.vocabulary import (
    COLUMNS,
    EDGES,
    LISTS,
    PERMISSIONS,
    PURPOSES,
    TABLES_OF_COLUMNS,
    table_of,
)

__all__ = ["TABLES_READ", "held", "matching"]

TABLES_READ = (
    *TABLES_OF_COLUMNS,
    "timeline",
    "memberships",
    "persona_memberships",
    "phase_visits",
    "journeys",
)


def matching(
    rule: Rule, tables: Mapping[str, ir.Table], *, now: datetime, more: Sequence[str] = ()
) -> ir.Table:
    """The customers for whom a rule holds.

    Args:
        rule: as `parse` gives it.
        tables: those of `TABLES_READ` that the rule speaks of, and `portraits`; `permissions`
            (`customer_id` and a `purpose` of the table `consents` that they allow) when it asks
            for a consent to something else than mail. With `tallies` and `visits` too less is
            read; only when these hold up to `now`.
        now: windows end here (naive UTC); later moments do not count.
        more: columns of `portraits` to show too.

    Returns:
        Column `customer_id` and those of `more`, one row a customer.
    """
    condition = _condition((rule,), tables, now, more)
    people = condition.people
    return people.filter(condition.of(rule)).select("customer_id", *more)


def held(rules: Sequence[Rule], tables: Mapping[str, ir.Table], *, now: datetime) -> ir.Table:
    """For every customer which of several rules hold, found together.

    Args:
        rules: as `parse` gives them.
        tables, now: as for `matching`.

    Returns:
        Columns `customer_id`, and `r0`, `r1` ... for the rules; one row a customer.
    """
    condition = _condition(rules, tables, now, ())
    answers = {f"r{place}": condition.of(rule) for place, rule in enumerate(rules)}
    return condition.people.select("customer_id", **answers)


def _condition(
    rules: Sequence[Rule], tables: Mapping[str, ir.Table], now: datetime, more: Sequence[str]
) -> _Condition:
    asked = asked_by(rules)
    people = _people((*asked.columns, *more), tables)
    parts = []
    if asked.measures:
        parts += measured(asked, tables, now)
    if asked.chains:
        parts += chained(asked.chains, tables, now)
    parts += grouped(asked, tables)
    for part in parts:
        people = people.left_join(part, "customer_id").drop("customer_id_right")
    return _Condition(people, asked, now)


def _people(names: Sequence[str], tables: Mapping[str, ir.Table]) -> ir.Table:
    """The customers with the columns that are asked for."""
    own = {
        table: sorted({name for name in names if table_of(name) == table})
        for table in TABLES_OF_COLUMNS
    }
    people = tables["portraits"].select("customer_id", *own.pop("portraits"))
    for table, columns in own.items():
        if columns:
            others = tables[table].select("customer_id", *columns)
            people = people.left_join(others, "customer_id").drop("customer_id_right")
    return people


class _Condition:
    """Makes of each part of a rule a yes or no that is never empty."""

    def __init__(self, people: ir.Table, asked: Asked, now: datetime) -> None:
        self.people, self.asked, self.now = people, asked, now

    def of(self, rule: Rule) -> ir.BooleanValue:
        asked = self.asked
        match rule:
            case And(parts):
                return reduce(and_, map(self.of, parts))
            case Or(parts):
                return reduce(or_, map(self.of, parts))
            case Not(part):
                return ~self.of(part)
            case InAudience(_, part):
                return self.of(part)
            case Compare(left, operator, values):
                return compared(self._number_or_value(left), operator, values)
            case Did():
                return self._counted("m", asked.measures.index(times(rule)))
            case Chain():
                return self._counted("c", asked.chains.index(rule))
            case InSegment(segment):
                return self._counted("s", asked.segments.index(segment))
            case OfPersona(persona):
                return self._counted("p", asked.personas.index(persona))
            case InPhase(phase):
                return self._counted("f", asked.phases.index(phase))
            case Has(kind, value):
                return self.people[LISTS[kind]].contains(value).fill_null(False)
            case Consent(purpose) if purpose in PURPOSES:
                return self.people[PURPOSES[purpose]].fill_null(False)
            case Consent(purpose):
                return self._counted("a", asked.permissions.index(PERMISSIONS[purpose]))
            case Flag(column):
                return self.people[column.name].fill_null(False)
            case Known(column, is_known):
                value = self._value(column)
                return value.notnull() if is_known else value.isnull()
            case Within(column, window):
                moment, (start, end) = self._value(column), window.span(self.now)
                inside = moment <= ibis.literal(end)
                if start is not None:
                    inside = inside & (moment > ibis.literal(start))
                return inside.fill_null(False)

    def _counted(self, prefix: str, place: int) -> ir.BooleanValue:
        return self.people[f"{prefix}{place}"].fill_null(0) > 0

    def _value(self, left: Column | Measure) -> ir.Value:
        if isinstance(left, Column):
            return self.people[left.name]
        value = self.people[f"m{self.asked.measures.index(left)}"]
        return value if left.name in EDGES else value.fill_null(0)

    def _number_or_value(self, left: Column | Measure) -> ir.Value:
        value = self._value(left)
        if isinstance(left, Column):
            return value.cast("float64") if COLUMNS[left.name] == "number" else value
        return value if left.name in EDGES else value.cast("float64")
