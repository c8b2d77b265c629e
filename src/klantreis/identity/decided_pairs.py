"""The doubtful pairs that people decided on, with what the model says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.agreeing import Weighing
from klantreis.identity.comparing import FIELDS
from klantreis.identity.frequencies import frequencies
from klantreis.identity.housemates import HOUSEMATES
from klantreis.identity.judging import DOUBT_FROM, MATCH_FROM, weight_of
from klantreis.identity.profiles import COMPARED
from klantreis.identity.teaching import FEWEST_DECISIONS, DecidedPair

__all__ = ["Decisions", "decided_pairs"]

Decisions = Mapping[str, Sequence[tuple[str, str]]]


def decided_pairs(
    person_profiles: ir.Table,
    model: Sequence[Mapping[str, Any]],
    own_decisions: Decisions,
    *,
    engine: Engine,
) -> list[DecidedPair]:
    """The decided pairs that the model itself finds doubtful.

    Those were chosen by how they agree. Others (a merge taken apart, say) were chosen because
    somebody knew the answer, and would teach that the model is always wrong.

    Args:
        model: rows of `match_model` as learnt without labels.
        own_decisions: pairs of records that people said are `same`, and that are `different`.

    Returns:
        By rising ids of the records; none when too few were decided.
    """
    verdicts = {pair: way == "same" for way in ("different", "same") for pair in own_decisions[way]}
    if len(verdicts) < FEWEST_DECISIONS:
        return []
    wanted = sorted({person_id for pair in verdicts for person_id in pair})
    ids = engine.table(pa.table({"person_id": pa.array(wanted, pa.string())}))
    told = engine.keep(person_profiles.semi_join(ids, "person_id"))
    rows = engine.fetch(told.select("person_id", *COMPARED)).to_pylist()
    profiles = {row["person_id"]: tuple(row[name] for name in COMPARED) for row in rows}
    weighing = _weighing(person_profiles, told, model, engine)
    found = []
    for (one, other), is_same in sorted(verdicts.items()):
        if one not in profiles or other not in profiles:
            continue
        beside = weighing.beside(profiles[one])
        weight = beside.weight(profiles[other])
        if weight_of(DOUBT_FROM) <= weight < weight_of(MATCH_FROM):
            levels = {
                each.field: each.level
                for each in beside.told(profiles[other])
                if each.level and each.field != HOUSEMATES
            }
            found.append(DecidedPair(weight, levels, is_same))
    return found


def _weighing(
    person_profiles: ir.Table, told: ir.Table, model: Sequence[Mapping[str, Any]], engine: Engine
) -> Weighing:
    fields = {row["field"] for row in model}
    compared = [field for field in FIELDS if field.name in fields]
    usual = {
        term: dict(zip(rows[term].to_pylist(), rows[f"tf_{term}"].to_pylist(), strict=True))
        for term, rows in frequencies(person_profiles, told, compared, engine=engine).items()
    }
    return Weighing(model, lambda column, value: float(usual[column][value]))
