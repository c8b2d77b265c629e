"""What two records must have in common to be compared: chosen by what it finds against its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from klantreis.engine import Engine, is_any
from klantreis.identity.blocking import affordable_blocks, comparable
from klantreis.identity.profiles import KEYS
from klantreis.identity.scoring import scored_pairs
from klantreis.tables import contract

__all__ = ["match_keys"]

FEW_PAIRS = 3_000_000  # so many are compared in less time than choosing takes
TRIED_RECORDS = 8_000
PAIRS_FOR_ONE = 10_000  # that may be compared to find one more human being
Shares = np.ndarray[Any, np.dtype[np.bool_]]
Found = np.ndarray[Any, np.dtype[np.float64]]
Rows = Sequence[dict[str, object]]


def match_keys(
    person_profiles: ir.Table,
    match_model: ir.Table,
    *,
    engine: Engine,
    kept_match_keys: ir.Table,
    changed_match_model: ir.Table,
) -> ir.Table:
    """Choose the keys by measured recall against cost.

    Where pairs are many, some thousands of records drawn at random are compared by every key with
    all others. Then the key that finds most for its pairs is chosen, then the one that finds most
    of what is left, until another ten thousand pairs would find less than one more. Chosen once
    for a model; small imports are compared by the same keys.

    Args:
        kept_match_keys: what was chosen before; holds while the model does.
        changed_match_model: what of the model has changed since.

    Returns:
        As in the contract of `match_keys`.
    """
    if is_any(kept_match_keys, engine) and not is_any(changed_match_model, engine):
        return kept_match_keys
    affordable = affordable_blocks(person_profiles, engine=engine)
    rows: Rows = [
        {"name": name, "largest_block": largest, "pairs": pairs, "is_used": True}
        for name, (largest, pairs) in affordable.items()
    ]
    if sum(pairs for _, pairs in affordable.values()) > FEW_PAIRS:
        model = engine.fetch(match_model).to_pylist()
        rows = _chosen(rows, *_tried(person_profiles, model, rows, engine))
    schema = contract("match_keys").schema.to_pyarrow()
    return engine.table(pa.Table.from_pylist(list(rows), schema=schema))


def _tried(
    person_profiles: ir.Table, model: Sequence[Mapping[str, object]], rows: Rows, engine: Engine
) -> tuple[Shares, Found]:
    """Pairs of some records: which keys each shares, and the probability that it is one human being."""
    count = engine.fetch(person_profiles.aggregate(records=person_profiles.count()))
    every = max(count["records"][0].as_py() // TRIED_RECORDS, 1)
    drawn = engine.keep(
        person_profiles.filter(person_profiles["record"].hash() % every == 0).select("record")
    )
    scored = scored_pairs(person_profiles, model, rows, engine=engine, fresh=drawn)
    pairs = engine.keep(engine.table(scored.select(["left", "right", "match_weight"])))
    largest = {str(row["name"]): int(str(row["largest_block"])) for row in rows}
    known = comparable(person_profiles, largest, engine=engine, fresh=drawn)
    for side in ("left", "right"):
        keys = {f"{side}_{name}": known[f"key_{name}"] for name in KEYS}
        pairs = pairs.join(known.select(**{side: "record"}, **keys), side)
    shared = {
        name: (pairs[f"left_{name}"] == pairs[f"right_{name}"]).fill_null(False) for name in KEYS
    }
    found = engine.fetch(pairs.select("match_weight", **shared))
    held = np.column_stack([found[name].to_numpy(zero_copy_only=False) for name in KEYS])
    odds = 2.0 ** np.clip(found["match_weight"].to_numpy(), -60, 60)
    return held, odds / (1 + odds) * _scale(every)


def _scale(every: int) -> float:
    """For how many pairs one stands, of which either side may have been drawn."""
    drawn = 1 / every
    return 1 / (1 - (1 - drawn) ** 2)


def _chosen(
    rows: Rows,
    shares: Shares,
    found: Found,
) -> Rows:
    """The keys, the one that finds most for its pairs first; what finds too little is not used."""
    everything = max(float(found.sum()), 1e-9)
    left = found.copy()
    marked = {str(row["name"]): {**row, "is_used": False, "found_more": 0.0} for row in rows}
    waiting = {str(row["name"]): place for place, row in enumerate(rows)}
    for place, row in enumerate(rows):
        marked[str(row["name"])]["found"] = float(found[shares[:, place]].sum()) / everything
    while waiting:
        more = {name: float(left[shares[:, place]].sum()) for name, place in waiting.items()}
        best = max(waiting, key=lambda name: (more[name] / _cost(marked[name]), name))
        if more[best] * PAIRS_FOR_ONE < _cost(marked[best]):
            break
        marked[best] |= {"is_used": True, "found_more": more[best] / everything}
        left[shares[:, waiting.pop(best)]] = 0.0
    return list(marked.values())


def _cost(row: Mapping[str, object]) -> int:
    return max(int(str(row["pairs"])), 1)
