"""What agreement and difference say of whether two records are one human being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log2

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.comparing import FIELDS, Field
from klantreis.identity.linking import Learnt, Pass, learn
from klantreis.identity.profiles import COMPARED
from klantreis.tables import contract

__all__ = ["match_model"]

ENOUGH_PROFILES = 200
TOO_MANY_OTHERS = 0.2  # part that the number of profiles may differ before it is learnt anew
AGREEMENTS: tuple[tuple[str, ...], ...] = (
    ("first", "last"),
    ("birth", "sound"),
    ("birth", "first"),
    ("first", "postcode", "number"),
)
AGREEING: Mapping[str, tuple[str, str]] = {
    "first": ("first_name", "same"),
    "last": ("last_name", "same"),
    "sound": ("last_name", "same"),
    "birth": ("birth_date", "same"),
    "postcode": ("place", "same"),
    "number": ("address", "same"),
}
# What is assumed beforehand weighs as much as this many pairs.
ASSUMED_PAIRS = 100
ASSUMED_RANDOM_PAIRS = 20_000
FEWEST_MATCHES = 20
ASSUMED_DOUBLES = 0.05  # part of the records that have a double, where nothing can be learnt


def match_model(
    person_profiles: ir.Table, *, engine: Engine, kept_match_model: ir.Table
) -> ir.Table:
    """Learn, without labels, how much each degree of agreement says.

    u (how often two random people agree) comes from random pairs; m (how often two records of one
    human being do) by expectation maximisation over pairs that agree on something else. What the
    data say is averaged with what is assumed beforehand, which weighs as much as a hundred pairs:
    few records move the model little.

    Args:
        person_profiles: what records say.
        kept_match_model: what was learnt before, which holds until there are a fifth more profiles,
            or fewer: what was weighed by it need not be weighed again.

    Returns:
        As in the contract of `match_model`; only fields that the data have.
    """
    count = engine.fetch(person_profiles.aggregate(records=person_profiles.count()))
    if _still_holds(engine, kept_match_model, count["records"][0].as_py()):
        return kept_match_model
    rows = engine.fetch(person_profiles.order_by("record"))
    fields = [field for field in FIELDS if _is_told(rows, field)]
    learnt = Learnt({}, 0, ())
    if rows.num_rows >= ENOUGH_PROFILES and fields:
        learnt = _plausible(learn(rows, fields, AGREEMENTS, temporary=engine.temporary), fields)
    return engine.table(
        pa.Table.from_pylist(
            [
                {**row, "records": rows.num_rows}
                for row in (*_levels(fields, learnt), _prior(rows, fields, learnt))
            ],
            schema=contract("match_model").schema.to_pyarrow(),
        )
    )


def _still_holds(engine: Engine, kept: ir.Table, records: int) -> bool:
    learnt = engine.fetch(kept.select("records").limit(1))["records"].to_pylist()
    return any(abs(records - then) < then * TOO_MANY_OTHERS for then in learnt)


def _plausible(learnt: Learnt, fields: Sequence[Field]) -> Learnt:
    """Without the passes of which the pairs differ more than one human being's records can."""
    most = {field.name: field.most_other for field in fields}
    passes = tuple(
        one
        for one in learnt.passes
        if all(
            share <= most[name] for (name, level), share in one.shares.items() if level == "other"
        )
    )
    return replace(learnt, passes=passes)


def _is_told(rows: pa.Table, field: Field) -> bool:
    columns = [name for name in COMPARED if f'"{name}_l"' in field.lacking]
    return any(rows[name].null_count < rows.num_rows - 1 for name in columns)


def _levels(fields: Sequence[Field], learnt: Learnt) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for field in fields:
        passes = [p for p in learnt.passes if _taught(p, field) and p.matches >= FEWEST_MATCHES]
        pairs = sum(p.matches for p in passes)
        for number, (level, (m, u)) in enumerate(reversed(list(field.shares.items()))):
            key = (field.name, level)
            told = sum(p.matches * p.shares.get(key, 0.0) for p in passes)
            m = (told + ASSUMED_PAIRS * m) / (pairs + ASSUMED_PAIRS)
            seen = learnt.random_pairs * learnt.u.get(key, u)
            u = (seen + ASSUMED_RANDOM_PAIRS * u) / (learnt.random_pairs + ASSUMED_RANDOM_PAIRS)
            rows.append(
                {
                    "field": field.name,
                    "level": level,
                    "level_number": number,
                    "m": m,
                    "u": u,
                    "match_weight": log2(m / u),
                    "pairs": float(pairs),
                }
            )
    return rows


def _taught(one: Pass, field: Field) -> bool:
    """Whether pairs of this pass could differ in the field, and had it."""
    known = {AGREEING[column][0] for column in one.columns}
    return field.name not in known and any(name == field.name for name, _ in one.shares)


def _prior(rows: pa.Table, fields: Sequence[Field], learnt: Learnt) -> dict[str, object]:
    """The probability that any two records are one human being, before they are compared.

    Every pass tells how many doubles agree on its columns; how many do so by the model tells how
    many doubles there are.
    """
    count = rows.num_rows
    levels = {(row["field"], row["level"]): row for row in _levels(fields, learnt)}
    found = sum(one.matches for one in learnt.passes)
    reached = 0.0
    for one in learnt.passes:
        part = 1.0
        for column in one.columns:
            part *= (1 - rows[column].null_count / count) ** 2
        for field, level in {AGREEING[column] for column in one.columns}:
            part *= float(str(levels[field, level]["m"]))
        reached += part
    doubles = found / reached if reached and found >= FEWEST_MATCHES else ASSUMED_DOUBLES * count
    everything = max(count * (count - 1) / 2, 1.0)
    probability = min(max(doubles / everything, 1e-12), 0.1)
    return {
        "field": "prior",
        "level": "any",
        "level_number": 0,
        "match_weight": log2(probability / (1 - probability)),
        "pairs": float(found),
    }
