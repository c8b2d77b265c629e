"""Pairs of profiles that share a key, with what each field says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.blocking import comparable
from klantreis.identity.comparing import FIELDS
from klantreis.identity.frequencies import frequencies
from klantreis.identity.housemates import of_model
from klantreis.identity.judging import DOUBT_FROM, weight_of
from klantreis.identity.linking import weigh

__all__ = ["prior_weight", "scored_pairs"]

PRIOR = ("prior", "any")
NO_PAIRS = pa.Table.from_batches(
    [], pa.schema({"left": pa.int64(), "right": pa.int64(), "match_weight": pa.float64()})
)
Rows = Sequence[Mapping[str, object]]


def scored_pairs(
    person_profiles: ir.Table,
    model: Rows,
    keys: Rows,
    *,
    engine: Engine,
    fresh: ir.Table | None = None,
) -> pa.Table:
    """The pairs of profiles above the lower threshold, with the weight of each field.

    Args:
        model: rows of `match_model`.
        keys: rows of `match_keys`: what a pair must share one of.
        fresh: the records of which a pair must have one; None when all are compared.

    Returns:
        As `weigh` does.
    """
    learnt = {(str(row["field"]), str(row["level"])): row for row in model}
    fields = [field for field in FIELDS if (field.name, "other") in learnt]
    shares = {
        key: (float(str(row["m"])), float(str(row["u"])))
        for key, row in learnt.items()
        if row["m"] is not None
    }
    if not fields or not keys:
        return NO_PAIRS
    largest = {str(row["name"]): int(str(row["largest_block"])) for row in keys}
    worth_it = comparable(person_profiles, largest, engine=engine, fresh=fresh)
    compared = engine.fetch(worth_it.order_by("record"))
    if compared.num_rows < 2:
        return NO_PAIRS
    return weigh(
        compared,
        fields,
        shares,
        keys=list(largest),
        frequencies=frequencies(person_profiles, worth_it, fields, engine=engine),
        prior=1 / (1 + 2.0 ** -prior_weight(model)),
        housemates=of_model(model),
        lowest_weight=weight_of(DOUBT_FROM),
        temporary=engine.temporary,
    )


def prior_weight(model: Rows) -> float:
    """Log2 of the odds that any two records are one human being."""
    return next(float(str(row["match_weight"])) for row in model if row["field"] == PRIOR[0])
