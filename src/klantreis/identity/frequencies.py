"""How usual each value is: that two records agree on a rare one says more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.comparing import Field

__all__ = ["frequencies"]

ASSUMED_RECORDS = 1_000


def frequencies(
    person_profiles: ir.Table, compared: ir.Table, fields: Iterable[Field], *, engine: Engine
) -> Mapping[str, pa.Table]:
    """The share of all profiles that has each value: what is counted, averaged with what is assumed.

    Of few records the counts say little: among two, everything is usual.

    Args:
        person_profiles: all of them.
        compared: those of which the values matter.

    Returns:
        By column that is weighed by frequency: its values, and `tf_...` of them.
    """
    levels = (level for field in fields for level in field.levels if level.term)
    return {
        level.term: engine.fetch(_shares(person_profiles, compared, level.term, level.u))
        for level in levels
    }


def _shares(person_profiles: ir.Table, compared: ir.Table, term: str, u: float) -> ir.Table:
    every = person_profiles.filter(person_profiles[term].notnull())
    total = every.aggregate(total=every.count())
    wanted = every.semi_join(compared, term)
    counted = wanted.group_by(term).aggregate(records=wanted.count()).cross_join(total)
    share = (counted["records"] + ASSUMED_RECORDS * u) / (counted["total"] + ASSUMED_RECORDS)
    return counted.select(term, **{f"tf_{term}": share})
